//! What networks without accuracies can say: scores of one space, as those of the paper's lists are here.
//!
//! They speak to claims on what scores depend on, and to no other.

use nbz_factors::{Design, Scale};
use nbz_space::Arch;
use nbz_study::Recipe;
use nbz_table::{ColumnInfo, Role, Table};

use crate::candidates::licence;
use crate::claims::On;
use crate::error::Result;
use crate::factors::{Subject, targets_of};
use crate::paper::by_paper_name;

/// Scores of networks of one space, by the paper's names.
#[derive(Debug, Clone)]
pub struct Scores {
    /// The table and the space, as Figure 7 calls them.
    name: String,
    /// The paper's name of every target.
    names: Vec<&'static str>,
    subject: Subject,
    provenance: String,
    recipe: Recipe,
}

impl Scores {
    /// The scores of a table, space by space in its order; a space that cannot be studied stands there as the reason.
    /// Empty if none of the scores has one of the paper's names.
    ///
    /// # Errors
    /// A table that cannot be read, or without a network of a known space.
    pub fn of_table(table: &Table, recipe: Recipe) -> Result<Vec<(String, Result<Self>)>> {
        let proxies = table.schema().with_role(Role::Proxy, None);
        let named = by_paper_name(proxies, |info| info.base_name());
        let Some((_, first)) = named.first() else {
            return Ok(Vec::new());
        };
        let provenance = provenance(table, first);
        let (names, columns): (Vec<&'static str>, Vec<String>) = named
            .into_iter()
            .map(|(name, info)| (name, info.base_name().to_owned()))
            .unzip();
        let subjects = Subject::by_space(table, None, &targets_of(table, None, Some(&columns))?)?;
        let of_space = |(space, subject): (String, Result<Subject>)| {
            let name = format!("{} of {space}", table.name());
            let scores = subject.map(|subject| Self {
                name: name.clone(),
                names: names.clone(),
                subject,
                provenance: provenance.clone(),
                recipe,
            });
            (name, scores)
        };
        Ok(subjects.into_iter().map(of_space).collect())
    }

    /// Scores of networks of one space from elsewhere: names of columns, and a value a network.
    ///
    /// # Errors
    /// No network, or networks that are alike in every attribute or of several spaces.
    pub fn of_networks(
        table: &str,
        archs: &[Arch],
        scores: Vec<(String, Vec<f64>)>,
        recipe: Recipe,
    ) -> Result<Self> {
        let named = by_paper_name(scores, |(name, _)| name);
        let (names, targets) = named.into_iter().unzip();
        let subject = Subject::new(table, None, archs, targets)?;
        Ok(Self {
            name: format!("{table} of {}", subject.space),
            names,
            subject,
            provenance: "no accuracies".to_owned(),
            recipe,
        })
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

    pub(super) fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// Whether the space is of that kind.
    pub(super) fn is(&self, on: On) -> bool {
        let is_cell = self.subject.space == "nb201";
        match on {
            On::Any => true,
            On::Cell => is_cell,
            On::Macro => !is_cell,
        }
    }

    /// The digest of everything that a finding on them depends on.
    pub(crate) fn key(&self) -> String {
        let Self {
            name,
            names,
            provenance,
            ..
        } = self;
        let key = self.subject.key(Scale::Ranks, self.recipe);
        format!("{name:?} {names:?} {provenance:?} {key}")
    }
}

fn provenance(table: &Table, score: &ColumnInfo) -> String {
    let title = match table.schema().title.as_str() {
        "" => String::new(),
        title => format!(" ({title})"),
    };
    format!(
        "no accuracies; scores: {} from {}{title}, licence {}",
        score.provenance.as_str(),
        score.source,
        licence(score)
    )
}
