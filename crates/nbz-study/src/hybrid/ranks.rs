//! Ascending average-tie ranks, doubled so that they are exact integers.

use crate::order::Order;

/// Twice the rank of every row: 2 for a lone worst network, 2n for a lone best one.
///
/// Equal values share the average of their ranks; all NaN tie below negative infinity.
pub(crate) fn doubled_ascending(scores: &[f64]) -> Vec<u32> {
    let order = Order::of(scores);
    let n = scores.len();
    let mut ranks = vec![0; n];
    let mut better = 0;
    for run in order.levels.chunk_by(|a, b| a == b) {
        // Positions better..better + t of the descending order are the ascending ranks n - better - t + 1
        // to n - better; twice their mean is the sum of the two ends.
        let doubled = (2 * (n - better) - run.len() + 1) as u32;
        for &row in &order.rows[better..better + run.len()] {
            ranks[row as usize] = doubled;
        }
        better += run.len();
    }
    ranks
}
