//! What networks without accuracies can say: scores of one space, as those of the paper's lists are here.
//!
//! They speak to claims on what scores depend on, and to no other.

use nbz_factors::{Design, Scale};
use nbz_study::Recipe;
use nbz_table::{ColumnInfo, Role, Table};

use crate::candidates::origin;
use crate::claims::On;
use crate::error::Result;
use crate::factors::{Subject, targets_of};
use crate::paper::by_paper_name;

/// Scores of networks of one space, by the paper's names.
#[derive(Debug)]
pub struct Scores {
    /// The table, the space, and the data set if the scores are of one, as Figure 7 calls them.
    name: String,
    /// The paper's name of every target.
    names: Vec<&'static str>,
    subject: Subject,
    provenance: String,
}

impl Scores {
    /// The scores of a table, data set by data set and space by space in its order; a space that cannot be studied stands
    /// there as the reason. Empty if none of the scores has one of the paper's names.
    ///
    /// # Errors
    /// A table that cannot be read, or without a network of a known space that has all the scores of a data set.
    pub fn of_table(table: &Table) -> Result<Vec<(String, Result<Self>)>> {
        let mut all = Vec::new();
        for dataset in datasets(table) {
            all.extend(Self::on(table, dataset)?);
        }
        Ok(all)
    }

    fn on(table: &Table, dataset: Option<&str>) -> Result<Vec<(String, Result<Self>)>> {
        let proxies = table.schema().with_role(Role::Proxy, dataset);
        let named = by_paper_name(proxies, |info| info.base_name());
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let provenance = provenance(table, named.iter().map(|(_, info)| *info));
        let (names, columns): (Vec<&'static str>, Vec<String>) = named
            .into_iter()
            .map(|(name, info)| (name, info.base_name().to_owned()))
            .unzip();
        let targets = targets_of(table, dataset, Some(&columns))?;
        let of_space = |(space, subject): (String, Result<Subject>)| {
            let on = dataset.map_or(String::new(), |dataset| format!(" on {dataset}"));
            let name = format!("{} of {space}{on}", table.name());
            let scores = subject.map(|subject| Self {
                name: name.clone(),
                names: names.clone(),
                subject,
                provenance: provenance.clone(),
            });
            (name, scores)
        };
        let subjects = Subject::by_space(table, dataset, &targets)?;
        Ok(subjects.into_iter().map(of_space).collect())
    }

    /// Table and space.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Networks that have all the scores.
    pub fn networks(&self) -> usize {
        self.subject.design.networks()
    }

    /// Where the scores come from.
    pub fn provenance(&self) -> &str {
        &self.provenance
    }

    /// The paper's name, the table's, and the values.
    pub(super) fn proxies(&self) -> impl Iterator<Item = (&str, &str, &[f64])> {
        let targets = self.names.iter().zip(&self.subject.targets);
        targets.map(|(name, (column, values))| (*name, column.as_str(), values.as_slice()))
    }

    pub(super) fn design(&self) -> &Design {
        &self.subject.design
    }

    /// Whether the space is of that kind.
    pub(super) fn is(&self, on: On) -> bool {
        on.takes(Some(&self.subject.space), Some(&self.subject.archs))
    }

    /// The digest of everything that a finding on them depends on.
    pub(crate) fn key(&self, recipe: Recipe) -> String {
        let Self {
            name,
            names,
            provenance,
            ..
        } = self;
        let key = self.subject.key(Scale::Ranks, recipe);
        format!("{name:?} {names:?} {provenance:?} {key}")
    }
}

/// The data sets of a table's scores; one without a name where none is named.
fn datasets(table: &Table) -> Vec<Option<&str>> {
    let mut named = Vec::new();
    for column in &table.schema().columns {
        let dataset = column.dataset.as_deref();
        if column.role == Role::Proxy && dataset.is_some() && !named.contains(&dataset) {
            named.push(dataset);
        }
    }
    if named.is_empty() { vec![None] } else { named }
}

/// Every origin of some scores, once.
fn provenance<'a>(table: &Table, scores: impl Iterator<Item = &'a ColumnInfo>) -> String {
    let title = &table.schema().title;
    let mut origins: Vec<String> = Vec::new();
    for score in scores {
        let origin = origin(score, title);
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    format!("no accuracies; scores: {}", origins.join("; "))
}
