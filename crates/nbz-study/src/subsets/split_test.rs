//! Choosing a subset on one half of the networks and measuring it on the other.
//!
//! The smallest of 4,095 mBRs is small partly because it is the smallest of many. Nothing of that luck
//! reaches networks that the choice has not seen, so the mBR on the other half needs no further
//! correction for having looked at many subsets, and `optimism`, the other half's mBR less the chosen
//! half's, says how large it was. Ranks and limits are those of the whole pool, which a user who knows
//! no accuracy has as well. Split i is stream i of ChaCha8; the 2.5 % and 97.5 % points are over splits.

use rayon::prelude::*;
use serde::Serialize;

use crate::error::StudyError;
use crate::half_sample::choose;
use crate::hybrid::Hybrid;
use crate::interval::{FEWEST_NETWORKS, Interval, Recipe};
use crate::pool::Pool;
use crate::rank_set::RankSet;
use crate::subsets::kernel::Kernel;
use crate::subsets::leaders::{Leaders, Sums};
use crate::subsets::{Subset, by_mbr, every_subset};

/// Subsets of one size, or of any, chosen on halves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SplitTest {
    /// Members of the subsets; None for any number.
    pub size: Option<usize>,
    /// mBR on the half where the subset was chosen; the estimate is the mean over splits.
    pub chosen: Interval,
    /// mBR of the same subset on the other half.
    pub tested: Interval,
    /// On that other half, the mBR of the single proxy that was best on the first, less `tested`: above
    /// zero, the hybrid is better.
    pub gain_over_single: Interval,
    /// On the other half, the mBR of all proxies together less `tested`.
    pub gain_over_all: Interval,
    /// `tested` less `chosen`.
    pub optimism: Interval,
    /// The subset chosen most often (of equally many, the first by mask), and on which share of splits.
    pub favourite: (Subset, f64),
}

/// One test a size, from 1, and at the end the one over any size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SplitTests {
    /// How the halves were drawn.
    pub recipe: Recipe,
    /// The tests.
    pub tests: Vec<SplitTest>,
}

/// mBR of the chosen subset where it was chosen and on the other half.
#[derive(Debug, Clone, Copy)]
struct Choice {
    subset: Subset,
    chosen: f64,
    tested: f64,
}

impl Pool {
    /// Chooses subsets on one half by mBR over `axis` (over all budgets if None), tests on the other.
    ///
    /// Splits run in parallel; each walks all subsets of one half.
    ///
    /// # Errors
    /// As [`Pool::search_subsets`]; [`StudyError::TooFewToSplit`] below eight networks or without a split.
    pub fn split_test_subsets(
        &self,
        hybrid: Hybrid,
        proxies: &[&[f64]],
        axis: Option<usize>,
        recipe: Recipe,
    ) -> Result<SplitTests, StudyError> {
        let kernel = self.subset_kernel(hybrid, proxies)?;
        if self.len() < 2 * FEWEST_NETWORKS || recipe.draws == 0 {
            return Err(StudyError::TooFewToSplit {
                networks: self.len(),
                draws: recipe.draws,
            });
        }
        let splits: Vec<Vec<Choice>> = (0..recipe.draws)
            .into_par_iter()
            .map(|draw| choices(self, &kernel, axis, recipe.seed, draw as u64))
            .collect();
        let sizes = (1..=kernel.proxies()).map(Some).chain([None]);
        let tests = sizes.enumerate().filter_map(|(at, size)| {
            let of_size: Vec<Choice> = splits.iter().map(|split| split[at]).collect();
            let single: Vec<Choice> = splits.iter().map(|split| split[0]).collect();
            let all: Vec<Choice> = splits.iter().map(|s| s[kernel.proxies() - 1]).collect();
            SplitTest::of(size, &of_size, &single, &all)
        });
        Ok(SplitTests {
            recipe,
            tests: tests.collect(),
        })
    }
}

/// The choices of one split: one a size, then over any size.
fn choices(
    pool: &Pool,
    kernel: &Kernel<'_>,
    axis: Option<usize>,
    seed: u64,
    draw: u64,
) -> Vec<Choice> {
    let n = pool.len();
    let rows = choose(n, n / 2, seed, draw);
    let first = RankSet::from_members(n, rows.into_iter().map(|row| pool.ranks[row as usize]));
    let second = RankSet::from_members(n, (0..n as u32).filter(|&rank| !first.contains(rank)));
    let (first, second) = (
        kernel.budgets_within(&first),
        kernel.budgets_within(&second),
    );
    let chosen = every_subset(kernel, &first, |leaders, sums| leaders.mbr(sums, axis));
    let best = |size: Option<usize>| {
        let chosen = chosen.iter().copied();
        let of_size = chosen.filter(|(subset, _)| size.is_none_or(|size| subset.len() == size));
        of_size.min_by(|&a, &b| by_mbr(a, b))
    };
    let mut leaders = Leaders::new(kernel, &second);
    let mut test = |subset: Subset| {
        let values = &second.sums(subset);
        leaders.mbr(Sums { subset, values }, axis)
    };
    let sizes = (1..=kernel.proxies()).map(Some).chain([None]);
    let choice = |(subset, chosen)| Choice {
        subset,
        chosen,
        tested: test(subset),
    };
    sizes.filter_map(best).map(choice).collect()
}

impl SplitTest {
    /// None only if every split is undefined, as where no half has a feasible network.
    fn of(
        size: Option<usize>,
        choices: &[Choice],
        single: &[Choice],
        all: &[Choice],
    ) -> Option<Self> {
        let interval = |values: Vec<f64>| {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            Interval::of_draws(mean, values.into_iter())
        };
        let gain_over = |others: &[Choice]| {
            let pairs = choices.iter().zip(others);
            interval(pairs.map(|(c, other)| other.tested - c.tested).collect())
        };
        let mut subsets: Vec<Subset> = choices.iter().map(|choice| choice.subset).collect();
        subsets.sort_unstable();
        let mut favourite: &[Subset] = &[];
        for run in subsets.chunk_by(|a, b| a == b) {
            if run.len() > favourite.len() {
                favourite = run;
            }
        }
        Some(Self {
            size,
            chosen: interval(choices.iter().map(|c| c.chosen).collect())?,
            tested: interval(choices.iter().map(|c| c.tested).collect())?,
            gain_over_single: gain_over(single)?,
            gain_over_all: gain_over(all)?,
            optimism: interval(choices.iter().map(|c| c.tested - c.chosen).collect())?,
            favourite: (
                *favourite.first()?,
                favourite.len() as f64 / choices.len() as f64,
            ),
        })
    }
}
