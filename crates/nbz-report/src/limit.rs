//! Limits on columns of a table, and the networks that keep them.
//!
//! A network is feasible if every limited value exists and is within its limit; a missing or undefined
//! value keeps no limit. A value equal to the limit is within. Each network counts once, however many
//! strings it has.

use std::fmt;

use nbz_table::Table;

use crate::error::{ReportError, Result};

/// The most that a column may hold, in the column's own unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    column: String,
    at_most: f64,
    text: String,
}

impl Limit {
    /// A limit on the column of that full name; `text` is the value as a person wrote it.
    pub fn new(column: impl Into<String>, at_most: f64, text: impl Into<String>) -> Self {
        Self {
            column: column.into(),
            at_most,
            text: text.into(),
        }
    }

    /// The column's full name.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The limit in the column's own unit.
    pub fn at_most(&self) -> f64 {
        self.at_most
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <= {}", self.column, self.text)
    }
}

/// The rows, one a network, that keep every limit, ascending; all networks without a limit.
///
/// ```
/// use nbz_report::{Limit, feasible_rows};
/// use nbz_table::Table;
///
/// let table = Table::nas_bench_macro();
/// assert_eq!(feasible_rows(&table, &[])?.len(), 3_969);
/// // The smallest network has 7,713,280 MACs: a value at its limit is within.
/// assert_eq!(feasible_rows(&table, &[Limit::new("macs", 7_713_280.0, "7713280")])?, [0]);
/// let none = feasible_rows(&table, &[Limit::new("macs", 1e6, "1M")]).unwrap_err();
/// assert_eq!(none.to_string(), "no network of nas-bench-macro is within macs <= 1M");
/// # Ok::<(), nbz_report::ReportError>(())
/// ```
///
/// # Errors
/// [`ReportError::NothingFeasible`], or a fault of the table.
pub fn feasible_rows(table: &Table, limits: &[Limit]) -> Result<Vec<usize>> {
    let networks = table.distinct_rows()?;
    let mut spans = Vec::new();
    let mut kept = networks.clone();
    for limit in limits {
        let column = table.column_f64(&limit.column)?;
        let value = |row: usize| column.get(row).filter(|v| !v.is_nan());
        let known = networks.iter().filter_map(|&row| value(row));
        let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        spans.push((limit.column.clone(), low, high));
        kept.retain(|&row| value(row).is_some_and(|v| v <= limit.at_most));
    }
    if kept.is_empty() {
        return Err(ReportError::NothingFeasible {
            table: table.name().to_owned(),
            limits: limits.iter().map(ToString::to_string).collect(),
            spans,
        });
    }
    Ok(kept)
}
