//! Figure 7 in numbers: which parts of a network the accuracy and the scores of a table depend on.
//!
//! All targets are studied on the same networks: each counted once, of a known space, with a value in every target.
//! A table without accuracies, as `nbzero score` writes it, has its scores studied.

use nbz_factors::{Design, FactorError, Importances, Scale};
use nbz_space::Arch;
use nbz_study::Recipe;
use nbz_table::{Column, Role, Table, sha256_hex};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cache::cached;
use crate::error::{ReportError, Result};
use crate::paper::name_of;
use crate::report::Settings;
use crate::row::Estimate;
use crate::sheet::{Cell, Sheet};

/// The accuracy among targets.
pub const ACCURACY: &str = "accuracy";
/// Proxies studied where none is named and the table has few of the paper's.
const MOST_TARGETS: usize = 12;
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
    /// Networks studied.
    pub networks: usize,
    /// Attributes in which they are all alike.
    pub constant: Vec<String>,
    /// Targets that are the same for all networks, and so depend on nothing.
    pub left_out: Vec<String>,
    /// One a target, the accuracy first.
    pub targets: Vec<Importances>,
}

/// A target by the name that people see, with its values.
type Target = (String, Column<f64>);

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
        Subject::of(table, dataset, targets)?.study(scale, recipe)
    }

    /// The same of scores without accuracies, ranks, on few halves as for a report; kept in the settings' cache.
    ///
    /// # Errors
    /// As [`Factors::of`].
    pub fn of_scores(table: &Table, settings: &Settings) -> Result<Self> {
        let subject = Subject::of(table, None, targets_of(table, None, None)?)?;
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

    /// Table and data set, for readers; scores alone are told by their space.
    pub fn name(&self) -> String {
        match &self.dataset {
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

/// Networks and targets, ready to be studied.
struct Subject {
    table: String,
    dataset: Option<String>,
    space: String,
    design: Design,
    archs: Vec<String>,
    targets: Vec<(String, Vec<f64>)>,
}

impl Subject {
    fn of(table: &Table, dataset: Option<&str>, targets: Vec<Target>) -> Result<Self> {
        let rows: Vec<usize> = table
            .distinct_rows()?
            .into_iter()
            .filter(|&row| targets.iter().all(|(_, column)| column.get(row).is_some()))
            .collect();
        let (archs, rows): (Vec<_>, Vec<usize>) = table
            .archs_at(&rows)?
            .into_iter()
            .zip(rows)
            .filter_map(|(arch, row)| Some((arch?, row)))
            .unzip();
        let values = |column: Column<f64>| column.at(&rows).into_iter().flatten().collect();
        let targets = targets.into_iter();
        let targets = targets.map(|(name, column)| (name, values(column)));
        Self::new(table.name(), dataset, &archs, targets.collect())
    }

    fn new(
        table: &str,
        dataset: Option<&str>,
        archs: &[Arch],
        targets: Vec<(String, Vec<f64>)>,
    ) -> Result<Self> {
        let first = archs.first().ok_or_else(|| ReportError::NoKnownNetwork {
            table: table.to_owned(),
        })?;
        Ok(Self {
            table: table.to_owned(),
            dataset: dataset.map(str::to_owned),
            space: first.space().to_owned(),
            design: Design::of(archs)?,
            archs: archs.iter().map(Arch::to_string).collect(),
            targets,
        })
    }

    fn study(&self, scale: Scale, recipe: Recipe) -> Result<Factors> {
        let study = |(name, values): &(String, Vec<f64>)| {
            Importances::of(&self.design, name, values, scale, recipe)
        };
        let studied: Vec<nbz_factors::Result<Importances>> =
            self.targets.par_iter().map(study).collect();
        let (mut targets, mut left_out) = (Vec::new(), Vec::new());
        for found in studied {
            match found {
                Err(FactorError::Constant { target }) => left_out.push(target),
                found => targets.push(found?),
            }
        }
        if targets.is_empty() {
            let target = left_out.join(", ");
            return Err(FactorError::Constant { target }.into());
        }
        Ok(Factors {
            table: self.table.clone(),
            dataset: self.dataset.clone(),
            space: self.space.clone(),
            networks: self.design.networks(),
            constant: self.design.constant().to_vec(),
            left_out,
            targets,
        })
    }

    /// The digest of everything that the study depends on.
    fn key(&self, scale: Scale, recipe: Recipe) -> String {
        let mut bytes = format!(
            "factors {} {:?} {:?} {scale:?} {recipe:?} {:?}\n",
            env!("CARGO_PKG_VERSION"),
            self.table,
            self.dataset,
            self.archs
        )
        .into_bytes();
        for (name, values) in &self.targets {
            bytes.extend(format!("{name:?}").into_bytes());
            bytes.extend(values.iter().flat_map(|v| v.to_bits().to_le_bytes()));
        }
        sha256_hex(&bytes)
    }
}

fn targets_of(
    table: &Table,
    dataset: Option<&str>,
    named: Option<&[String]>,
) -> Result<Vec<Target>> {
    let schema = table.schema();
    let accuracy = schema.accuracy_on(dataset).ok();
    let proxies: Vec<_> = schema.with_role(Role::Proxy, dataset).collect();
    if let Some(named) = named {
        let known = || {
            proxies
                .iter()
                .copied()
                .chain(schema.with_role(Role::Cost, dataset))
        };
        let of = |name: &String| {
            let column = match accuracy {
                Some(accuracy) if name == ACCURACY => Some(accuracy),
                _ => known().find(|p| p.base_name() == name || &p.name == name),
            };
            let column = column.ok_or_else(|| ReportError::NotAScore {
                table: table.name().to_owned(),
                column: name.clone(),
                known: accuracy
                    .map(|_| ACCURACY.to_owned())
                    .into_iter()
                    .chain(known().map(|p| p.base_name().to_owned()))
                    .collect(),
            })?;
            Ok((name.clone(), table.column_f64(&column.name)?))
        };
        return named.iter().map(of).collect();
    }
    let mut chosen: Vec<(&str, &str)> = Vec::new();
    for info in &proxies {
        if let Some(name) = name_of(info.base_name())
            && chosen.iter().all(|(known, _)| *known != name)
        {
            chosen.push((name, &info.name));
        }
    }
    if chosen.len() < 3 {
        let first = proxies.iter().take(MOST_TARGETS);
        chosen = first
            .map(|info| (info.base_name(), info.name.as_str()))
            .collect();
    }
    let accuracy = accuracy.map(|info| (ACCURACY, info.name.as_str()));
    let all = accuracy.into_iter().chain(chosen);
    let read = |(name, column): (&str, &str)| Ok((name.to_owned(), table.column_f64(column)?));
    let all: Vec<Target> = all.map(read).collect::<Result<_>>()?;
    if all.is_empty() {
        return Err(ReportError::NotAScore {
            table: table.name().to_owned(),
            column: ACCURACY.to_owned(),
            known: Vec::new(),
        });
    }
    Ok(all)
}
