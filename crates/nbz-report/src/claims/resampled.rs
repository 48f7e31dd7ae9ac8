//! Numbers measured anew on halves of a pool: an interval for what only this module knows how to measure.
//!
//! Halves, not resamples with replacement, for the reason that `nbz-study` gives: best-of measures. Budgets
//! are five even ones between the extremes of the half.

use nbz_study::{
    Hybrid, Interval, PAPER_BUDGETS, Pool, RankScope, Recipe, Similarity, Subset, SubsetResult,
};
use rayon::prelude::*;

use crate::claims::evidence::{Evidence, pool_of};
use crate::error::Result;
use crate::row::Estimate;

/// Halves behind an interval made here; each is measured in full.
const HALVES: usize = 60;

type Columns = Vec<(String, Vec<f64>)>;

/// The columns of some networks of a pool.
pub(super) struct Part {
    /// Which networks they are.
    pub(super) rows: Vec<usize>,
    pub(super) accuracy: Vec<f64>,
    pub(super) costs: Columns,
    proxies: Columns,
}

impl Part {
    fn of(evidence: &Evidence, rows: &[usize]) -> Self {
        let take = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let columns = |all: &Columns| -> Columns {
            all.iter()
                .map(|(name, values)| (name.clone(), take(values)))
                .collect()
        };
        Self {
            rows: rows.to_vec(),
            accuracy: take(evidence.pool.accuracy()),
            costs: columns(&evidence.costs),
            proxies: columns(&evidence.proxies),
        }
    }

    /// A proxy's values.
    pub(super) fn proxy(&self, name: &str) -> Option<&[f64]> {
        let found = self.proxies.iter().find(|(known, _)| known == name);
        found.map(|(_, values)| values.as_slice())
    }
}

/// A measure of the whole pool with the interval over halves.
pub(super) fn with_halves(
    evidence: &Evidence,
    recipe: Recipe,
    measure: impl Fn(&Part) -> Result<f64> + Sync,
) -> Result<Estimate> {
    let n = evidence.networks();
    let whole = measure(&Part::of(evidence, &(0..n).collect::<Vec<_>>()))?;
    let draws = if recipe.draws == 0 { 0 } else { HALVES };
    let halves = (0..draws)
        .into_par_iter()
        .map(|draw| measure(&Part::of(evidence, &recipe.half(n, draw))))
        .collect::<Result<Vec<f64>>>()?;
    let interval = Interval::of_draws(whole, halves.into_iter());
    Ok(Estimate {
        value: Some(whole).filter(|value| !value.is_nan()),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
    })
}

/// The mean silhouette of groups of scores (Rousseeuw 1987), with 1 - Spearman as the distance.
///
/// For a score, a is its mean distance to the others of its group and b the smallest mean distance to
/// another group; its silhouette is (b - a) / max(a, b), and 0 in a group of one.
pub(super) fn silhouette(
    evidence: &Evidence,
    groups: &[Vec<String>],
    recipe: Recipe,
) -> Result<Estimate> {
    with_halves(evidence, recipe, |part| {
        let mut columns = Vec::new();
        let mut places = Vec::new();
        for (group, names) in groups.iter().enumerate() {
            for (_, values) in part.proxies.iter().filter(|(name, _)| names.contains(name)) {
                columns.push(values.as_slice());
                places.push(group);
            }
        }
        let found = Similarity::of(&columns, 0.05)?;
        let distance = |a: usize, b: usize| 1.0 - found.spearman[a][b].unwrap_or(0.0);
        let mean_to = |a: usize, group: usize| {
            let others = (0..places.len()).filter(|&b| b != a && places[b] == group);
            let distances: Vec<f64> = others.map(|b| distance(a, b)).collect();
            (!distances.is_empty()).then(|| distances.iter().sum::<f64>() / distances.len() as f64)
        };
        let silhouettes: Vec<f64> = (0..places.len())
            .map(|score| {
                let own = mean_to(score, places[score]);
                let others = (0..groups.len()).filter(|&group| group != places[score]);
                let nearest = others.filter_map(|g| mean_to(score, g)).reduce(f64::min);
                match (own, nearest) {
                    (Some(own), Some(nearest)) => (nearest - own) / own.max(nearest),
                    _ => 0.0,
                }
            })
            .collect();
        Ok(silhouettes.iter().sum::<f64>() / silhouettes.len() as f64)
    })
}

/// A subset of a pool's proxies, and those that it was chosen among; both by the proxies' places.
pub(super) struct Choice {
    pub(super) among: Subset,
    pub(super) members: Subset,
}

/// The share of the subsets as large as a choice, of the same proxies, that have a smaller mBR under MACs budgets; the mean
/// over some choices.
pub(super) fn share_better(
    evidence: &Evidence,
    choices: &[Choice],
    recipe: Recipe,
) -> Result<Estimate> {
    with_halves(evidence, recipe, |part| {
        let pool = pool_of(&part.accuracy, &part.costs)?;
        let columns: Vec<&[f64]> = part.proxies.iter().map(|(_, v)| v.as_slice()).collect();
        let search = pool.search_subsets(Hybrid::RankSum, &columns)?;
        let axis = search.axis("macs");
        let mbr = |result: &SubsetResult| axis.map_or(result.mbr_all, |axis| result.mbr[axis]);
        let share = |choice: &Choice| {
            let own = search.get(choice.members).map_or(f64::NAN, mbr);
            if own.is_nan() {
                return own; // a half, or the pool, of one accuracy
            }
            let is_alike = |result: &&SubsetResult| {
                let mut members = result.subset.members();
                result.subset.len() == choice.members.len()
                    && members.all(|member| choice.among.contains(member))
            };
            let alike = search.results().iter().filter(is_alike);
            let (better, all) = alike.fold((0.0, 0.0), |(better, all), other| {
                (better + f64::from(u8::from(mbr(other) < own)), all + 1.0)
            });
            better / all
        };
        Ok(choices.iter().map(share).sum::<f64>() / choices.len() as f64)
    })
}

/// The share of proxies and MACs budgets in which the rank sum with a cost finds at least the accuracy.
pub(super) fn lift(evidence: &Evidence, by: &str, recipe: Recipe) -> Result<Estimate> {
    with_halves(evidence, recipe, |part| {
        let pool = pool_of(&part.accuracy, &part.costs)?;
        let cost = part.costs.iter().find(|(name, _)| name == by);
        let amounts = cost.map_or(&[][..], |(_, amounts)| amounts);
        let (mut kept, mut all) = (0, 0);
        for (_, values) in &part.proxies {
            let alone = found(&pool, &[values])?;
            let with = found(&pool, &[values, amounts])?;
            all += alone.len();
            kept += alone
                .iter()
                .zip(&with)
                .filter(|(alone, with)| with >= alone)
                .count();
        }
        Ok(f64::from(kept as u32) / f64::from(all as u32))
    })
}

/// The accuracies that a rank sum finds under the MACs budgets.
fn found(pool: &Pool, proxies: &[&[f64]]) -> Result<Vec<f64>> {
    let search = pool.hybrid_search(Hybrid::RankSum, proxies, RankScope::Global)?;
    let axis = search.as_ref().and_then(|search| search.axis("macs"));
    let picks = axis.map_or(&[][..], |axis| &axis.picks);
    debug_assert!(picks.is_empty() || picks.len() == PAPER_BUDGETS);
    Ok(picks.iter().map(|pick| pick.pick_acc_ties).collect())
}
