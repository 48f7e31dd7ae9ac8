//! Every non-empty subset of some proxies as a hybrid: the paper's Figures 9 and 10.
//!
//! Ranks are global ([`crate::RankScope::Global`]). The best of thousands of subsets is partly luck:
//! [`SplitTest`] chooses on one half of the networks and measures on the other, and
//! [`SubsetSearch::transfer`] chooses on one table and reads the place on another.

mod budgets;
mod kernel;
mod leaders;
mod split_test;

use std::cmp::Ordering;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::error::{StudyError, check_length};
use crate::hybrid::Hybrid;
use crate::pool::Pool;
use budgets::Budgets;
use kernel::Kernel;
use leaders::{Leaders, Sums};

pub use split_test::{SplitTest, SplitTests};

/// The most proxies whose subsets are all tried: 65,535 subsets.
pub const MOST_PROXIES: usize = 16;
/// Members that are fixed in one task; the rest of the subsets are walked inside.
const TASK_BITS: usize = 5;

/// A set of proxies by position; bit i of the mask is proxy i.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subset(u32);

impl Subset {
    /// The proxies at these positions.
    pub fn of(members: impl IntoIterator<Item = usize>) -> Self {
        Self(
            members
                .into_iter()
                .fold(0, |mask, member| mask | 1 << member),
        )
    }

    /// Positions of the members, ascending.
    pub fn members(self) -> impl Iterator<Item = usize> {
        (0..MOST_PROXIES).filter(move |member| self.0 >> member & 1 == 1)
    }

    /// How many members.
    #[expect(
        clippy::len_without_is_empty,
        reason = "searched subsets are never empty"
    )]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether proxy `member` is in it.
    pub fn contains(self, member: usize) -> bool {
        member < MOST_PROXIES && self.0 >> member & 1 == 1
    }
}

impl Serialize for Subset {
    /// As the list of positions.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.members())
    }
}

/// What a subset finds under one budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SubsetPick {
    /// Row of the pick, the first of equal scores.
    pub row: usize,
    /// Feasible networks that share its score, itself included.
    pub ties: usize,
    /// Mean over those of the true rank among the feasible networks, 0-based.
    pub r_ties: f64,
    /// Mean accuracy over those.
    pub accuracy: f64,
}

/// One subset on one pool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubsetResult {
    /// The proxies.
    pub subset: Subset,
    /// mBR with ties averaged, by axis in the pool's order; NaN where [`Pool::mbr_undefined`].
    pub mbr: Vec<f64>,
    /// The mean over the budgets of all axes.
    pub mbr_all: f64,
    /// The picks, budget by budget, axis after axis.
    pub picks: Vec<SubsetPick>,
}

impl SubsetResult {
    fn by(&self, axis: Option<usize>) -> f64 {
        axis.map_or(self.mbr_all, |axis| self.mbr[axis])
    }
}

/// All subsets on one pool.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubsetSearch {
    /// How the proxies of a subset are combined.
    pub hybrid: Hybrid,
    /// The axes, in the order of [`SubsetResult::mbr`].
    pub axes: Vec<String>,
    results: Vec<SubsetResult>,
}

impl Pool {
    /// Measures every non-empty subset of the proxies, in parallel on rayon's current thread pool.
    ///
    /// ```
    /// use nbz_study::{Axis, Cost, Hybrid, Pool, Subset};
    ///
    /// let accuracy = [70.0, 72.0, 74.0, 73.0];
    /// let macs = [1.0, 2.0, 3.0, 4.0];
    /// let pool = Pool::new(&accuracy)?.with_axis(Axis::even(Cost::new("macs", &macs), 5)?)?;
    /// let (good, bad) = ([1.0, 2.0, 4.0, 3.0], [4.0, 3.0, 2.0, 1.0]);
    /// let search = pool.search_subsets(Hybrid::RankSum, &[&good, &bad])?;
    /// assert_eq!(search.results().len(), 3);
    /// assert_eq!(search.best(None, None).unwrap().subset, Subset::of([0]));
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    ///
    /// # Errors
    /// [`StudyError::NotByRanks`] for a vote, [`StudyError::NothingToCombine`],
    /// [`StudyError::TooManyProxies`] beyond [`MOST_PROXIES`], [`StudyError::NoBudget`] for a pool without
    /// budgets, [`StudyError::Length`].
    pub fn search_subsets(
        &self,
        hybrid: Hybrid,
        proxies: &[&[f64]],
    ) -> Result<SubsetSearch, StudyError> {
        let kernel = self.subset_kernel(hybrid, proxies)?;
        let all = kernel.budgets();
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself is of one lifetime alone"
        )]
        let results = every_subset(&kernel, &all, |leaders, sums| leaders.result(sums));
        Ok(SubsetSearch {
            hybrid,
            axes: self.axis_names().map(str::to_owned).collect(),
            results: results.into_iter().map(|(_, result)| result).collect(),
        })
    }

    fn subset_kernel(&self, hybrid: Hybrid, proxies: &[&[f64]]) -> Result<Kernel<'_>, StudyError> {
        if proxies.is_empty() {
            return Err(StudyError::NothingToCombine);
        }
        if proxies.len() > MOST_PROXIES {
            return Err(StudyError::TooManyProxies {
                proxies: proxies.len(),
                limit: MOST_PROXIES,
            });
        }
        for (index, proxy) in proxies.iter().enumerate() {
            check_length(&format!("proxy {index}"), self.len(), proxy.len())?;
        }
        if self.axes.is_empty() {
            return Err(StudyError::NoBudget {
                axis: "the pool".to_owned(),
            });
        }
        Kernel::of(self, hybrid, proxies).ok_or(StudyError::NotByRanks {
            hybrid: hybrid.name(),
        })
    }
}

