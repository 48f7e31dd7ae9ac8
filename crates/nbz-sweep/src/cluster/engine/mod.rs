//! Engines: programs that start workers on many machines.
//!
//! An engine is asked for little: to start `nbzero work` once for every shard. Everything else stands in the folder
//! of runs. What each is given is what its own users would write, and can be looked at before: [`Engine::render`].
//! Whether work is done is never taken from an engine's word: HyperQueue's `job wait` answers 0 for failed tasks,
//! Slurm forgets jobs after minutes.

mod hyperqueue;
mod kubernetes;
mod local;
mod parallel;
mod shell;
mod slurm;
mod submission;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use hyperqueue::HyperQueue;
pub use kubernetes::Kubernetes;
pub use local::Local;
pub use parallel::Parallel;
pub use shell::quoted;
pub use slurm::Slurm;
pub use submission::{Submission, cancel, submissions, submit};

use crate::error::{Result, SweepError};

/// Workers to be started.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// This program, as the workers' machines find it.
    pub program: PathBuf,
    /// The plan's folder.
    pub plan: PathBuf,
    /// The folder of runs.
    pub runs: PathBuf,
    /// Where the images are on the workers' machines, if not where the plan says.
    pub data: Option<String>,
    /// How many workers.
    pub shards: u32,
    /// Workers at once, if not as many as the engine likes.
    pub at_once: Option<u32>,
    /// Threads of each.
    pub threads: usize,
    /// Bytes of memory of each, for engines that ask.
    pub memory: Option<u64>,
    /// Time of each, as the engine writes it.
    pub time: Option<String>,
    /// Seconds before the end of that time at which a worker is told, by engines that tell.
    pub notice: u32,
    /// Passed on to the engine as they are.
    pub extra: Vec<String>,
}

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Program and arguments.
    pub words: Vec<String>,
}

/// What an engine is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// A script or manifest: its ending and its text.
    pub file: Option<(&'static str, String)>,
    /// What is run, in turn; `{file}` stands for the file's path.
    pub commands: Vec<Command>,
}

/// A program that starts workers.
pub trait Engine {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// What it is given. An engine that is not installed is written for as most sites have it.
    ///
    /// # Errors
    /// A job that cannot be written for it.
    fn render(&self, job: &Job) -> Result<Rendered>;

    /// Runs one of the rendered commands; gives the engine's name of what it took, or none where the workers have
    /// ended with the command.
    ///
    /// # Errors
    /// [`SweepError::Scheduler`] with the engine's own words.
    fn start(&self, command: &Command) -> Result<Option<String>>;

    /// Whether its command stays until the workers have ended; its tasks then have no names.
    fn stays(&self) -> bool {
        false
    }

    /// A smaller command in place of one that was refused for a limit on how much may be submitted.
    fn smaller(&self, _refused: &Command, _error: &SweepError) -> Option<Command> {
        None
    }

    /// How many tasks of an earlier submission are in which state, of those that have not ended. None of an engine
    /// whose workers end with its command.
    ///
    /// # Errors
    /// [`SweepError::Scheduler`] if it cannot be asked.
    fn states(&self, _submission: &Submission) -> Result<BTreeMap<String, usize>> {
        Ok(BTreeMap::new())
    }

    /// Ends what was submitted.
    ///
    /// # Errors
    /// [`SweepError::Scheduler`] with the engine's own words.
    fn cancel(&self, _submission: &Submission) -> Result<()> {
        Ok(())
    }
}

/// The names of all engines.
pub const NAMES: [&str; 5] = ["local", "slurm", "hyperqueue", "kubernetes", "parallel"];

impl Job {
    /// The worker's command line, quoted for a shell; `shard` stands before `/N` as it is.
    pub(super) fn worker(&self, shard: &str) -> Result<String> {
        let of = self.shards;
        let threads = self.threads.to_string();
        // A tenth is for what is not planned: the program itself, images.
        let memory = self.memory.map(|bytes| (bytes - bytes / 10).to_string());
        let mut more = vec!["--threads", &threads];
        if let Some(memory) = &memory {
            more.extend(["--max-memory", memory]);
        }
        let mut words = self.words(&more)?;
        words.insert(2, format!("--shard {shard}/{of}"));
        Ok(words.join(" "))
    }

    fn words(&self, more: &[&str]) -> Result<Vec<String>> {
        let text = |path: &std::path::Path| path.display().to_string();
        let mut words = vec![text(&self.program), "work".to_owned(), "--quiet".to_owned()];
        words.extend(["--plan".to_owned(), text(&self.plan)]);
        words.extend(["--output".to_owned(), text(&self.runs)]);
        if let Some(data) = &self.data {
            words.extend(["--data".to_owned(), data.clone()]);
        }
        words.extend(more.iter().map(|&word| word.to_owned()));
        words.iter().map(|word| shell::quoted(word)).collect()
    }
}

/// Refuses a time for engines that keep none: nobody would hold to it.
fn no_limits(job: &Job) -> Result<()> {
    match &job.time {
        Some(time) => Err(refused(
            "the time",
            time,
            "left out: this engine keeps none",
        )),
        None => Ok(()),
    }
}

fn refused(setting: &'static str, value: &str, expected: &'static str) -> SweepError {
    SweepError::Setting {
        name: setting,
        value: value.to_owned(),
        expected,
    }
}
