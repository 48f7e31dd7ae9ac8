//! One table and data set with everything that figures show of it.
//!
//! Scores are called by the paper's names where they have one. If a pool has three or more of the paper's
//! proxies, those are shown and the others are left to the tables; else all of them are. Under the paper's
//! reading a raw value counts as larger is better ([`Reading::Raw`]).

use std::borrow::Cow;

use nbz_report::{ACCURACY, Candidates, Factors, Settings, paper::by_paper_name};
use nbz_space::Dataset;
use nbz_study::{
    Axis, Comparison, Cost, Direction, Hybrid, NoiseBound, Pool, RandomChoice, Recipe, Score,
    StudyError, another_training,
};
use nbz_table::Table;

use crate::look::{self, Look};

/// The costs that give axes of budgets, in the order of the paper.
const AXES: [&str; 3] = ["macs", "params", "depth"];
/// The costs that Figure 10 adds to proxies.
pub(crate) const ADDED: [&str; 2] = ["macs", "params"];
/// Proxies shown of a pool that has few of the paper's; more lines than this cannot be told apart.
const MOST_SHOWN: usize = 12;

/// A named column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// As the table has it, for axes.
    pub(crate) values: Vec<f64>,
    /// Larger is better under the reading.
    pub(crate) oriented: Vec<f64>,
}

/// A pool of networks with its scores.
#[derive(Debug, Clone)]
pub struct Subject {
    table: String,
    dataset: Option<String>,
    alone: bool,
    /// All that was read, proxies that no other figure shows among it.
    pub(crate) candidates: Candidates,
    pub(crate) pool: Pool,
    pub(crate) costs: Vec<Column>,
    pub(crate) proxies: Vec<Column>,
    pub(crate) comparison: Comparison,
    pub(crate) random: RandomChoice,
    pub(crate) noise: Option<NoiseBound>,
    /// mBR by axis of one other training as the score.
    pub(crate) retrained: Vec<(String, f64)>,
    pub(crate) recipe: Recipe,
    factors: Option<Result<Factors, String>>,
    pub(crate) provenance: String,
    /// Proxies of the pool that no figure shows.
    hidden: usize,
}

impl Subject {
    /// Measures a pool of a table.
    ///
    /// # Errors
    /// Accuracies or costs that are not finite, or a table that cannot be read.
    pub fn of(
        table: &Table,
        candidates: &Candidates,
        settings: &Settings,
    ) -> nbz_report::Result<Self> {
        let costs: Vec<Column> = AXES
            .iter()
            .filter_map(|axis| candidates.costs.iter().find(|cost| cost.name == *axis))
            .map(|cost| Column {
                name: cost.name.clone(),
                values: cost.values.clone(),
                oriented: cost.values.clone(),
            })
            .collect();
        let proxies = shown(candidates, settings);
        let hidden = candidates.proxies.len() - proxies.len();
        let axes = axes_of(&costs, settings.budgets)?;
        let mut pool = Pool::new(&candidates.accuracy)?;
        for axis in &axes {
            pool = pool.with_axis(axis.clone())?;
        }
        let mut scores: Vec<(String, Vec<f64>)> = Vec::new();
        for column in costs.iter().chain(&proxies) {
            scores.push((column.name.clone(), column.oriented.clone()));
        }
        for proxy in &proxies {
            for cost in costs
                .iter()
                .filter(|cost| ADDED.contains(&cost.name.as_str()))
            {
                let both = Hybrid::RankSum.combine(&[&proxy.oriented, &cost.values])?;
                scores.push((format!("{}+{}", proxy.name, cost.name), both));
            }
        }
        let scores: Vec<Score<'_>> = scores.iter().map(|(n, v)| Score::new(n, v)).collect();
        let trainings: Vec<&[f64]> = candidates.trainings.iter().map(Vec::as_slice).collect();
        Ok(Self {
            noise: NoiseBound::of(&trainings)?,
            retrained: another_training(&trainings, &axes)?.unwrap_or_default(),
            table: candidates.table.clone(),
            dataset: candidates.selection.dataset.clone(),
            alone: table.schema().datasets().len() < 2,
            candidates: candidates.clone(),
            comparison: pool.compare(&scores, settings.recipe)?,
            random: pool.random_choice(),
            pool,
            costs,
            proxies,
            recipe: settings.recipe,
            factors: None,
            provenance: candidates.provenance(),
            hidden,
        })
    }

