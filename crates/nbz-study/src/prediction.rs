//! One score on one pool: the predicted order in terms of true ranks.

use crate::levels::LevelPairs;
use crate::order::Order;
use crate::pool::Pool;

/// Networks in predicted order. A network is named by its true rank in the pool.
#[derive(Debug, Clone)]
pub(crate) struct Prediction {
    /// The raw scores, by row.
    pub(crate) scores: Vec<f64>,
    /// True ranks, best predicted first.
    pub(crate) order: Vec<u32>,
    /// Level of the score of `order[i]`; equal scores, and all NaN, share one.
    pub(crate) levels: Vec<u32>,
    /// How many leading networks have a score that is not NaN.
    pub(crate) defined: usize,
}

impl Prediction {
    /// Orders the pool by `scores`, one a row.
    pub(crate) fn of(pool: &Pool, scores: &[f64]) -> Self {
        let order = Order::of(scores);
        Self {
            scores: scores.to_vec(),
            order: order
                .rows
                .iter()
                .map(|&row| pool.ranks[row as usize])
                .collect(),
            levels: order.levels,
            defined: order.defined,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// Levels of the defined scores and of the accuracies at predicted positions `from..to`.
    pub(crate) fn pairs(&self, pool: &Pool, from: usize, to: usize) -> LevelPairs {
        let to = to.min(self.defined);
        let from = from.min(to);
        LevelPairs {
            scores: self.levels[from..to].to_vec(),
            accuracies: self.order[from..to]
                .iter()
                .map(|&rank| pool.levels[rank as usize])
                .collect(),
        }
    }
}
