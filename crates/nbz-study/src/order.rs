//! The order in which scores put networks, and the dense levels that ties make.
//!
//! Larger is better. Positive infinity comes first, negative infinity before NaN, NaN last; equal
//! values (0 and -0, NaN and NaN included) form one *level* and stand in row order.

/// A key that sorts ascending where the score is to sort descending, NaN last, -0 equal to 0.
fn descending_key(score: f64) -> u64 {
    if score.is_nan() {
        return u64::MAX;
    }
    // Adding zero turns -0 into 0, so that the two get one key.
    let bits = (score + 0.0).to_bits();
    let sign = 1 << 63;
    let ascending = if bits & sign == 0 { bits | sign } else { !bits };
    !ascending
}

/// Rows in predicted order with the level of each.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// Rows, best first.
    pub(crate) rows: Vec<u32>,
    /// Dense level of `rows[i]`: 0 for the best score, the same for equal scores.
    pub(crate) levels: Vec<u32>,
    /// How many leading rows have a score that is not NaN.
    pub(crate) defined: usize,
}

impl Order {
    /// Sorts rows by score; the caller has made sure that rows fit in 32 bits.
    pub(crate) fn of(scores: &[f64]) -> Self {
        let mut keyed: Vec<(u64, u32)> = scores
            .iter()
            .zip(0u32..)
            .map(|(&score, row)| (descending_key(score), row))
            .collect();
        keyed.sort_unstable();
        let mut level = 0;
        let mut previous = keyed.first().map_or(0, |first| first.0);
        let levels = keyed
            .iter()
            .map(|&(key, _)| {
                level += u32::from(key != previous);
                previous = key;
                level
            })
            .collect();
        Self {
            defined: keyed.partition_point(|&(key, _)| key != u64::MAX),
            levels,
            rows: keyed.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

/// Rows in predicted order, best first: the stable order that every best-of measure uses.
///
/// ```
/// use nbz_study::predicted_order;
///
/// let scores = [1.0, f64::NAN, f64::INFINITY, 1.0, f64::NEG_INFINITY];
/// assert_eq!(predicted_order(&scores), [2, 0, 3, 4, 1]); // ties by row, NaN last
/// assert!(predicted_order(&[]).is_empty());
/// ```
pub fn predicted_order(scores: &[f64]) -> Vec<usize> {
    Order::of(scores)
        .rows
        .into_iter()
        .map(|row| row as usize)
        .collect()
}

/// The rank of each row in [`predicted_order`], 0 for the best; of accuracies, the *true rank*.
///
/// ```
/// assert_eq!(nbz_study::ordinal_ranks(&[70.0, 72.0, 70.0]), [1, 0, 2]); // ties by row
/// ```
pub fn ordinal_ranks(values: &[f64]) -> Vec<usize> {
    let mut ranks = vec![0; values.len()];
    for (rank, row) in predicted_order(values).into_iter().enumerate() {
        ranks[row] = rank;
    }
    ranks
}
