//! The inner loop: the networks with the largest sum under every budget, for one subset after the other.
//!
//! Budgets that nest have the same leaders time and again, so the leaders of a group are looked for once a subset,
//! and no memory is asked for but what the first subsets needed.

use std::ops::Range;

use crate::rank_set::RankSet;
use crate::subsets::budgets::Budgets;
use crate::subsets::kernel::Kernel;
use crate::subsets::{Subset, SubsetPick, SubsetResult};

/// A subset and its sums, one a network in the order of the budgets' groups.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums<'a> {
    pub(super) subset: Subset,
    pub(super) values: &'a [f64],
}

/// Finds the leaders of subsets.
#[derive(Debug)]
pub(super) struct Leaders<'a> {
    kernel: &'a Kernel<'a>,
    budgets: &'a Budgets<'a>,
    /// The largest sum of every group.
    tops: Vec<f64>,
    /// Where a group's leaders are in `positions`; None before anyone asked.
    spans: Vec<Option<Range<usize>>>,
    /// Positions of networks whose sum comes close to the largest of their group.
    positions: Vec<usize>,
    /// True ranks of the leaders under the budget asked for last.
    best: Vec<u32>,
}

impl<'a> Leaders<'a> {
    pub(super) fn new(kernel: &'a Kernel<'a>, budgets: &'a Budgets<'a>) -> Self {
        Self {
            kernel,
            budgets,
            tops: Vec::new(),
            spans: Vec::new(),
            positions: Vec::new(),
            best: Vec::new(),
        }
    }

    /// What a subset picks under every budget. A budget without a network drops out.
    pub(super) fn result(&mut self, sums: Sums<'_>) -> SubsetResult {
        self.start(sums);
        let picks = self.budgets.of_axis(None);
        let picks: Vec<Option<(SubsetPick, f64)>> =
            picks.map(|budget| self.pick(sums, budget)).collect();
        let mean = |axis: Option<usize>| {
            let shares = picks[self.budgets.of_axis(axis)].iter().flatten();
            self.mean(shares.map(|&(_, share)| share))
        };
        SubsetResult {
            subset: sums.subset,
            mbr: (0..self.budgets.axes()).map(|at| mean(Some(at))).collect(),
            mbr_all: mean(None),
            picks: picks.into_iter().flatten().map(|(pick, _)| pick).collect(),
        }
    }

    /// The mBR of a subset over the budgets of an axis (of all if None), as in its [`SubsetResult`].
    pub(super) fn mbr(&mut self, sums: Sums<'_>, axis: Option<usize>) -> f64 {
        self.start(sums);
        let (mut sum, mut count) = (0.0, 0.0);
        for budget in self.budgets.of_axis(axis) {
            if self.find(sums, budget) {
                sum += self.mean_rank(budget).1;
                count += 1.0;
            }
        }
        if self.is_undefined() {
            f64::NAN
        } else {
            sum / count
        }
    }

    /// Forgets the subset before.
    fn start(&mut self, sums: Sums<'_>) {
        let groups = self.budgets.groups();
        let top = |group| largest(&sums.values[self.budgets.group(group)]);
        self.tops.clear();
        self.tops.extend((0..groups).map(top));
        self.spans.clear();
        self.spans.resize(groups, None);
        self.positions.clear();
    }

    /// Finds the leaders under a budget; false if it has no network.
    fn find(&mut self, sums: Sums<'_>, budget: usize) -> bool {
        let (budgets, tolerance) = (self.budgets, self.kernel.tolerance());
        let groups = budgets.groups_under(budget);
        self.best.clear();
        let tops = groups.iter().map(|&group| self.tops[group]);
        let Some(top) = tops.reduce(f64::max) else {
            return false;
        };
        let least = top - tolerance;
        for &group in groups {
            let top_of_group = self.tops[group];
            if top_of_group < least {
                continue;
            }
            let span = self.spans[group].get_or_insert_with(|| {
                let start = self.positions.len();
                let least = top_of_group - tolerance;
                let near = budgets.group(group);
                let near = near.filter(|&at| sums.values[at] >= least);
                self.positions.extend(near);
                start..self.positions.len()
            });
            let near = self.positions[span.clone()].iter();
            let near = near.filter(|&&at| sums.values[at] >= least);
            self.best.extend(near.map(|&at| budgets.network(at)));
        }
        if tolerance > 0.0 && self.best.len() > 1 {
            self.kernel
                .keep_largest_products(sums.subset, &mut self.best);
        }
        true
    }

    /// The mean rank of the leaders among the feasible, and the same as a share.
    fn mean_rank(&self, budget: usize) -> (f64, f64) {
        let set: &RankSet = self.budgets.set(budget);
        let ranks: usize = self.best.iter().map(|&rank| set.rank_of(rank)).sum();
        let mean = ranks as f64 / self.best.len() as f64;
        (mean, mean / set.len() as f64)
    }

    /// The pick under one budget and its r / N.
    fn pick(&mut self, sums: Sums<'_>, budget: usize) -> Option<(SubsetPick, f64)> {
        if !self.find(sums, budget) {
            return None;
        }
        let pool = self.kernel.pool();
        let (r_ties, share) = self.mean_rank(budget);
        let row = self.best.iter().map(|&rank| pool.row_of(rank)).min()?;
        let accuracy = if let [only] = self.best[..] {
            pool.accuracy_at(only)
        } else {
            self.best.sort_unstable(); // so that the sum does not depend on the groups
            let accuracies = self.best.iter().map(|&rank| pool.accuracy_at(rank));
            accuracies.sum::<f64>() / self.best.len() as f64
        };
        let pick = SubsetPick {
            row,
            ties: self.best.len(),
            r_ties,
            accuracy,
        };
        Some((pick, share))
    }

    fn mean(&self, shares: impl Iterator<Item = f64>) -> f64 {
        if self.is_undefined() {
            return f64::NAN;
        }
        let (sum, count) =
            shares.fold((0.0, 0.0), |(sum, count), share| (sum + share, count + 1.0));
        sum / count
    }

    fn is_undefined(&self) -> bool {
        self.kernel.pool().mbr_undefined().is_some()
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
