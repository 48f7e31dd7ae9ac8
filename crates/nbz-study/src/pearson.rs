//! Pearson's linear correlation, by the corrected two-pass sums.
//!
//! `r = Sxy / sqrt(Sxx Syy)` with `Sxy = sum dx dy - (sum dx)(sum dy) / n` and d the difference from
//! the rounded mean: the correction removes what the rounding of the mean leaves, so a large offset
//! costs no digits (Chan, Golub, LeVeque, The American Statistician 37, 1983). Both columns are first
//! scaled by a power of two, which is exact, so that raw synflow (1e67) neither overflows nor loses.

/// Pearson's correlation; rows in which either column is NaN are left out.
///
/// None with fewer than two usable rows, where either column is constant on them (smallest equal to
/// largest; a rounded variance is no test), or where a used value is infinite.
///
/// ```
/// use nbz_study::pearson;
///
/// assert_eq!(pearson(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0]), Some(1.0));
/// assert_eq!(pearson(&[1.0, 1.0, 3.0, 3.0], &[0.0, 1.0, 0.0, 1.0]), Some(0.0)); // ties are plain values
/// assert_eq!(pearson(&[1.0, f64::NAN, 3.0], &[3.0, 9.0, 1.0]), Some(-1.0)); // NaN is left out
/// assert_eq!(pearson(&[f64::INFINITY, 1.0, 3.0], &[3.0, 2.0, 1.0]), None); // no line through infinity
/// assert_eq!(pearson(&[1.0], &[4.0]), None); // one row
/// assert_eq!(pearson(&[0.1, 0.1, 0.1], &[1.0, 2.0, 4.0]), None); // a constant column
/// ```
///
/// # Panics
///
/// If the columns differ in length.
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    assert_eq!(x.len(), y.len(), "columns of one length");
    let (x, y): (Vec<f64>, Vec<f64>) = x
        .iter()
        .zip(y)
        .filter(|(x, y)| !x.is_nan() && !y.is_nan())
        .unzip();
    if x.iter().chain(&y).any(|value| value.is_infinite()) {
        return None;
    }
    Moments::of(&x, &y)?.correlation()
}

/// Centred columns and their second moments.
#[derive(Debug, Clone)]
pub(crate) struct Moments {
    /// Scaled scores less their mean, exact mean zero but for rounding.
    pub(crate) dx: Vec<f64>,
    /// Scaled accuracies less their mean.
    pub(crate) dy: Vec<f64>,
    pub(crate) sxx: f64,
    pub(crate) syy: f64,
    pub(crate) sxy: f64,
}

impl Moments {
    /// Moments of finite columns; None where Pearson's correlation is undefined.
    pub(crate) fn of(x: &[f64], y: &[f64]) -> Option<Self> {
        if x.len() < 2 || is_constant(x) || is_constant(y) {
            return None;
        }
        let (dx, dy) = (centred(x), centred(y));
        let n = x.len() as f64;
        let (sum_x, sum_y): (f64, f64) = (dx.iter().sum(), dy.iter().sum());
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        Some(Self {
            sxx: dot(&dx, &dx) - sum_x * sum_x / n,
            syy: dot(&dy, &dy) - sum_y * sum_y / n,
            sxy: dot(&dx, &dy) - sum_x * sum_y / n,
            dx,
            dy,
        })
    }

    pub(crate) fn correlation(&self) -> Option<f64> {
        // One root: equal columns then give exactly 1. The scaled sums lie between about 1e-32 and
        // 4 n, so their product cannot underflow.
        let scale = (self.sxx * self.syy).sqrt();
        (scale > 0.0).then(|| (self.sxy / scale).clamp(-1.0, 1.0))
    }
}

/// Whether smallest and largest are equal; true of an empty column.
#[expect(clippy::float_cmp, reason = "constant means equal, not close")]
pub(crate) fn is_constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// Values scaled below 1 by a power of two, less their mean.
fn centred(values: &[f64]) -> Vec<f64> {
    let largest = values
        .iter()
        .fold(0.0f64, |largest, value| largest.max(value.abs()));
    let scaled: Vec<f64> = values
        .iter()
        .map(|value| scale_down(*value, largest))
        .collect();
    let mean = scaled.iter().sum::<f64>() / values.len() as f64;
    scaled.into_iter().map(|value| value - mean).collect()
}

/// `value` over the power of two at or below `largest`; exact unless the result is subnormal.
fn scale_down(value: f64, largest: f64) -> f64 {
    let exponent = (largest.to_bits() >> 52) as i32 - 1023;
    // Two factors, because 2^1023 has an inverse that is subnormal.
    let half = exponent / 2;
    value * 2f64.powi(-half) * 2f64.powi(half - exponent)
}
