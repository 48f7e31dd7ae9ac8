//! All outcomes put together: the bytes of one machine's run.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use nbz_table::{export, sha256_hex};

use super::order::{Order, TrainingOrder};
use super::outcome::{Entry, Outcome};
use super::runs::{Runs, cannot_read};
use super::status::read_all;
use crate::error::{Result, SweepError};
use crate::journal::{Record, Started};
use crate::output::{self, Stamp};
use crate::recipe::Recipe;
use crate::run::beside;
use crate::shard::Shard;
use crate::training;

/// What was put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// Networks in the table.
    pub networks: usize,
    /// The table.
    pub table: PathBuf,
    /// Files beside it.
    pub beside: Vec<PathBuf>,
}

/// Writes the table of a whole run to `output`: of scores the bytes of `score -o`, of trainings those of
/// `train --list`. Times and machines, and the curves of trainings, go beside it.
///
/// # Errors
/// [`SweepError::Incomplete`] unless every unit has an outcome, once, that no file's damage has touched.
pub fn collect(runs: &Runs, output: &Path) -> Result<Collected> {
    let plan = runs.plan();
    refuse_place(runs, output)?;
    let parts: Vec<usize> = (0..plan.units().parts().len()).collect();
    let found = read_all(runs, &parts)?;
    let fault = |reason: String| Err(SweepError::Incomplete { reason });
    if found.len() < parts.len() {
        let (there, all) = (found.len(), parts.len());
        return fault(format!("{there} of {all} parts are there"));
    }
    if let Some((part, _)) = found.iter().find(|(_, f)| !f.is_whole) {
        return fault(format!("`{}` is damaged", runs.part_file(*part).display()));
    }
    let failed: usize = found.values().map(|f| f.failures().count()).sum();
    if failed > 0 {
        let units = if failed == 1 { "unit" } else { "units" };
        return fault(format!("{failed} {units} failed"));
    }
    // Every part is whole: all units of its own, each once. And every unit is in one part.
    let mut starts = Starts::default();
    let mut outcomes = Vec::with_capacity(plan.units().all().len());
    for found in found.into_values() {
        let numbers: Vec<usize> = found
            .workers
            .into_iter()
            .map(|w| starts.number(w))
            .collect();
        for entry in found.entries {
            let run = numbers.get(entry.by).copied().unwrap_or(0);
            outcomes.push((entry.unit, run, entry.outcome));
        }
    }
    outcomes.sort_by_key(|(unit, _, _)| *unit);
    match plan.order() {
        Order::Score(recipe) => scores(runs, recipe, outcomes, &starts.all, output),
        Order::Train(order) => trainings(runs, order, &outcomes, output),
    }
}

/// A table inside the folder of runs would be taken for, or written over, what a run needs.
fn refuse_place(runs: &Runs, output: &Path) -> Result<()> {
    let folder = output.parent().filter(|p| !p.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    let is_inside = match (folder, runs.root().canonicalize()) {
        (Ok(folder), Ok(root)) => folder.starts_with(root),
        _ => false,
    };
    if is_inside || output.is_dir() {
        return Err(SweepError::Setting {
            name: "the table's file",
            value: output.display().to_string(),
            expected: "a file outside the folder of runs",
        });
    }
    Ok(())
}

/// The starts of workers, each once: a worker stands in every part that it did.
#[derive(Default)]
struct Starts {
    all: Vec<Started>,
    numbers: HashMap<Started, usize>,
}

impl Starts {
    fn number(&mut self, start: Started) -> usize {
        let next = self.all.len();
        *self.numbers.entry(start).or_insert_with_key(|start| {
            self.all.push(start.clone());
            next
        })
    }
}

fn other_outcome(unit: usize) -> SweepError {
    SweepError::PlanDamaged {
        reason: format!("unit {unit} has an outcome of another task"),
    }
}

fn scores(
    runs: &Runs,
    recipe: &Recipe,
    outcomes: Vec<(usize, usize, Outcome)>,
    starts: &[Started],
    output: &Path,
) -> Result<Collected> {
    let archs: Vec<String> = runs
        .plan()
        .units()
        .all()
        .iter()
        .map(|u| u.arch.clone())
        .collect();
    let record = |(unit, run, outcome)| match outcome {
        Outcome::Scored(record) => Ok(Record {
            place: unit,
            run,
            ..record
        }),
        _ => Err(other_outcome(unit)),
    };
    let records = outcomes
        .into_iter()
        .map(record)
        .collect::<Result<Vec<_>>>()?;
    let stamp = Stamp {
        recipe: recipe.clone(),
        shard: Shard::WHOLE,
    };
    let mut frame = output::frame(&stamp, &archs, &records)?;
    frame.define_spaces(runs.plan().own_spaces());
    let times = output::runs(&stamp, &archs, &records, starts)?;
    let runs_table = beside(output, "runs");
    export::write_parquet(&times, &runs_table)?;
    export::write_parquet(&frame, output)?;
    Ok(Collected {
        networks: archs.len(),
        table: output.to_owned(),
        beside: vec![runs_table],
    })
}

fn trainings(
    runs: &Runs,
    order: &TrainingOrder,
    outcomes: &[(usize, usize, Outcome)],
    output: &Path,
) -> Result<Collected> {
    let networks = runs.plan().networks()?;
    let mut reports = Vec::with_capacity(outcomes.len());
    for (unit, _, outcome) in outcomes {
        if !matches!(outcome, Outcome::Trained { .. }) {
            return Err(other_outcome(*unit));
        }
        let folder = training_folder(runs, *unit);
        if let Some(file) = unsound(&folder, outcome)? {
            let reason = format!("`{}` is not what its worker wrote", file.display());
            return Err(SweepError::Incomplete { reason });
        }
        let path = folder.join("result.json");
        let bytes = std::fs::read(&path).map_err(|e| cannot_read(&path, e))?;
        let report = serde_json::from_slice(&bytes);
        reports.push(report.map_err(|e| cannot_read(&path, std::io::Error::other(e)))?);
    }
    let beside = [beside(output, "curves"), beside(output, "machines")];
    let tables = training::Tables {
        whole: output,
        curves: &beside[0],
        machines: &beside[1],
    };
    tables.write(
        &networks,
        &order.seeds,
        reports,
        runs.plan().order().task()?,
        &|unit| training::folder_of(runs.root(), unit),
    )?;
    Ok(Collected {
        networks: networks.archs().len(),
        table: output.to_owned(),
        beside: beside.to_vec(),
    })
}

/// The folder of a unit's training.
pub(super) fn training_folder(runs: &Runs, unit: usize) -> PathBuf {
    let each = runs.plan().order().seeds().len().max(1);
    let seed = runs.plan().units().all()[unit].seed;
    training::folder_of(runs.root(), (unit / each, seed))
}

/// The file of a training that is not what its worker wrote; none of what is no training.
pub(super) fn trained_soundly(runs: &Runs, entry: &Entry) -> Result<Option<PathBuf>> {
    unsound(&training_folder(runs, entry.unit), &entry.outcome)
}

fn unsound(folder: &Path, outcome: &Outcome) -> Result<Option<PathBuf>> {
    let Outcome::Trained { result, weights } = outcome else {
        return Ok(None);
    };
    for (name, digest) in [("result.json", result), ("weights.safetensors", weights)] {
        let path = folder.join(name);
        let is_it = match std::fs::read(&path) {
            Ok(bytes) => sha256_hex(&bytes) == *digest,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => false,
            Err(e) => return Err(cannot_read(&path, e)),
        };
        if !is_it {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
