//! Which networks of a table satisfy limits on any of its columns.
//!
//! A row without a value, or with NaN, in a limited column does not satisfy the limit: an unknown
//! latency is no promise. Each network counts once ([`Table::distinct_rows`]).

use std::fmt;
use std::str::FromStr;

use crate::column_info::{ColumnInfo, Direction};
use crate::error::{Error, Result};
use crate::table::Table;
use crate::unit::Quantity;

/// The side on which a limit holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The value is at most the limit.
    AtMost,
    /// The value is at least the limit.
    AtLeast,
    /// The value is the limit exactly.
    Equal,
}

/// A limit on a column, such as `macs<=60M` or `raspi4_latency_ms<=3ms`.
///
/// ```
/// use nbz_table::{Bound, Constraint};
///
/// let limit: Constraint = "macs <= 60M".parse()?;
/// assert_eq!(limit, Constraint::new("macs", Bound::AtMost, "60M".parse()?));
/// assert_eq!(limit.to_string(), "macs<=60M");
/// assert!("macs<60M".parse::<Constraint>().is_err());
/// # Ok::<(), nbz_table::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    column: String,
    bound: Bound,
    limit: Quantity,
}

impl Constraint {
    /// A limit on a column, named in full or by its base name.
    pub fn new(column: &str, bound: Bound, limit: Quantity) -> Self {
        Self {
            column: column.to_owned(),
            bound,
            limit,
        }
    }

    /// The column as it was named.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The side on which the limit holds.
    pub fn bound(&self) -> Bound {
        self.bound
    }

    /// The limit as it was written.
    pub fn limit(&self) -> &Quantity {
        &self.limit
    }

    fn admits(&self, value: f64, limit: f64) -> bool {
        match self.bound {
            Bound::AtMost => value <= limit,
            Bound::AtLeast => value >= limit,
            Bound::Equal => value.total_cmp(&limit).is_eq(),
        }
    }
}

impl FromStr for Constraint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let error = || Error::Constraint {
            text: text.to_owned(),
        };
        let signs = [
            ("<=", Bound::AtMost),
            (">=", Bound::AtLeast),
            ("=", Bound::Equal),
        ];
        let (column, bound, limit) = signs
            .into_iter()
            .find_map(|(sign, bound)| {
                let (column, limit) = text.split_once(sign)?;
                Some((column.trim(), bound, limit))
            })
            .ok_or_else(error)?;
        if column.is_empty() {
            return Err(error());
        }
        Ok(Self::new(column, bound, limit.parse()?))
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.bound {
            Bound::AtMost => "<=",
            Bound::AtLeast => ">=",
            Bound::Equal => "=",
        };
        write!(f, "{}{sign}{}", self.column, self.limit)
    }
}

/// Limits that hold together, and what the rows are ordered by.
///
/// ```
/// use nbz_table::{Query, Table};
///
/// let table = Table::nas_bench_201();
/// let query = Query {
///     dataset: Some("cifar10".into()),
///     constraints: vec!["macs<=60M".parse()?, "raspi4_latency_ms<=20ms".parse()?],
///     by: Some("test_acc".into()),
/// };
/// let found = query.run(&table)?;
/// let macs = table.column_i64("cifar10_macs")?;
/// assert!(macs.get(found.rows[0]).unwrap() <= 60_000_000);
///
/// let wrong = Query { constraints: vec!["macs<=3ms".parse()?], ..query };
/// let error = wrong.run(&table).unwrap_err();
/// assert_eq!(error.to_string(), "`3ms` is a time, but the limit is on a number in MACs");
/// # Ok::<(), nbz_table::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// The data set whose columns base names mean.
    pub dataset: Option<String>,
    /// The limits; none admits every network.
    pub constraints: Vec<Constraint>,
    /// The column that orders the rows, best first; without it they stand in the table's order.
    pub by: Option<String>,
}

/// The rows that a query admits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Row numbers, ordered as the query says; rows of equal value stand in the table's order.
    pub rows: Vec<usize>,
    /// Rows that satisfy the limits but have no value, or NaN, to be ordered by; not in `rows`.
    pub unranked: usize,
    /// Networks that were left out because a limited column has no value, or NaN, for them.
    pub unknown: usize,
}

impl Query {
    /// Finds the rows.
    ///
    /// # Errors
    /// [`Error::NoColumn`], [`Error::ColumnKind`] for a limit on text, [`Error::UnitMismatch`].
    pub fn run(&self, table: &Table) -> Result<Selection> {
        let dataset = self.dataset.as_deref();
        let mut rows = table.distinct_rows()?;
        let mut unknown = vec![false; table.rows()];
        for constraint in &self.constraints {
            let info = table.schema().column_on(dataset, &constraint.column)?;
            let values = table.column_f64(&info.name)?;
            let limit = constraint.limit.in_unit(info.unit)?;
            rows.retain(|&row| match values.get(row) {
                Some(value) if !value.is_nan() => constraint.admits(value, limit),
                _ => {
                    unknown[row] = true;
                    false
                }
            });
        }
        let unranked = match &self.by {
            Some(by) => sort_best_first(table, table.schema().column_on(dataset, by)?, &mut rows)?,
            None => 0,
        };
        Ok(Selection {
            rows,
            unranked,
            unknown: unknown.into_iter().filter(|&u| u).count(),
        })
    }
}

/// Sorts rows by a column and drops those that have no rank in it; returns how many.
fn sort_best_first(table: &Table, by: &ColumnInfo, rows: &mut Vec<usize>) -> Result<usize> {
    let values = table.column_f64(&by.name)?;
    let before = rows.len();
    let mut ranked: Vec<(usize, f64)> = rows
        .iter()
        .filter_map(|&row| Some((row, values.get(row).filter(|v| !v.is_nan())?)))
        .collect();
    // Stable sorts, so that ties keep the table's order in both directions. Adding 0.0 makes -0.0 and
    // 0.0 one value.
    ranked.sort_by(|a, b| {
        let order = (a.1 + 0.0).total_cmp(&(b.1 + 0.0));
        match by.direction {
            Direction::Smaller => order,
            Direction::Larger | Direction::None => order.reverse(),
        }
    });
    *rows = ranked.into_iter().map(|(row, _)| row).collect();
    Ok(before - rows.len())
}
