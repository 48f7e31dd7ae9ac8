//! The best network within limits: the true best, what each proxy would have picked, and the distance.
//!
//! The question is a practitioner's, so the pool is every feasible network of the table, not only those
//! that all proxies scored: a proxy picks among the feasible networks that it scored, and its pick is
//! ranked among all feasible ones. Scores are read in the direction that the table states; params, MACs
//! and depth count as proxies whose larger values are better, as in the paper. Of equal best scores the
//! first row is the pick, and [`Pick::shared`] and the means over all of them stand beside it.

use nbz_table::{Column, ColumnInfo, Constraint, Direction, Role, Table};

use crate::error::{ReportError, Result};
use crate::feasible::{feasible_rows, nothing_feasible};

/// What one ranking picks among the feasible networks.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// The column that ranks, by its full name.
    pub column: String,
    /// The row of the network.
    pub row: usize,
    /// Which scores counted as good.
    pub direction: Direction,
    /// Its score in the column's unit; NaN only if every scored network's is.
    pub score: f64,
    /// Its accuracy in percent.
    pub accuracy: f64,
    /// Its true rank among the feasible networks, 0 for the best; equal accuracies stand in row order.
    pub rank: usize,
    /// Feasible networks with the same best score, itself included.
    pub shared: usize,
    /// Mean accuracy of those.
    pub shared_accuracy: f64,
    /// Mean true rank of those.
    pub shared_rank: f64,
    /// Feasible networks that the column scores.
    pub scored: usize,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// The accuracy column.
    pub accuracy_column: String,
    /// Networks of the table with an accuracy.
    pub networks: usize,
    /// Networks within the limits.
    pub feasible: usize,
    /// The truly best of them.
    pub oracle: Pick,
    /// The mean accuracy of the feasible networks: what a blind choice finds.
    pub random_accuracy: f64,
    /// What each ranking picks, in the order asked for. A ranking without any scored network is left out.
    pub picks: Vec<Pick>,
}

/// The columns that can rank networks on a data set: proxies in the table's order, then costs.
pub fn rankings<'a>(table: &'a Table, dataset: Option<&'a str>) -> Vec<&'a ColumnInfo> {
    let schema = table.schema();
    schema
        .with_role(Role::Proxy, dataset)
        .chain(schema.with_role(Role::Cost, dataset))
        .collect()
}

/// Answers which network is best within the constraints, and what each of `columns` would have picked.
///
/// ```
/// use nbz_report::best;
/// use nbz_table::Table;
///
/// let table = Table::nas_bench_macro();
/// let answer = best(&table, Some("cifar10"), &["macs<=60M".parse()?], &["params", "macs"])?;
/// assert_eq!(answer.oracle.rank, 0);
/// assert!(answer.picks.iter().all(|p| p.accuracy <= answer.oracle.accuracy));
/// # Ok::<(), nbz_report::ReportError>(())
/// ```
///
/// # Errors
/// [`ReportError::NothingFeasible`], [`ReportError::NotAScore`], or a fault of the table.
pub fn best(
    table: &Table,
    dataset: Option<&str>,
    constraints: &[Constraint],
    columns: &[&str],
) -> Result<Best> {
    let info = table.schema().accuracy_on(dataset)?;
    let accuracy = table.column_f64(&info.name)?;
    let known = |row: &usize| accuracy.get(*row).is_some_and(|a| !a.is_nan());
    let networks = table.distinct_rows()?.iter().filter(|r| known(r)).count();
    let mut rows = feasible_rows(table, dataset, constraints)?;
    rows.retain(known);
    let pool = Pool::new(rows, &accuracy);
    // Every feasible network has an accuracy, so there is a best one.
    let Some(oracle) = pool.pick(&info.name, &accuracy, Direction::Larger) else {
        return Err(nothing_feasible(table, dataset, constraints)?);
    };
    let mut picks = Vec::new();
    for &name in columns {
        let column = table.schema().column(name)?;
        let direction = direction_as_score(table, dataset, column)?;
        picks.extend(pool.pick(name, &table.column_f64(name)?, direction));
    }
    Ok(Best {
        accuracy_column: info.name.clone(),
        networks,
        feasible: pool.rows.len(),
        oracle,
        random_accuracy: mean(pool.accuracies.iter().copied()),
        picks,
    })
}

/// The direction in which a column ranks networks: costs count as larger is better.
fn direction_as_score(
    table: &Table,
    dataset: Option<&str>,
    column: &ColumnInfo,
) -> Result<Direction> {
    match column.role {
        Role::Cost => Ok(Direction::Larger),
        Role::Accuracy | Role::Proxy | Role::Latency | Role::Energy => Ok(column.direction),
        _ => Err(ReportError::NotAScore {
            table: table.name().to_owned(),
            column: column.name.clone(),
            known: rankings(table, dataset)
                .into_iter()
                .map(|c| c.base_name().to_owned())
                .collect(),
        }),
    }
}

/// The feasible networks with their accuracies and true ranks.
struct Pool {
    rows: Vec<usize>,
    accuracies: Vec<f64>,
    ranks: Vec<usize>,
}

impl Pool {
    /// The caller has seen to it that every row has an accuracy.
    fn new(rows: Vec<usize>, accuracy: &Column<f64>) -> Self {
        let accuracies: Vec<f64> = accuracy.at(&rows).into_iter().flatten().collect();
        debug_assert_eq!(accuracies.len(), rows.len());
        let ranks = nbz_study::ordinal_ranks(&accuracies);
        Self {
            rows,
            accuracies,
            ranks,
        }
    }

    /// The network of the best score; `None` if none is scored.
    fn pick(&self, name: &str, scores: &Column<f64>, direction: Direction) -> Option<Pick> {
        let (places, scores): (Vec<usize>, Vec<f64>) = self
            .rows
            .iter()
            .enumerate()
            .filter_map(|(place, &row)| scores.get(row).map(|score| (place, score)))
            .unzip();
        let sign = if direction == Direction::Smaller {
            -1.0
        } else {
            1.0
        };
        let oriented: Vec<f64> = scores.iter().map(|s| sign * s).collect();
        let first = *nbz_study::predicted_order(&oriented).first()?;
        // The total order of ranks, in which 0 and -0 are one and NaN is itself.
        let same = |score: f64| {
            (score + 0.0).total_cmp(&(oriented[first] + 0.0)).is_eq()
                || (score.is_nan() && oriented[first].is_nan())
        };
        let tied: Vec<usize> = (0..oriented.len())
            .filter(|&i| same(oriented[i]))
            .map(|i| places[i])
            .collect();
        let place = places[first];
        Some(Pick {
            column: name.to_owned(),
            row: self.rows[place],
            direction,
            score: scores[first],
            accuracy: self.accuracies[place],
            rank: self.ranks[place],
            shared: tied.len(),
            shared_accuracy: mean(tied.iter().map(|&p| self.accuracies[p])),
            shared_rank: mean(tied.iter().map(|&p| self.ranks[p] as f64)),
            scored: places.len(),
        })
    }
}

/// The mean of at least one number.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), v| (sum + v, count + 1));
    sum / count as f64
}
