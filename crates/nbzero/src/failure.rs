//! From an error to the words on standard error and the exit code.
//!
//! Libraries return typed errors; commands add their own ([`CommandError`]). Here, and only here, each
//! is given its code from [`nbzero::exit_code`], its hint, and the place in the input where there is one.

use std::io;
use std::process::ExitCode;

use nbz_data::DataError;
use nbz_engine::EngineError;
use nbz_engine::cpu::PathError;
use nbz_explore::ExploreError;
use nbz_proxy::ProxyError;
use nbz_report::ReportError;
use nbz_space::SpaceError;
use nbz_study::StudyError;
use nbz_sweep::SweepError;
use nbz_table::Error as TableError;
use nbz_train::TrainError;
use nbzero::exit_code;

use crate::console::{self, OutputError};

/// What the commands themselves refuse.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// A name that is none of a known set.
    #[error("unknown {what} `{name}`")]
    Unknown {
        /// The kind of name.
        what: &'static str,
        /// What was typed.
        name: String,
        /// What to do about it.
        hint: String,
    },
    /// Values that cannot go together, found only once the inputs are known.
    #[error("{problem}")]
    Usage {
        /// What is wrong.
        problem: String,
        /// What to do about it.
        hint: String,
    },
    /// A value of an input that cannot be.
    #[error("{problem}")]
    Malformed {
        /// What is wrong, and where.
        problem: String,
        /// What to do about it.
        hint: String,
    },
    /// A training that was told to stop and kept a checkpoint.
    #[error("stopped, to be continued")]
    ToBeContinued,
    /// The same by Ctrl-C.
    #[error("interrupted, to be continued")]
    Interrupted,
    /// A file that a command reads or writes itself.
    #[error("cannot {verb} `{path}`: {source}")]
    File {
        /// `read` or `write`.
        verb: &'static str,
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
}

impl CommandError {
    fn code(&self) -> u8 {
        match self {
            Self::Unknown { .. } => exit_code::NOT_FOUND,
            Self::Usage { .. } => exit_code::USAGE,
            Self::Malformed { .. } => exit_code::BAD_INPUT,
            Self::ToBeContinued => exit_code::TO_BE_CONTINUED,
            Self::Interrupted => exit_code::INTERRUPTED,
            Self::File { .. } => exit_code::IO,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { hint, .. }
            | Self::Usage { hint, .. }
            | Self::Malformed { hint, .. } => Some(hint.clone()),
            Self::ToBeContinued | Self::Interrupted => Some("the same command goes on".to_owned()),
            Self::File { .. } => None,
        }
    }
}

/// Everything that an error says to the user.
#[derive(Debug, Default)]
struct Verdict {
    code: u8,
    picture: Option<String>,
    hint: Option<String>,
}

