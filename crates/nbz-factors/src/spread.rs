//! An interval from the spread over halves.
//!
//! A number on a random half of n networks varies about as much as one on n fresh networks does (nbz-study,
//! `half_sample.rs`), so its standard deviation over halves stands for the standard error. Few halves are drawn,
//! because each costs a fit: the interval is Student's.

use nbz_study::Interval;

/// The 97.5 % point of the normal distribution.
const NORMAL_97_5: f64 = 1.959_963_984_540_054;

/// The 97.5 % point of Student's distribution with some degrees of freedom, at least one: Abramowitz and Stegun
/// 26.7.5, within 0.3 % from four degrees on.
fn student_97_5(freedom: f64) -> f64 {
    let z = NORMAL_97_5;
    let powers = |coefficients: &[f64]| {
        let terms = coefficients.iter().rev();
        // Odd powers from z up: c0 z + c1 z^3 + ...
        z * terms.fold(0.0, |sum, c| sum * z * z + c)
    };
    z + powers(&[1.0, 1.0]) / (4.0 * freedom)
        + powers(&[3.0, 16.0, 5.0]) / (96.0 * freedom.powi(2))
        + powers(&[-15.0, 17.0, 19.0, 3.0]) / (384.0 * freedom.powi(3))
        + powers(&[-945.0, -1920.0, 1482.0, 776.0, 79.0]) / (92_160.0 * freedom.powi(4))
}

/// The interval around an estimate; `draws` are two or more values on halves.
pub(crate) fn interval(estimate: f64, draws: &[f64]) -> Interval {
    let n = draws.len() as f64;
    let mean = draws.iter().sum::<f64>() / n;
    let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let width = student_97_5(n - 1.0) * variance.sqrt();
    Interval {
        estimate,
        low: estimate - width,
        high: estimate + width,
    }
}

#[cfg(test)]
mod tests {
    use super::{interval, student_97_5};

    /// Oracle: scipy.stats.t.ppf(0.975, df). Tolerance 0.3 %.
    #[test]
    fn students_points_are_those_of_tables() {
        let known = [
            (4.0, 2.776_445),
            (7.0, 2.364_624),
            (9.0, 2.262_157),
            (19.0, 2.093_024),
        ];
        for (freedom, point) in known {
            let ours = student_97_5(freedom);
            assert!((ours / point - 1.0).abs() < 0.003, "{freedom}: {ours}");
        }
    }

    /// Oracle: by hand; the standard deviation of 1, 2, 3, 4, 5 is sqrt(2.5).
    #[test]
    fn the_interval_is_students() {
        let found = interval(10.0, &[1.0, 2.0, 3.0, 4.0, 5.0]);
        let width = found.high - 10.0;
        assert!((width - 2.776_445 * 2.5f64.sqrt()).abs() < 0.01, "{width}");
        assert!((10.0 - found.low - width).abs() < 1e-12);
    }
}
