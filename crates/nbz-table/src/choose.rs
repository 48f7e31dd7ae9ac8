//! Which table and which data set a command means, and whether that was said or assumed.
//!
//! Nothing named: `nas-bench-201`. A table with several data sets and none named: `cifar10`. Both rules
//! are answered with a [`Choice`], so that a front can tell the user what was assumed.

use std::path::Path;

use crate::embedded::Embedded;
use crate::error::{Error, Result};
use crate::table::Table;

/// The data set taken where a table has several and none is named.
pub const DEFAULT_DATASET: &str = "cifar10";

/// Why something was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It was named.
    Named,
    /// There is only one.
    Only,
    /// It was not named and is the default.
    Default,
}

impl Table {
    /// Opens the table of that name or path; the embedded NAS-Bench-201 if none is named.
    ///
    /// ```
    /// use nbz_table::{Choice, Table};
    ///
    /// let (table, choice) = Table::choose(None)?;
    /// assert_eq!((table.name(), choice), ("nas-bench-201", Choice::Default));
    /// assert!(Table::choose(Some("nas-bench-102")).is_err());
    /// # Ok::<(), nbz_table::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownTable`], or as [`Table::open`].
    pub fn choose(name: Option<&str>) -> Result<(Self, Choice)> {
        let Some(name) = name else {
            return Ok((Self::nas_bench_201(), Choice::Default));
        };
        if let Some(embedded) = Embedded::named(name) {
            return Ok((embedded.open(), Choice::Named));
        }
        let path = Path::new(name);
        let looks_like_a_path = path.components().count() > 1 || path.extension().is_some();
        if !looks_like_a_path && !path.exists() {
            return Err(Error::UnknownTable {
                name: name.to_owned(),
            });
        }
        Ok((Self::open(path)?, Choice::Named))
    }

    /// The data set of that name; if none is named, the only one, or `cifar10`, or the first.
    ///
    /// Case, `-` and `_` do not matter in the name. `None` for a table without accuracies.
    ///
    /// ```
    /// use nbz_table::{Choice, Table};
    ///
    /// let table = Table::nas_bench_201();
    /// assert_eq!(table.choose_dataset(None)?, (Some("cifar10"), Choice::Default));
    /// let named = table.choose_dataset(Some("ImageNet16_120"))?;
    /// assert_eq!(named, (Some("imagenet16-120"), Choice::Named));
    /// let only = Table::nas_bench_macro();
    /// assert_eq!(only.choose_dataset(None)?, (Some("cifar10"), Choice::Only));
    /// # Ok::<(), nbz_table::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoDataset`], naming those that there are.
    pub fn choose_dataset(&self, name: Option<&str>) -> Result<(Option<&str>, Choice)> {
        let known = self.schema().datasets();
        if let Some(name) = name {
            return known
                .iter()
                .find(|d| dataset_key(d) == dataset_key(name))
                .map(|&d| (Some(d), Choice::Named))
                .ok_or_else(|| Error::NoDataset {
                    table: self.name().to_owned(),
                    dataset: name.to_owned(),
                    known: known.iter().map(|&d| d.to_owned()).collect(),
                });
        }
        Ok(match known.as_slice() {
            [] => (None, Choice::Only),
            [only] => (Some(only), Choice::Only),
            [first, ..] => {
                let default = known.iter().find(|d| **d == DEFAULT_DATASET);
                (Some(default.unwrap_or(first)), Choice::Default)
            }
        })
    }
}

/// A data set's name without case and separators.
pub(crate) fn dataset_key(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
