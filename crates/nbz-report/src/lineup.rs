//! The scores of one benchmark table side by side: proxies, costs, the oracle, and a user's own.
//!
//! Every row of a line-up is measured on one pool: the networks, each counted once, for which the
//! accuracy, the costs and every listed score exist. A NaN exists; a missing value does not
//! ([`nbz_study::CommonRows`]). Costs count as proxies whose larger values are better, as in the paper.

use nbz_study::{CommonRows, Comparison, Hybrid, NoiseBound, PAPER_BUDGETS, Pool, Recipe, Score};
use nbz_table::{Column, Direction, Role, Table};

use crate::{
    axes::{AxisRequest, with_even_axes},
    error::{ReportError, Result},
    noise,
    present::trainings,
};

/// The name of the row whose score is the accuracy itself.
pub const ORACLE: &str = "oracle";
/// The costs that give axes of budgets, in the order of the paper.
pub const AXES: [&str; 3] = ["macs", "params", "depth"];

/// A score that is not a column of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnScore {
    /// Its name in the line-up.
    pub name: String,
    /// One value a row of the table; larger is better.
    pub values: Column<f64>,
}

/// Scores on the pool that they share.
#[derive(Debug, Clone)]
pub struct Lineup {
    pool: Pool,
    rows: Vec<usize>,
    networks: usize,
    noise: Option<NoiseBound>,
    scores: Vec<(String, Vec<f64>)>,
}

impl Lineup {
    /// Lines up a user's scores, the table's `proxies` (base names; all of the data set if `None`), the
    /// costs and the oracle, in this order.
    ///
    /// ```
    /// use nbz_report::Lineup;
    /// use nbz_table::Table;
    ///
    /// // Thirteen of the proxies were computed for 9,445 cells only; without them every cell counts.
    /// let table = Table::nas_bench_201();
    /// let all = Lineup::of(&table, Some("cifar10"), &[], None)?;
    /// assert_eq!(all.pool().len(), 9_445);
    /// let few = ["naswot".to_owned()];
    /// let few = Lineup::of(&table, Some("cifar10"), &[], Some(&few))?;
    /// assert_eq!(few.pool().len(), 15_625);
    /// assert_eq!(few.names().next(), Some("naswot"));
    /// # Ok::<(), nbz_report::ReportError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReportError::NoCommonNetwork`] if no network has every score, [`ReportError::NotAScore`], a
    /// fault of the table, or a fault of the numbers.
    pub fn of(
        table: &Table,
        dataset: Option<&str>,
        own: &[OwnScore],
        proxies: Option<&[String]>,
    ) -> Result<Self> {
        let schema = table.schema();
        let accuracy = table.column_f64(&schema.accuracy_on(dataset)?.name)?;
        let mut columns: Vec<(String, Column<f64>)> = Vec::new();
        for score in own {
            columns.push((score.name.clone(), score.values.clone()));
        }
        for (name, column) in proxy_columns(table, dataset, proxies)? {
            // A user's score may carry the name of a published one; both stay, told apart.
            let taken = own.iter().any(|o| o.name == name);
            let name = if taken {
                format!("{name} ({})", table.name())
            } else {
                name
            };
            columns.push((name, column));
        }
        for info in schema.with_role(Role::Cost, dataset) {
            columns.push((info.base_name().to_owned(), table.column_f64(&info.name)?));
        }
        columns.push((ORACLE.to_owned(), accuracy.clone()));
        let lineup = Self::on_common_rows(table, &accuracy, columns)?;
        let trainings = trainings(table, dataset, &lineup.rows)?;
        let trainings: Vec<&[f64]> = trainings.iter().map(Vec::as_slice).collect();
        Ok(Self {
            noise: NoiseBound::of(&trainings)?,
            ..lineup
        })
    }

    fn on_common_rows(
        table: &Table,
        accuracy: &Column<f64>,
        columns: Vec<(String, Column<f64>)>,
    ) -> Result<Self> {
        let networks = table.distinct_rows()?;
        let present = |c: &Column<f64>| -> Vec<bool> {
            networks.iter().map(|&row| c.get(row).is_some()).collect()
        };
        let values = |c: &Column<f64>| -> Vec<f64> {
            let known = networks.iter().map(|&row| c.get(row));
            known.map(|v| v.unwrap_or(f64::NAN)).collect()
        };
        let filled: Vec<(Vec<f64>, Vec<bool>)> = columns
            .iter()
            .map(|(_, column)| (values(column), present(column)))
            .collect();
        let masked = filled
            .iter()
            .map(|(values, present)| nbz_study::Column::masked(values, present))
            .collect::<Result<Vec<_>, _>>()?;
        let common = CommonRows::of(&masked)?;
        if common.rows().is_empty() {
            return Err(ReportError::NoCommonNetwork {
                table: table.name().to_owned(),
                counts: columns
                    .iter()
                    .zip(&filled)
                    .map(|((name, _), (_, p))| (name.clone(), p.iter().filter(|p| **p).count()))
                    .collect(),
            });
        }
        let scores: Vec<(String, Vec<f64>)> = columns
            .into_iter()
            .zip(&filled)
            .map(|((name, _), (values, _))| (name, common.take(values)))
            .collect();
        let lineup = Self {
            pool: Pool::new(&common.take(&values(accuracy)))?,
            rows: common.rows().iter().map(|&at| networks[at]).collect(),
            networks: networks.len(),
            noise: None,
            scores,
        };
        lineup.under(&[], PAPER_BUDGETS)
    }

