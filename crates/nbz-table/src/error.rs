//! What can go wrong with a table, as data: the offending value inside, and advice in [`Error::hint`].

use std::io;
use std::path::{Path, PathBuf};

use crate::embedded::Embedded;
use crate::unit::Unit;

/// This crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong with a table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file could not be written; nothing stands under its name that was not there before.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The name is neither an embedded table nor a file.
    #[error("no table `{name}`")]
    UnknownTable {
        /// What was asked for.
        name: String,
    },
    /// The bytes are not a readable Parquet file.
    #[error("`{name}` is not a readable Parquet file: {reason}")]
    Parquet {
        /// The file or table.
        name: String,
        /// What the reader says.
        reason: String,
    },
    /// A column's bytes are not those that were written.
    #[error("column `{column}` of `{name}` is damaged: its bytes do not match their digest")]
    Damaged {
        /// The file or table.
        name: String,
        /// The column.
        column: String,
    },
    /// The file claims a size that no table has.
    #[error("`{name}` claims {found} {what}, more than the limit of {limit}")]
    TooLarge {
        /// The file.
        name: String,
        /// What is counted.
        what: &'static str,
        /// The claim.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// A Parquet file without a schema that this crate knows.
    #[error("`{name}` is a Parquet file but not a benchmark table: it has no schema document")]
    NotATable {
        /// The file.
        name: String,
    },
    /// The schema document is of another version.
    #[error("the table's schema has version {found}, this program reads version {known}")]
    SchemaVersion {
        /// The file's version.
        found: u32,
        /// The version that is understood.
        known: u32,
    },
    /// The schema document contradicts itself or the file.
    #[error("bad table schema: {reason}")]
    Schema {
        /// What is wrong.
        reason: String,
    },
    /// Two columns have one name.
    #[error("two columns are named `{column}`")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// A column does not exist.
    #[error("table `{table}` has no column `{column}`{}", on_dataset(dataset.as_ref()))]
    NoColumn {
        /// The table.
        table: String,
        /// What was asked for.
        column: String,
        /// The data set on which it was asked for.
        dataset: Option<String>,
        /// Names that look alike.
        close: Vec<String>,
    },
    /// A column has another type than asked for.
    #[error("column `{column}` holds {found} values, not {expected}")]
    ColumnKind {
        /// The column.
        column: String,
        /// Its type.
        found: &'static str,
        /// The type asked for.
        expected: &'static str,
    },
    /// The table has no numbers for a data set.
    #[error("table `{table}` has no data set `{dataset}`; it has {}", if known.is_empty() { "none by name".to_owned() } else { known.join(", ") })]
    NoDataset {
        /// The table.
        table: String,
        /// What was asked for.
        dataset: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No row has that architecture.
    #[error("table `{table}` has no architecture `{key}`")]
    NoArch {
        /// The table.
        table: String,
        /// What was asked for.
        key: String,
    },
    /// A table without the scores that a format is made of.
    #[error("`{name}` has no proxy scores of a data set, which is all that the suite's JSON holds")]
    NoScores {
        /// The table.
        name: String,
    },
    /// Two rows have one architecture.
    #[error("architecture `{key}` stands twice: on {first} and on {second}")]
    DuplicateArch {
        /// The architecture.
        key: String,
        /// Where first, such as `line 2` or `row 0`.
        first: String,
        /// Where again.
        second: String,
    },
    /// A quantity cannot be read.
    #[error("`{text}` is not a quantity")]
    Quantity {
        /// What was written.
        text: String,
    },
    /// A constraint cannot be read.
    #[error("`{text}` is not a constraint")]
    Constraint {
        /// What was written.
        text: String,
    },
    /// A quantity measures something else than the column.
    #[error("`{quantity}` is a {written}, but the limit is on a {expected} in {unit}")]
    UnitMismatch {
        /// What was written.
        quantity: String,
        /// What it measures.
        written: &'static str,
        /// What the column measures.
        expected: &'static str,
        /// The column's unit.
        unit: Unit,
    },
    /// A line of a CSV file cannot be read.
    #[error("{}:{line}: {reason}", name)]
    Csv {
        /// The file.
        name: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// A JSON document is malformed, or not of the expected shape.
    #[error("{name}: {reason}")]
    Json {
        /// The file.
        name: String,
        /// What is wrong, with the place.
        reason: String,
    },
    /// Nothing to do: the input has no rows.
    #[error("`{name}` has no rows")]
    Empty {
        /// The file.
        name: String,
    },
}

fn on_dataset(dataset: Option<&String>) -> String {
    dataset.map_or_else(String::new, |d| format!(" on {d}"))
}

impl Error {
    /// What to do about it, where something useful can be said.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownTable { .. } => Some(
                format!(
                    "embedded tables are {}; anything else is a path to a file",
                    Embedded::ALL.map(|t| format!("`{}`", t.name())).join(", ")
                ),
            ),
            Self::Parquet { name, .. } if is_importable(name) => {
                Some("make a table of it with `nbzero import`".to_owned())
            }
            Self::Parquet { .. } | Self::Damaged { .. } => {
                Some("the file is truncated or damaged: copy or import it again".to_owned())
            }
            Self::NotATable { .. } => Some(
                "write it as CSV with a column `arch`, and make a table of that with `nbzero import`"
                    .to_owned(),
            ),
            Self::SchemaVersion { .. } => {
                Some("import the table again with this release, or use a newer release".to_owned())
            }
            Self::NoColumn { column, .. } if column == "accuracy" => Some(
                "it has no accuracies; name the column with `nbzero import --accuracy COLUMN`".to_owned(),
            ),
            Self::NoColumn { close, .. } if !close.is_empty() => {
                Some(format!("did you mean {}?", quoted(close)))
            }
            Self::NoColumn { .. } => Some("`nbzero tables` with its name or path lists its columns".to_owned()),
            Self::NoArch { .. } => Some(
                "an architecture is named by its string, a prefix form such as `nb201:212043`, or a row such as `#11472`"
                    .to_owned(),
            ),
            Self::Quantity { .. } => Some(
                "write a number, perhaps with k, M, G, us, ms, s, uJ, mJ, J or % behind it: `200M`, `3ms`"
                    .to_owned(),
            ),
            Self::Constraint { .. } => {
                Some("write COLUMN<=VALUE, COLUMN>=VALUE or COLUMN=VALUE: `macs<=60M`".to_owned())
            }
            Self::UnitMismatch { unit, .. } => {
                Some(format!("a bare number is taken in the column's own unit, {unit}"))
            }
            Self::NoScores { .. } => Some("export it as CSV or Parquet".to_owned()),
            Self::DuplicateArch { .. } => {
                Some("keep one row for each architecture, or average repeats first".to_owned())
            }
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("the disk is full; nothing was left behind".to_owned())
            }
            _ => None,
        }
    }
}

/// Whether a file's name is that of a format that import reads.
fn is_importable(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("json"))
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    names.join(", ")
}
