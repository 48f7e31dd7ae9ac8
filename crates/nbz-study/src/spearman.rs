//! Spearman's rank correlation: Pearson's on ranks, ties sharing their average rank.
//!
//! Twice an average rank is an integer, so with doubled ranks R, S the sums in
//! `(n sum RS - sum R sum S) / sqrt((n sum R^2 - (sum R)^2) (n sum S^2 - (sum S)^2))` are exact
//! (the same as `scipy.stats.spearmanr`).

use crate::levels::{LevelPairs, doubled_ranks};

/// Spearman's correlation; rows in which either column is NaN are left out, infinities rank as usual.
///
/// None with fewer than two usable rows or where either column is constant on them.
///
/// ```
/// use nbz_study::spearman;
///
/// assert_eq!(spearman(&[1.0, 2.0, 9.0], &[4.0, 5.0, 6.0]), Some(1.0));
/// // Ranks 1.5, 1.5, 3 against 1, 2, 3.
/// let tied = spearman(&[1.0, 1.0, 3.0], &[4.0, 5.0, 9.0]).unwrap();
/// assert!((tied - 1.5 / 3f64.sqrt()).abs() < 1e-15);
/// assert_eq!(spearman(&[f64::NAN, 1.0, 2.0], &[0.0, 2.0, 1.0]), Some(-1.0)); // NaN is left out
/// assert_eq!(spearman(&[f64::NEG_INFINITY, 0.0], &[1.0, 2.0]), Some(1.0));
/// assert_eq!(spearman(&[1.0], &[4.0]), None); // one row
/// assert_eq!(spearman(&[7.0, 7.0], &[1.0, 2.0]), None); // a constant column
/// ```
///
/// # Panics
///
/// If the columns differ in length.
pub fn spearman(x: &[f64], y: &[f64]) -> Option<f64> {
    spearman_of(&LevelPairs::of(x, y))
}

pub(crate) fn spearman_of(pairs: &LevelPairs) -> Option<f64> {
    let ranks = DoubledRanks::of(pairs);
    let n = pairs.len() as i128;
    // Doubled ranks are 2, 4, ..., 2n, whatever the ties: their sum is n (n + 1).
    let sum = n * (n + 1);
    let squares = |values: &[i64]| -> i128 { values.iter().map(|&r| i128::from(r * r)).sum() };
    let products: i128 = ranks
        .scores
        .iter()
        .zip(&ranks.accuracies)
        .map(|(&r, &s)| i128::from(r * s))
        .sum();
    correlation(
        n * products - sum * sum,
        n * squares(&ranks.scores) - sum * sum,
        n * squares(&ranks.accuracies) - sum * sum,
    )
}

/// `covariance / sqrt(x y)` of exact integers, None where a column is constant.
pub(crate) fn correlation(covariance: i128, x: i128, y: i128) -> Option<f64> {
    if x <= 0 || y <= 0 {
        return None;
    }
    // One root of the product, not a product of roots: equal columns then give exactly 1.
    let scale = (x as f64 * y as f64).sqrt();
    Some((covariance as f64 / scale).clamp(-1.0, 1.0))
}

/// Twice the average ranks of the used pairs, in the order of the pairs.
#[derive(Debug, Clone)]
pub(crate) struct DoubledRanks {
    pub(crate) scores: Vec<i64>,
    pub(crate) accuracies: Vec<i64>,
}

impl DoubledRanks {
    pub(crate) fn of(pairs: &LevelPairs) -> Self {
        let accuracy_ranks = doubled_ranks(&pairs.accuracy_counts());
        let mut scores = Vec::with_capacity(pairs.len());
        for size in pairs.score_ties() {
            let rank = 2 * scores.len() as i64 + size as i64 + 1;
            scores.resize(scores.len() + size, rank);
        }
        let accuracies = pairs
            .accuracies
            .iter()
            .map(|&level| accuracy_ranks[level as usize])
            .collect();
        Self { scores, accuracies }
    }
}
