//! How far a run is, read from the disk alone.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::claim::{Identity, Known, Sign, known_here};
use super::outcome::Outcome;
use super::part::Found;
use super::runs::Runs;
use crate::error::Result;

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Units of the plan.
    pub units: usize,
    /// Units with an outcome, failures not counted.
    pub done: usize,
    /// Units that cannot be done.
    pub failed: usize,
    /// Units of parts that somebody works on and that have no outcome yet.
    pub under_way: usize,
    /// Units that nobody works on and that have no outcome yet.
    pub missing: usize,
    /// Parts of the plan.
    pub parts: usize,
    /// Parts that are written.
    pub parts_written: usize,
    /// Parts whose file is damaged, or of whose units two workers made different values: `retry --missing` has them
    /// done again.
    pub damaged: Vec<usize>,
    /// Workers that hold a part, by machine.
    pub workers: BTreeMap<String, usize>,
    /// Of these parts, the ones whose worker was silent for longer than is usual.
    pub silent: usize,
    /// Seconds of work behind the outcomes, of all workers together.
    pub worked_seconds: f64,
    /// Units a second that the workers at work do; none while nobody works or nothing is done.
    pub rate: Option<f64>,
    /// Seconds until the last unit is done at this rate, by predicted cost.
    pub seconds_left: Option<f64>,
    /// Why units failed.
    pub failures: Vec<Cause>,
    /// Why scores of units that are done are no finite numbers, by proxy; programs of one's own that died or answered
    /// nonsense are among them, and `retry --failed` has their units done again.
    pub no_values: Vec<Cause>,
}

/// Units that failed for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The reason.
    pub reason: String,
    /// How many.
    pub units: usize,
    /// One of them, by name.
    pub first: String,
    /// Its architecture.
    pub arch: String,
}

/// Reads a folder of runs. A claim without a heartbeat for longer than `silent_after` counts as silent; this alone
/// depends on the clock, and nothing is done about it.
///
/// # Errors
/// A folder that cannot be read.
pub fn status(runs: &Runs, silent_after: Duration) -> Result<Status> {
    let units = runs.plan().units();
    let (written, claimed, begun) = (runs.written()?, runs.claimed()?, runs.begun()?);
    let found = read_all(runs, &written.iter().copied().collect::<Vec<_>>())?;
    let mut tally = Tally::default();
    let mut damaged = Vec::new();
    let mut left_parts = Vec::new();
    for part in 0..units.parts().len() {
        if let Some(found) = found.get(&part) {
            tally.add(found, runs);
            if !found.is_whole {
                damaged.push(part);
            }
            continue;
        }
        let begun = if begun.contains(&part) {
            runs.journals(part)?
        } else {
            Found::default()
        };
        tally.add(&begun, runs);
        if !begun.conflicts.is_empty() {
            damaged.push(part);
        }
        left_parts.push((part, units.parts()[part].len() - begun.entries.len()));
    }
    let here = Identity::here();
    let mut workers = BTreeMap::new();
    let (mut silent, mut under_way) = (0, 0);
    for &part in claimed.difference(&written) {
        let path = runs.claim_file(part);
        let Some(sign) = Sign::read(&path) else {
            continue;
        };
        let age = std::fs::metadata(&path)
            .and_then(|m| m.modified())
            .ok()
            .and_then(|at| SystemTime::now().duration_since(at).ok());
        let is_dead = known_here(&path, &here) == Known::Dead;
        if is_dead || age.is_some_and(|age| age > silent_after) {
            silent += 1;
            continue;
        }
        *workers.entry(sign.worker.host).or_insert(0) += 1;
        let left = left_parts.iter().find(|(p, _)| *p == part);
        under_way += left.map_or(0, |(_, left)| *left);
    }
    damaged.sort_unstable();
    let outcomes = tally.done + tally.failed;
    let at_work: usize = workers.values().sum();
    let pace = (at_work > 0 && tally.seconds > 0.0).then(|| at_work as f64 / tally.seconds);
    let cost_left = units.cost().saturating_sub(tally.cost);
    Ok(Status {
        units: units.all().len(),
        done: tally.done,
        failed: tally.failed,
        under_way,
        missing: (units.all().len() - outcomes).saturating_sub(under_way),
        parts: units.parts().len(),
        parts_written: written.len(),
        damaged,
        workers,
        silent,
        worked_seconds: tally.seconds,
        rate: pace.map(|pace| pace * outcomes as f64),
        seconds_left: pace.map(|pace| cost_left as f64 / (pace * tally.cost.max(1) as f64)),
        no_values: causes(std::mem::take(&mut tally.no_values)),
        failures: causes(tally.causes),
    })
}

/// Reads many parts side by side.
pub(super) fn read_all(runs: &Runs, parts: &[usize]) -> Result<BTreeMap<usize, Found>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let chunk = parts.len().div_ceil(threads).max(1);
    let read = |parts: &[usize]| -> Result<Vec<(usize, Found)>> {
        let found = parts.iter().map(|&p| Ok(runs.part(p)?.map(|f| (p, f))));
        found.filter_map(Result::transpose).collect()
    };
    std::thread::scope(|scope| {
        let chunks: Vec<_> = parts.chunks(chunk).collect();
        let handles: Vec<_> = chunks
            .into_iter()
            .map(|parts| scope.spawn(move || read(parts)))
            .collect();
        let mut all = BTreeMap::new();
        for handle in handles {
            let found = handle.join();
            all.extend(found.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(all)
    })
}

#[derive(Default)]
struct Tally {
    done: usize,
    failed: usize,
    seconds: f64,
    cost: u64,
    causes: Causes,
    no_values: Causes,
}

/// Units, the first's name and architecture, by reason.
type Causes = BTreeMap<String, (usize, String, String)>;

impl Tally {
    fn add(&mut self, found: &Found, runs: &Runs) {
        let all = runs.plan().units().all();
        for entry in &found.entries {
            self.seconds += entry.seconds;
            self.cost += all.get(entry.unit).map_or(0, |unit| unit.cost);
            if let Outcome::Scored(record) = &entry.outcome {
                let arch = all.get(entry.unit).map_or("", |unit| &unit.arch);
                for (proxy, reason) in &record.reasons {
                    let first = || (0, entry.id.clone(), arch.to_owned());
                    let cause = self.no_values.entry(format!("{proxy}: {reason}"));
                    cause.or_insert_with(first).0 += 1;
                }
            }
        }
        let mut failed = 0;
        for (entry, reason) in found.failures() {
            failed += 1;
            let arch = all.get(entry.unit).map_or("", |unit| &unit.arch);
            // The same trouble of many networks is one cause.
            let reason = reason.strip_prefix(arch).unwrap_or(reason);
            let reason = reason.trim_start_matches(": ").to_owned();
            let first = || (0, entry.id.clone(), arch.to_owned());
            self.causes.entry(reason).or_insert_with(first).0 += 1;
        }
        self.failed += failed;
        self.done += found.entries.len() - failed;
    }
}

/// The commonest first.
fn causes(causes: Causes) -> Vec<Cause> {
    let cause = |(reason, (units, first, arch))| Cause {
        reason,
        units,
        first,
        arch,
    };
    let mut causes: Vec<Cause> = causes.into_iter().map(cause).collect();
    causes.sort_by_key(|c| std::cmp::Reverse(c.units));
    causes
}
