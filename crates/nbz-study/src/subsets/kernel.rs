//! The inner loop: sums of ranks of thousands of subsets, and the best feasible network of each.
//!
//! Networks that are feasible under the same budgets form a *group*, and groups lie side by side, so that
//! one pass over the sums finds the largest of every group and a budget only looks at groups. Sums of
//! doubled ranks are exact integers; sums of logarithms are compared exactly, as products of ranks,
//! where they come close ([`RankProduct`]).

use crate::hybrid::{Hybrid, NEAR, RankProduct, doubled_ascending};
use crate::pool::Pool;
use crate::rank_set::RankSet;
use crate::subsets::{Subset, SubsetPick, SubsetResult};

/// The proxies of a pool as terms of a sum.
#[derive(Debug)]
pub(super) struct Kernel<'a> {
    pool: &'a Pool,
    /// Per proxy and true rank, the doubled ascending rank.
    ranks: Vec<Vec<u32>>,
    /// Per proxy and true rank, what the proxy adds to the sum.
    terms: Vec<Vec<f64>>,
    /// Sums closer than this are compared as products; 0 where sums are exact.
    tolerance: f64,
}

/// The feasible sets of every budget, of all networks or a part of them, and what every proxy adds to their sums.
#[derive(Debug)]
pub(super) struct Budgets<'a> {
    sets: Vec<std::borrow::Cow<'a, RankSet>>,
    /// Budgets of each axis.
    axes: Vec<usize>,
    /// True ranks of the networks in any set, group after group.
    networks: Vec<u32>,
    /// End of each group in `networks`.
    ends: Vec<usize>,
    /// Per budget, its groups.
    groups: Vec<Vec<usize>>,
    /// Per proxy, what it adds to the sum of each of `networks`: side by side, so that adding is vector code.
    terms: Vec<Vec<f64>>,
}

impl<'a> Budgets<'a> {
    fn of(kernel: &Kernel<'a>, sets: Vec<std::borrow::Cow<'a, RankSet>>) -> Self {
        let pool = kernel.pool;
        let signature =
            |rank: u32| -> Vec<bool> { sets.iter().map(|s| s.contains(rank)).collect() };
        let mut signed: Vec<(Vec<bool>, u32)> = (0..pool.len() as u32)
            .map(|rank| (signature(rank), rank))
            .filter(|(signature, _)| signature.contains(&true))
            .collect();
        signed.sort_unstable();
        let (mut ends, mut groups) = (Vec::new(), vec![Vec::new(); sets.len()]);
        for run in signed.chunk_by(|a, b| a.0 == b.0) {
            for (budget, groups) in groups.iter_mut().enumerate() {
                if run[0].0[budget] {
                    groups.push(ends.len());
                }
            }
            ends.push(ends.last().copied().unwrap_or(0) + run.len());
        }
        let networks: Vec<u32> = signed.into_iter().map(|(_, rank)| rank).collect();
        let gathered =
            |terms: &Vec<f64>| networks.iter().map(|&rank| terms[rank as usize]).collect();
        Self {
            terms: kernel.terms.iter().map(gathered).collect(),
            networks,
            axes: pool.axes.iter().map(|axis| axis.budgets.len()).collect(),
            sets,
            ends,
            groups,
        }
    }

    /// The sums of a subset, one a network.
    pub(super) fn sums(&self, subset: Subset) -> Vec<f64> {
        let none = vec![0.0; self.networks.len()];
        subset
            .members()
            .fold(none, |sums, proxy| self.with(&sums, proxy))
    }

    /// The sums with one proxy more.
    pub(super) fn with(&self, sums: &[f64], proxy: usize) -> Vec<f64> {
        let terms = self.terms[proxy].iter();
        sums.iter()
            .zip(terms)
            .map(|(sum, term)| sum + term)
            .collect()
    }

    fn group(&self, group: usize) -> std::ops::Range<usize> {
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[group]
    }
}

impl<'a> Kernel<'a> {
    /// None for a hybrid that is no sum over proxies.
    pub(super) fn of(pool: &'a Pool, hybrid: Hybrid, proxies: &[&[f64]]) -> Option<Self> {
        let by_true_rank = |scores: &&[f64]| -> Vec<u32> {
            let ranks = doubled_ascending(scores);
            pool.rows.iter().map(|&row| ranks[row as usize]).collect()
        };
        let ranks: Vec<Vec<u32>> = proxies.iter().map(by_true_rank).collect();
        let whole = 2.0 * pool.len() as f64;
        let (term, tolerance): (Box<dyn Fn(u32) -> f64>, f64) = match hybrid {
            Hybrid::RankSum => (Box::new(f64::from), 0.0),
            Hybrid::LogRankSum => (Box::new(|rank| (f64::from(rank) / whole).ln()), NEAR),
            Hybrid::Vote | Hybrid::VoteAbsolute => return None,
        };
        let terms = ranks
            .iter()
            .map(|ranks| ranks.iter().map(|&rank| term(rank)).collect())
            .collect();
        Some(Self {
            pool,
            ranks,
            terms,
            tolerance,
        })
    }

