//! The rows of a report table: numbers with their intervals, ready to be printed in any form.

use nbz_study::{Recipe, Undefined};
use serde::{Deserialize, Serialize};

use crate::sheet::{Cell, Sheet};

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
    /// Why no row has an mBR, where none has.
    pub mbr_undefined: Option<Undefined>,
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

impl Table1 {
    /// The table as a grid, a line a proxy.
    pub fn sheet(&self) -> Sheet {
        let share = |i: usize| format!("acc {}%", 100 * (i + 1) / self.limits.len().max(1));
        let mut header: Vec<String> = [
            "proxy",
            "LC",
            "LC finite",
            "LC of ln",
            "KD",
            "SR",
            "mBR",
            "mBR by row",
        ]
        .map(str::to_owned)
        .to_vec();
        header.extend((0..self.limits.len()).map(share));
        header.extend(["NaN", "inf", "better", "provenance"].map(str::to_owned));
        let rows = self
            .rows
            .iter()
            .map(|row| {
                let mut cells = vec![
                    Cell::text(&row.name),
                    Cell::Estimate(row.lc, 3),
                    Cell::Number(row.lc_finite, 3),
                    Cell::Number(row.lc_log, 3),
                    Cell::Estimate(row.kd, 3),
                    Cell::Estimate(row.sr, 3),
                    Cell::Estimate(row.mbr_ties, 3),
                    Cell::Number(row.mbr, 3),
                ];
                cells.extend(row.accuracy.iter().map(|e| Cell::Estimate(*e, 2)));
                cells.extend([
                    Cell::Count(row.n_nan),
                    Cell::Count(row.n_inf),
                    Cell::text(&row.direction),
                    Cell::text(&row.provenance),
                ]);
                cells
            })
            .collect();
        let budgets = if self.limits.is_empty() {
            "the table has no cost `macs`, so there are no budgets: neither mBR nor accuracy found"
                .to_owned()
        } else {
            format!(
                "accuracy (percent) found at {} to 100 % of the range of {}: limits {}, feasible {}",
                100 / self.limits.len(),
                self.budget,
                listed(&self.limits),
                listed(&self.feasible)
            )
        };
        let mut notes = vec![
            format!(
                "{} networks of {} distinct ones",
                self.networks, self.distinct
            ),
            budgets,
            format!("scores read as: {}", self.reading),
            "LC finite leaves out infinite scores, with which LC has no value; LC of ln is for scores \
             that span decades"
                .to_owned(),
            "mBR averages over all tied picks; `mBR by row` takes the first by row".to_owned(),
            format!(
                "intervals are 95 % and speak of other networks of the same space, not of other \
                 trainings: LC, KD, SR by the jackknife; mBR and accuracy by {} half-samples \
                 without replacement, seed {}",
                self.recipe.draws, self.recipe.seed
            ),
            self.provenance.clone(),
        ];
        notes.extend(self.summary().sentences());
        Sheet {
            title: format!("Table 1 on {}", self.title),
            header,
            rows,
            details: self.details(),
            notes,
        }
    }

    /// What is too much for a page: further readings of mBR, ties of the picks, sources.
    fn details(&self) -> Vec<(String, Vec<Cell>)> {
        let column = |name: &str, cell: &dyn Fn(&Row) -> Cell| {
            (name.to_owned(), self.rows.iter().map(cell).collect())
        };
        let mut details = vec![
            column("mBR pool", &|r| Cell::Number(r.mbr_pool, 3)),
            column("mBR all costs", &|r| Cell::Number(r.mbr_all, 3)),
        ];
        for (at, limit) in self.limits.iter().enumerate() {
            let tied = |r: &Row| {
                r.tied
                    .get(at)
                    .map_or(Cell::Number(None, 0), |&n| Cell::Count(n))
            };
            details.push(column(&format!("tied at {} {limit}", self.budget), &tied));
        }
        details.extend([
            column("networks", &|_| Cell::Count(self.networks)),
            column("read as", &|_| Cell::text(&self.reading)),
            column("source", &|r| Cell::text(&r.source)),
            column("accuracies", &|_| Cell::text(&self.provenance)),
        ]);
        details
    }
}

fn listed<T: ToString>(items: &[T]) -> String {
    items
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
