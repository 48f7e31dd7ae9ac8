//! One training in a folder: a checkpoint while it is under way, then weights, curve and result.
//!
//! | file | what it is |
//! |---|---|
//! | `checkpoint.safetensors` | where the training stands; gone at its end |
//! | `weights.safetensors` | weights and running statistics in single precision, names as in PyTorch |
//! | `curve.parquet` | one row an epoch |
//! | `result.json` | accuracies, curve and stamp; written last: where it stands the training is done |
//! | `machine.json` | seconds and host of each start; the only file that another run would write otherwise |
//!
//! A start enters `machine.json` with its first checkpoint and is brought up to date with each: of one that was killed the
//! steps and seconds up to its last checkpoint stand there, from which the next start goes on. A start that was killed
//! before its first checkpoint left nothing, and is not known; of one that was killed behind its last step, while the
//! result was written, all steps stand there, and those that the next start repeats are counted twice.
//!
//! `machine.json` is written before the weights, so a folder whose training was killed between them is still known for
//! what it is: files of these names in a folder that has neither result, checkpoint nor starts are somebody else's.

use std::cell::Cell;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nbz_engine::Device;
use nbz_table::{atomic, export};
use nbz_train::{Accuracy, Control, Ended, Epoch, Every, Outcome, Progress, Stamp, Training};
use serde::{Deserialize, Serialize};

use super::curve::curve_frame;
use crate::error::{Result, SweepError};

const CHECKPOINT: &str = "checkpoint.safetensors";
const RESULT: &str = "result.json";
const MACHINE: &str = "machine.json";
const WEIGHTS: &str = "weights.safetensors";
const CURVE: &str = "curve.parquet";

/// All files of a folder, the pictures of `nbzero train` with them.
const FILES: [&str; 7] = [
    CHECKPOINT,
    RESULT,
    MACHINE,
    WEIGHTS,
    CURVE,
    "curve.svg",
    "curve.png",
];

/// A folder for one training, held against other processes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Released with the process. Its file stays: removing it would let two processes lock two files.
    _lock: File,
}

/// How a training in a folder runs; nothing of it enters the outcome.
pub struct Schedule<'s> {
    /// Time between checkpoints.
    pub every: Duration,
    /// Threads that make batches.
    pub threads: usize,
    /// Whether to stop behind this step.
    pub stop: &'s dyn Fn() -> bool,
    /// Is told of every step.
    pub watch: &'s mut dyn FnMut(&Progress<'_>),
}

/// How a start left a folder.
#[derive(Debug, Clone, PartialEq)]
pub enum Left {
    /// The training is done; whether by this start or by an earlier one.
    Done(Box<Report>),
    /// It was told to stop; the same call goes on.
    ToBeContinued,
}

/// What `result.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Test images classified correctly; none if the training diverged.
    pub test: Option<Accuracy>,
    /// The same in percent.
    pub test_percent: Option<f64>,
    /// Validation images classified correctly behind the last epoch.
    pub validation: Option<Accuracy>,
    /// The same in percent.
    pub validation_percent: Option<f64>,
    /// The step, from 0, at which the loss was not finite.
    pub diverged: Option<u64>,
    /// Whether it ended before its last epoch, as its recipe's patience was over.
    #[serde(default)]
    pub is_early: bool,
    /// The epochs.
    pub curve: Vec<Epoch>,
    /// What all of it depends on.
    pub training: Stamp,
}

/// What `machine.json` holds of one start.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Start {
    pub(super) host: String,
    pub(super) started: u64,
    pub(super) seconds: f64,
    pub(super) steps: u64,
    pub(super) images: usize,
    pub(super) threads: usize,
}

