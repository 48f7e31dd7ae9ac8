//! What the network is to answer: smoothed labels, and mixtures of two images' labels.
//!
//! Label smoothing by `e`: `1 - e + e / C` on the class, `e / C` on the `C - 1` others. Mixup (Zhang et al.
//! 2018): a batch is mixed with itself in another order, image and target alike, `l x + (1 - l) x'`, with one
//! `l` from Beta(alpha, alpha) for the whole batch.

use nbz_data::Stream;
use nbz_engine::{EngineError, Targets};

/// The smoothed targets of labels, `[N, classes]`.
///
/// ```
/// let rows = nbz_train::smooth(&[1], 4, 0.1);
/// assert_eq!(rows, [0.025, 0.925, 0.025, 0.025]);
/// ```
///
/// # Panics
/// If a label is not below `classes`.
pub fn smooth(labels: &[u32], classes: usize, smoothing: f64) -> Vec<f64> {
    let mut rows = vec![smoothing / classes as f64; labels.len() * classes];
    for (row, &label) in rows.chunks_mut(classes).zip(labels) {
        row[label as usize] += 1.0 - smoothing;
    }
    rows
}

/// How a batch is mixed with itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixture {
    share: f64,
    partners: Vec<usize>,
}

impl Mixture {
    /// The draw of a batch of `count` images: the share from Beta(`alpha`, `alpha`), then the order.
    pub fn draw(stream: &mut Stream, alpha: f64, count: usize) -> Self {
        Self {
            share: beta(stream, alpha),
            partners: stream.distinct(count, count),
        }
    }

    /// The weight of an image itself.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Mixes rows of `width` numbers, one row an image.
    ///
    /// # Panics
    /// If there are not as many rows as the draw was for.
    pub fn apply<T: Copy + Into<f64>>(
        &self,
        rows: &[T],
        width: usize,
        round: impl Fn(f64) -> T,
    ) -> Vec<T> {
        assert_eq!(rows.len(), width * self.partners.len(), "rows of a batch");
        let row = |i: usize| &rows[i * width..][..width];
        let mix = |(&a, &b): (&T, &T)| {
            let (a, b): (f64, f64) = (a.into(), b.into());
            round(self.share * a + (1.0 - self.share) * b)
        };
        let mut out = Vec::with_capacity(rows.len());
        for (i, &partner) in self.partners.iter().enumerate() {
            out.extend(row(i).iter().zip(row(partner)).map(mix));
        }
        out
    }

    /// The mixed targets of smoothed labels.
    ///
    /// # Errors
    /// None for rows of [`smooth`].
    pub fn targets(&self, rows: &[f64], classes: usize) -> Result<Targets, EngineError> {
        Targets::new(classes, self.apply(rows, classes, |t| t))
    }
}

/// A number from Beta(`alpha`, `alpha`) by Jöhnk's method: `x / (x + y)` with `x = u^(1/alpha)`,
/// `y = v^(1/alpha)` of uniform `u`, `v`, drawn again until `x + y <= 1`; in logarithms, because a small
/// alpha makes powers that underflow.
fn beta(stream: &mut Stream, alpha: f64) -> f64 {
    loop {
        // 1 - u is never 0.
        let x = libm::log(1.0 - stream.unit()) / alpha;
        let y = libm::log(1.0 - stream.unit()) / alpha;
        let larger = x.max(y);
        let sum = libm::exp(x - larger) + libm::exp(y - larger);
        if larger + libm::log(sum) <= 0.0 {
            return libm::exp(x - larger) / sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_moments_of_the_beta_distribution() {
        // Oracle: mean 1/2, variance 1 / (4 (2 alpha + 1)), fourth central moment 3 / (16 (2a+1)(2a+3));
        // 40,000 draws, tolerance five standard errors.
        for alpha in [0.05, 0.2, 1.0, 4.0] {
            let mut stream = Stream::new(7, "beta");
            let draws: Vec<f64> = (0..40_000).map(|_| beta(&mut stream, alpha)).collect();
            let mean = draws.iter().sum::<f64>() / 40_000.0;
            let variance = draws.iter().map(|d| (d - 0.5).powi(2)).sum::<f64>() / 40_000.0;
            let expected = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            let fourth = 3.0 / (16.0 * (2.0 * alpha + 1.0) * (2.0 * alpha + 3.0));
            let errors = [
                expected / 40_000.0,
                (fourth - expected * expected) / 40_000.0,
            ]
            .map(f64::sqrt);
            assert!(
                (mean - 0.5).abs() < 5.0 * errors[0],
                "alpha {alpha}: mean {mean}"
            );
            assert!(
                (variance - expected).abs() < 5.0 * errors[1],
                "alpha {alpha}: variance {variance}"
            );
        }
    }

    #[test]
    fn images_and_targets_are_mixed_alike() {
        let mixture = Mixture {
            share: 0.75,
            partners: vec![1, 0],
        };
        assert_eq!(
            mixture.apply(&[0.0_f32, 4.0, 8.0, 0.0], 2, |v| v as f32),
            [2.0, 3.0, 6.0, 1.0]
        );
        let targets = mixture
            .targets(&smooth(&[0, 1], 2, 0.0), 2)
            .expect("distributions");
        assert_eq!(targets.values(), [0.75, 0.25, 0.25, 0.75]);
    }
}
