//! What one scoring thread has: a process of each program, and the folder through which tensors go.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nbz_space::network::document::Document;

use super::living::{self, Folder};
use super::process::{Process, Silence};
use super::protocol::{self, Line};
use super::{Program, Trouble};
use crate::error::{Result, SweepError};

/// One network to be scored, its tensors as safetensors bytes.
pub(crate) struct Request<'a> {
    pub(crate) arch: &'a str,
    pub(crate) seed: u64,
    pub(crate) graph: &'a Document,
    pub(crate) weights: &'a [u8],
    pub(crate) batch: &'a [u8],
}

/// What a program made of a network.
pub(crate) struct Said {
    /// The number, NaN where there is none.
    pub(crate) score: f64,
    /// Why it is not finite.
    pub(crate) trouble: Option<Trouble>,
    /// What people should know: an error's words, how a process ended.
    pub(crate) message: Option<String>,
    /// Time of the answer.
    pub(crate) seconds: f64,
}

/// The processes of one thread.
pub(crate) struct Desk<'a> {
    seats: Vec<Seat<'a>>,
    folder: Folder,
    limit: Duration,
    /// Requests so far: each one's number, and the name of its files.
    requests: u64,
}

struct Seat<'a> {
    program: &'a Program,
    /// Whether any process of the program has ever answered.
    is_proven: &'a AtomicBool,
    process: Option<Process>,
}

impl<'a> Desk<'a> {
    /// Starts a process of every program.
    pub(crate) fn new(
        programs: impl Iterator<Item = (&'a Program, &'a AtomicBool)>,
        limit: Duration,
    ) -> Result<Self> {
        let folder =
            Folder::new().map_err(|source| file("write", &std::env::temp_dir(), source))?;
        let mut seats: Vec<Seat<'a>> = programs
            .map(|(program, is_proven)| Seat {
                program,
                is_proven,
                process: None,
            })
            .collect();
        for seat in &mut seats {
            seat.process()?;
        }
        Ok(Self {
            seats,
            folder,
            limit,
            requests: 0,
        })
    }

    /// How many programs there are.
    pub(crate) fn programs(&self) -> usize {
        self.seats.len()
    }

    /// What every program makes of a network, in their order.
    ///
    /// # Errors
    /// A program that cannot be started, or ends before it ever answered; a full disk;
    /// [`SweepError::Interrupted`].
    pub(crate) fn ask(&mut self, request: &Request<'_>) -> Result<Vec<Said>> {
        let id = self.requests;
        self.requests += 1;
        // New names for every network: a program may still have an earlier file mapped.
        let weights = Tensors::write(&self.folder, &format!("weights-{id}"), request.weights)?;
        let batch = Tensors::write(&self.folder, &format!("batch-{id}"), request.batch)?;
        let line = serde_json::to_string(&Line {
            id,
            arch: request.arch,
            seed: request.seed,
            graph: request.graph,
            weights: &weights.0.to_string_lossy(),
            batch: &batch.0.to_string_lossy(),
        })
        .expect("plain data has a JSON form");
        let limit = self.limit;
        let seats = self.seats.iter_mut();
        seats
            .map(|seat| seat.ask(id, request.arch, &line, limit))
            .collect()
    }
}

impl Seat<'_> {
    /// The process, started if there is none.
    fn process(&mut self) -> Result<&mut Process> {
        let process = match self.process.take() {
            Some(process) => process,
            None => Process::start(&self.program.words())
                .map_err(|source| SweepError::Start {
                    command: self.program.command().to_owned(),
                    source,
                })?
                .ok_or(SweepError::Interrupted)?,
        };
        Ok(self.process.insert(process))
    }

    fn ask(&mut self, id: u64, arch: &str, line: &str, limit: Duration) -> Result<Said> {
        let start = Instant::now();
        let mut restarted = None;
        let answer = loop {
            let process = self.process()?;
            let answer = process.ask(line.to_owned(), limit);
            if living::ended() {
                return Err(SweepError::Interrupted);
            }
            match answer {
                // It may have died of what it did before: only a fresh one's death is this network's.
                Err(Silence::Gone(how)) if process.has_answered => {
                    self.process = None;
                    restarted = Some(format!("a process had ended ({how}) and was started again"));
                }
                other => break other,
            }
        };
        let (score, trouble, message) = match answer {
            Ok(line) => {
                let score = protocol::score(&line, id);
                if let Ok(_) | Err((Trouble::Error, _)) = score {
                    self.answered();
                } else {
                    self.kill(); // what it writes next would be taken for another answer
                }
                match score {
                    Ok(score) if score.is_finite() => (score, None, restarted),
                    Ok(score) => (score, Some(Trouble::NotFinite), restarted),
                    Err((trouble, words)) => (f64::NAN, Some(trouble), Some(words)),
                }
            }
            Err(Silence::Late) => {
                self.kill();
                let words = format!("no answer in {limit:?}");
                (f64::NAN, Some(Trouble::TimedOut), Some(words))
            }
            Err(Silence::Gone(how)) => {
                self.process = None;
                if !self.is_proven.load(Ordering::Relaxed) {
                    return Err(SweepError::NeverAnswered {
                        command: self.program.command().to_owned(),
                        arch: arch.to_owned(),
                        how,
                    });
                }
                (f64::NAN, Some(Trouble::Died), Some(how))
            }
        };
        Ok(Said {
            score,
            trouble,
            message,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    fn answered(&mut self) {
        self.is_proven.store(true, Ordering::Relaxed);
        if let Some(process) = &mut self.process {
            process.has_answered = true;
        }
    }

    fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }
}

/// A file of tensors that is removed when dropped.
struct Tensors(PathBuf);

impl Tensors {
    fn write(folder: &Folder, name: &str, bytes: &[u8]) -> Result<Self> {
        let tensors = Self(folder.path().join(name).with_extension("safetensors"));
        fs::write(&tensors.0, bytes).map_err(|source| file("write", &tensors.0, source))?;
        Ok(tensors)
    }
}

impl Drop for Tensors {
    fn drop(&mut self) {
        // The folder goes at the end in any case.
        let _ = fs::remove_file(&self.0);
    }
}

fn file(verb: &'static str, path: &Path, source: io::Error) -> SweepError {
    // Ctrl-C removes the folder: that is no fault of the disk.
    if living::ended() {
        return SweepError::Interrupted;
    }
    SweepError::File {
        verb,
        path: path.to_owned(),
        source,
    }
}
