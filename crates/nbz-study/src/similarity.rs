//! Which scores say the same: rank correlation of all pairs, a clustered order, and shared best networks.
//!
//! Spearman's correlation as in [`crate::spearman`]: rows in which either score is NaN are left out.
//! Clusters join by average linkage on the distance 1 - rho, so scores that rank alike come together and
//! scores that rank in opposite ways lie furthest apart; an undefined rho counts as 0, knowing nothing of
//! each other. The order is that of the leaves, the branch with the smaller first index ahead.
//! The overlap is |A and B| / k for the k = floor(share n) best predicted networks of each (ties by row, NaN
//! last); two unrelated scores share k / n of them.

use serde::Serialize;

use crate::error::{StudyError, check_length};
use crate::order::predicted_order;
use crate::spearman::spearman;
use crate::top::count_of;

/// The share of best networks whose overlap the paper's groups are judged by here.
pub const OVERLAP_SHARE: f64 = 0.05;

/// Scores compared with each other. Matrices are square, by the position of the score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Similarity {
    /// Spearman's correlation; None where it is undefined.
    pub spearman: Vec<Vec<Option<f64>>>,
    /// The share of the best networks that two scores have in common; None where that share is no network.
    pub overlap: Vec<Vec<Option<f64>>>,
    /// Positions of the scores, alike ones next to each other.
    pub order: Vec<usize>,
    /// The joins, first the closest.
    pub merges: Vec<Merge>,
    /// Networks among the best of each score.
    pub best: usize,
    /// Networks.
    pub n: usize,
}

/// Two clusters that become one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merge {
    /// Members of the one with the smaller first member, in leaf order.
    pub left: Vec<usize>,
    /// Members of the other.
    pub right: Vec<usize>,
    /// Mean of 1 - rho between their members, 0 to 2.
    pub distance: f64,
}

impl Similarity {
    /// Compares all pairs of some scores of the same networks.
    ///
    /// ```
    /// use nbz_study::Similarity;
    ///
    /// let (a, b) = ([1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]);
    /// let alike = [10.0, 20.0, 30.0, 40.0];
    /// let found = Similarity::of(&[&a, &b, &alike], 0.25)?;
    /// assert_eq!(found.order, [0, 2, 1]);
    /// assert_eq!(found.spearman[0][1], Some(-1.0));
    /// assert_eq!((found.overlap[0][1], found.overlap[0][2]), (Some(0.0), Some(1.0)));
    /// assert_eq!(found.groups(1.0), [vec![0, 2], vec![1]]);
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    ///
    /// # Errors
    /// [`StudyError::Length`] for scores of different networks.
    pub fn of(scores: &[&[f64]], share: f64) -> Result<Self, StudyError> {
        let n = scores.first().map_or(0, |score| score.len());
        for (index, score) in scores.iter().enumerate() {
            check_length(&format!("score {index}"), n, score.len())?;
        }
        let best = count_of(share, n);
        let tops: Vec<Vec<bool>> = scores.iter().map(|score| top(score, best)).collect();
        let count = scores.len();
        let mut matrix = vec![vec![None; count]; count];
        let mut overlap = vec![vec![None; count]; count];
        for a in 0..count {
            for b in a..count {
                let rho = spearman(scores[a], scores[b]);
                let shared = tops[a]
                    .iter()
                    .zip(&tops[b])
                    .filter(|(a, b)| **a && **b)
                    .count();
                let shared = (best > 0).then(|| shared as f64 / best as f64);
                (matrix[a][b], matrix[b][a]) = (rho, rho);
                (overlap[a][b], overlap[b][a]) = (shared, shared);
            }
        }
        let merges = average_linkage(&matrix);
        let order = merges.last().map_or_else(
            || (0..count).collect(),
            |last| [last.left.as_slice(), &last.right].concat(),
        );
        Ok(Self {
            spearman: matrix,
            overlap,
            order,
            merges,
            best,
            n,
        })
    }

