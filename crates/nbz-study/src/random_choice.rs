//! What choosing networks at random reaches: exact expectations, not a sample.
//!
//! With n networks and k = floor(K n) of them taken at random: the smallest true rank, counted from 1,
//! has expectation (n + 1) / (k + 1), the largest k (n + 1) / (k + 1); k / n of the true k best are among
//! them. A random pick among N feasible networks has mean 0-based rank (N - 1) / 2 and the mean accuracy
//! of the feasible networks. Every correlation has expectation 0.

use serde::Serialize;

use crate::pool::Pool;
use crate::top::{BEST_SHARES, PRECISION_SHARES, count_of};

/// Expectations of the measures under random choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RandomChoice {
    /// Networks in the pool.
    pub n: usize,
    /// Expectation of LC, KD and SR.
    pub correlation: f64,
    /// For each share of [`BEST_SHARES`]: share, BR, WR; None where the share holds no network.
    pub br: Vec<(f64, Option<f64>, Option<f64>)>,
    /// For each share of [`PRECISION_SHARES`]: share, P@top, which P@bottom equals.
    pub p: Vec<(f64, Option<f64>)>,
    /// One entry an axis.
    pub axes: Vec<RandomAxis>,
    /// Expectation of mBR over the budgets of all axes; None without any, or where all accuracies are equal.
    pub mbr: Option<f64>,
}

/// Random choice under the budgets of one axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RandomAxis {
    /// The axis.
    pub name: String,
    /// Expectation of mBR; NaN where all accuracies are equal ([`Pool::mbr_undefined`]).
    pub mbr: f64,
    /// Expected accuracy found under each budget.
    pub found: Vec<f64>,
}

impl Pool {
    /// The exact expectation of every measure under random choice.
    ///
    /// ```
    /// use nbz_study::{Axis, Cost, Pool};
    ///
    /// let pool = Pool::new(&[70.0, 72.0, 74.0])?
    ///     .with_axis(Axis::even(Cost::new("macs", &[1.0, 2.0, 3.0]), 2)?)?;
    /// let axis = &pool.random_choice().axes[0];
    /// assert_eq!(axis.found, [71.0, 72.0]); // of 2, then of 3 feasible networks
    /// assert_eq!(axis.mbr, (0.5 / 2.0 + 1.0 / 3.0) / 2.0);
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    pub fn random_choice(&self) -> RandomChoice {
        let n = self.len();
        let best = |share: f64| {
            let k = count_of(share, n) as f64;
            let smallest = (n + 1) as f64 / (k + 1.0) / n as f64;
            let defined = k > 0.0;
            (
                share,
                defined.then_some(smallest),
                defined.then_some(k * smallest),
            )
        };
        let precision = |share: f64| {
            let k = count_of(share, n);
            (share, (k > 0).then(|| k as f64 / n as f64))
        };
        let axes: Vec<RandomAxis> = self.random_axes();
        let terms: Vec<f64> = self
            .axes
            .iter()
            .flat_map(|axis| axis.budgets.iter().map(|(_, set)| rank_share(set.len())))
            .collect();
        RandomChoice {
            n,
            correlation: 0.0,
            br: BEST_SHARES.map(best).to_vec(),
            p: PRECISION_SHARES.map(precision).to_vec(),
            axes,
            mbr: (!terms.is_empty() && self.mbr_undefined().is_none()).then(|| mean(&terms)),
        }
    }

    fn random_axes(&self) -> Vec<RandomAxis> {
        self.axes
            .iter()
            .map(|axis| {
                let sets = || axis.budgets.iter().map(|(_, set)| set);
                let terms: Vec<f64> = sets().map(|set| rank_share(set.len())).collect();
                let found = sets().map(|set| {
                    let accuracies: Vec<f64> = set.iter().map(|r| self.accuracy_at(r)).collect();
                    mean(&accuracies)
                });
                RandomAxis {
                    name: axis.name.clone(),
                    mbr: match self.mbr_undefined() {
                        None => mean(&terms),
                        Some(_) => f64::NAN,
                    },
                    found: found.collect(),
                }
            })
            .collect()
    }
}

/// Mean 0-based rank of a random member, over the size.
fn rank_share(size: usize) -> f64 {
    (size - 1) as f64 / 2.0 / size as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