    pub(super) fn proxies(&self) -> usize {
        self.ranks.len()
    }

    /// The budgets of the whole pool.
    pub(super) fn budgets(&self) -> Budgets<'a> {
        let sets = self.pool.axes.iter().flat_map(|axis| &axis.budgets);
        let sets = sets.map(|(_, set)| std::borrow::Cow::Borrowed(set));
        Budgets::of(self, sets.collect())
    }

    /// Those of some of its networks; limits stay those of the whole pool.
    pub(super) fn budgets_within(&self, part: &RankSet) -> Budgets<'a> {
        let sets = self.pool.axes.iter().flat_map(|axis| &axis.budgets);
        let within = |(_, set): &(_, RankSet)| std::borrow::Cow::Owned(set.intersection(part));
        Budgets::of(self, sets.map(within).collect())
    }

    /// What a subset with these sums picks. A budget without a network drops out.
    pub(super) fn evaluate(
        &self,
        budgets: &Budgets<'_>,
        subset: Subset,
        sums: &[f64],
    ) -> SubsetResult {
        let largest: Vec<f64> = (0..budgets.ends.len())
            .map(|group| largest(&sums[budgets.group(group)]))
            .collect();
        let picks: Vec<Option<(SubsetPick, f64)>> = (0..budgets.sets.len())
            .map(|budget| self.pick(budgets, subset, sums, &largest, budget))
            .collect();
        let undefined = self.pool.mbr_undefined().is_some();
        let mean = |picks: &[Option<(SubsetPick, f64)>]| {
            if undefined {
                return f64::NAN;
            }
            let ranks = || picks.iter().flatten().map(|(_, share)| share);
            ranks().sum::<f64>() / ranks().count() as f64
        };
        let mut rest = picks.as_slice();
        let mut mbr = Vec::with_capacity(budgets.axes.len());
        for &count in &budgets.axes {
            let (axis, others) = rest.split_at(count);
            mbr.push(mean(axis));
            rest = others;
        }
        SubsetResult {
            subset,
            mbr,
            mbr_all: mean(&picks),
            picks: picks.into_iter().flatten().map(|(pick, _)| pick).collect(),
        }
    }

    /// The pick under one budget and its r / N; `tops` are the largest sums of the groups.
    fn pick(
        &self,
        budgets: &Budgets<'_>,
        subset: Subset,
        sums: &[f64],
        tops: &[f64],
        budget: usize,
    ) -> Option<(SubsetPick, f64)> {
        let groups = &budgets.groups[budget];
        let top = groups.iter().map(|&group| tops[group]).reduce(f64::max)?;
        let least = top - self.tolerance;
        let mut best = Vec::new();
        for &group in groups.iter().filter(|&&group| tops[group] >= least) {
            let range = budgets.group(group);
            let near = range.filter(|&at| sums[at] >= least);
            best.extend(near.map(|at| budgets.networks[at]));
        }
        if self.tolerance > 0.0 && best.len() > 1 {
            best = self.largest_products(subset, &best);
        }
        let set = &budgets.sets[budget];
        let count = best.len() as f64;
        let ranks = best.iter().map(|&rank| set.rank_of(rank)).sum::<usize>();
        let r_ties = ranks as f64 / count;
        let row = best.iter().map(|&rank| self.pool.row_of(rank)).min()?;
        let accuracy = if best.len() == 1 {
            self.pool.accuracy_at(best[0])
        } else {
            best.sort_unstable(); // so that the sum does not depend on the groups
            best.iter()
                .map(|&rank| self.pool.accuracy_at(rank))
                .sum::<f64>()
                / count
        };
        let pick = SubsetPick {
            row,
            ties: best.len(),
            r_ties,
            accuracy,
        };
        Some((pick, r_ties / set.len() as f64))
    }

    /// Those of the networks whose product of ranks is the largest.
    fn largest_products(&self, subset: Subset, networks: &[u32]) -> Vec<u32> {
        let product = |rank: u32| {
            RankProduct::of(
                subset
                    .members()
                    .map(|proxy| self.ranks[proxy][rank as usize]),
            )
        };
        let products: Vec<(RankProduct, u32)> =
            networks.iter().map(|&rank| (product(rank), rank)).collect();
        let Some(top) = products.iter().map(|(product, _)| product).max() else {
            return Vec::new();
        };
        let at_top = products.iter().filter(|(product, _)| product == top);
        at_top.map(|&(_, rank)| rank).collect()
    }
}

/// The largest of some numbers that are not NaN, eight at a time so that it compiles to vector code.
fn largest(values: &[f64]) -> f64 {
    let mut lanes = [f64::NEG_INFINITY; 8];
    let mut chunks = values.chunks_exact(8);
    for chunk in &mut chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = if value > *lane { value } else { *lane };
        }
    }
    let rest = chunks.remainder().iter();
    lanes
        .iter()
        .chain(rest)
        .copied()
        .fold(f64::NEG_INFINITY, f64::max)
}
