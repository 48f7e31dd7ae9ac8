//! The schema document: what a table and each of its columns mean.
//!
//! It is JSON under the key `nbzero.schema` of a Parquet file's own key-value metadata, so a table
//! explains itself wherever it is copied. Layout, version 1:
//!
//! ```json
//! {"version": 1, "name": "nas-bench-macro", "title": "...", "space": "nbmacro",
//!  "accuracy": "acc_mean", "licence": "...", "attribution": "...", "citation": "...", "notes": "...",
//!  "columns": [{"name": "cifar10_test_acc", "type": "float", "unit": "percent", "meaning": "...",
//!               "role": "accuracy", "direction": "larger", "dataset": "cifar10",
//!               "provenance": "imported", "source": "...", "version": "...", "licence": "..."}]}
//! ```
//!
//! A column of one data set is named by the data set, with `_` for `-`, and a base name:
//! `imagenet16_120_test_acc` is `test_acc` on `imagenet16-120`. A column without a data set in its name
//! may still belong to one (`acc_mean` of a table of one data set), or to none (`arch`).
//! `accuracy` is the base name of the accuracy that ranks are taken against.
//!
//! Readers refuse a version that they do not know; unknown keys are ignored, so that a later release
//! can add some without a new version.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::unit::Unit;

/// The version of the schema document that this crate writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// The key of the schema document in the Parquet file's metadata.
pub(crate) const SCHEMA_KEY: &str = "nbzero.schema";

/// The type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// UTF-8 text.
    Text,
    /// Boolean.
    Flag,
    /// 64-bit signed integer.
    Int,
    /// 64-bit float.
    Float,
}

impl Kind {
    /// The spelling in schemas and messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "flag",
            Self::Int => "int",
            Self::Float => "float",
        }
    }
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The architecture string; every table has exactly one such column.
    Arch,
    /// The architecture string that represents all strings of one network.
    Canonical,
    /// Another name of the architecture: an index or a code.
    Id,
    /// An accuracy.
    Accuracy,
    /// The spread of an accuracy over runs.
    Spread,
    /// A cost known from the architecture: parameters, MACs, depth.
    Cost,
    /// A zero-cost proxy's score.
    Proxy,
    /// A time on a device.
    Latency,
    /// An energy on a device.
    Energy,
    /// Anything else.
    Other,
}

/// Which values of a column are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Larger is better.
    Larger,
    /// Smaller is better.
    Smaller,
    /// Neither.
    None,
}

/// How the values of a column came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Computed or measured by this project's code.
    Measured,
    /// Taken from a published source, unchanged.
    Imported,
    /// Predicted by a model, not observed.
    Surrogate,
}

impl Provenance {
    /// The spelling in schemas and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Imported => "imported",
            Self::Surrogate => "surrogate",
        }
    }
}

/// What one column means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// The name, unique in the table.
    pub name: String,
    /// The type of the values.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The unit of the values.
    pub unit: Unit,
    /// One sentence for people.
    pub meaning: String,
    /// What the column is for.
    pub role: Role,
    /// Which values are better.
    pub direction: Direction,
    /// The data set that the values belong to, such as `cifar10`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// How the values came to be.
    pub provenance: Provenance,
    /// Who published or computed them.
    #[serde(default)]
    pub source: String,
    /// The version of the source: a commit, a release.
    #[serde(default)]
    pub version: String,
    /// The licence of the values.
    #[serde(default)]
    pub licence: String,
}

/// A version in a word or two: of a commit's digits the first twelve.
///
/// ```
/// assert_eq!(nbz_table::short_version("61a2bfc2ca0dce04d0997e6c"), "61a2bfc2ca0d");
/// assert_eq!(nbz_table::short_version("nbz-table 0.1.0"), "nbz-table 0.1.0");
/// ```
pub fn short_version(version: &str) -> &str {
    match version.get(..12) {
        Some(first) if version.bytes().all(|b| b.is_ascii_hexdigit()) => first,
        _ => version,
    }
}

impl ColumnInfo {
    /// The name without the data set in front: `cifar10_test_acc` is `test_acc`.
    pub fn base_name(&self) -> &str {
        self.dataset
            .as_deref()
            .and_then(|d| self.name.strip_prefix(&dataset_prefix(d)))
            .unwrap_or(&self.name)
    }
}

/// `imagenet16-120` as column names begin with it: `imagenet16_120_`.
pub(crate) fn dataset_prefix(dataset: &str) -> String {
    format!("{}_", dataset.replace('-', "_"))
}

