//! The feasible sets of all budgets, laid out for sums over thousands of subsets.
//!
//! Networks that are feasible under the same budgets form a *group*, and groups lie side by side, so that
//! one pass over the sums finds the largest of every group and a budget only looks at groups.

use std::borrow::Cow;
use std::ops::Range;

use crate::rank_set::RankSet;
use crate::subsets::Subset;
use crate::subsets::kernel::Kernel;

/// The feasible sets of every budget, of all networks or a part of them, and what every proxy adds to their sums.
#[derive(Debug)]
pub(super) struct Budgets<'a> {
    sets: Vec<Cow<'a, RankSet>>,
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
    pub(super) fn of(kernel: &Kernel<'a>, sets: Vec<Cow<'a, RankSet>>) -> Self {
        let pool = kernel.pool();
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
            terms: kernel.terms().iter().map(gathered).collect(),
            networks,
            axes: pool.axes.iter().map(|axis| axis.budgets.len()).collect(),
            sets,
            ends,
            groups,
        }
    }

    /// The sums of a subset, one a network.
    pub(super) fn sums(&self, subset: Subset) -> Vec<f64> {
        let mut sums = vec![0.0; self.networks.len()];
        for proxy in subset.members() {
            for (sum, term) in sums.iter_mut().zip(&self.terms[proxy]) {
                *sum += term;
            }
        }
        sums
    }

    /// Writes the sums with one proxy more over `larger`.
    pub(super) fn add(&self, sums: &[f64], proxy: usize, larger: &mut Vec<f64>) {
        let terms = self.terms[proxy].iter();
        larger.clear();
        larger.extend(sums.iter().zip(terms).map(|(sum, term)| sum + term));
    }

    /// How many groups there are.
    pub(super) fn groups(&self) -> usize {
        self.ends.len()
    }

    /// Where a group's networks lie.
    pub(super) fn group(&self, group: usize) -> Range<usize> {
        let start = group.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[group]
    }

    /// The groups that are feasible under a budget.
    pub(super) fn groups_under(&self, budget: usize) -> &[usize] {
        &self.groups[budget]
    }

    /// The networks that are feasible under a budget.
    pub(super) fn set(&self, budget: usize) -> &RankSet {
        &self.sets[budget]
    }

    /// The true rank of the network at a position.
    pub(super) fn network(&self, position: usize) -> u32 {
        self.networks[position]
    }

    /// The budgets of an axis; of all axes if None.
    pub(super) fn of_axis(&self, axis: Option<usize>) -> Range<usize> {
        let Some(axis) = axis else {
            return 0..self.sets.len();
        };
        let start = self.axes[..axis].iter().sum();
        start..start + self.axes[axis]
    }

    /// How many axes there are.
    pub(super) fn axes(&self) -> usize {
        self.axes.len()
    }
}
