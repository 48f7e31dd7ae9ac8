//! Having units done again.

use super::collect::{trained_soundly, training_folder};
use super::outcome::{Entry, Outcome};
use super::part::{Found, Open};
use super::plan::create_folder;
use super::runs::{Runs, cannot_read};
use super::status::read_all;
use crate::error::{Result, SweepError};
use crate::program::is_trouble;

/// What is to be done again by whoever works next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Units that failed, and those at which a program of the user's own did.
    Failed,
    /// Units of damaged parts, and of claims whose workers are gone.
    Missing,
}

/// Gives units back; says how many.
///
/// Good outcomes of their parts stay: they go into a journal, from which the next worker of the part goes on. With
/// [`Again::Missing`] all claims are lifted: give it when no worker is at work; should one be, it does its part twice.
///
/// # Errors
/// A folder that cannot be read or written.
pub fn retry(runs: &Runs, again: Again) -> Result<usize> {
    let written = runs.written()?;
    let mut units = 0;
    let mut parts: Vec<usize> = written.iter().copied().collect();
    parts.sort_unstable();
    for (part, found) in read_all(runs, &parts)? {
        units += redo(runs, again, part, found)?;
    }
    // Of parts that are written, journals are what a killed worker left.
    for part in runs.begun()?.difference(&written) {
        let found = runs.journals(*part)?;
        let is_whole = found.conflicts.is_empty();
        units += redo(runs, again, *part, Found { is_whole, ..found })?;
    }
    if again == Again::Missing {
        for part in runs.claimed()? {
            if !written.contains(&part) {
                let done = runs.journals(part)?.entries.len();
                units += runs.plan().units().parts()[part].len() - done;
            }
            remove(&runs.claim_file(part))?;
        }
        runs.remove_aside();
    }
    Ok(units)
}

/// Drops what is bad of a part and leaves the rest in one journal; says how many outcomes went.
fn redo(runs: &Runs, again: Again, part: usize, mut found: Found) -> Result<usize> {
    let is_written = runs.part_file(part).exists();
    // A written part had all its units, a damaged one too; of an open one what its journals say.
    let all = runs.plan().units().parts()[part].len();
    let before = if is_written { all } else { found.entries.len() };
    let is_damaged = !found.is_whole;
    match again {
        Again::Failed => {
            let is_good = |e: &Entry| match &e.outcome {
                Outcome::Failed { .. } => false,
                Outcome::Scored(record) => !record.reasons.iter().any(|(_, why)| is_trouble(why)),
                Outcome::Trained { .. } => true,
            };
            found.entries.retain(is_good);
        }
        Again::Missing => {
            keep_own(runs, part, &mut found);
            // Which of two values is right nobody can tell.
            let conflicts = std::mem::take(&mut found.conflicts);
            found.entries.retain(|e| !conflicts.contains(&e.id));
            let mut sound = Vec::with_capacity(found.entries.len());
            for entry in found.entries {
                if trained_soundly(runs, &entry)?.is_none() {
                    sound.push(entry);
                } else {
                    forget_training(runs, entry.unit)?;
                }
            }
            found.entries = sound;
        }
    }
    let is_changed = found.entries.len() < before;
    let is_mended = is_damaged && again == Again::Missing;
    if !is_changed && !is_mended {
        return Ok(0);
    }
    // The journal first: killed in between, a written part stands as before and the same command does it again.
    let folder = runs.open_folder(part);
    if is_written {
        let _ = std::fs::remove_dir_all(&folder);
    }
    create_folder(&folder)?;
    found.forget_idle();
    let path = folder.join("retry.journal");
    remove(&path)?;
    Open::begin(path, runs.plan().digest(), part, &found)?.replaces_others()?;
    remove(&runs.part_file(part))?;
    Ok(before - found.entries.len())
}

/// Removes a training whose files are not what its worker wrote.
fn forget_training(runs: &Runs, unit: usize) -> Result<()> {
    let folder = training_folder(runs, unit);
    match std::fs::remove_dir_all(&folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(SweepError::File {
            verb: "remove",
            path: folder,
            source: e,
        }),
        _ => Ok(()),
    }
}

/// Of a damaged part only the plan's units can be believed, each once.
fn keep_own(runs: &Runs, part: usize, found: &mut Found) {
    let units = runs.plan().units();
    let own = &units.parts()[part];
    let mut seen = std::collections::HashSet::new();
    found.entries.retain(|e| {
        own.binary_search(&e.unit).is_ok() && units.all()[e.unit].id == e.id && seen.insert(e.unit)
    });
}

fn remove(path: &std::path::Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(match e.kind() {
            std::io::ErrorKind::PermissionDenied => SweepError::File {
                verb: "remove",
                path: path.to_owned(),
                source: e,
            },
            _ => cannot_read(path, e),
        }),
        _ => Ok(()),
    }
}