/// All subsets with what is found of each, by mask from 1.
fn every_subset<T: Send>(
    kernel: &Kernel<'_>,
    budgets: &Budgets<'_>,
    of: impl Fn(&mut Leaders<'_>, Sums<'_>) -> T + Sync,
) -> Vec<(Subset, T)> {
    let proxies = kernel.proxies();
    let fixed = TASK_BITS.min(proxies);
    let mut found: Vec<(Subset, T)> = (0..1u32 << fixed)
        .into_par_iter()
        .flat_map_iter(|prefix| {
            let mut walk = Walk {
                budgets,
                leaders: Leaders::new(kernel, budgets),
                of: &of,
                found: Vec::new(),
            };
            let mut levels = vec![Vec::new(); 1 + proxies - fixed];
            levels[0] = budgets.sums(Subset(prefix));
            walk.from(Subset(prefix), fixed, &mut levels);
            walk.found
        })
        .collect();
    found.sort_unstable_by_key(|&(subset, _)| subset);
    found
}

/// A walk over all subsets that begin with the same members.
struct Walk<'a, T, F> {
    budgets: &'a Budgets<'a>,
    leaders: Leaders<'a>,
    of: &'a F,
    found: Vec<(Subset, T)>,
}

impl<T, F: Fn(&mut Leaders<'_>, Sums<'_>) -> T> Walk<'_, T, F> {
    /// Looks at a subset, whose sums are the first level, and at all that add proxies from position `next` on: one
    /// addition a subset and network, and no more roundings than the subset has members.
    fn from(&mut self, subset: Subset, next: usize, levels: &mut [Vec<f64>]) {
        let Some((values, above)) = levels.split_first_mut() else {
            return;
        };
        if subset.0 != 0 {
            let found = (self.of)(&mut self.leaders, Sums { subset, values });
            self.found.push((subset, found));
        }
        // One level a proxy that may be added: none is left where there is none to add.
        for added in 0..above.len() {
            let proxy = next + added;
            self.budgets.add(values, proxy, &mut above[0]);
            let end = above.len() - added;
            let larger = Subset(subset.0 | 1 << proxy);
            self.from(larger, proxy + 1, &mut above[..end]);
        }
    }
}

impl SubsetSearch {
    /// Every subset, by mask.
    pub fn results(&self) -> &[SubsetResult] {
        &self.results
    }

    /// The result of one subset; None if it is empty or names a proxy that was not searched.
    pub fn get(&self, subset: Subset) -> Option<&SubsetResult> {
        self.results.get((subset.0 as usize).checked_sub(1)?)
    }

    /// The position of an axis by name; None is the mean over all budgets, called `all`.
    pub fn axis(&self, name: &str) -> Option<usize> {
        self.axes.iter().position(|axis| axis == name)
    }

    /// The best subset of `size` members (of any number if None) by mBR over an axis (over all budgets if
    /// None); of equal ones the smallest, then the first by mask.
    pub fn best(&self, size: Option<usize>, axis: Option<usize>) -> Option<&SubsetResult> {
        let of_size = |result: &&SubsetResult| size.is_none_or(|size| result.subset.len() == size);
        self.results
            .iter()
            .filter(of_size)
            .min_by(|a, b| order(a, b, axis))
    }

    /// The subsets from best to worst, in the order of [`SubsetSearch::best`].
    pub fn ranked(&self, axis: Option<usize>) -> Vec<&SubsetResult> {
        let mut ranked: Vec<&SubsetResult> = self.results.iter().collect();
        ranked.sort_by(|a, b| order(a, b, axis));
        ranked
    }

    /// How the best subset of this search fares in another one over the same proxies in the same order.
    /// Axes are those of each pool, by position.
    pub fn transfer(
        &self,
        to: &Self,
        size: Option<usize>,
        axis: Option<usize>,
    ) -> Option<Transfer> {
        let chosen = self.best(size, axis)?;
        let there = to.get(chosen.subset)?;
        let better = |r: &&SubsetResult| r.by(axis) < there.by(axis);
        Some(Transfer {
            subset: chosen.subset,
            mbr_here: chosen.by(axis),
            mbr_there: there.by(axis),
            better_there: to.results.iter().filter(better).count(),
            best_there: to.best(size, axis)?.by(axis),
            best_single_there: to.best(Some(1), axis)?.by(axis),
        })
    }
}

fn order(a: &SubsetResult, b: &SubsetResult, axis: Option<usize>) -> Ordering {
    by_mbr((a.subset, a.by(axis)), (b.subset, b.by(axis)))
}

/// By mBR; equal ones by size, then by mask.
fn by_mbr(a: (Subset, f64), b: (Subset, f64)) -> Ordering {
    let by_size = || a.0.len().cmp(&b.0.len());
    a.1.total_cmp(&b.1)
        .then_with(by_size)
        .then_with(|| a.0.cmp(&b.0))
}

/// A subset chosen on one pool and read on another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Transfer {
    /// The subset that is best where it was chosen.
    pub subset: Subset,
    /// Its mBR there.
    pub mbr_here: f64,
    /// Its mBR on the other pool.
    pub mbr_there: f64,
    /// Subsets of any size that are better on the other pool.
    pub better_there: usize,
    /// The mBR of the best subset of the same size on the other pool, which nobody knew.
    pub best_there: f64,
    /// The mBR of the best single proxy on the other pool, which nobody knew either.
    pub best_single_there: f64,
}
