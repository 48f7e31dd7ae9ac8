//! Having units done again.

use super::outcome::Outcome;
use super::part::{Found, Open};
use super::plan::create_folder;
use super::runs::{Runs, cannot_read};
use super::status::read_all;
use crate::error::{Result, SweepError};

/// What is to be done again by whoever works next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Units that failed.
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
    let mut written: Vec<usize> = runs.written()?.into_iter().collect();
    written.sort_unstable();
    let mut units = 0;
    for (part, mut found) in read_all(runs, &written)? {
        let all = runs.plan().units().parts()[part].len();
        let is_bad = match again {
            Again::Failed => found.failures().next().is_some(),
            Again::Missing => !found.is_whole,
        };
        if !is_bad {
            continue;
        }
        match again {
            Again::Failed => {
                let is_good = |e: &super::Entry| !matches!(e.outcome, Outcome::Failed { .. });
                found.entries.retain(is_good);
            }
            Again::Missing => keep_own(runs, part, &mut found),
        }
        units += all - found.entries.len();
        // The journal first: killed in between, the part stands as before and the same command does it again.
        let folder = runs.open_folder(part);
        create_folder(&folder)?;
        let journal = folder.join("retry.journal");
        let _ = std::fs::remove_file(&journal);
        Open::begin(journal, runs.plan().digest(), part, &found)?;
        remove(&runs.part_file(part))?;
    }
    if again == Again::Missing {
        let written = runs.written()?;
        for part in runs.claimed()? {
            if !written.contains(&part) {
                let done = runs.journals(part)?.entries.len();
                units += runs.plan().units().parts()[part].len() - done;
            }
            remove(&runs.claim_file(part))?;
        }
    }
    Ok(units)
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
