//! Kendall's tau-b by Knight's O(n log n) merge sort.
//!
//! With n0 = n (n - 1) / 2 pairs, of which n1 are tied in x, n2 in y and n3 in both, and D discordant
//! ones, `tau_b = (n0 - n1 - n2 + n3 - 2 D) / sqrt((n0 - n1) (n0 - n2))`
//! (Knight, JASA 61, 1966; the same as `scipy.stats.kendalltau`). Tau-b rather than tau-a because
//! depths and parameter counts have many ties. D is the number of exchanges that sorting y needs once
//! the pairs stand in x's order.

use crate::levels::{LevelPairs, tied_pairs};

/// Runs of this length are sorted by insertion before the merging starts.
const INSERTION_RUN: usize = 8;

/// Kendall's tau-b of two columns; rows in which either is NaN are left out, infinities rank as usual.
///
/// None with fewer than two usable rows or where either column is constant on them.
///
/// ```
/// use nbz_study::tau_b;
///
/// assert_eq!(tau_b(&[1.0, 2.0, 3.0], &[4.0, 5.0, 9.0]), Some(1.0));
/// // One pair is tied in x: 2 concordant pairs over sqrt(2 * 3).
/// let tied = tau_b(&[1.0, 1.0, 3.0], &[4.0, 5.0, 9.0]).unwrap();
/// assert!((tied - 2.0 / 6f64.sqrt()).abs() < 1e-15);
/// // Infinity is a score above all others, NaN is none.
/// assert_eq!(tau_b(&[f64::INFINITY, f64::NAN, 0.0], &[9.0, 1.0, 5.0]), Some(1.0));
/// assert_eq!(tau_b(&[1.0], &[4.0]), None); // one row
/// assert_eq!(tau_b(&[7.0, 7.0], &[1.0, 2.0]), None); // a constant column
/// ```
///
/// # Panics
///
/// If the columns differ in length.
pub fn tau_b(x: &[f64], y: &[f64]) -> Option<f64> {
    tau_b_of(LevelPairs::of(x, y))
}

/// Tau-b of levels; consumes them, because they are sorted in place.
pub(crate) fn tau_b_of(mut pairs: LevelPairs) -> Option<f64> {
    let tied_y = tied_pairs(
        pairs
            .accuracy_counts()
            .into_iter()
            .map(|count| count as usize),
    );
    let tied_x = tied_pairs(pairs.score_ties());
    let tied_both = sort_within_ties(&mut pairs);
    let n = pairs.len() as i64;
    let all = n * (n - 1) / 2;
    let exchanges = sort_counting_exchanges(&mut pairs.accuracies);
    ratio(
        all - tied_x - tied_y + tied_both - 2 * exchanges,
        all - tied_x,
        all - tied_y,
    )
}

/// `excess / sqrt(untied_x untied_y)`, None where a column decides no pair.
pub(crate) fn ratio(excess: i64, untied_x: i64, untied_y: i64) -> Option<f64> {
    if untied_x <= 0 || untied_y <= 0 {
        return None;
    }
    let scale = (untied_x as f64 * untied_y as f64).sqrt();
    Some((excess as f64 / scale).clamp(-1.0, 1.0))
}

/// Sorts accuracies inside each run of equal scores; returns the pairs tied in both.
fn sort_within_ties(pairs: &mut LevelPairs) -> i64 {
    let mut tied_both = 0;
    let mut start = 0;
    let runs: Vec<usize> = pairs.score_ties().filter(|&size| size > 0).collect();
    for size in runs {
        if size > 1 {
            let run = &mut pairs.accuracies[start..start + size];
            run.sort_unstable();
            tied_both += tied_pairs(run.chunk_by(|a, b| a == b).map(<[u32]>::len));
        }
        start += size;
    }
    tied_both
}

/// Sorts, and counts the exchanges of neighbours that a bubble sort would have needed.
fn sort_counting_exchanges(values: &mut [u32]) -> i64 {
    let mut exchanges = 0;
    for run in values.chunks_mut(INSERTION_RUN) {
        exchanges += insertion_exchanges(run);
    }
    let mut buffer = vec![0; values.len()];
    let mut width = INSERTION_RUN;
    while width < values.len() {
        for (from, to) in values.chunks(2 * width).zip(buffer.chunks_mut(2 * width)) {
            exchanges += merge_exchanges(from, width.min(from.len()), to);
        }
        values.copy_from_slice(&buffer);
        width *= 2;
    }
    exchanges
}

fn insertion_exchanges(run: &mut [u32]) -> i64 {
    let mut exchanges = 0;
    for sorted in 1..run.len() {
        let value = run[sorted];
        let mut place = sorted;
        while place > 0 && run[place - 1] > value {
            run[place] = run[place - 1];
            place -= 1;
        }
        run[place] = value;
        exchanges += (sorted - place) as i64;
    }
    exchanges
}

/// Merges the sorted halves `from[..middle]` and `from[middle..]`.
fn merge_exchanges(from: &[u32], middle: usize, to: &mut [u32]) -> i64 {
    let (left, right) = from.split_at(middle);
    let (mut i, mut j, mut exchanges) = (0, 0, 0);
    for slot in to.iter_mut() {
        let take_right = j < right.len() && (i == left.len() || right[j] < left[i]);
        if take_right {
            *slot = right[j];
            j += 1;
            exchanges += (left.len() - i) as i64;
        } else {
            *slot = left[i];
            i += 1;
        }
    }
    exchanges
}
