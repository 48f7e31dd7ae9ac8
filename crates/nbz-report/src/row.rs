//! The rows of a report table: numbers with their intervals, ready to be printed in any form.

use nbz_study::Recipe;
use serde::{Deserialize, Serialize};

/// A number and the interval in which it lies for other networks of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number on the whole pool; `None` where the measure is undefined.
    pub value: Option<f64>,
    /// The lower end of the 95 % interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Estimate {
    /// A number that is exact, so without interval.
    pub const fn exact(value: Option<f64>) -> Self {
        Self {
            value,
            low: None,
            high: None,
        }
    }
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// The accuracy itself as the score.
    Oracle,
    /// The exact expectation of a uniformly random choice.
    Random,
    /// A cost used as a score.
    Cost,
    /// A proxy.
    Proxy,
}

/// One row of Table 1's form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The column's base name, `oracle` or `random`.
    pub name: String,
    /// What the row stands for.
    pub kind: RowKind,
    /// `larger` or `smaller`: which values the authors call good.
    pub direction: String,
    /// `measured`, `imported` or `surrogate`.
    pub provenance: String,
    /// Who published or computed the values.
    pub source: String,
    /// Networks whose score is NaN.
    pub n_nan: usize,
    /// Networks whose score is infinite.
    pub n_inf: usize,
    /// Pearson correlation.
    pub lc: Estimate,
    /// Pearson correlation of the finite scores, where some are infinite.
    pub lc_finite: Option<f64>,
    /// Pearson correlation of `ln(score)`, for scores that span many decades.
    pub lc_log: Option<f64>,
    /// Kendall's tau-b.
    pub kd: Estimate,
    /// Spearman's rank correlation.
    pub sr: Estimate,
    /// Mean best rank under the MAC budgets, the mean over all tied picks: what tables are ordered by.
    pub mbr_ties: Estimate,
    /// The same with the first of the tied picks by row.
    pub mbr: Option<f64>,
    /// The same divided by the whole pool instead of the feasible one.
    pub mbr_pool: Option<f64>,
    /// Mean best rank over the budgets of every cost.
    pub mbr_all: Option<f64>,
    /// Accuracy found under each MAC budget, percent.
    pub accuracy: Vec<Estimate>,
    /// Feasible networks that share the pick's score, under each MAC budget.
    pub tied: Vec<usize>,
    /// Whether the order of the rows decides: `mbr` and `mbr_ties` differ by more than 0.01.
    pub ties_decide: bool,
}

/// A table of the first form: every proxy on one pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table1 {
    /// File name stem.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The benchmark table.
    pub table: String,
    /// The data set, if the table has several.
    pub dataset: Option<String>,
    /// Networks in the pool.
    pub networks: usize,
    /// Distinct networks in the table.
    pub distinct: usize,
    /// How raw scores were read.
    pub reading: String,
    /// The cost that the budgets bound.
    pub budget: String,
    /// Limits of the budgets.
    pub limits: Vec<f64>,
    /// Feasible networks under each.
    pub feasible: Vec<usize>,
    /// Where the accuracies come from.
    pub provenance: String,
    /// How the intervals were drawn.
    pub recipe: Recipe,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table1 {
    /// The row of a name.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|r| r.name == name)
    }
}