/// What an error of a known type says; `None` for any other.
fn known(cause: &(dyn std::error::Error + 'static)) -> Option<Verdict> {
    let plain = |code, hint| Verdict {
        code,
        hint,
        picture: None,
    };
    if let Some(e) = cause.downcast_ref::<CommandError>() {
        Some(plain(e.code(), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<TableError>() {
        Some(plain(table_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<ReportError>() {
        Some(plain(report_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<ExploreError>() {
        Some(plain(explore_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<SweepError>() {
        Some(plain(sweep_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<DataError>() {
        Some(plain(data_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<TrainError>() {
        Some(plain(train_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<ProxyError>() {
        Some(plain(proxy_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<StudyError>() {
        Some(plain(study_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<SpaceError>() {
        Some(Verdict {
            code: space_code(e),
            picture: e.picture(),
            hint: e.hint(),
        })
    } else if let Some(e) = cause.downcast_ref::<EngineError>() {
        Some(plain(engine_code(e), e.hint()))
    } else if let Some(e) = cause.downcast_ref::<PathError>() {
        Some(plain(exit_code::USAGE, Some(e.hint())))
    } else if cause.is::<OutputError>() || cause.is::<io::Error>() {
        Some(plain(exit_code::IO, None))
    } else {
        None
    }
}

/// The message and the verdict: the words that a command put in front, then the typed error, which says
/// the rest itself, its cause included.
fn verdict(error: &anyhow::Error) -> (String, Verdict) {
    let mut words = Vec::new();
    for cause in error.chain() {
        words.push(cause.to_string());
        if let Some(verdict) = known(cause) {
            return (words.join(": "), verdict);
        }
    }
    let other = Verdict {
        code: exit_code::OTHER,
        ..Verdict::default()
    };
    (words.join(": "), other)
}

fn table_code(error: &TableError) -> u8 {
    match error {
        TableError::Read { .. } | TableError::Write { .. } => exit_code::IO,
        TableError::UnknownTable { .. }
        | TableError::NoColumn { .. }
        | TableError::NoDataset { .. }
        | TableError::NoArch { .. } => exit_code::NOT_FOUND,
        TableError::Quantity { .. }
        | TableError::Constraint { .. }
        | TableError::UnitMismatch { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

fn engine_code(error: &EngineError) -> u8 {
    match error {
        EngineError::Memory { .. } | EngineError::Eps { .. } | EngineError::Path(_) => {
            exit_code::USAGE
        }
        EngineError::Threads { .. } => exit_code::OTHER,
        _ => exit_code::BAD_INPUT,
    }
}

fn study_code(error: &StudyError) -> u8 {
    match error {
        StudyError::NothingFeasible { .. } | StudyError::UnknownCost { .. } => exit_code::NOT_FOUND,
        StudyError::AxisName { .. }
        | StudyError::ScoreName { .. }
        | StudyError::BadRange { .. }
        | StudyError::NoBudget { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

fn space_code(error: &SpaceError) -> u8 {
    match error {
        SpaceError::UnknownDataset { .. } | SpaceError::BadTask { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

fn report_code(error: &ReportError) -> u8 {
    match error {
        ReportError::Table(e) => table_code(e),
        ReportError::NothingFeasible { .. } => exit_code::NOT_FOUND,
        ReportError::Study(e) => study_code(e),
        ReportError::Folder { .. } => exit_code::IO,
        ReportError::NotAScore { .. }
        | ReportError::UnknownPart { .. }
        | ReportError::SameName { .. }
        | ReportError::SameScore { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

fn explore_code(error: &ExploreError) -> u8 {
    match error {
        ExploreError::Table(e) => table_code(e),
        ExploreError::Listen { .. } | ExploreError::Serve(_) => exit_code::IO,
        _ => exit_code::OTHER,
    }
}

fn sweep_code(error: &SweepError) -> u8 {
    match error {
        SweepError::Table(e) => table_code(e),
        SweepError::Proxy(e) | SweepError::Network { source: e, .. } => proxy_code(e),
        SweepError::Images(e) => data_code(e),
        SweepError::Train(e) => train_code(e),
        SweepError::Engine(e) => engine_code(e),
        SweepError::Start { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            exit_code::NOT_FOUND
        }
        SweepError::NoPlan { .. } | SweepError::NotRuns { .. } => exit_code::NOT_FOUND,
        SweepError::File { .. }
        | SweepError::Busy { .. }
        | SweepError::Start { .. }
        | SweepError::NotOurs { .. }
        | SweepError::Gone { .. } => exit_code::IO,
        SweepError::NeverAnswered { .. }
        | SweepError::Scheduler { .. }
        | SweepError::Nameless { .. }
        | SweepError::Submitted { .. } => exit_code::OTHER,
        SweepError::Interrupted => exit_code::INTERRUPTED,
        SweepError::Shard { .. }
        | SweepError::Memory { .. }
        | SweepError::Setting { .. }
        | SweepError::ImageCount { .. }
        | SweepError::Program { .. }
        | SweepError::ProgramName { .. }
        | SweepError::NoNetworks
        | SweepError::Kernels(_)
        | SweepError::WeightsOfMany { .. }
        | SweepError::TooMany { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

fn proxy_code(error: &ProxyError) -> u8 {
    match error {
        ProxyError::UnknownProxy { .. } => exit_code::NOT_FOUND,
        ProxyError::NoProxy
        | ProxyError::BatchTooSmall { .. }
        | ProxyError::TooManyImages { .. }
        | ProxyError::MissingInput { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

fn train_code(error: &TrainError) -> u8 {
    match error {
        TrainError::Images(e) => data_code(e),
        TrainError::Engine(e) => engine_code(e),
        TrainError::UnknownRecipe { .. } => exit_code::NOT_FOUND,
        TrainError::Read { .. } | TrainError::Keep(_) => exit_code::IO,
        TrainError::Setting { .. } | TrainError::BatchTooLarge { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

fn data_code(error: &DataError) -> u8 {
    match error {
        DataError::Read { .. } => exit_code::IO,
        DataError::Missing { .. } => exit_code::NOT_FOUND,
        DataError::BatchTooLarge { .. }
        | DataError::EmptyBatch
        | DataError::UnknownSource { .. }
        | DataError::Finished { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    }
}

/// Tells of a command's failure and gives its code. A closed pipe is no failure and says nothing.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let closed_pipe = error
        .downcast_ref::<OutputError>()
        .is_some_and(|OutputError(e)| e.kind() == io::ErrorKind::BrokenPipe);
    if closed_pipe {
        return ExitCode::from(exit_code::OK);
    }
    let (message, verdict) = verdict(error);
    console::complain(message, verdict.picture.as_deref(), verdict.hint.as_deref());
    ExitCode::from(verdict.code)
}

/// Prints what clap has to say: help and version as data, a refusal as words.
pub(crate) fn usage(refusal: &clap::Error) -> ExitCode {
    let printed = refusal.print();
    if refusal.use_stderr() {
        return ExitCode::from(exit_code::USAGE);
    }
    match printed {
        Err(e) => report(&anyhow::Error::new(OutputError(e))),
        Ok(()) => ExitCode::from(exit_code::OK),
    }
}
