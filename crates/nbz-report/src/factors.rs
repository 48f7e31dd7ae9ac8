//! Figure 7 in numbers: which parts of a network the accuracy and the scores of a table depend on.
//!
//! All targets are studied on the same networks: each counted once, of a known space, with a value in every target.
//! A table without accuracies, as `nbzero score` writes it, has its scores studied.
//!
//! Networks of several spaces are studied space by space ([`Factors::by_space`]), as the paper does: its inputs
//! (section 4.5) are the stages' widths, strides and depths, among which no kind of block is. In one fit over
//! several spaces trees would split on whatever tells the spaces apart, and a stage's importance would be that of its
//! block.

mod subject;

use nbz_factors::{Importances, Scale};
use nbz_space::Arch;
use nbz_study::Recipe;
use nbz_table::Table;
use serde::{Deserialize, Serialize};

use crate::cache::cached;
use crate::error::{ReportError, Result};
use crate::report::Settings;
use crate::row::Estimate;
use crate::sheet::{Cell, Sheet};

pub use subject::spaces_of;
pub(crate) use subject::{Subject, targets_of};

/// The accuracy among targets.
pub const ACCURACY: &str = "accuracy";
/// Halves behind the intervals of a report: each costs a fit a target.
pub const REPORT_DRAWS: usize = 5;

/// The importances of one table and data set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    /// The table.
    pub table: String,
    /// The data set, if the table has several.
    pub dataset: Option<String>,
    /// The prefix of the networks' strings.
    pub space: String,
    /// Whether the table has networks of other spaces, too, so that only the space tells these from them.
    pub among_others: bool,
    /// Networks studied.
    pub networks: usize,
    /// Attributes in which they are all alike.
    pub constant: Vec<String>,
    /// Targets that are the same for all networks, and so depend on nothing.
    pub left_out: Vec<String>,
    /// One a target, the accuracy first.
    pub targets: Vec<Importances>,
}

impl Factors {
    /// Studies a table's targets: `accuracy` and base names of proxies and costs; of none, the accuracy and the paper's
    /// proxies, or the first twelve proxies where the table has fewer than three of the paper's.
    ///
    /// ```
    /// use nbz_report::Factors;
    /// use nbz_study::Recipe;
    /// use nbz_table::Table;
    ///
    /// let table = Table::nas_bench_macro();
    /// let recipe = Recipe { seed: 0, draws: 2 };
    /// let found = Factors::of(&table, Some("cifar10"), None, Default::default(), recipe)?;
    /// let layers = &found.targets[0].factors[0];
    /// assert_eq!(layers.name(), "stage 1 layers");
    /// # Ok::<(), nbz_report::ReportError>(())
    /// ```
    ///
    /// # Errors
    /// A target that the table lacks, networks of an unknown space, or what [`Importances::of`] refuses.
    pub fn of(
        table: &Table,
        dataset: Option<&str>,
        targets: Option<&[String]>,
        scale: Scale,
        recipe: Recipe,
    ) -> Result<Self> {
        let targets = targets_of(table, dataset, targets)?;
        Subject::of(table, dataset, &targets)?.study(scale, recipe)
    }

    /// The same for every space of the table, in the order in which it has them. A space that cannot be studied, such
    /// as one of too few networks, stands there as the reason.
    ///
    /// # Errors
    /// As [`Factors::of`], where that is no fault of one space among several.
    pub fn by_space(
        table: &Table,
        dataset: Option<&str>,
        targets: Option<&[String]>,
        scale: Scale,
        recipe: Recipe,
    ) -> Result<BySpace> {
        let targets = targets_of(table, dataset, targets)?;
        each_space(Subject::by_space(table, dataset, &targets)?, |subject| {
            subject.study(scale, recipe)
        })
    }

    /// The same for a report: ranks, on few halves, kept in the settings' cache.
    ///
    /// # Errors
    /// As [`Factors::by_space`].
    pub fn by_space_for_report(
        table: &Table,
        dataset: Option<&str>,
        settings: &Settings,
    ) -> Result<BySpace> {
        let targets = targets_of(table, dataset, None)?;
        let recipe = for_report(settings.recipe);
        each_space(Subject::by_space(table, dataset, &targets)?, |subject| {
            let key = || subject.key(Scale::Ranks, recipe);
            cached(settings.cache.as_deref(), key, || {
                subject.study(Scale::Ranks, recipe)
            })
        })
    }

