//! The networks of a table within limits, or an error that says how far the limits are off.

use nbz_table::{Constraint, Query, Table};

use crate::error::{ReportError, Result};

/// The rows, one a network, that satisfy every constraint, ascending; all networks without one.
///
/// A missing or undefined value satisfies no constraint. A value at its limit does.
///
/// ```
/// use nbz_report::feasible_rows;
/// use nbz_table::Table;
///
/// let table = Table::nas_bench_macro();
/// assert_eq!(feasible_rows(&table, None, &[])?.len(), 3_969);
/// // The smallest network has 7,713,280 MACs.
/// assert_eq!(feasible_rows(&table, None, &["macs<=7713280".parse()?])?, [0]);
/// let none = feasible_rows(&table, None, &["macs<=1M".parse()?]).unwrap_err();
/// assert_eq!(none.to_string(), "no network of nas-bench-macro is within macs<=1M");
/// assert_eq!(none.hint().unwrap(), "macs runs from 7713280 to 105660928");
/// # Ok::<(), nbz_report::ReportError>(())
/// ```
///
/// # Errors
/// [`ReportError::NothingFeasible`], or a fault of the table.
pub fn feasible_rows(
    table: &Table,
    dataset: Option<&str>,
    constraints: &[Constraint],
) -> Result<Vec<usize>> {
    let query = Query {
        dataset: dataset.map(str::to_owned),
        constraints: constraints.to_vec(),
        by: None,
    };
    let rows = query.run(table)?.rows;
    if rows.is_empty() {
        return Err(nothing_feasible(table, dataset, constraints)?);
    }
    Ok(rows)
}

/// The error, with the span of every constrained column over the whole table.
pub(crate) fn nothing_feasible(
    table: &Table,
    dataset: Option<&str>,
    constraints: &[Constraint],
) -> Result<ReportError> {
    let mut spans = Vec::new();
    for constraint in constraints {
        let name = &table.schema().column_on(dataset, constraint.column())?.name;
        let values = table.column_f64(name)?;
        let known = values.values().iter().flatten().filter(|v| !v.is_nan());
        let (low, high) = known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| {
            (low.min(v), high.max(v))
        });
        spans.push((constraint.column().to_owned(), low, high));
    }
    Ok(ReportError::NothingFeasible {
        table: table.name().to_owned(),
        limits: constraints.iter().map(ToString::to_string).collect(),
        spans,
    })
}
