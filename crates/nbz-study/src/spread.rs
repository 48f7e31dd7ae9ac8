//! How far an accuracy's spread comes from the networks, and how far from chance.
//!
//! The accuracy of training j of network i is taken as `m + a_i + e_ij` with independent deviations of variances
//! `networks` and `chance`. With n_i trainings of k networks, N in all, the analysis of variance gives (Searle,
//! Casella & McCulloch, Variance Components, 1992, section 3.6)
//!
//! - `chance = MSW = sum_ij (x_ij - mean_i)^2 / (N - k)`,
//! - `networks = (MSB - MSW) / n0` with `MSB = sum_i n_i (mean_i - mean)^2 / (k - 1)` and
//!   `n0 = (N - sum_i n_i^2 / N) / (k - 1)`.
//!
//! Both are unbiased; `networks` can therefore come out negative where chance is all there is.

use serde::Serialize;

use crate::error::{StudyError, check_finite};

/// The two variances, in squared units of the accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Between trainings of one network.
    pub chance: f64,
    /// Between networks, chance taken off; negative where the means differ less than chance alone would have it.
    pub networks: f64,
}

impl Spread {
    /// Of the accuracies of each network's trainings, one slice a network; None with fewer than two networks, or where
    /// none was trained twice.
    ///
    /// ```
    /// use nbz_study::Spread;
    ///
    /// let twice: [&[f64]; 3] = [&[1.0, 3.0], &[5.0, 7.0], &[9.0, 11.0]];
    /// let spread = Spread::of(&twice)?.unwrap();
    /// // Within each 2; means 2, 6, 10: MSB = 2 * 32 / 2 = 32, (32 - 2) / 2 = 15.
    /// assert_eq!((spread.chance, spread.networks), (2.0, 15.0));
    /// assert_eq!(Spread::of(&[&[1.0], &[2.0]])?, None);
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    ///
    /// # Errors
    /// An accuracy that is not finite.
    pub fn of(trainings: &[&[f64]]) -> Result<Option<Self>, StudyError> {
        for (index, network) in trainings.iter().enumerate() {
            check_finite(&format!("network {index}"), network)?;
        }
        let networks: Vec<&[f64]> = trainings
            .iter()
            .copied()
            .filter(|t| !t.is_empty())
            .collect();
        let count = |of: &[f64]| of.len() as f64;
        let (k, n) = (
            networks.len() as f64,
            networks.iter().map(|t| count(t)).sum::<f64>(),
        );
        if networks.len() < 2 || n <= k {
            return Ok(None);
        }
        let mean = |of: &[f64]| of.iter().sum::<f64>() / count(of);
        let squares = |of: &&[f64]| of.iter().map(|x| (x - mean(of)).powi(2)).sum::<f64>();
        let chance = networks.iter().map(squares).sum::<f64>() / (n - k);
        let grand = networks.iter().map(|t| t.iter().sum::<f64>()).sum::<f64>() / n;
        let apart = |of: &&[f64]| count(of) * (mean(of) - grand).powi(2);
        let between = networks.iter().map(apart).sum::<f64>() / (k - 1.0);
        let repeats = (n - networks.iter().map(|t| count(t).powi(2)).sum::<f64>() / n) / (k - 1.0);
        let networks = (between - chance) / repeats;
        Ok(Some(Self { chance, networks }))
    }

    /// Variance between trainings as a share of that between networks: NaN where networks do not differ beyond chance.
    pub fn share(&self) -> f64 {
        if self.networks > 0.0 {
            self.chance / self.networks
        } else {
            f64::NAN
        }
    }
}
