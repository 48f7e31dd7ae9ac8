//! Intervals of LC, KD and SR by the jackknife: leave each network out once.
//!
//! `se^2 = (n - 1) / n * sum (t_i - mean t)^2` with t_i the correlation without network i (Efron, The
//! Annals of Statistics 7, 1979). All t_i together cost O(n log n), because leaving one network out
//! changes every sum in a way that counts of its neighbours give exactly. The interval is the normal one
//! on Fisher's scale, `tanh(atanh t ± 1.96 se / (1 - t^2))`, so it stays within -1 and 1.
//!
//! The jackknife rather than the bootstrap: it needs no seed, is as wide as 1,000 bootstrap draws where
//! both hold (tests/intervals.rs compares them), and is some hundred times cheaper. Neither means much
//! for LC of a score whose largest value outweighs all others, as raw synflow's does.

use crate::interval::{FEWEST_NETWORKS, Interval, NORMAL_97_5};
use crate::kendall::ratio;
use crate::levels::{LevelPairs, tied_pairs};
use crate::neighbours::{Neighbours, neighbours};
use crate::pearson::Moments;
use crate::pool::Pool;
use crate::prediction::Prediction;
use crate::spearman::{DoubledRanks, correlation};

/// Below this share of a sum of squares, what is left after removing one network is summed anew.
const CANCELLED: f64 = 1e-6;

/// One correlation with what each network contributes to its error.
#[derive(Debug, Clone)]
pub(crate) struct Jackknife {
    pub(crate) estimate: f64,
    /// `sqrt((n - 1) / n) (t_i - mean t)` by true rank in the pool, 0 for networks not used.
    shares: Vec<f64>,
}

impl Jackknife {
    /// None if the estimate or any value without one network is undefined, or the networks are too few.
    fn of(
        pool: usize,
        estimate: Option<f64>,
        without: impl Iterator<Item = (u32, Option<f64>)>,
    ) -> Option<Self> {
        let without: Vec<(u32, f64)> = without
            .map(|(rank, value)| Some((rank, value?)))
            .collect::<Option<_>>()?;
        if without.len() < FEWEST_NETWORKS {
            return None;
        }
        let n = without.len() as f64;
        let mean = without.iter().map(|(_, value)| value).sum::<f64>() / n;
        let mut shares = vec![0.0; pool];
        for (rank, value) in without {
            shares[rank as usize] = ((n - 1.0) / n).sqrt() * (value - mean);
        }
        Some(Self {
            estimate: estimate?,
            shares,
        })
    }

    fn standard_error(&self) -> f64 {
        self.shares
            .iter()
            .map(|share| share * share)
            .sum::<f64>()
            .sqrt()
    }

    pub(crate) fn interval(&self) -> Interval {
        let t = self.estimate;
        let width = NORMAL_97_5 * self.standard_error() / (1.0 - t * t);
        let end = |z: f64| if t.abs() < 1.0 { z.tanh() } else { t };
        Interval {
            estimate: t,
            low: end(t.atanh() - width),
            high: end(t.atanh() + width),
        }
    }

    /// The interval of `self - other` on the same networks.
    pub(crate) fn difference(&self, other: &Self) -> Interval {
        let squares = self
            .shares
            .iter()
            .zip(&other.shares)
            .map(|(a, b)| (a - b) * (a - b));
        let width = NORMAL_97_5 * squares.sum::<f64>().sqrt();
        let estimate = self.estimate - other.estimate;
        Interval {
            estimate,
            low: (estimate - width).max(-2.0),
            high: (estimate + width).min(2.0),
        }
    }
}

/// Kendall's and Spearman's correlation of one score.
pub(crate) fn rank_jackknives(
    pool: &Pool,
    prediction: &Prediction,
    kd: Option<f64>,
    sr: Option<f64>,
) -> (Option<Jackknife>, Option<Jackknife>) {
    let pairs = prediction.pairs(pool, 0, prediction.len());
    let around = neighbours(&pairs);
    let ranks = || prediction.order[..prediction.defined].iter().copied();
    let taus = kendall_without(&pairs, &around);
    let rhos = spearman_without(&pairs, &around);
    (
        Jackknife::of(pool.len(), kd, ranks().zip(taus)),
        Jackknife::of(pool.len(), sr, ranks().zip(rhos)),
    )
}

