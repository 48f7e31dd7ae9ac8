//! Two columns as dense levels: what every rank correlation reads.
//!
//! A rank correlation depends on order and ties alone, so both columns become small integers first
//! (0 for the largest value, equal values alike) and all sums below are exact integers, rounded once.

use crate::order::Order;

/// The used pairs, sorted by level of the score; `scores` never falls.
#[derive(Debug, Clone, Default)]
pub(crate) struct LevelPairs {
    /// Level of the score.
    pub(crate) scores: Vec<u32>,
    /// Level of the accuracy, in no order; levels may be absent.
    pub(crate) accuracies: Vec<u32>,
}

impl LevelPairs {
    /// Levels of two columns; rows in which either is NaN are left out.
    ///
    /// # Panics
    ///
    /// If the columns differ in length.
    pub(crate) fn of(x: &[f64], y: &[f64]) -> Self {
        assert_eq!(x.len(), y.len(), "columns of one length");
        let y = Order::of(y);
        let mut level_of_row = vec![None; x.len()];
        for (&row, &level) in y.rows[..y.defined].iter().zip(&y.levels) {
            level_of_row[row as usize] = Some(level);
        }
        let x = Order::of(x);
        let (scores, accuracies) = x.rows[..x.defined]
            .iter()
            .zip(&x.levels)
            .filter_map(|(&row, &level)| Some((level, level_of_row[row as usize]?)))
            .unzip();
        Self { scores, accuracies }
    }

    pub(crate) fn len(&self) -> usize {
        self.scores.len()
    }

    /// Sizes of the runs of equal score levels, in order.
    pub(crate) fn score_ties(&self) -> impl Iterator<Item = usize> {
        self.scores.chunk_by(|a, b| a == b).map(<[u32]>::len)
    }

    /// How many pairs stand at each accuracy level.
    pub(crate) fn accuracy_counts(&self) -> Vec<u32> {
        let levels = self
            .accuracies
            .iter()
            .max()
            .map_or(0, |&top| top as usize + 1);
        let mut counts = vec![0; levels];
        for &level in &self.accuracies {
            counts[level as usize] += 1;
        }
        counts
    }
}

/// The sum over tie groups of t (t - 1) / 2, the pairs that a column leaves undecided.
pub(crate) fn tied_pairs(sizes: impl Iterator<Item = usize>) -> i64 {
    sizes
        .map(|size| (size * size.saturating_sub(1) / 2) as i64)
        .sum()
}

/// Twice the average rank of each level, 1-based, from the size of each: an exact integer.
pub(crate) fn doubled_ranks(counts: &[u32]) -> Vec<i64> {
    let mut below = 0;
    counts
        .iter()
        .map(|&count| {
            let rank = 2 * below + i64::from(count) + 1;
            below += i64::from(count);
            rank
        })
        .collect()
}
