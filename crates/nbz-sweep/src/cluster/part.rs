//! Files of outcomes: journals, which grow line by line, and parts, which appear whole.
//!
//! Both are lines with their checks. The first names the plan and the part, others a worker or an outcome; a part
//! ends with a line that counts them, so that a file cut between two lines is found too.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nbz_table::atomic;
use serde::{Deserialize, Serialize};

use super::outcome::{Entry, Outcome};
use crate::error::{Result, SweepError};
use crate::journal::{self, Started};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Of { plan: String, part: usize },
    By(Started),
    Entry(Entry),
    End { entries: usize },
}

/// What a file says of a part.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    /// The workers that entries name.
    pub(super) workers: Vec<Started>,
    /// The outcomes, one a unit, by place.
    pub(super) entries: Vec<Entry>,
    /// Units of which files have different values.
    pub(super) conflicts: Vec<String>,
    /// Whether every line is whole, down to the last.
    pub(super) is_whole: bool,
}

impl Found {
    /// Takes another file's workers and whatever it knows of more units. A value beats a failure; a unit of which the
    /// two have different values is a conflict.
    pub(super) fn take(&mut self, other: Self) {
        let numbers: Vec<usize> = other.workers.into_iter().map(|w| self.number(w)).collect();
        let places = self.entries.iter().enumerate();
        let mut places: HashMap<usize, usize> = places.map(|(at, e)| (e.unit, at)).collect();
        for mut entry in other.entries {
            entry.by = numbers.get(entry.by).copied().unwrap_or(0);
            let Some(&at) = places.get(&entry.unit) else {
                places.insert(entry.unit, self.entries.len());
                self.entries.push(entry);
                continue;
            };
            let known = &mut self.entries[at];
            let failed = |e: &Entry| matches!(e.outcome, Outcome::Failed { .. });
            match (failed(known), failed(&entry)) {
                (true, false) => *known = entry,
                (false, false) if !known.outcome.is_same(&entry.outcome) => {
                    self.conflicts.push(entry.id);
                }
                _ => {}
            }
        }
    }

    /// The number of a worker, which stands here once however many files name it.
    fn number(&mut self, worker: Started) -> usize {
        let known = self.workers.iter().position(|w| *w == worker);
        known.unwrap_or_else(|| {
            self.workers.push(worker);
            self.workers.len() - 1
        })
    }

    /// Forgets the workers that have made none of the outcomes: a part taken up a thousand times stays short.
    pub(super) fn forget_idle(&mut self) {
        let workers = std::mem::take(&mut self.workers);
        for entry in &mut self.entries {
            let worker = workers.get(entry.by).cloned();
            let known = self.workers.iter().position(|w| Some(w) == worker.as_ref());
            entry.by = known.unwrap_or_else(|| {
                self.workers.extend(worker);
                self.workers.len().saturating_sub(1)
            });
        }
    }

    /// The units that could not be done.
    pub(super) fn failures(&self) -> impl Iterator<Item = (&Entry, &str)> {
        self.entries.iter().filter_map(|e| match &e.outcome {
            Outcome::Failed { reason } => Some((e, reason.as_str())),
            _ => None,
        })
    }
}

/// Reads the whole lines of a file of a plan's part, up to the first that is not; nothing of a file of another.
///
/// # Errors
/// What the system says.
pub(super) fn read(path: &Path, plan: &str, part: usize) -> io::Result<Found> {
    let bytes = std::fs::read(path)?;
    let mut found = Found::default();
    let mut lines = bytes.split_inclusive(|&b| b == b'\n');
    match lines.next().and_then(journal::parse) {
        Some(Line::Of { plan: p, part: n }) if p == plan && n == part => {}
        _ => return Ok(found),
    }
    for line in lines {
        match journal::parse(line) {
            Some(Line::By(worker)) => found.workers.push(worker),
            Some(Line::Entry(entry)) => found.entries.push(entry),
            Some(Line::End { entries }) => found.is_whole = entries == found.entries.len(),
            Some(Line::Of { .. }) | None => {
                found.is_whole = false;
                break;
            }
        }
    }
    Ok(found)
}

/// Writes a part whole.
pub(super) fn write(path: &Path, plan: &str, part: usize, found: &mut Found) -> Result<()> {
    found.entries.sort_by_key(|e| e.unit);
    let mut bytes = head(plan, part);
    for worker in &found.workers {
        bytes.extend(journal::text(&Line::By(worker.clone())));
    }
    for entry in &found.entries {
        bytes.extend(journal::text(&Line::Entry(entry.clone())));
    }
    let entries = found.entries.len();
    bytes.extend(journal::text(&Line::End { entries }));
    Ok(atomic::write_bytes(path, &bytes)?)
}

fn head(plan: &str, part: usize) -> Vec<u8> {
    journal::text(&Line::Of {
        plan: plan.to_owned(),
        part,
    })
}

/// A journal of one worker.
#[derive(Debug)]
pub(super) struct Open {
    path: PathBuf,
    file: File,
}

impl Open {
    /// Begins a journal with what is known already.
    pub(super) fn begin(path: PathBuf, plan: &str, part: usize, known: &Found) -> Result<Self> {
        let mut options = OpenOptions::new();
        // Appending never writes over what another has written.
        options.append(true).create(true);
        let file = options.open(&path).map_err(fault(&path))?;
        let mut open = Self { path, file };
        let mut bytes = head(plan, part);
        for worker in &known.workers {
            bytes.extend(journal::text(&Line::By(worker.clone())));
        }
        for entry in &known.entries {
            bytes.extend(journal::text(&Line::Entry(entry.clone())));
        }
        open.append(&bytes)?;
        Ok(open)
    }

    /// Has the disk hold what was written, and removes the other journals: this one says all that they do.
    pub(super) fn replaces_others(&self) -> Result<()> {
        self.file.sync_all().map_err(fault(&self.path))?;
        for entry in self
            .path
            .parent()
            .and_then(|f| std::fs::read_dir(f).ok())
            .into_iter()
            .flatten()
        {
            let Ok(entry) = entry else { continue };
            if entry.path() != self.path {
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    /// Adds an outcome.
    pub(super) fn push(&mut self, entry: &Entry) -> Result<()> {
        self.append(&journal::text(&Line::Entry(entry.clone())))
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(fault(&self.path))
    }
}

fn fault(path: &Path) -> impl FnOnce(io::Error) -> SweepError {
    let path = path.to_owned();
    move |source| SweepError::File {
        verb: "write",
        path,
        source,
    }
}
