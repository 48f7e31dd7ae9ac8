//! The pool: the networks, their accuracies and the budgets that every row of one table shares.
//!
//! True rank: accuracy descending, equal accuracies by smaller row, 0 the best. Everything that does not
//! depend on a score (true ranks, feasible sets, the best of each) is computed once, here.

use crate::budget::{Axis, Budget};
use crate::error::{StudyError, check_finite, check_length};
use crate::measures::Measures;
use crate::order::Order;
use crate::prediction::Prediction;
use crate::rank_set::RankSet;
use crate::undefined::Undefined;

/// The networks on which scores are measured. Rows are 0-based positions in the accuracy slice.
#[derive(Debug, Clone)]
pub struct Pool {
    accuracy: Vec<f64>,
    /// Row of each true rank.
    pub(crate) rows: Vec<u32>,
    /// True rank of each row.
    pub(crate) ranks: Vec<u32>,
    /// Dense level of the accuracy at each true rank, 0 for the best.
    pub(crate) levels: Vec<u32>,
    /// First true rank of each level.
    level_starts: Vec<u32>,
    pub(crate) axes: Vec<PoolAxis>,
}

/// An axis in terms of true ranks.
#[derive(Debug, Clone)]
pub(crate) struct PoolAxis {
    pub(crate) name: String,
    pub(crate) budgets: Vec<(Budget, RankSet)>,
}

impl Pool {
    /// A pool of networks with finite accuracies, in any unit; larger is better.
    pub fn new(accuracy: &[f64]) -> Result<Self, StudyError> {
        if accuracy.is_empty() {
            return Err(StudyError::EmptyPool);
        }
        let limit = u32::MAX as usize;
        if accuracy.len() >= limit {
            return Err(StudyError::TooManyRows {
                rows: accuracy.len(),
                limit,
            });
        }
        check_finite("accuracy", accuracy)?;
        let order = Order::of(accuracy);
        let mut ranks = vec![0; accuracy.len()];
        for (&row, rank) in order.rows.iter().zip(0u32..) {
            ranks[row as usize] = rank;
        }
        let mut level_starts = Vec::new();
        for (&level, rank) in order.levels.iter().zip(0u32..) {
            if level as usize == level_starts.len() {
                level_starts.push(rank);
            }
        }
        Ok(Self {
            accuracy: accuracy.to_vec(),
            rows: order.rows,
            ranks,
            levels: order.levels,
            level_starts,
            axes: Vec::new(),
        })
    }

    /// Adds an axis of budgets; measures list axes in the order in which they were added.
    pub fn with_axis(mut self, axis: Axis) -> Result<Self, StudyError> {
        if axis.name == "all" || self.axes.iter().any(|other| other.name == axis.name) {
            return Err(StudyError::AxisName { name: axis.name });
        }
        let n = self.len();
        let mut budgets = Vec::with_capacity(axis.budgets.len());
        for (budget, feasible) in axis.budgets.into_iter().zip(&axis.feasible) {
            check_length(&axis.name, n, feasible.len())?;
            let members = (0..n as u32).filter(|&rank| feasible[self.rows[rank as usize] as usize]);
            budgets.push((budget, RankSet::from_members(n, members)));
        }
        self.axes.push(PoolAxis {
            name: axis.name,
            budgets,
        });
        Ok(self)
    }

    /// Every measure of one score on this pool; larger is better ([`crate::Reading`] turns others).
    ///
    /// `scores` has a value for each row; NaN is a network whose score is undefined and ranks last.
    pub fn measures(&self, scores: &[f64]) -> Result<Measures, StudyError> {
        Ok(Measures::of(self, &self.prediction(scores)?))
    }

    /// A score as an order on this pool.
    pub(crate) fn prediction(&self, scores: &[f64]) -> Result<Prediction, StudyError> {
        check_length("score", self.len(), scores.len())?;
        Ok(Prediction::of(self, scores))
    }

    /// Networks in the pool, at least one.
    #[expect(clippy::len_without_is_empty, reason = "a pool is never empty")]
    pub fn len(&self) -> usize {
        self.accuracy.len()
    }

    /// The accuracies, by row.
    pub fn accuracy(&self) -> &[f64] {
        &self.accuracy
    }

    /// The 0-based true rank of each row.
    pub fn true_ranks(&self) -> impl Iterator<Item = usize> {
        self.ranks.iter().map(|&rank| rank as usize)
    }

    /// Why no score has an mBR on this pool; None where each has one, budgets provided.
    pub fn mbr_undefined(&self) -> Option<Undefined> {
        let tied = self.len() > 1 && self.level_starts.len() == 1;
        tied.then_some(Undefined::TiedAccuracies)
    }

    /// Names of the axes, in order.
    pub fn axis_names(&self) -> impl Iterator<Item = &str> {
        self.axes.iter().map(|axis| axis.name.as_str())
    }

    pub(crate) fn row_of(&self, rank: u32) -> usize {
        self.rows[rank as usize] as usize
    }

    pub(crate) fn accuracy_at(&self, rank: u32) -> f64 {
        self.accuracy[self.row_of(rank)]
    }

    /// The best true rank that has the accuracy of `rank`.
    pub(crate) fn first_equal(&self, rank: u32) -> u32 {
        self.level_starts[self.levels[rank as usize] as usize]
    }
}
