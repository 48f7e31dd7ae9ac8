//! How good the ends of a predicted order are: BR@K, WR@K, P@topK, P@bottomK.
//!
//! With k = floor(K n), the product taken in double precision (Ning et al., NeurIPS 2021;
//! `walkerning/aw_nas`, `evaluation.py`):
//! BR = (1 + smallest true rank of the k best predicted) / n, WR the same with the largest;
//! P@top = share of the k best predicted whose true rank is below k, P@bottom = share of the k last
//! predicted whose true rank is n - k or more; `kd_top`, `kd_bottom` = tau-b within those k.
//! Networks with a NaN score stand last and count in n; only the tau-b leaves them out.

use serde::{Deserialize, Serialize};

use crate::kendall::tau_b_of;
use crate::pool::Pool;
use crate::prediction::Prediction;

/// The shares K at which BR and WR are taken; they ascend, which half-samples rely on.
pub const BEST_SHARES: [f64; 6] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.2];
/// The shares K at which P is taken.
pub const PRECISION_SHARES: [f64; 8] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 1.0];

/// Best and worst true rank among the k best predicted networks, as a share of the pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BestRank {
    /// The share of the pool.
    #[serde(rename = "K")]
    pub share: f64,
    /// Networks in that share; with 0 the measures are undefined.
    pub k: usize,
    /// BR@K, smaller is better, 1/n at best.
    pub br: Option<f64>,
    /// WR@K, smaller is better.
    pub wr: Option<f64>,
}

/// How far the ends of the predicted order are the ends of the true one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// The share of the pool.
    #[serde(rename = "K")]
    pub share: f64,
    /// Networks in that share; with 0 the measures are undefined.
    pub k: usize,
    /// P@topK.
    pub top: Option<f64>,
    /// P@bottomK.
    pub bottom: Option<f64>,
    /// Tau-b within the k best predicted, NaN scores left out.
    pub kd_top: Option<f64>,
    /// Tau-b within the k last predicted, NaN scores left out.
    pub kd_bottom: Option<f64>,
}

/// floor(K n) with the product in double precision, as the reference takes it.
pub(crate) fn count_of(share: f64, n: usize) -> usize {
    (share * n as f64) as usize
}

pub(crate) fn best_ranks(prediction: &Prediction) -> Vec<BestRank> {
    let n = prediction.len();
    let rank_share = |rank: Option<&u32>| rank.map(|&rank| f64::from(rank + 1) / n as f64);
    BEST_SHARES
        .iter()
        .map(|&share| {
            let k = count_of(share, n);
            let best = &prediction.order[..k];
            BestRank {
                share,
                k,
                br: rank_share(best.iter().min()),
                wr: rank_share(best.iter().max()),
            }
        })
        .collect()
}

/// P at every share; `kd` is the tau-b of the whole pool, which the share 1 has at both ends.
pub(crate) fn precisions(pool: &Pool, prediction: &Prediction, kd: Option<f64>) -> Vec<Precision> {
    let n = prediction.len();
    let share_of = |hits: usize, k: usize| (k > 0).then(|| hits as f64 / k as f64);
    PRECISION_SHARES
        .iter()
        .map(|&share| {
            let k = count_of(share, n);
            let (top, bottom) = (&prediction.order[..k], &prediction.order[n - k..]);
            let within = |from, to| match k {
                _ if k == n => kd,
                _ => tau_b_of(prediction.pairs(pool, from, to)),
            };
            Precision {
                share,
                k,
                top: share_of(top.iter().filter(|&&rank| (rank as usize) < k).count(), k),
                bottom: share_of(bottom.iter().filter(|&&r| r as usize >= n - k).count(), k),
                kd_top: within(0, k),
                kd_bottom: within(n - k, n),
            }
        })
        .collect()
}
