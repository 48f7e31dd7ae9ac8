//! What can be wrong with a sweep.

use std::io;
use std::path::PathBuf;

/// This crate's result.
pub type Result<T, E = SweepError> = std::result::Result<T, E>;

/// Why networks could not be scored or scores not be kept. Every variant holds the offending values.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// A share that is none.
    #[error("`{text}` is not a shard: write I/N with I from 1 to N, such as `3/16`")]
    Shard {
        /// What was given.
        text: String,
    },
    /// More networks asked for than there are.
    #[error("{asked} networks of {from}, which has {available}")]
    TooMany {
        /// What was asked for.
        asked: usize,
        /// From where.
        from: String,
        /// How many there are.
        available: usize,
    },
    /// A list without networks.
    #[error("no networks are named")]
    NoNetworks,
    /// A table's row that names no network of a known space.
    #[error("`{text}` of {table} names no network")]
    NotANetwork {
        /// The table.
        table: String,
        /// The string.
        text: String,
    },
    /// One network twice in a list.
    #[error("network `{arch}` stands twice in the list, as number {first} and {second}")]
    Twice {
        /// The network.
        arch: String,
        /// Where first, from 0.
        first: usize,
        /// Where again.
        second: usize,
    },
    /// Weights given for several networks.
    #[error("weights are of one network, the list has {count}")]
    WeightsOfMany {
        /// The list's length.
        count: usize,
    },
    /// A value out of its range.
    #[error("{name} is {value}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// The value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// No training images asked for, or more than there are.
    #[error("cannot take the first {asked} of {available} training images")]
    ImageCount {
        /// What was asked for.
        asked: usize,
        /// How many there are.
        available: usize,
    },
    /// A folder with the result of another training.
    #[error("`{}` holds another training: {}", path.display(), differences.join("; "))]
    OtherTraining {
        /// The folder.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// A file that a training would replace and that is of none.
    #[error("`{}` is there, and nothing beside it says that it is of a training", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// A training that is done, of which a file is missing.
    #[error("the training is done, but `{}` is gone", path.display())]
    Gone {
        /// The file.
        path: PathBuf,
    },
    /// The images cannot be had.
    #[error(transparent)]
    Images(#[from] nbz_data::DataError),
    /// The proxies refuse, for a network.
    #[error("{arch}: {source}")]
    Network {
        /// The network.
        arch: String,
        /// Why.
        source: nbz_proxy::ProxyError,
    },
    /// The proxies refuse in general.
    #[error(transparent)]
    Proxy(#[from] nbz_proxy::ProxyError),
    /// A network cannot be trained.
    #[error(transparent)]
    Train(#[from] nbz_train::TrainError),
    /// The engine refuses images or weights, or has no such device.
    #[error(transparent)]
    Engine(#[from] nbz_engine::EngineError),
    /// The environment names a kernel path that is none, or that this machine lacks.
    #[error(transparent)]
    Kernels(#[from] nbz_engine::cpu::PathError),
    /// A file of scores cannot be read or written.
    #[error(transparent)]
    Table(#[from] nbz_table::Error),
    /// A journal or weights' file cannot be read or written.
    #[error("cannot {verb} `{}`: {source}", path.display())]
    File {
        /// `read`, `write` or `lock`.
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A network whose fullest pass does not fit into the memory allowed.
    #[error("{arch} needs {needed} bytes, the limit is {limit}")]
    Memory {
        /// The network.
        arch: String,
        /// What it needs.
        needed: u64,
        /// What is allowed.
        limit: u64,
        /// A batch that would fit, if one does.
        fitting_batch: Option<usize>,
    },
    /// Another process scores into the same file.
    #[error("another process is writing `{}`", path.display())]
    Busy {
        /// The output.
        path: PathBuf,
    },
    /// The output is of another recipe.
    #[error("`{}` holds scores of another recipe: {}", path.display(), differences.join("; "))]
    OtherRecipe {
        /// The output or its journal.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// A table that no sweep has written.
    #[error("`{}` is not a file of scores", path.display())]
    NotScores {
        /// The file.
        path: PathBuf,
    },
    /// Shards that do not make a whole.
    #[error("the shards do not make a whole: {reason}")]
    Incomplete {
        /// What is missing or twice.
        reason: String,
    },
    /// A proxy of the user's own that cannot be understood.
    #[error("`{text}` is no program that scores: {reason}")]
    Program {
        /// What was given.
        text: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A name that a program cannot have.
    #[error("a program cannot be called `{name}`: that {reason}")]
    ProgramName {
        /// The name.
        name: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A program that cannot be started.
    #[error("cannot start `{command}`: {source}")]
    Start {
        /// The command line.
        command: String,
        /// What the system says.
        source: io::Error,
    },
    /// A program that ended before it ever gave an answer.
    #[error("`{command}` ended before it ever answered ({how}), asked for {arch}")]
    NeverAnswered {
        /// The command line.
        command: String,
        /// The network that it was asked for.
        arch: String,
        /// How it ended.
        how: String,
    },
    /// A folder that holds no plan.
    #[error("`{}` holds no plan", path.display())]
    NoPlan {
        /// The folder.
        path: PathBuf,
    },
    /// A plan whose files do not fit each other.
    #[error("the plan is damaged: {reason}")]
    PlanDamaged {
        /// What does not fit.
        reason: String,
    },
    /// A plan of another version of this program.
    #[error("the plan has format {found}, this program reads {expected}")]
    PlanFormat {
        /// What was found.
        found: i64,
        /// What is read.
        expected: u32,
    },
    /// Another plan stands there.
    #[error("`{}` is of another plan: {}", path.display(), differences.join("; "))]
    OtherPlan {
        /// The folder.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// What is here would make other numbers of a plan.
    #[error("the plan was made for something else: {}", differences.join("; "))]
    OtherOrder {
        /// What differs.
        differences: Vec<String>,
    },
    /// A folder that holds no runs.
    #[error("`{}` is no folder of runs", path.display())]
    NotRuns {
        /// The folder.
        path: PathBuf,
    },
    /// An engine that is not there or refuses.
    #[error("{engine}: `{command}` {trouble}")]
    Scheduler {
        /// The engine.
        engine: &'static str,
        /// What was run.
        command: String,
        /// What became of it, in its own words.
        trouble: String,
        /// What to do about it.
        hint: String,
    },
    /// Work that is under way by an earlier submission.
    #[error("submission {number} by {engine} is under way: {states}")]
    Submitted {
        /// The submission.
        number: u32,
        /// Its engine.
        engine: String,
        /// What the engine says.
        states: String,
    },
    /// A submission of which the engine gave no name: it stays until it ends, or broke off.
    #[error("submission {number} to {engine} has no name by which it could be cancelled")]
    Nameless {
        /// The submission.
        number: u32,
        /// Its engine.
        engine: String,
    },
    /// Ended from outside.
    #[error("interrupted")]
    Interrupted,
}

impl SweepError {
    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooMany { available, .. } => Some(format!("ask for at most {available}")),
            Self::NoNetworks => Some(
                "name at least one: the count may be 0, or the file hold nothing but empty lines and comments"
                    .to_owned(),
            ),
            Self::Twice { .. } => Some("name each network once".to_owned()),
            Self::Setting { expected, .. } => Some(format!("it may be {expected}")),
            Self::File { source, .. } if source.kind() == io::ErrorKind::StorageFull => Some(
                "the disk is full: make room, and the same command goes on where it ended"
                    .to_owned(),
            ),
            Self::ImageCount { available, .. } => Some(format!(
                "take 1 to {available} of them, or name other images with --data"
            )),
            Self::OtherTraining { .. } => {
                Some("write to another place, or remove what is there".to_owned())
            }
            Self::Gone { .. } => Some(
                "put it back; or remove `result.json` beside it, and the same command trains again"
                    .to_owned(),
            ),
            Self::Images(error) => error.hint(),
            Self::Network { source, .. } | Self::Proxy(source) => source.hint(),
            Self::Kernels(source) => Some(source.hint()),
            Self::Engine(error) => error.hint(),
            Self::Train(error) => error.hint(),
            Self::Table(error) => error.hint(),
            Self::Memory {
                fitting_batch: Some(batch),
                ..
            } => Some(format!(
                "a batch of {batch} would fit; or allow more with --max-memory"
            )),
            Self::Memory { .. } => Some("not even one image would fit".to_owned()),
            Self::Busy { .. } => Some("wait for it, or write another file".to_owned()),
            Self::OtherRecipe { .. } => {
                Some("write another file, or remove that one and its `.journal`".to_owned())
            }
            Self::Program { .. } => Some(
                "write cmd:COMMAND or NAME=cmd:COMMAND: 'mine=cmd:python my_proxy.py'".to_owned(),
            ),
            Self::ProgramName { .. } => Some("give it one: NAME=cmd:COMMAND".to_owned()),
            Self::Start { .. } => Some(
                "the command is split into words and run without a shell; what needs one is \
                 cmd:sh -c '...'"
                    .to_owned(),
            ),
            Self::NeverAnswered { .. } => Some(
                "it should read lines of JSON until its input ends and answer each with one line; \
                 see `nbzero help own-proxy`"
                    .to_owned(),
            ),
            Self::NoPlan { .. } => Some("make one: nbzero plan --spaces r1 ... -o FOLDER".to_owned()),
            Self::PlanDamaged { .. } => {
                let hint = "take its two files from a copy (the plan's own folder, `plan` in a folder of runs), or make it \
                            again with the same command, into another folder";
                Some(hint.to_owned())
            }
            Self::PlanFormat { .. } => {
                Some("work on it with the version that made it, or make it again".to_owned())
            }
            Self::OtherPlan { .. } | Self::NotOurs { .. } => Some("name another folder".to_owned()),
            Self::OtherOrder { .. } => Some(
                "the same program and the same images are needed: --data names the images of this machine"
                    .to_owned(),
            ),
            Self::NotRuns { .. } => Some(
                "name the folder that `nbzero work -o` or `nbzero submit -o` wrote".to_owned(),
            ),
            Self::Incomplete { .. } => {
                Some("`nbzero status` says what is missing of runs".to_owned())
            }
            Self::Nameless { number, .. } => Some(format!(
                "end it by the engine's own means, of local and parallel by Ctrl-C where it was started; then \
                 remove submissions/{number:04}.toml"
            )),
            Self::Scheduler { hint, .. } => Some(hint.clone()),
            Self::Submitted { .. } => Some(
                "wait for it, `nbzero cancel` it, or add workers to it with --more".to_owned(),
            ),
            Self::NotScores { .. } => Some("give files written by `nbzero score -o`".to_owned()),
            _ => None,
        }
    }
}