    /// The same of scores without accuracies, ranks, on few halves as for a report; kept in the settings' cache.
    ///
    /// # Errors
    /// As [`Factors::of`].
    pub fn of_scores(table: &Table, settings: &Settings) -> Result<Self> {
        let subject = Subject::of(table, None, &targets_of(table, None, None)?)?;
        let recipe = for_report(settings.recipe);
        let key = || subject.key(Scale::Ranks, recipe);
        cached(settings.cache.as_deref(), key, || {
            subject.study(Scale::Ranks, recipe)
        })
    }

    /// The same of networks and targets from elsewhere, ranks, on few halves as for a report.
    ///
    /// # Errors
    /// As [`Factors::of`]; networks of an unknown space among them are one too.
    pub fn of_networks(
        table: &str,
        dataset: Option<&str>,
        archs: &[Option<Arch>],
        targets: Vec<(String, Vec<f64>)>,
        recipe: Recipe,
    ) -> Result<Self> {
        let known: Option<Vec<Arch>> = archs.iter().cloned().collect();
        let archs = known.ok_or_else(|| ReportError::NoKnownNetwork {
            table: table.to_owned(),
        })?;
        let subject = Subject::new(table, dataset, &archs, targets)?;
        subject.study(Scale::Ranks, for_report(recipe))
    }

    /// The importances of one target.
    pub fn target(&self, name: &str) -> Option<&Importances> {
        self.targets.iter().find(|found| found.target == name)
    }

    /// Table and data set, for readers; scores alone, and one space among several, are told by their space.
    pub fn name(&self) -> String {
        match &self.dataset {
            Some(dataset) if self.among_others => {
                format!("{} of {} on {dataset}", self.table, self.space)
            }
            None if self.among_others => format!("{} of {}", self.table, self.space),
            Some(dataset) => format!("{} on {dataset}", self.table),
            None if self.target(ACCURACY).is_none() => format!("{} of {}", self.table, self.space),
            None => self.table.clone(),
        }
    }

    /// A row a target and factor.
    pub fn sheet(&self) -> Sheet {
        let header = [
            "target",
            "factor",
            "kind",
            "gain",
            "splits",
            "permuted",
            "explained",
        ];
        let rows = self.targets.iter().flat_map(|found| {
            found.factors.iter().map(|factor| {
                vec![
                    Cell::text(&found.target),
                    Cell::text(factor.name()),
                    Cell::text(factor.kind.name()),
                    Cell::Estimate(estimate(factor.gain), 3),
                    Cell::Count(factor.splits),
                    Cell::Estimate(estimate(factor.permuted), 3),
                    Cell::Estimate(estimate(found.explained), 3),
                ]
            })
        });
        Sheet {
            title: format!("{}, importance of attributes", self.name()),
            header: header.map(str::to_owned).to_vec(),
            rows: rows.collect(),
            details: Vec::new(),
            notes: vec![self.note()],
        }
    }

    /// What the numbers are.
    pub fn note(&self) -> String {
        let alike = match self.constant.as_slice() {
            [] => String::new(),
            constant => format!(" The networks do not differ in {}.", constant.join(", ")),
        };
        let left_out = match self.left_out.as_slice() {
            [] => String::new(),
            names => format!(" The same for all networks: {}.", names.join(", ")),
        };
        format!("{} networks.{alike}{left_out}", self.networks)
    }
}

/// What is known of each space, by its prefix.
pub type BySpace = Vec<(String, Result<Factors>)>;

/// Studies each space; the fault of the only one is the whole's.
fn each_space(
    subjects: Vec<(String, Result<Subject>)>,
    study: impl Fn(&Subject) -> Result<Factors>,
) -> Result<BySpace> {
    let mut found: BySpace = subjects
        .into_iter()
        .map(|(space, subject)| (space, subject.and_then(|subject| study(&subject))))
        .collect();
    match found.pop() {
        Some((_, Err(error))) if found.is_empty() => Err(error),
        last => {
            found.extend(last);
            Ok(found)
        }
    }
}

/// Few halves: each costs a fit a target.
fn for_report(recipe: Recipe) -> Recipe {
    Recipe {
        draws: recipe.draws.clamp(2, REPORT_DRAWS),
        ..recipe
    }
}

pub(crate) fn estimate(interval: nbz_study::Interval) -> Estimate {
    Estimate {
        value: Some(interval.estimate),
        low: Some(interval.low),
        high: Some(interval.high),
    }
}