    /// Studies what the accuracy and the scores depend on, which Figure 7 would do anew each time it is drawn.
    pub fn study_factors(&mut self) {
        self.factors = Some(self.studied());
    }

    /// What the accuracy and the scores depend on, or why that is unknown.
    pub(crate) fn factors(&self) -> Cow<'_, Result<Factors, String>> {
        match &self.factors {
            Some(found) => Cow::Borrowed(found),
            None => Cow::Owned(self.studied()),
        }
    }

    fn studied(&self) -> Result<Factors, String> {
        let accuracy = (ACCURACY.to_owned(), self.pool.accuracy().to_vec());
        let proxies = self
            .proxies
            .iter()
            .map(|p| (p.name.clone(), p.values.clone()));
        let targets = std::iter::once(accuracy).chain(proxies).collect();
        let found = Factors::of_networks(
            &self.table,
            self.dataset.as_deref(),
            &self.candidates.archs,
            targets,
            self.recipe,
        );
        found.map_err(|error| error.to_string())
    }

    /// Table and data set, for readers.
    pub fn name(&self) -> String {
        match &self.dataset {
            Some(dataset) => format!("{} on {dataset}", self.table),
            None => self.table.clone(),
        }
    }

    /// Whether both are of one table.
    pub(crate) fn is_of_table(&self, other: &Self) -> bool {
        self.table == other.table
    }

    /// Table and, if it has several, data set, for file names.
    pub fn file_name(&self) -> String {
        let safe = nbz_report::file_name;
        match &self.dataset {
            Some(dataset) if !self.alone => format!("{}__{}", safe(&self.table), safe(dataset)),
            _ => safe(&self.table),
        }
    }

    /// The data set of the drawings; CIFAR-10 for one that nobody knows.
    pub(crate) fn task(&self) -> Dataset {
        let named = self.dataset.as_deref().and_then(|name| name.parse().ok());
        named.unwrap_or(Dataset::Cifar10)
    }

    /// How a score is drawn: the same in every figure.
    pub(crate) fn look(&self, name: &str) -> Look {
        let names = || self.columns().map(|column| column.name.as_str());
        let place = names().position(|known| known == name);
        let mut looks = look::looks(names());
        match (look::fixed(name), place) {
            (None, Some(place)) => looks.swap_remove(place),
            _ => look::look(name),
        }
    }

    /// Costs and proxies.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.costs.iter().chain(&self.proxies)
    }

    /// A note on the networks and where their accuracies come from.
    pub(crate) fn note(&self) -> String {
        let hidden = match self.hidden {
            0 => String::new(),
            1 => " One more proxy stands in the tables alone.".to_owned(),
            many => format!(" {many} more proxies stand in the tables alone."),
        };
        format!("{} networks; {}.{hidden}", self.pool.len(), self.provenance)
    }
}

/// The first place of the largest value.
pub(crate) fn best_by(scores: &[f64]) -> usize {
    let order = nbz_study::predicted_order(scores);
    order.first().copied().unwrap_or_default()
}

/// The proxies that figures show.
fn shown(candidates: &Candidates, settings: &Settings) -> Vec<Column> {
    let column = |scored: &nbz_report::Scored, name: &str| {
        let direction = if scored.smaller_is_better() {
            Direction::SmallerIsBetter
        } else {
            Direction::LargerIsBetter
        };
        Column {
            name: name.to_owned(),
            values: scored.values.clone(),
            oriented: settings
                .reading
                .orient(direction, &scored.values)
                .into_owned(),
        }
    };
    let named = by_paper_name(&candidates.proxies, |scored| &scored.name);
    let known: Vec<Column> = named
        .into_iter()
        .map(|(name, scored)| column(scored, name))
        .collect();
    if known.len() >= 3 {
        return known;
    }
    let all = candidates.proxies.iter().take(MOST_SHOWN);
    all.map(|scored| column(scored, &scored.name)).collect()
}

/// Even budgets of each cost.
fn axes_of(costs: &[Column], budgets: usize) -> Result<Vec<Axis>, StudyError> {
    let even = |cost: &Column| Axis::even(Cost::new(&cost.name, &cost.values), budgets);
    costs.iter().map(even).collect()
}
