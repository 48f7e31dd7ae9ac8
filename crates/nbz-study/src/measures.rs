//! Every measure of one score on one pool.
//!
//! Serialises with the keys of the reference values (`lc`, `kd`, `sr`, `br`, `p`, `mbr`, ...);
//! undefined measures are null: `None` here, and NaN in the means of mBR, of which `mbr_undefined` says why.

use serde::Serialize;

use crate::constrained::Constrained;
use crate::kendall::tau_b_of;
use crate::pearson::pearson;
use crate::pool::Pool;
use crate::prediction::Prediction;
use crate::spearman::spearman_of;
use crate::top::{BestRank, Precision, best_ranks, precisions};
use crate::undefined::Undefined;

/// Pools up to this size list the whole predicted and true order.
const LISTED_ROWS: usize = 32;

/// What one score reaches on one pool.
///
/// ```
/// use nbz_study::{Axis, Cost, Pool, Undefined};
///
/// let (accuracy, macs) = ([70.0, 72.0, 71.0], [1.0, 2.0, 3.0]);
/// let pool = Pool::new(&accuracy)?.with_axis(Axis::even(Cost::new("macs", &macs), 2)?)?;
///
/// // The oracle: accuracy as its own score.
/// let oracle = pool.measures(&accuracy)?;
/// assert_eq!((oracle.kd, oracle.mbr.unwrap().all.mbr), (Some(1.0), 0.0));
///
/// // NaN ranks last and is left out of the correlations, which are undefined on what is left.
/// let undefined = pool.measures(&[f64::NAN, f64::NAN, 3.0])?;
/// assert_eq!((undefined.n_nan, undefined.n_used, undefined.kd), (2, 1, None));
///
/// // An infinite score ranks as usual, but no line runs through it.
/// let infinite = pool.measures(&[f64::NEG_INFINITY, f64::INFINITY, 3.0])?;
/// assert_eq!((infinite.lc, infinite.kd, infinite.n_inf), (None, Some(1.0), 2));
///
/// // A constant score has no correlation, and its mean over ties is that of random choice.
/// let constant = pool.measures(&[5.0; 3])?;
/// assert_eq!(constant.lc, None);
/// assert_eq!(constant.mbr.unwrap().axes[0].picks[1].r_ties, 1.0);
///
/// // Where all accuracies are equal no network ranks before another: mBR is NaN, and why is said.
/// let flat = Pool::new(&[70.0; 3])?.with_axis(Axis::even(Cost::new("macs", &macs), 2)?)?;
/// let tied = flat.measures(&[1.0, 2.0, 3.0])?;
/// assert_eq!(tied.mbr_undefined, Some(Undefined::TiedAccuracies));
/// assert!(tied.mbr.unwrap().all.mbr_ties.is_nan());
///
/// // One network is its own best.
/// let one = Pool::new(&[70.0])?.measures(&[1.0])?;
/// assert_eq!((one.lc, one.p[7].top), (None, Some(1.0)));
/// # Ok::<(), nbz_study::StudyError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// Networks in the pool.
    pub n: usize,
    /// Networks whose score is NaN.
    pub n_nan: usize,
    /// Networks whose score is infinite.
    pub n_inf: usize,
    /// Networks that the correlations use: those whose score is not NaN.
    pub n_used: usize,
    /// Pearson's linear correlation with accuracy; None if a used score is infinite.
    pub lc: Option<f64>,
    /// The same over the networks of finite score.
    pub lc_finite: Option<f64>,
    /// Kendall's tau-b.
    pub kd: Option<f64>,
    /// Spearman's correlation of average ranks.
    pub sr: Option<f64>,
    /// BR@K and WR@K.
    pub br: Vec<BestRank>,
    /// P@topK and P@bottomK.
    pub p: Vec<Precision>,
    /// Rows, best predicted first; listed for at most 32 networks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicted_order: Option<Vec<usize>>,
    /// True rank of each row; listed for at most 32 networks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_rank: Option<Vec<usize>>,
    /// Search under the pool's budgets; None on a pool without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mbr: Option<Constrained>,
    /// Why mBR is NaN, where it is, budgets or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mbr_undefined: Option<Undefined>,
}

impl Measures {
    pub(crate) fn of(pool: &Pool, prediction: &Prediction) -> Self {
        let pairs = prediction.pairs(pool, 0, prediction.len());
        let sr = spearman_of(&pairs);
        let kd = tau_b_of(pairs);
        let n_inf = prediction
            .scores
            .iter()
            .filter(|score| score.is_infinite())
            .count();
        let lc_finite = finite_correlation(&prediction.scores, pool.accuracy());
        let listed = pool.len() <= LISTED_ROWS;
        let predicted = || {
            prediction
                .order
                .iter()
                .map(|&rank| pool.row_of(rank))
                .collect()
        };
        Self {
            n: pool.len(),
            n_nan: pool.len() - prediction.defined,
            n_inf,
            n_used: prediction.defined,
            lc: if n_inf == 0 { lc_finite } else { None },
            lc_finite,
            kd,
            sr,
            br: best_ranks(prediction),
            p: precisions(pool, prediction, kd),
            predicted_order: listed.then(predicted),
            true_rank: listed.then(|| pool.true_ranks().collect()),
            mbr: Constrained::of(pool, prediction),
            mbr_undefined: pool.mbr_undefined(),
        }
    }
}

/// Pearson's correlation over the finite scores.
pub(crate) fn finite_correlation(scores: &[f64], accuracy: &[f64]) -> Option<f64> {
    let (x, y): (Vec<f64>, Vec<f64>) = scores
        .iter()
        .zip(accuracy)
        .filter(|(score, _)| score.is_finite())
        .unzip();
    pearson(&x, &y)
}
