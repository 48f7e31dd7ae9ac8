//! What can be wrong with a question put to a benchmark table, or with a report on some.

use std::path::PathBuf;

/// This crate's result.
pub type Result<T, E = ReportError> = std::result::Result<T, E>;

/// Why a question could not be answered. Every variant holds the offending values.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The table or a column could not be read.
    #[error(transparent)]
    Table(#[from] nbz_table::Error),
    /// The numbers cannot be studied.
    #[error(transparent)]
    Study(#[from] nbz_study::StudyError),
    /// What networks' attributes refuse.
    #[error(transparent)]
    Factors(#[from] nbz_factors::FactorError),
    /// Networks of which nobody knows what they are made of, or none with a value in every target.
    #[error("no network of {table} is of a known space and has every target")]
    NoKnownNetwork {
        /// The table.
        table: String,
    },
    /// No network of the table has a value in every column.
    #[error("no network of {table} has every score")]
    NoCommonNetwork {
        /// The table.
        table: String,
        /// How many networks each score is known for.
        counts: Vec<(String, usize)>,
    },
    /// No network has a value in every column that a table of the report needs.
    #[error("no network of {table} has every value that `{pool}` needs")]
    EmptyPool {
        /// The pool.
        pool: String,
        /// The table.
        table: String,
    },
    /// The output folder cannot be made.
    #[error("cannot make the folder `{}`: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A name that is no part of a report.
    #[error("`{name}` is not a part of the report")]
    UnknownPart {
        /// What was given.
        name: String,
    },
    /// Two scores of a line-up have one name.
    #[error("two scores are called `{name}`")]
    SameScore {
        /// The name.
        name: String,
    },
    /// Two tables of a report have one name.
    #[error("two tables of the report are called `{name}`")]
    SameName {
        /// The name.
        name: String,
    },
    /// No network keeps every limit.
    #[error("no network of {table} is within {}", limits.join(" and "))]
    NothingFeasible {
        /// The table.
        table: String,
        /// The limits, as they print.
        limits: Vec<String>,
        /// Smallest and largest value of each limited column.
        spans: Vec<(String, f64, f64)>,
    },
    /// A column that is neither an accuracy, a proxy nor a cost cannot rank networks.
    #[error("column `{column}` of {table} does not rank networks")]
    NotAScore {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Columns that do.
        known: Vec<String>,
    },
}

impl ReportError {
    /// What to do about it, where something useful can be said.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Table(error) => error.hint(),
            Self::Study(error) => error.hint(),
            Self::NoCommonNetwork { counts, .. } => {
                let rare = counts.iter().min_by_key(|(_, count)| *count)?;
                Some(format!("`{}` is known for {} networks", rare.0, rare.1))
            }
            Self::UnknownPart { .. } => Some(
                "the parts are table1, table2, table3, claims, standing, similarity, fig1 to fig10, fig7-bars, similarity-map and all"
                    .to_owned(),
            ),
            Self::SameName { .. } => {
                Some("name each table once; a file is called by its schema".into())
            }
            Self::SameScore { .. } => Some("give the hybrid another name before `=`".into()),
            Self::EmptyPool { .. }
            | Self::Folder { .. }
            | Self::Factors(_)
            | Self::NoKnownNetwork { .. } => None,
            Self::NothingFeasible { spans, .. } => {
                let spans: Vec<String> = spans
                    .iter()
                    .map(|(column, low, high)| format!("{column} runs from {low} to {high}"))
                    .collect();
                Some(spans.join(", "))
            }
            Self::NotAScore { known, .. } => Some(format!("these do: {}", known.join(", "))),
        }
    }
}
