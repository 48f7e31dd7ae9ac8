//! Running a sweep: one network a thread, every result kept, the file written at the end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use nbz_engine::Cpu;
use nbz_engine::cpu::Path as Kernels;
use nbz_proxy::Devices;
use nbz_table::{Table, export};

use crate::error::Result;
use crate::journal::{Journal, Record, Started};
use crate::output::{self, Stamp, stamp_of};
use crate::program::Desk;
use crate::shard::Shard;
use crate::sweep::Sweep;

/// How a sweep runs; nothing of it enters a score.
#[derive(Debug, Clone)]
pub struct Options {
    /// Networks scored side by side.
    pub threads: usize,
    /// Which share of the list.
    pub shard: Shard,
    /// The command line, for the record of runs.
    pub command: String,
}

/// How far a sweep is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Networks done, earlier starts included.
    pub done: usize,
    /// Networks done by earlier starts.
    pub before: usize,
    /// Networks of the share.
    pub all: usize,
}

/// What a sweep left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The scores.
    pub output: PathBuf,
    /// Times and machines; none if the output stood there before.
    pub runs: Option<PathBuf>,
    /// Networks in the output.
    pub networks: usize,
    /// Networks that this start scored.
    pub scored: usize,
    /// What programs said of networks that this start scored: architecture, program, words.
    pub messages: Vec<(String, String, String)>,
}

/// What one thread scores with: devices, and a process of each of the user's programs.
pub struct Worker<'a> {
    pub(crate) devices: Devices<Cpu<f32>, Cpu<f64>>,
    pub(crate) desk: Option<Desk<'a>>,
}

impl std::fmt::Debug for Worker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let programs = self.desk.as_ref().map_or(0, Desk::programs);
        f.debug_struct("Worker")
            .field("programs", &programs)
            .finish_non_exhaustive()
    }
}

impl Sweep {
    /// Scores the networks of a share into `output`, going on where an earlier start ended.
    ///
    /// `told` hears after each network. A finished output of the same recipe is left as it is.
    ///
    /// # Errors
    /// [`crate::SweepError::OtherRecipe`], [`crate::SweepError::Busy`]; a network that cannot be scored; an
    /// output that cannot be written, after which the journal still holds everything.
    pub fn run(
        &self,
        output: &Path,
        options: &Options,
        told: &(dyn Fn(Progress) + Sync),
    ) -> Result<Finished> {
        let stamp = Stamp {
            recipe: self.recipe().clone(),
            shard: options.shard,
        };
        let all: Vec<usize> = options.shard.places(self.names().len()).collect();
        if let Some(finished) = finished(output, &stamp, all.len())? {
            return Ok(finished);
        }
        let mut journal =
            Journal::open(output, &stamp, started(options.threads, &options.command)?)?;
        // Somebody may have finished while this start waited for the journal.
        if let Some(finished) = finished(output, &stamp, all.len())? {
            journal.remove()?;
            return Ok(finished);
        }
        let mut is_done = vec![false; self.names().len()];
        for record in journal.records() {
            is_done[record.place] = true;
            self.believe(record);
        }
        let pending: Vec<usize> = all.iter().copied().filter(|&p| !is_done[p]).collect();
        let before = all.len() - pending.len();
        let run = journal.this_run();
        let kept = Mutex::new((&mut journal, before));
        self.each(&pending, options.threads, |mut record| {
            record.run = run;
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.0.push(record)?;
            kept.1 += 1;
            told(Progress {
                done: kept.1,
                before,
                all: all.len(),
            });
            Ok(())
        })?;
        let mut frame = output::frame(&stamp, self.names(), journal.records())?;
        frame.define_spaces(self.own_spaces());
        let times = output::runs(&stamp, self.names(), journal.records(), journal.starts())?;
        let runs = beside(output, "runs");
        export::write_parquet(&times, &runs)?;
        export::write_parquet(&frame, output)?;
        let new = journal.records().iter().filter(|r| r.run == run);
        let messages = self.messages(new);
        journal.remove()?;
        Ok(Finished {
            output: output.to_owned(),
            runs: Some(runs),
            networks: all.len(),
            scored: pending.len(),
            messages,
        })
    }

