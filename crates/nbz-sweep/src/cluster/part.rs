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
    /// Whether every line is whole, down to the last.
    pub(super) is_whole: bool,
}

impl Found {
    /// Takes another file's workers and whatever it knows of more units. Two outcomes of one unit must be equal.
    ///
    /// # Errors
    /// [`SweepError::TwoOutcomes`].
    pub(super) fn take(&mut self, other: Self) -> Result<()> {
        let first = self.workers.len();
        self.workers.extend(other.workers);
        let mut places: HashMap<usize, usize> = self
            .entries
            .iter()
            .enumerate()
            .map(|(at, e)| (e.unit, at))
            .collect();
        for mut entry in other.entries {
            if let Some(&at) = places.get(&entry.unit) {
                if !self.entries[at].outcome.is_same(&entry.outcome) {
                    return Err(SweepError::TwoOutcomes { unit: entry.id });
                }
                continue;
            }
            places.insert(entry.unit, self.entries.len());
            entry.by += first;
            self.entries.push(entry);
        }
        Ok(())
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
