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
//! `accuracy` is the base name of the accuracy that ranks are taken against. `own_spaces`, where there are any, are the
//! definitions of the networks' spaces that are not built in.
//!
//! Readers refuse a version that they do not know; unknown keys are ignored, so that a later release
//! can add some without a new version.

use serde::{Deserialize, Serialize};

use crate::column_info::{ColumnInfo, Kind, Role};
use crate::error::{Error, Result};

/// The version of the schema document that this crate writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// The key of the schema document in the Parquet file's metadata.
pub(crate) const SCHEMA_KEY: &str = "nbzero.schema";

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
    /// Definitions (TOML) of spaces that the program has not, so that whoever has the table can read its networks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_spaces: Vec<String>,
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