impl Folder {
    /// Makes or takes a folder; what a killed process left of temporary files in it goes.
    ///
    /// # Errors
    /// [`SweepError::NotOurs`] if files of a training's names stand there that are of none, [`SweepError::Busy`] if
    /// another process trains in it, [`SweepError::File`].
    pub fn open(path: &Path) -> Result<Self> {
        refuse_what_is_not_ours(path)?;
        std::fs::create_dir_all(path).map_err(file("write", path))?;
        let lock = path.join(".lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let held = options.open(&lock).map_err(file("write", &lock))?;
        match held.try_lock() {
            Ok(()) => {
                atomic::clear(path, &FILES);
                Ok(Self {
                    path: path.to_owned(),
                    _lock: held,
                })
            }
            Err(TryLockError::WouldBlock) => Err(SweepError::Busy {
                path: path.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(file("lock", &lock)(source)),
        }
    }

    /// Trains, or goes on where an earlier start ended, or gives what stands there.
    ///
    /// # Errors
    /// [`SweepError::OtherTraining`] if the folder has the result of another training, [`SweepError::Gone`] if it has
    /// that of this one and the weights or the curve are missing, [`nbz_train::TrainError::OtherTraining`] if the
    /// checkpoint is another training's, one that is damaged, a file that cannot be read or written.
    pub fn run<D: Device>(
        &self,
        training: &Training<'_>,
        device: &D,
        schedule: &mut Schedule<'_>,
    ) -> Result<Left> {
        let checkpoint = self.path.join(CHECKPOINT);
        if let Some(report) = Self::report_in(&self.path, training.stamp())? {
            let files = [WEIGHTS, CURVE].map(|name| self.path.join(name));
            if let Some(path) = files.into_iter().find(|path| !path.exists()) {
                return Err(SweepError::Gone { path });
            }
            remove(&checkpoint)?;
            return Ok(Left::Done(Box::new(report)));
        }
        let bytes = read(&checkpoint)?;
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let started = since_1970.map_or(0, |time| time.as_secs());
        let threads = schedule.threads;
        let clock = Instant::now();
        let earlier = Self::starts(&self.path)?;
        let seen = Cell::new((0, 0));
        let tell_machine = || {
            let (steps, images) = seen.get();
            let start = Start {
                host: host(),
                started,
                seconds: clock.elapsed().as_secs_f64(),
                steps,
                images,
                threads,
            };
            self.write_json(MACHINE, &earlier.iter().chain([&start]).collect::<Vec<_>>())
        };
        let mut control = Control {
            keep: &mut |bytes| {
                atomic::write_bytes(&checkpoint, bytes).map_err(io::Error::other)?;
                tell_machine().map_err(io::Error::other)
            },
            every: Every::Time(schedule.every),
            stop: schedule.stop,
            watch: &mut |progress| {
                let (steps, images) = seen.get();
                seen.set((steps + 1, images + progress.images));
                (schedule.watch)(progress);
            },
            threads,
        };
        let ended = training.run(device, bytes.as_deref(), &mut control)?;
        tell_machine()?;
        match ended {
            Ended::ToBeContinued => Ok(Left::ToBeContinued),
            Ended::Done(outcome) => {
                let report = self.write(training.stamp(), outcome)?;
                remove(&checkpoint)?;
                Ok(Left::Done(Box::new(report)))
            }
        }
    }

    /// The starts that the folder knows of.
    pub(super) fn starts(path: &Path) -> Result<Vec<Start>> {
        let bytes = read(&path.join(MACHINE))?;
        // Times are worth no failure.
        Ok(bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default())
    }

    /// The result that stands in a folder, if it is of this training; takes no lock.
    pub(super) fn report_in(folder: &Path, stamp: &Stamp) -> Result<Option<Report>> {
        let path = folder.join(RESULT);
        let Some(bytes) = read(&path)? else {
            return Ok(None);
        };
        let report: Report = serde_json::from_slice(&bytes).map_err(|e| {
            let source = io::Error::new(io::ErrorKind::InvalidData, e);
            file("read", &path)(source)
        })?;
        let differences = report.training.differences(stamp);
        if differences.is_empty() {
            return Ok(Some(report));
        }
        Err(SweepError::OtherTraining {
            path: folder.to_owned(),
            differences,
        })
    }

    /// Removes the checkpoint of a training whose result stands in a folder; not where another process is about to.
    pub(super) fn tidy(path: &Path) -> Result<()> {
        let checkpoint = path.join(CHECKPOINT);
        if !checkpoint.exists() {
            return Ok(());
        }
        match Self::open(path) {
            Ok(_held) => remove(&checkpoint),
            Err(SweepError::Busy { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn write(&self, stamp: &Stamp, outcome: Outcome) -> Result<Report> {
        let last = outcome.curve.last();
        let validation = last.and_then(|e| e.validation);
        let report = Report {
            test: outcome.test,
            test_percent: outcome.test.map(Accuracy::percent),
            validation,
            validation_percent: validation.map(Accuracy::percent),
            diverged: outcome.diverged,
            is_early: outcome.is_early,
            curve: outcome.curve,
            training: stamp.clone(),
        };
        let weights = outcome.weights.to_safetensors()?;
        atomic::write_bytes(&self.path.join(WEIGHTS), &weights)?;
        let curves = [(stamp.arch.clone(), stamp.seed, report.curve.clone())];
        let frame = curve_frame(stamp, &curves)?;
        export::write_parquet(&frame, &self.path.join(CURVE))?;
        self.write_json(RESULT, &report)?;
        Ok(report)
    }

    fn write_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let path = self.path.join(name);
        let mut bytes = serde_json::to_vec_pretty(value)
            .map_err(|e| file("write", &path)(io::Error::other(e)))?;
        bytes.push(b'\n');
        Ok(atomic::write_bytes(&path, &bytes)?)
    }
}

/// Refuses a folder with files of a training's names, of which no training is known.
fn refuse_what_is_not_ours(path: &Path) -> Result<()> {
    let is_known = || [CHECKPOINT, RESULT].iter().any(|n| path.join(n).exists());
    if !path.is_dir() || is_known() || !Folder::starts(path)?.is_empty() {
        return Ok(());
    }
    let mut files = FILES.iter().map(|name| path.join(name));
    match files.find(|path| path.exists()) {
        Some(path) => Err(SweepError::NotOurs { path }),
        None => Ok(()),
    }
}

/// Removes a file if it is there.
fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(file("remove", path)(e)),
        _ => Ok(()),
    }
}

/// A file's bytes; none if there is no such file.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(file("read", path)(e)),
    }
}

fn file(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SweepError {
    let path = path.to_owned();
    move |source| SweepError::File { verb, path, source }
}

/// The machine's name.
pub(crate) fn host() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    host.trim().to_owned()
}
