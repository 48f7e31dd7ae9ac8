//! What every proxy adds to the sum of a subset, and how close two sums may come.
//!
//! Sums of doubled ranks are exact integers; sums of logarithms are compared exactly, as products of ranks,
//! where they come close ([`RankProduct`]).

use std::borrow::Cow;

use crate::hybrid::{Hybrid, NEAR, RankProduct, doubled_ascending};
use crate::pool::Pool;
use crate::rank_set::RankSet;
use crate::subsets::Subset;
use crate::subsets::budgets::Budgets;

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

    pub(super) fn pool(&self) -> &'a Pool {
        self.pool
    }

    /// Per proxy and true rank, what the proxy adds to the sum.
    pub(super) fn terms(&self) -> &[Vec<f64>] {
        &self.terms
    }

    /// Sums closer than this are compared as products; 0 where sums are exact.
    pub(super) fn tolerance(&self) -> f64 {
        self.tolerance
    }

    pub(super) fn proxies(&self) -> usize {
        self.ranks.len()
    }

    /// The budgets of the whole pool.
    pub(super) fn budgets(&self) -> Budgets<'a> {
        let sets = self.pool.axes.iter().flat_map(|axis| &axis.budgets);
        let sets = sets.map(|(_, set)| Cow::Borrowed(set));
        Budgets::of(self, sets.collect())
    }

    /// Those of some of its networks; limits stay those of the whole pool.
    pub(super) fn budgets_within(&self, part: &RankSet) -> Budgets<'a> {
        let sets = self.pool.axes.iter().flat_map(|axis| &axis.budgets);
        let within = |(_, set): &(_, RankSet)| Cow::Owned(set.intersection(part));
        Budgets::of(self, sets.map(within).collect())
    }

    /// Keeps those of the networks whose product of ranks is the largest.
    pub(super) fn keep_largest_products(&self, subset: Subset, networks: &mut Vec<u32>) {
        let product = |rank: u32| {
            RankProduct::of(
                subset
                    .members()
                    .map(|proxy| self.ranks[proxy][rank as usize]),
            )
        };
        let products: Vec<(RankProduct, u32)> =
            networks.iter().map(|&rank| (product(rank), rank)).collect();
        networks.clear();
        if let Some(top) = products.iter().map(|(product, _)| product).max() {
            let at_top = products.iter().filter(|(product, _)| product == top);
            networks.extend(at_top.map(|&(_, rank)| rank));
        }
    }
}
