//! What an engine runs: a worker takes parts until there are none.

use std::collections::{HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::claim::{Claim, Heart, Identity, Pace, Tried};
use super::log::Log;
use super::outcome::{Entry, Outcome};
use super::part::{self, Open};
use super::plan::create_folder;
use super::rounds::Signs;
use super::runs::Runs;
use super::task::{Hand, Task};
use crate::error::{Result, SweepError};
use crate::journal::Started;
use crate::shard::Shard;

/// How a worker works; nothing of it enters an outcome.
#[derive(Debug)]
pub struct Options<'o> {
    /// Its own share of the parts, done first.
    pub shard: Shard,
    /// Parts done side by side.
    pub threads: usize,
    /// Heartbeats.
    pub pace: Pace,
    /// Whether parts of other shards are taken up when the own are done.
    pub helps: bool,
    /// Told to stop, it ends behind the units under way.
    pub stop: &'o AtomicBool,
    /// The command line, for the record.
    pub command: String,
}

/// What a worker tells after every unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Units that it did.
    pub done: usize,
    /// Units of its share that were not done when it began.
    pub own: usize,
}

/// How a worker left the runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// Nothing is left that nobody works on.
    Done {
        /// Units that it did.
        units: usize,
        /// Of these, units that failed.
        failed: usize,
        /// Parts of the plan that are not written: others have them, or they are not this worker's.
        left: usize,
    },
    /// It was told to stop; whoever starts next goes on.
    ToBeContinued {
        /// Units that it did.
        units: usize,
    },
}

/// Works until nothing is left, or until it is told to stop.
///
/// # Errors
/// What is wrong with the machine: the first such error ends the worker, and what is done stays.
pub fn work(
    runs: &Runs,
    task: &dyn Task,
    options: &Options<'_>,
    told: &(dyn Fn(Told) + Sync),
) -> Result<Left> {
    let units = runs.plan().units();
    let heart = Arc::new(Heart::default());
    let shard_of = units.deal(options.shard.of() as usize);
    let own = options.shard.index() as usize - 1;
    let written = runs.written()?;
    let own_units =
        (0..units.parts().len()).filter(|p| shard_of[*p] == own && !written.contains(p));
    let crew = Crew {
        runs,
        task,
        options,
        told,
        log: Log::new(runs, options.shard),
        worker: Identity::here(),
        heart: &heart,
        done: AtomicUsize::new(0),
        failed: AtomicUsize::new(0),
        own: own_units.map(|p| units.parts()[p].len()).sum(),
        trouble: Mutex::new(None),
    };
    thread::scope(|scope| {
        scope.spawn(|| heart.run(options.pace.beat));
        // Also where the rounds break: the heart's thread would be waited for in vain.
        let _ends = heart.ends_with_this();
        crew.rounds(&shard_of, own)
    })
}

/// The threads of one worker, and what they share.
pub(super) struct Crew<'a> {
    pub(super) runs: &'a Runs,
    task: &'a dyn Task,
    pub(super) options: &'a Options<'a>,
    told: &'a (dyn Fn(Told) + Sync),
    log: Log,
    pub(super) worker: Identity,
    heart: &'a Arc<Heart>,
    done: AtomicUsize,
    failed: AtomicUsize,
    own: usize,
    trouble: Mutex<Option<SweepError>>,
}

/// What a thread works with, once it has something to do.
type Tools<'t> = Option<Box<dyn Hand + 't>>;