/// What a table is and what its columns mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// The version of this document's layout.
    pub version: u32,
    /// The table's short name, such as `nas-bench-201`.
    pub name: String,
    /// One line for people.
    #[serde(default)]
    pub title: String,
    /// The prefix of the space's architecture strings (`nb201`), if it is a known one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    /// The base name of the accuracy that ranks are taken against; empty if there is none.
    #[serde(default)]
    pub accuracy: String,
    /// The licences of all the data together.
    #[serde(default)]
    pub licence: String,
    /// The notice that must travel with the data.
    #[serde(default)]
    pub attribution: String,
    /// What to cite.
    #[serde(default)]
    pub citation: String,
    /// What a reader of the numbers should know.
    #[serde(default)]
    pub notes: String,
    /// How the values were computed, as the program that did so writes it: JSON; none for imported ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
    /// The columns, in the file's order.
    pub columns: Vec<ColumnInfo>,
}

impl Schema {
    /// The column of that name.
    ///
    /// # Errors
    /// [`Error::NoColumn`], naming close ones.
    pub fn column(&self, name: &str) -> Result<&ColumnInfo> {
        self.columns
            .iter()
            .find(|c| c.name == name)
            .ok_or_else(|| self.no_column(name, None))
    }

    /// The column called `name` on a data set: the full name, or the base name.
    ///
    /// A column that belongs to no data set is found under its own name for every data set.
    ///
    /// # Errors
    /// [`Error::NoColumn`], naming close ones.
    pub fn column_on(&self, dataset: Option<&str>, name: &str) -> Result<&ColumnInfo> {
        let on_dataset = |c: &&ColumnInfo| c.base_name() == name && c.dataset.as_deref() == dataset;
        self.columns
            .iter()
            .find(on_dataset)
            .or_else(|| self.columns.iter().find(|c| c.name == name))
            .ok_or_else(|| self.no_column(name, dataset))
    }

    /// The data sets of the accuracy columns, in the file's order, each once.
    pub fn datasets(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for column in self.columns.iter().filter(|c| c.role == Role::Accuracy) {
            if let Some(dataset) = column.dataset.as_deref()
                && !names.contains(&dataset)
            {
                names.push(dataset);
            }
        }
        names
    }

    /// The columns with a role on a data set, and those with that role on no data set.
    pub fn with_role<'a>(
        &'a self,
        role: Role,
        dataset: Option<&str>,
    ) -> impl Iterator<Item = &'a ColumnInfo> {
        self.columns.iter().filter(move |c| {
            c.role == role && (c.dataset.is_none() || c.dataset.as_deref() == dataset)
        })
    }

    /// The accuracy that ranks on a data set are taken against.
    ///
    /// # Errors
    /// [`Error::NoColumn`] if the table has no accuracy there.
    pub fn accuracy_on(&self, dataset: Option<&str>) -> Result<&ColumnInfo> {
        self.with_role(Role::Accuracy, dataset)
            .find(|c| c.base_name() == self.accuracy)
            .or_else(|| self.with_role(Role::Accuracy, dataset).next())
            .ok_or_else(|| self.no_column("accuracy", dataset))
    }

    fn no_column(&self, name: &str, dataset: Option<&str>) -> Error {
        let close = self
            .columns
            .iter()
            .filter(|c| c.dataset.is_none() || dataset.is_none() || c.dataset.as_deref() == dataset)
            .map(|c| c.name.clone())
            .filter(|c| c.contains(name) || name.contains(c.as_str()))
            .take(8)
            .collect();
        Error::NoColumn {
            table: self.name.clone(),
            column: name.to_owned(),
            dataset: dataset.map(str::to_owned),
            close,
        }
    }

    /// Checks what the types cannot say: the version, unique names, exactly one architecture column.
    pub(crate) fn check(&self) -> Result<()> {
        if self.version != SCHEMA_VERSION {
            return Err(Error::SchemaVersion {
                found: self.version,
                known: SCHEMA_VERSION,
            });
        }
        let mut names: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|w| w[0] == w[1]) {
            return Err(Error::DuplicateColumn {
                column: pair[0].to_owned(),
            });
        }
        let mut archs = self.columns.iter().filter(|c| c.role == Role::Arch);
        match (archs.next(), archs.next()) {
            (Some(arch), None) if arch.kind == Kind::Text => Ok(()),
            (Some(_), None) => Err(Error::Schema {
                reason: "the architecture column is not text".to_owned(),
            }),
            (None, _) => Err(Error::Schema {
                reason: "no column has the role `arch`".to_owned(),
            }),
            (Some(_), Some(_)) => Err(Error::Schema {
                reason: "more than one column has the role `arch`".to_owned(),
            }),
        }
    }
}