fn kendall_without(pairs: &LevelPairs, around: &[Neighbours]) -> Vec<Option<f64>> {
    let excess = |at: &Neighbours| at.both_above + at.both_below - at.crossed;
    let total = around.iter().map(excess).sum::<i64>() / 2;
    let tied_x = tied_pairs(pairs.score_ties());
    let tied_y = tied_pairs(
        pairs
            .accuracy_counts()
            .into_iter()
            .map(|count| count as usize),
    );
    let m = pairs.len() as i64 - 1;
    let all = m * (m - 1) / 2;
    around
        .iter()
        .map(|at| {
            ratio(
                total - excess(at),
                all - (tied_x - at.score_ties),
                all - (tied_y - at.accuracy_ties),
            )
        })
        .collect()
}

fn spearman_without(pairs: &LevelPairs, around: &[Neighbours]) -> Vec<Option<f64>> {
    let ranks = DoubledRanks::of(pairs);
    let products: i64 = ranks
        .scores
        .iter()
        .zip(&ranks.accuracies)
        .map(|(r, s)| r * s)
        .sum();
    // Leaving a network out lowers doubled ranks above it by 2 and those tied with it by 1.
    let lowered_by_score = lowered(&pairs.scores, &ranks.accuracies);
    let lowered_by_accuracy = lowered(&pairs.accuracies, &ranks.scores);
    let cubes = |ties: i64| i128::from(ties) * i128::from(ties) * i128::from(ties);
    let tie_term = |size: i64| cubes(size) - i128::from(size);
    let total_term = |sizes: &mut dyn Iterator<Item = usize>| -> i128 {
        sizes.map(|size| tie_term(size as i64)).sum()
    };
    let x_term = total_term(&mut pairs.score_ties());
    let y_term = total_term(
        &mut pairs
            .accuracy_counts()
            .into_iter()
            .map(|count| count as usize),
    );
    let m = pairs.len() as i128 - 1;
    let sum = m * (m + 1);
    let spread = |term: i128, ties: i64| {
        let term = term - tie_term(ties + 1) + tie_term(ties);
        m * ((2 * sum * (2 * m + 1) - term) / 3) - sum * sum
    };
    (0..pairs.len())
        .map(|i| {
            let at = &around[i];
            let product = products
                - ranks.scores[i] * ranks.accuracies[i]
                - lowered_by_score[i]
                - lowered_by_accuracy[i]
                + 4 * at.both_above
                + 2 * at.tied_above
                + at.both_tied;
            correlation(
                m * i128::from(product) - sum * sum,
                spread(x_term, at.score_ties),
                spread(y_term, at.accuracy_ties),
            )
        })
        .collect()
}

/// For each i, the sum over the others of `values[j]`, twice above level i, once at it.
fn lowered(levels: &[u32], values: &[i64]) -> Vec<i64> {
    let top = levels.iter().max().map_or(0, |&top| top as usize + 1);
    let mut at_level = vec![0i64; top];
    for (&level, &value) in levels.iter().zip(values) {
        at_level[level as usize] += value;
    }
    let mut above = vec![0i64; top];
    for level in (1..top).rev() {
        above[level - 1] = above[level] + at_level[level];
    }
    levels
        .iter()
        .zip(values)
        .map(|(&level, &value)| 2 * above[level as usize] + at_level[level as usize] - value)
        .collect()
}

/// Pearson's correlation over the networks of finite score.
pub(crate) fn linear_jackknife(pool: &Pool, prediction: &Prediction) -> Option<Jackknife> {
    let used: Vec<usize> = (0..pool.len())
        .filter(|&row| prediction.scores[row].is_finite())
        .collect();
    let x: Vec<f64> = used.iter().map(|&row| prediction.scores[row]).collect();
    let y: Vec<f64> = used.iter().map(|&row| pool.accuracy()[row]).collect();
    let moments = Moments::of(&x, &y)?;
    let without =
        (0..used.len()).map(|i| (pool.ranks[used[i]], pearson_without(&moments, &x, &y, i)));
    Jackknife::of(pool.len(), moments.correlation(), without)
}

fn pearson_without(moments: &Moments, x: &[f64], y: &[f64], i: usize) -> Option<f64> {
    let n = x.len() as f64;
    let share = n / (n - 1.0);
    let (dx, dy) = (moments.dx[i], moments.dy[i]);
    let left = Moments {
        sxx: moments.sxx - share * dx * dx,
        syy: moments.syy - share * dy * dy,
        sxy: moments.sxy - share * dx * dy,
        dx: Vec::new(),
        dy: Vec::new(),
    };
    if left.sxx > CANCELLED * moments.sxx && left.syy > CANCELLED * moments.syy {
        return left.correlation();
    }
    let others = |values: &[f64]| [&values[..i], &values[i + 1..]].concat();
    Moments::of(&others(x), &others(y))?.correlation()
}
