//! For each pair of values, how the others stand to it: the counts behind leave-one-out correlations.
//!
//! Networks are taken in order of score; a Fenwick tree over the accuracy levels answers how many of
//! those already met lie below. O(n log n) for all networks together.

use crate::levels::LevelPairs;

/// How the other pairs stand to one: first letter the score, second the accuracy, by level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Neighbours {
    /// Larger level in both.
    pub(crate) both_above: i64,
    /// Smaller level in both.
    pub(crate) both_below: i64,
    /// Larger level in one, smaller in the other.
    pub(crate) crossed: i64,
    /// Equal in one, larger in the other.
    pub(crate) tied_above: i64,
    /// Equal in both.
    pub(crate) both_tied: i64,
    /// Others of the same score.
    pub(crate) score_ties: i64,
    /// Others of the same accuracy.
    pub(crate) accuracy_ties: i64,
}

/// The neighbours of each pair, in the order of the pairs.
pub(crate) fn neighbours(pairs: &LevelPairs) -> Vec<Neighbours> {
    let totals = pairs.accuracy_counts();
    let below_level: Vec<i64> = totals
        .iter()
        .scan(0, |below, &count| {
            Some(std::mem::replace(below, *below + i64::from(count)))
        })
        .collect();
    let n = pairs.len() as i64;
    let mut tree = Fenwick::new(totals.len());
    let mut met = vec![0i64; totals.len()];
    let mut all = Vec::with_capacity(pairs.len());
    let mut start = 0;
    let runs: Vec<usize> = pairs.score_ties().collect();
    for size in runs {
        let run = &pairs.accuracies[start..start + size];
        // Lower score: (accuracy below, accuracy equal), before the run itself joins the tree.
        let lower: Vec<(i64, i64)> = run
            .iter()
            .map(|&y| (tree.below(y), met[y as usize]))
            .collect();
        for &y in run {
            tree.add(y);
            met[y as usize] += 1;
        }
        let (x_below, x_ties) = (start as i64, size as i64 - 1);
        for (&y, (low_low, low_tied)) in run.iter().zip(lower) {
            let tied_low = tree.below(y) - low_low;
            let both_tied = met[y as usize] - low_tied - 1;
            let y_below = below_level[y as usize];
            let y_ties = i64::from(totals[y as usize]) - 1;
            let low_high = x_below - low_low - low_tied;
            let tied_high = x_ties - tied_low - both_tied;
            let high_low = y_below - low_low - tied_low;
            let high_tied = y_ties - low_tied - both_tied;
            all.push(Neighbours {
                both_above: n - 1 - x_below - x_ties - high_low - high_tied,
                both_below: low_low,
                crossed: low_high + high_low,
                tied_above: tied_high + high_tied,
                both_tied,
                score_ties: x_ties,
                accuracy_ties: y_ties,
            });
        }
        start += size;
    }
    all
}

/// Counts by level with prefix sums in O(log n).
struct Fenwick {
    sums: Vec<i64>,
}

impl Fenwick {
    fn new(levels: usize) -> Self {
        Self {
            sums: vec![0; levels + 1],
        }
    }

    fn add(&mut self, level: u32) {
        let mut node = level as usize + 1;
        while node < self.sums.len() {
            self.sums[node] += 1;
            node += node & node.wrapping_neg();
        }
    }

    fn below(&self, level: u32) -> i64 {
        let (mut node, mut sum) = (level as usize, 0);
        while node > 0 {
            sum += self.sums[node];
            node &= node - 1;
        }
        sum
    }
}