    /// The same line-up under other budgets: the axes asked for first, then `count` even ones on each of
    /// [`AXES`] that the table has and nobody asked for.
    ///
    /// # Errors
    /// [`ReportError::Study`] for a cost that is none of the scores or a budget that no network meets.
    pub fn under(mut self, asked: &[AxisRequest], count: usize) -> Result<Self> {
        let values = |name: &str| {
            let found = self.scores.iter().find(|(score, _)| score == name);
            found.map(|(_, values)| values.as_slice())
        };
        let even = AXES.into_iter().filter(|axis| values(axis).is_some());
        let axes = with_even_axes(asked, even.map(str::to_owned), count);
        let mut pool = Pool::new(self.pool.accuracy())?;
        for axis in &axes {
            pool = pool.with_axis(axis.on(values)?)?;
        }
        self.pool = pool;
        Ok(self)
    }

    /// The same line-up with a hybrid of its scores in the first row, ranked among the networks of the pool.
    /// Of two scores of one name the user's is meant.
    ///
    /// ```
    /// use nbz_report::Lineup;
    /// use nbz_study::Hybrid;
    /// use nbz_table::Table;
    ///
    /// let parts = ["naswot".to_owned(), "synflow".to_owned()];
    /// let lineup = Lineup::of(&Table::nas_bench_201(), Some("cifar10"), &[], Some(&parts))?
    ///     .with_hybrid("both", Hybrid::RankSum, &parts)?;
    /// assert_eq!(lineup.names().next(), Some("both"));
    /// # Ok::<(), nbz_report::ReportError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReportError::NotAScore`] for a part that is none of the scores, [`ReportError::SameScore`] for a name
    /// that one of them has.
    pub fn with_hybrid(mut self, name: &str, hybrid: Hybrid, parts: &[String]) -> Result<Self> {
        if self.names().any(|taken| taken == name) {
            return Err(ReportError::SameScore {
                name: name.to_owned(),
            });
        }
        let combined = hybrid.combine(&self.named(parts)?)?;
        self.scores.insert(0, (name.to_owned(), combined));
        Ok(self)
    }

    /// Scores by their names.
    pub(crate) fn named(&self, names: &[String]) -> Result<Vec<&[f64]>> {
        let find = |name: &String| {
            let found = self.scores.iter().find(|(known, _)| known == name);
            let (_, values) = found.ok_or_else(|| ReportError::NotAScore {
                table: "the line-up".to_owned(),
                column: name.clone(),
                known: self.names().map(str::to_owned).collect(),
            })?;
            Ok(values.as_slice())
        };
        names.iter().map(find).collect()
    }

    /// The networks on which everything is measured.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The row of the table of each network of the pool.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Networks of the table, those outside the pool included.
    pub fn networks(&self) -> usize {
        self.networks
    }

    /// What a perfect predictor of the accuracies could reach; None where no network was trained more than once.
    pub fn noise(&self) -> Option<NoiseBound> {
        self.noise
    }

    /// The same in words.
    pub fn noise_in_words(&self) -> Option<String> {
        let bound = self.noise.as_ref()?;
        Some(noise::words(bound, self.pool.len()))
    }

    /// The names of the scores, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.scores.iter().map(|(name, _)| name.as_str())
    }

    /// The scores on the networks of the pool by name, in order.
    pub fn scores(&self) -> impl Iterator<Item = (&str, &[f64])> {
        let scores = self.scores.iter();
        scores.map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Measures every score, with intervals made by `recipe`.
    ///
    /// # Errors
    /// [`ReportError::Study`] for two scores of one name.
    pub fn compare(&self, recipe: Recipe) -> Result<Comparison> {
        let scores: Vec<Score<'_>> = self
            .scores
            .iter()
            .map(|(name, values)| Score::new(name, values))
            .collect();
        Ok(self.pool.compare(&scores, recipe)?)
    }
}

/// The proxies of a table on a data set by base name, each turned so that larger is better.
fn proxy_columns(
    table: &Table,
    dataset: Option<&str>,
    names: Option<&[String]>,
) -> Result<Vec<(String, Column<f64>)>> {
    let schema = table.schema();
    let proxies: Vec<_> = schema.with_role(Role::Proxy, dataset).collect();
    let chosen = match names {
        None => proxies,
        Some(names) => names
            .iter()
            .map(|name| {
                let known = proxies
                    .iter()
                    .find(|p| p.base_name() == name || &p.name == name);
                known.copied().ok_or_else(|| ReportError::NotAScore {
                    table: table.name().to_owned(),
                    column: name.clone(),
                    known: proxies.iter().map(|p| p.base_name().to_owned()).collect(),
                })
            })
            .collect::<Result<Vec<_>>>()?,
    };
    chosen
        .into_iter()
        .map(|info| {
            let column = table.column_f64(&info.name)?;
            Ok((info.base_name().to_owned(), turned(column, info.direction)))
        })
        .collect()
}

fn turned(column: Column<f64>, direction: Direction) -> Column<f64> {
    if direction != Direction::Smaller {
        return column;
    }
    let values = column.into_values();
    Column::new(values.into_iter().map(|v| v.map(|v| -v)).collect())
}
