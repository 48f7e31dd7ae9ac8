//! 95 % intervals, what they are of, and the recipe that makes them repeatable.
//!
//! An interval says how a number would move had *other networks of the same space* been in the pool. It
//! says nothing about other trainings of these networks, other seeds of a proxy or other data. Fewer than
//! four networks have no interval, nor has the accuracy found among fewer than four feasible ones.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::half_sample::choose;

/// The 97.5 % point of the normal distribution.
pub(crate) const NORMAL_97_5: f64 = 1.959_963_984_540_054;

/// Fewer networks than this have no interval.
///
/// Of three, leaving one out keeps two, whose correlation is 1 or -1 whatever the score, and a half is a
/// single network, which every score picks: the width would tell of their number only.
pub(crate) const FEWEST_NETWORKS: usize = 4;

/// How half-samples are drawn: the same recipe gives the same bits on any number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Names the ChaCha8 streams; draw i is stream i.
    pub seed: u64,
    /// How many half-samples; 0 leaves the best-of measures without intervals.
    pub draws: usize,
}

impl Default for Recipe {
    /// Seed 0, 1,000 draws.
    fn default() -> Self {
        Self {
            seed: 0,
            draws: 1000,
        }
    }
}

/// Splits on which a subset is chosen and tested: each costs a search over all subsets.
const MOST_SPLITS: usize = 100;

impl Recipe {
    /// The same streams, of at most a hundred splits: enough for where a choice is made on every one.
    #[must_use]
    pub fn splits(self) -> Self {
        Self {
            draws: self.draws.min(MOST_SPLITS),
            ..self
        }
    }

    /// The rows of half-sample `draw` of a pool of `n` networks, ascending: the halves on which every best-of
    /// measure's interval is made, for measures that only a caller knows.
    ///
    /// ```
    /// use nbz_study::Recipe;
    ///
    /// let half = Recipe::default().half(9, 0);
    /// assert_eq!(half.len(), 4);
    /// assert!(half.is_sorted() && half[3] < 9);
    /// assert_eq!(half, Recipe::default().half(9, 0));
    /// ```
    pub fn half(self, n: usize, draw: usize) -> Vec<usize> {
        let rows = choose(n, (n / 2).max(1).min(n), self.seed, draw as u64);
        let mut rows: Vec<usize> = rows.into_iter().map(|row| row as usize).collect();
        rows.sort_unstable();
        rows
    }
}

/// A number with its 95 % interval.
///
/// Half-sample intervals are of pools half as large, so a best-of measure (the accuracy found) can lie
/// at or beyond the end of its interval: the best of half a pool is never better than that of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The value on the whole pool.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The 2.5 % and 97.5 % points of the draws that are defined; None if none is.
    pub fn of_draws(estimate: f64, draws: impl Iterator<Item = f64>) -> Option<Self> {
        let mut draws: Vec<f64> = draws.filter(|value| !value.is_nan()).collect();
        if draws.is_empty() || estimate.is_nan() {
            return None;
        }
        draws.sort_unstable_by(f64::total_cmp);
        Some(Self {
            estimate,
            low: quantile(&draws, 0.025),
            high: quantile(&draws, 0.975),
        })
    }

    /// The normal interval of the jackknife (see `jackknife.rs` for its source): `without` holds the value
    /// without each item; None if one of them is not a number.
    ///
    /// ```
    /// use nbz_study::Interval;
    /// // A mean of four: the standard error is sqrt(sum (x - mean)^2 / (n (n - 1))), here sqrt(5 / 12).
    /// let without = [1.0, 2.0, 3.0, 4.0].map(|x| (10.0 - x) / 3.0);
    /// let mean = Interval::of_jackknife(2.5, &without).unwrap();
    /// assert!((mean.high - 2.5 - 1.959_963_984_540_054 * (5.0_f64 / 12.0).sqrt()).abs() < 1e-12);
    /// assert_eq!(Interval::of_jackknife(2.5, &[1.0, f64::NAN]), None);
    /// assert_eq!(Interval::of_jackknife(2.5, &[]), None);
    /// ```
    pub fn of_jackknife(estimate: f64, without: &[f64]) -> Option<Self> {
        let n = without.len() as f64;
        let mean = without.iter().sum::<f64>() / n;
        let squares: f64 = without.iter().map(|value| (value - mean).powi(2)).sum();
        let width = NORMAL_97_5 * ((n - 1.0) / n * squares).sqrt();
        (!width.is_nan() && !estimate.is_nan()).then_some(Self {
            estimate,
            low: estimate - width,
            high: estimate + width,
        })
    }

    /// Whether zero lies outside: for a difference, that the two rows differ.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// The quantile of sorted values, linear between neighbours (numpy's default).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

/// What an interval is of. Prints as the key under which intervals serialise.
#[derive(Debug, Clone, PartialEq)]
pub enum Statistic {
    /// Pearson's correlation, undefined with infinite scores.
    Lc,
    /// The same over finite scores.
    LcFinite,
    /// Kendall's tau-b.
    Kd,
    /// Spearman's correlation.
    Sr,
    /// BR at a share of the pool.
    Br(f64),
    /// WR at a share of the pool.
    Wr(f64),
    /// P@top at a share of the pool.
    PTop(f64),
    /// P@bottom at a share of the pool.
    PBottom(f64),
    /// mBR by row order over an axis, or over all.
    Mbr(String),
    /// mBR with ties averaged over an axis, or over all.
    MbrTies(String),
    /// Accuracy found, ties averaged, under budget `index` (0-based) of an axis.
    Found {
        /// The axis.
        axis: String,
        /// 0-based position of the budget.
        index: usize,
    },
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lc => f.write_str("lc"),
            Self::LcFinite => f.write_str("lc_finite"),
            Self::Kd => f.write_str("kd"),
            Self::Sr => f.write_str("sr"),
            Self::Br(share) => write!(f, "br@{share}"),
            Self::Wr(share) => write!(f, "wr@{share}"),
            Self::PTop(share) => write!(f, "p_top@{share}"),
            Self::PBottom(share) => write!(f, "p_bottom@{share}"),
            Self::Mbr(axis) => write!(f, "mbr_feasible:{axis}"),
            Self::MbrTies(axis) => write!(f, "mbr_ties:{axis}"),
            Self::Found { axis, index } => write!(f, "pick_acc_ties:{axis}:{index}"),
        }
    }
}

/// Intervals of one row, or of the difference of two; undefined ones are left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Intervals {
    entries: Vec<(Statistic, Interval)>,
}

impl Intervals {
    pub(crate) fn push(&mut self, statistic: Statistic, interval: Option<Interval>) {
        self.entries
            .extend(interval.map(|interval| (statistic, interval)));
    }

    /// The interval of a statistic, if it is defined.
    pub fn get(&self, statistic: &Statistic) -> Option<Interval> {
        self.entries
            .iter()
            .find(|(of, _)| of == statistic)
            .map(|(_, interval)| *interval)
    }

    /// All intervals, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (&Statistic, Interval)> {
        self.entries
            .iter()
            .map(|(statistic, interval)| (statistic, *interval))
    }
}

impl Serialize for Intervals {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.iter()
                .map(|(key, interval)| (key.to_string(), interval)),
        )
    }
}
