//! The networks that no other beats in both a cost and an accuracy.
//!
//! A network is on the front if no other of the pool has a cost at most as large and an accuracy at
//! least as large with one of the two strictly better. Networks equal in both are all on the front.

use nbz_table::{Constraint, Table};

use crate::error::Result;
use crate::feasible::feasible_rows;

/// A network on the front.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrontPoint {
    /// The row.
    pub row: usize,
    /// The cost in its column's unit.
    pub cost: f64,
    /// The accuracy, or whatever is to be large, in its column's unit.
    pub gain: f64,
}

/// The front of a table between a column that should be small and one that should be large, by rising
/// cost; rows where either is missing or undefined are not part of it.
///
/// ```
/// let table = nbz_table::Table::nas_bench_macro();
/// let front = nbz_report::pareto_front(&table, None, &[], "macs", "acc_mean")?;
/// assert!(front.windows(2).all(|w| w[0].cost <= w[1].cost && w[0].gain <= w[1].gain));
/// // The smallest network is always on it, and so is the most accurate.
/// assert_eq!(front[0].cost, 7_713_280.0);
/// assert_eq!(front[front.len() - 1].gain, 93.12666320800781);
/// # Ok::<(), nbz_report::ReportError>(())
/// ```
///
/// # Errors
/// [`crate::ReportError::NothingFeasible`], or a fault of the table.
pub fn pareto_front(
    table: &Table,
    dataset: Option<&str>,
    constraints: &[Constraint],
    cost: &str,
    gain: &str,
) -> Result<Vec<FrontPoint>> {
    let costs = table.column_f64(&table.schema().column_on(dataset, cost)?.name)?;
    let gains = table.column_f64(&table.schema().column_on(dataset, gain)?.name)?;
    let mut points: Vec<FrontPoint> = feasible_rows(table, dataset, constraints)?
        .into_iter()
        .filter_map(|row| {
            let (cost, gain) = (costs.get(row)?, gains.get(row)?);
            (!cost.is_nan() && !gain.is_nan()).then_some(FrontPoint { row, cost, gain })
        })
        .collect();
    // Of equal costs the best gain first, so that what follows it at the same cost is beaten or equal.
    points.sort_by(|a, b| {
        a.cost
            .total_cmp(&b.cost)
            .then(b.gain.total_cmp(&a.gain))
            .then(a.row.cmp(&b.row))
    });
    let mut front: Vec<FrontPoint> = Vec::new();
    for point in points {
        let beaten = front
            .last()
            .is_some_and(|last| match point.gain.total_cmp(&last.gain) {
                std::cmp::Ordering::Less => true,
                std::cmp::Ordering::Equal => point.cost > last.cost,
                std::cmp::Ordering::Greater => false,
            });
        if !beaten {
            front.push(point);
        }
    }
    Ok(front)
}
