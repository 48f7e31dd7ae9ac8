//! What one pool can say: its scores by the paper's names, measured with paired intervals. Readers are told the
//! table's own name of a score ([`Evidence::column`]).
//!
//! Costs are `macs`, `params` and `depth`; a proxy with a cost added (`zen+macs`) is their rank sum, the
//! hybrid that section 4.6 leaves open. Where two columns have one of the paper's names, the first speaks.

use nbz_space::Arch;
use nbz_study::{Axis, Comparison, Cost, Hybrid, PAPER_BUDGETS, Pool, Recipe, Score};

use crate::candidates::Candidates;
use crate::claims::{On, extent};
use crate::error::Result;
use crate::factors::ACCURACY;
use crate::paper::by_paper_name;

/// The costs that are added to proxies.
pub(super) const ADDED: [&str; 2] = ["macs", "params"];

/// One pool with everything measured on it.
#[derive(Debug, Clone)]
pub struct Evidence {
    table: String,
    /// The prefix of the networks' strings, if their space is a known one.
    pub(super) space: Option<String>,
    dataset: Option<String>,
    provenance: String,
    /// Whether the accuracies are those of short trainings.
    pub(super) is_short: bool,
    /// The networks, if all of them are of a known space.
    pub(super) archs: Option<Vec<Arch>>,
    pub(super) pool: Pool,
    pub(super) costs: Vec<(String, Vec<f64>)>,
    pub(super) proxies: Vec<(String, Vec<f64>)>,
    /// The table's columns behind the proxies, in the same order.
    columns: Vec<String>,
    pub(super) comparison: Comparison,
}

impl Evidence {
    /// Measures a pool.
    ///
    /// # Errors
    /// Accuracies or costs that are not finite.
    pub fn of(candidates: &Candidates, recipe: Recipe) -> Result<Self> {
        let named = by_paper_name(&candidates.proxies, |scored| &scored.name);
        let (proxies, columns): (Vec<(String, Vec<f64>)>, Vec<String>) = named
            .into_iter()
            .map(|(name, s)| ((name.to_owned(), s.values.clone()), s.name.clone()))
            .unzip();
        let costs: Vec<(String, Vec<f64>)> = candidates
            .costs
            .iter()
            .map(|cost| (cost.name.clone(), cost.values.clone()))
            .collect();
        let pool = pool_of(&candidates.accuracy, &costs)?;
        let mut scores = [costs.clone(), proxies.clone()].concat();
        for (name, values) in &proxies {
            for (cost, amounts) in costs
                .iter()
                .filter(|(cost, _)| ADDED.contains(&cost.as_str()))
            {
                let both = Hybrid::RankSum.combine(&[values, amounts])?;
                scores.push((format!("{name}+{cost}"), both));
            }
        }
        let scores: Vec<Score<'_>> = scores.iter().map(|(n, v)| Score::new(n, v)).collect();
        Ok(Self {
            table: candidates.table.clone(),
            space: space_of(candidates),
            dataset: candidates.selection.dataset.clone(),
            provenance: candidates.provenance(),
            is_short: extent::is_short(&candidates.accuracy_info),
            archs: candidates.archs.iter().cloned().collect(),
            comparison: pool.compare(&scores, recipe)?,
            pool,
            costs,
            proxies,
            columns,
        })
    }

    /// Table and data set.
    pub fn pool_name(&self) -> String {
        match &self.dataset {
            Some(dataset) => format!("{} {dataset}", self.table),
            None => self.table.clone(),
        }
    }

    /// The benchmark table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The data set, if the table has several.
    pub fn dataset(&self) -> Option<&str> {
        self.dataset.as_deref()
    }

    /// Networks in the pool.
    pub fn networks(&self) -> usize {
        self.pool.len()
    }

    /// Where the accuracies come from.
    pub fn provenance(&self) -> &str {
        &self.provenance
    }

    /// Costs and proxies, by the paper's names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.costs.iter().chain(&self.proxies);
        all.map(|(name, _)| name.as_str())
    }

    /// A proxy's values, by the paper's name.
    pub(super) fn proxy(&self, name: &str) -> Option<&[f64]> {
        let found = self.proxies.iter().find(|(known, _)| known == name);
        found.map(|(_, values)| values.as_slice())
    }

    /// Proxies, by the paper's names.
    pub(super) fn proxy_names(&self) -> Vec<&str> {
        self.proxies.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// A score by the name that the table has for it, so that readers know whose numbers they see: the paper's `zen` is
    /// `nbsz_zen` where it is NAS-Bench-Suite-Zero's.
    pub(super) fn column(&self, name: &str) -> String {
        let of = |part: &str| {
            let at = self.proxies.iter().position(|(known, _)| known == part);
            at.map_or(part, |at| self.columns[at].as_str()).to_owned()
        };
        name.split('+').map(of).collect::<Vec<String>>().join("+")
    }

    /// Why its space may reach more than the largest of a column here, where it may.
    pub(super) fn may_reach_more(&self, column: &str) -> Option<String> {
        // What a network costs does not depend on its training.
        let short = self.is_short && column == ACCURACY;
        extent::may_reach_more(self.archs.as_deref(), short)
    }

    /// Whether the pool's space is of that kind.
    pub(super) fn is(&self, on: On) -> bool {
        on.takes(self.space.as_deref(), self.archs.as_deref())
    }

    /// The scores that some names stand for: `proxies` are all of the paper's that the pool has, and
    /// `proxies+macs` each of them with the cost added. Those in `except` are left out.
    pub(super) fn scores(&self, names: &[String], except: &[String]) -> Vec<&str> {
        let stands_for = |asked: &String, found: &str| match asked.split_once('+') {
            Some(("proxies", cost)) => found.split_once('+').is_some_and(|(_, c)| c == cost),
            _ if asked == "proxies" => self.proxies.iter().any(|(name, _)| name == found),
            _ => asked == found,
        };
        let rows = self.comparison.rows().iter().map(|row| row.name.as_str());
        rows.filter(|row| names.iter().any(|asked| stands_for(asked, row)))
            .filter(|row| !except.iter().any(|name| name == row))
            .collect()
    }
}

/// The space of the networks, by themselves where all of them can be read: not every table says it.
fn space_of(candidates: &Candidates) -> Option<String> {
    let mut spaces = candidates
        .archs
        .iter()
        .map(|arch| Some(arch.as_ref()?.space()));
    let first = spaces.next().flatten();
    match first {
        Some(first) if spaces.all(|space| space == Some(first)) => Some(first.to_owned()),
        _ => candidates.space.clone(),
    }
}

/// A pool under the paper's budgets of each cost.
pub(super) fn pool_of(accuracy: &[f64], costs: &[(String, Vec<f64>)]) -> Result<Pool> {
    let mut pool = Pool::new(accuracy)?;
    for (name, values) in costs {
        pool = pool.with_axis(Axis::even(Cost::new(name, values), PAPER_BUDGETS)?)?;
    }
    Ok(pool)
}