impl Crew<'_> {
    fn rounds(&self, shard_of: &[usize], own: usize) -> Result<Left> {
        let parts = self.order(shard_of, own)?;
        let mut theirs = self.round(&parts, &Signs::new())?;
        loop {
            if self.is_over() {
                let units = self.done.load(Ordering::Relaxed);
                return Ok(Left::ToBeContinued { units });
            }
            let dead = self.watch(&theirs)?;
            if self.is_over() {
                continue;
            }
            if dead.is_empty() {
                return Ok(Left::Done {
                    units: self.done.load(Ordering::Relaxed),
                    failed: self.failed.load(Ordering::Relaxed),
                    left: self.tidy()?,
                });
            }
            let mut parts: Vec<usize> = dead.keys().copied().collect();
            parts.sort_unstable();
            let left = self.round(&parts, &dead)?;
            theirs.retain(|part, _| !dead.contains_key(part));
            theirs.extend(left);
        }
    }

    /// All threads take parts until the list is at its end; gives what claims of others said.
    fn round(&self, parts: &[usize], dead: &Signs) -> Result<Signs> {
        let written = self.runs.written()?;
        let todo: VecDeque<usize> = parts
            .iter()
            .copied()
            .filter(|p| !written.contains(p))
            .collect();
        let threads = self.options.threads.clamp(1, todo.len().max(1));
        let todo = Mutex::new(todo);
        let theirs = Mutex::new(Signs::new());
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    if let Err(error) = self.hands(&todo, dead, &theirs) {
                        lock(&self.trouble).get_or_insert(error);
                    }
                });
            }
        });
        match lock(&self.trouble).take() {
            Some(error) => {
                self.log.say(&format!("ended: {error}"));
                self.log.write();
                Err(error)
            }
            None => Ok(theirs.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.options.stop.load(Ordering::Relaxed) || lock(&self.trouble).is_some()
    }

    /// One thread.
    fn hands(
        &self,
        todo: &Mutex<VecDeque<usize>>,
        dead: &Signs,
        theirs: &Mutex<Signs>,
    ) -> Result<()> {
        let mut hand: Tools<'_> = None;
        while !self.is_over() {
            let Some(part) = lock(todo).pop_front() else {
                break;
            };
            if self.runs.part_file(part).exists() {
                continue;
            }
            let path = self.runs.claim_file(part);
            let dead = dead.get(&part).map(Vec::as_slice);
            match Claim::take(&path, &self.worker, self.heart, dead)? {
                Tried::Theirs(says) => {
                    lock(theirs).insert(part, says);
                }
                Tried::Mine(claim) => {
                    self.part(part, &mut hand)?;
                    drop(claim);
                }
            }
        }
        Ok(())
    }

    /// Does a claimed part, going on where others ended.
    fn part<'t>(&'t self, part: usize, hand: &mut Tools<'t>) -> Result<()> {
        let (path, folder) = (self.runs.part_file(part), self.runs.open_folder(part));
        // Another may have ended it before the claim.
        if path.exists() {
            return Ok(());
        }
        let plan = self.runs.plan();
        let mut found = self.runs.journals(part)?;
        if let Some(unit) = found.conflicts.first() {
            self.log.say(&format!(
                "part {part}: left alone, unit {unit} has two values"
            ));
            self.log.write();
            return Ok(());
        }
        found.forget_idle();
        found.workers.push(self.started()?);
        let by = found.workers.len() - 1;
        create_folder(&folder)?;
        let name = format!("{}.journal", self.worker.name);
        let mut journal = Open::begin(folder.join(name), plan.digest(), part, &found)?;
        journal.replaces_others()?;
        let before = found.entries.len();
        let units = &plan.units().parts()[part];
        let done: HashSet<usize> = found.entries.iter().map(|e| e.unit).collect();
        let clock = Instant::now();
        for &unit in units.iter().filter(|u| !done.contains(u)) {
            if self.is_over() {
                self.log.say(&format!(
                    "part {part}: left at {} of {}",
                    found.entries.len(),
                    units.len()
                ));
                self.log.write();
                return Ok(());
            }
            let start = Instant::now();
            let Some(outcome) = self.guarded(unit, hand)? else {
                continue;
            };
            let entry = Entry {
                unit,
                id: plan.units().all()[unit].id.clone(),
                seconds: start.elapsed().as_secs_f64(),
                by,
                outcome,
            };
            journal.push(&entry)?;
            self.tell(&entry);
            found.entries.push(entry);
        }
        if found.entries.len() < units.len() {
            return Ok(());
        }
        part::write(&path, plan.digest(), part, &mut found)?;
        // What stands in the part is needed nowhere else.
        let _ = std::fs::remove_dir_all(&folder);
        let (new, seconds) = (units.len() - before, clock.elapsed().as_secs_f64());
        self.log.say(&format!(
            "part {part}: {new} of {} units in {seconds:.1} s",
            units.len()
        ));
        self.log.write();
        Ok(())
    }

    /// Does a unit. One at which this program breaks fails, instead of taking one worker after the other with it; the
    /// tools that saw it are given up.
    fn guarded<'t>(&'t self, unit: usize, hand: &mut Tools<'t>) -> Result<Option<Outcome>> {
        if hand.is_none() {
            *hand = Some(self.task.hand()?);
        }
        let Some(tools) = hand else {
            return Ok(None);
        };
        let done = catch_unwind(AssertUnwindSafe(|| tools.unit(unit, &|| self.is_over())));
        done.unwrap_or_else(|panic| {
            *hand = None;
            let words = panic.downcast_ref::<&str>().copied();
            let words = words.or(panic.downcast_ref::<String>().map(String::as_str));
            let reason = format!("the program broke: {}", words.unwrap_or("it says nothing"));
            Ok(Some(Outcome::Failed { reason }))
        })
    }

    fn tell(&self, entry: &Entry) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Outcome::Failed { reason } = &entry.outcome {
            self.failed.fetch_add(1, Ordering::Relaxed);
            self.log.say(&format!("unit {} failed: {reason}", entry.id));
        }
        (self.told)(Told {
            done,
            own: self.own,
        });
    }

    fn started(&self) -> Result<Started> {
        crate::run::started(self.options.threads, &self.options.command)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