    /// The clusters left when joins at `distance` or more are not made, by first member.
    pub fn groups(&self, distance: f64) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = (0..self.spearman.len()).map(|leaf| vec![leaf]).collect();
        for merge in self.merges.iter().filter(|merge| merge.distance < distance) {
            groups.retain(|group| {
                !merge.left.contains(&group[0]) && !merge.right.contains(&group[0])
            });
            groups.push([merge.left.as_slice(), &merge.right].concat());
        }
        groups.sort_by_key(|group| group.iter().min().copied());
        groups
    }
}

/// Whether each row is among the `best` first predicted.
fn top(scores: &[f64], best: usize) -> Vec<bool> {
    let mut top = vec![false; scores.len()];
    for row in predicted_order(scores).into_iter().take(best) {
        top[row] = true;
    }
    top
}

/// Joins the two closest clusters until one is left; of equally close pairs the first.
fn average_linkage(rho: &[Vec<Option<f64>>]) -> Vec<Merge> {
    let mut clusters: Vec<Vec<usize>> = (0..rho.len()).map(|leaf| vec![leaf]).collect();
    let between = |a: &[usize], b: &[usize]| {
        let pairs = a.iter().flat_map(|&i| b.iter().map(move |&j| (i, j)));
        let total: f64 = pairs.map(|(i, j)| 1.0 - rho[i][j].unwrap_or(0.0)).sum();
        total / (a.len() * b.len()) as f64
    };
    let mut merges = Vec::new();
    while clusters.len() > 1 {
        let mut closest = (f64::INFINITY, 0, 1);
        for a in 0..clusters.len() {
            for b in a + 1..clusters.len() {
                let distance = between(&clusters[a], &clusters[b]);
                if distance < closest.0 {
                    closest = (distance, a, b);
                }
            }
        }
        let (distance, a, b) = closest;
        let right = clusters.remove(b);
        let left = clusters[a].clone();
        clusters[a].extend(&right);
        merges.push(Merge {
            left,
            right,
            distance,
        });
    }
    merges
}

#[cfg(test)]
mod tests {
    use super::Similarity;

    /// Oracle: `scipy.cluster.hierarchy.linkage(1 - rho, "average")` of scipy 1.17 on these columns joins
    /// (0, 2) at 0.1, (1, 3) at 0.4 and both at 1.825; tolerance 1e-12.
    #[test]
    fn joins_are_those_of_average_linkage() {
        let columns = [
            [1.0, 2.0, 3.0, 4.0, 5.0],
            [5.0, 4.0, 3.0, 2.0, 1.0],
            [1.0, 3.0, 2.0, 4.0, 5.0],
            [4.0, 3.0, 5.0, 1.0, 2.0],
        ];
        let columns: Vec<&[f64]> = columns.iter().map(<[f64; 5]>::as_slice).collect();
        let found = Similarity::of(&columns, 0.4).unwrap();
        let joined: Vec<_> = found
            .merges
            .iter()
            .map(|m| (m.left.as_slice(), m.right.as_slice()))
            .collect();
        assert_eq!(
            joined,
            [(&[0][..], &[2][..]), (&[1], &[3]), (&[0, 2], &[1, 3])]
        );
        let distances = [0.1, 0.4, 1.825];
        for (merge, distance) in found.merges.iter().zip(distances) {
            assert!((merge.distance - distance).abs() < 1e-12);
        }
        assert_eq!(found.order, [0, 2, 1, 3]);
        assert_eq!(found.groups(1.0), [vec![0, 2], vec![1, 3]]);
        assert_eq!(found.groups(3.0).len(), 1);
        assert_eq!(found.groups(0.0).len(), 4);
    }

    #[test]
    fn scores_without_an_order_are_undefined_and_in_no_group() {
        let (flat, nan) = ([1.0; 3], [f64::NAN; 3]);
        let found = Similarity::of(&[&flat, &nan, &[1.0, 2.0, 3.0]], 0.05).unwrap();
        assert_eq!(found.spearman[0][2], None);
        assert_eq!(found.overlap[0][2], None); // five per cent of three networks is none
        assert_eq!(found.groups(1.0).len(), 3);
        assert!(Similarity::of(&[], 0.05).unwrap().order.is_empty());
    }
}
