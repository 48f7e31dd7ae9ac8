//! What one column of a table means: its type, role, direction, unit and where its values are from.

use serde::{Deserialize, Serialize};

use crate::unit::Unit;

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