    /// What programs said: architecture, program, words, in the order of the list.
    pub fn messages<'r>(
        &self,
        records: impl Iterator<Item = &'r Record>,
    ) -> Vec<(String, String, String)> {
        let mut records: Vec<&Record> = records.collect();
        records.sort_by_key(|r| r.place);
        let arch = |r: &Record| self.names()[r.place].clone();
        let of = |r: &'r Record| {
            let each = r.messages.iter().cloned();
            each.map(move |(program, words)| (arch(r), program, words))
        };
        records.into_iter().flat_map(of).collect()
    }

    /// What a thread needs to score; starts the programs.
    ///
    /// # Errors
    /// [`crate::SweepError::Engine`] if there is no such device; [`crate::SweepError::Start`].
    pub fn worker(&self) -> Result<Worker<'_>> {
        let has_programs = self.programs().next().is_some();
        let desk = has_programs.then(|| Desk::new(self.programs(), self.answer_limit()));
        Ok(Worker {
            devices: self.devices()?,
            desk: desk.transpose()?,
        })
    }

    /// What the recipe scores on.
    pub(crate) fn devices(&self) -> Result<Devices<Cpu<f32>, Cpu<f64>>> {
        let devices = Devices::cpu(Kernels::from_environment()?, 1)?;
        Ok(match &self.recipe().device {
            Some(_) => devices.with_winograd(),
            None => devices,
        })
    }

    /// Scores every network in memory, in the order of the list.
    ///
    /// # Errors
    /// As [`Sweep::score`].
    pub fn records(&self, threads: usize) -> Result<Vec<Record>> {
        let places: Vec<usize> = (0..self.names().len()).collect();
        let records = Mutex::new(Vec::with_capacity(places.len()));
        self.each(&places, threads, |record| {
            let mut records = records.lock().unwrap_or_else(PoisonError::into_inner);
            records.push(record);
            Ok(())
        })?;
        let mut records = records.into_inner().unwrap_or_else(PoisonError::into_inner);
        records.sort_by_key(|r| r.place);
        Ok(records)
    }

    /// Scores places side by side; the first failure ends the work.
    fn each(
        &self,
        places: &[usize],
        threads: usize,
        keep: impl Fn(Record) -> Result<()> + Sync,
    ) -> Result<()> {
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let work = || -> Result<()> {
            let mut worker = self
                .worker()
                .inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            while !stop.load(Ordering::Relaxed) {
                let Some(&place) = places.get(next.fetch_add(1, Ordering::Relaxed)) else {
                    break;
                };
                let kept = self.score(place, &mut worker).and_then(&keep);
                if kept.is_err() {
                    stop.store(true, Ordering::Relaxed);
                    return kept;
                }
            }
            Ok(())
        };
        let workers = threads.clamp(1, places.len().max(1));
        thread::scope(|scope| {
            let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            handles.into_iter().try_for_each(|h| {
                h.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
        })
    }
}

/// The output that stands there already, if it is of this sweep.
fn finished(output: &Path, stamp: &Stamp, networks: usize) -> Result<Option<Finished>> {
    if !output.exists() {
        return Ok(None);
    }
    let found = stamp_of(&Table::open(output)?, output)?;
    if found != *stamp {
        return Err(crate::SweepError::OtherRecipe {
            path: output.to_owned(),
            differences: found.differences(stamp),
        });
    }
    Ok(Some(Finished {
        output: output.to_owned(),
        runs: None,
        networks,
        scored: 0,
        messages: Vec::new(),
    }))
}

pub(crate) fn started(threads: usize, command: &str) -> Result<Started> {
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(Started {
        host: crate::training::host(),
        threads,
        kernels: Kernels::from_environment()?.to_string(),
        time: time.map_or(0, |t| t.as_secs()),
        command: command.to_owned(),
    })
}

/// The file that stands beside a table: `a.runs.parquet` beside `a.parquet` and beside `a`; `v.1.runs.parquet` beside `v.1`.
pub(crate) fn beside(output: &Path, what: &str) -> PathBuf {
    if output.extension().is_some_and(|e| e == "parquet") {
        return output.with_extension(format!("{what}.parquet"));
    }
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{what}.parquet"));
    output.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::beside;

    #[test]
    fn two_tables_never_share_the_file_beside_them() {
        let named = |output: &str| beside(Path::new(output), "runs").display().to_string();
        assert_eq!(named("x/a.parquet"), "x/a.runs.parquet");
        assert_eq!(named("x/a"), "x/a.runs.parquet");
        assert_eq!(named("v.1"), "v.1.runs.parquet");
        assert_eq!(named("v.2"), "v.2.runs.parquet");
    }
}
