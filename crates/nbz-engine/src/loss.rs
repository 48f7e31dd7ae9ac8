//! Cross entropy, its gradient and its gradient's tangent: small matrices `[N, classes]` in f64.
//!
//! `L = mean_n (ln sum_c exp z_nc - z_n,label)`, `dL/dz = (p - y) / N` with `p = softmax(z)`, and along
//! `z'`: `p' / N = p (z' - <p, z'>) / N`. The largest logit is subtracted before every exponential.

use crate::batch::{Labels, Targets};
use crate::error::EngineError;

/// The mean cross entropy of logits `[N, classes]` and its gradient.
///
/// ```
/// use nbz_engine::{Labels, loss::cross_entropy};
///
/// let labels = Labels::new(2, vec![0])?;
/// let (loss, gradient) = cross_entropy(&[0.0, 0.0], &labels)?;
/// assert!((loss - 2.0_f64.ln()).abs() < 1e-15);
/// assert_eq!(gradient, [-0.5, 0.5]);
/// // A NaN logit makes the loss NaN; it is not hidden.
/// assert!(cross_entropy(&[f64::NAN, 0.0], &labels)?.0.is_nan());
/// # Ok::<(), nbz_engine::EngineError>(())
/// ```
pub fn cross_entropy(logits: &[f64], labels: &Labels) -> Result<(f64, Vec<f64>), EngineError> {
    check(logits, labels)?;
    let (classes, n) = (labels.classes(), labels.values().len() as f64);
    let mut loss = 0.0;
    let mut gradient = Vec::with_capacity(logits.len());
    for (row, &label) in logits.chunks(classes).zip(labels.values()) {
        let (probabilities, log_sum) = softmax(row);
        loss += log_sum - row[label as usize];
        gradient.extend(probabilities.iter().enumerate().map(|(c, p)| {
            let target = if c == label as usize { 1.0 } else { 0.0 };
            (p - target) / n
        }));
    }
    Ok((loss / n, gradient))
}

/// How the gradient of the mean cross entropy moves when the logits `[N, classes]` move along `tangent`.
///
/// # Errors
/// [`EngineError::LogitCount`] if the two are not matrices of `classes` columns and as many rows.
pub fn cross_entropy_gradient_tangent(
    logits: &[f64],
    tangent: &[f64],
    classes: usize,
) -> Result<Vec<f64>, EngineError> {
    if classes == 0 || logits.len() != tangent.len() || !logits.len().is_multiple_of(classes) {
        return Err(EngineError::LogitCount {
            logits: logits.len(),
            tangents: tangent.len(),
            classes,
        });
    }
    let n = (logits.len() / classes) as f64;
    let mut out = Vec::with_capacity(logits.len());
    for (row, moved) in logits.chunks(classes).zip(tangent.chunks(classes)) {
        let (probabilities, _) = softmax(row);
        let mean: f64 = probabilities.iter().zip(moved).map(|(p, t)| p * t).sum();
        out.extend(
            probabilities
                .iter()
                .zip(moved)
                .map(|(p, t)| p * (t - mean) / n),
        );
    }
    Ok(out)
}

/// The mean cross entropy of logits `[N, classes]` against distributions `t`, and its gradient:
/// `L = mean_n (ln sum_c exp z_nc - sum_c t_nc z_nc)`, `dL/dz = (p - t) / N`.
///
/// The constant entropy of `t` is not taken off, as in PyTorch's `cross_entropy` with probabilities.
/// The gradient goes into a backward pass as [`crate::Cotangent::Matrix`]. Logits alone do not say how many
/// classes they are of: [`crate::Trace::soft_cross_entropy`] knows.
///
/// ```
/// use nbz_engine::{Labels, Targets, loss};
/// let labels = Labels::new(2, vec![0, 1])?;
/// let logits = [0.3, -1.0, 2.0, 0.5];
/// let (hard, gradient) = loss::cross_entropy(&logits, &labels)?;
/// let (soft, same) = loss::soft_cross_entropy(&logits, &Targets::try_from(&labels)?)?;
/// assert!((hard - soft).abs() < 1e-15);
/// assert_eq!(gradient, same);
/// # Ok::<(), nbz_engine::EngineError>(())
/// ```
pub fn soft_cross_entropy(
    logits: &[f64],
    targets: &Targets,
) -> Result<(f64, Vec<f64>), EngineError> {
    if logits.len() != targets.values().len() {
        return Err(EngineError::LabelCount {
            labels: targets.count(),
            images: logits.len() / targets.classes(),
        });
    }
    let (classes, n) = (targets.classes(), targets.count() as f64);
    let mut loss = 0.0;
    let mut gradient = Vec::with_capacity(logits.len());
    for (row, target) in logits.chunks(classes).zip(targets.values().chunks(classes)) {
        let (probabilities, log_sum) = softmax(row);
        loss += target
            .iter()
            .zip(row)
            .map(|(t, z)| t * (log_sum - z))
            .sum::<f64>();
        gradient.extend(probabilities.iter().zip(target).map(|(p, t)| (p - t) / n));
    }
    Ok((loss / n, gradient))
}

fn check(logits: &[f64], labels: &Labels) -> Result<(), EngineError> {
    let images = logits.len() / labels.classes();
    if images == labels.values().len() && logits.len().is_multiple_of(labels.classes()) {
        return Ok(());
    }
    Err(EngineError::LabelCount {
        labels: labels.values().len(),
        images,
    })
}

/// The probabilities of one row and `ln sum exp z`.
fn softmax(row: &[f64]) -> (Vec<f64>, f64) {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = row.iter().map(|z| (z - largest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    (powers.iter().map(|e| e / sum).collect(), largest + sum.ln())
}
