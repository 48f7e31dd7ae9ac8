//! Pearson correlation between the rows of a matrix, as numpy's `corrcoef` computes it.
//!
//! Rows are centred, the products summed, divided by one row's deviation and then by the other's, and
//! clipped to [-1, 1]. A constant row has no correlation: its entries are NaN, the diagonal too.

use rayon::prelude::*;

/// The `rows x rows` matrix of correlations of `rows` rows of equal length.
///
/// ```
/// use nbz_proxy::algebra::correlation;
/// let c = correlation(&[1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 1.0, 1.0], 2);
/// assert_eq!(c, [1.0, -1.0, -1.0, 1.0]);
/// assert!(correlation(&[1.0, 1.0, 0.0, 1.0], 2)[0].is_nan());
/// ```
///
/// # Panics
/// If `rows` does not divide the length.
pub fn correlation(values: &[f64], rows: usize) -> Vec<f64> {
    assert!(rows > 0 && values.len().is_multiple_of(rows), "equal rows");
    let width = values.len() / rows;
    let centred: Vec<Vec<f64>> = values
        .par_chunks(width.max(1))
        .map(|row| {
            let mean = row.iter().sum::<f64>() / width as f64;
            row.iter().map(|v| v - mean).collect()
        })
        .collect();
    let dot = |i: usize, j: usize| -> f64 {
        centred[i].iter().zip(&centred[j]).map(|(a, b)| a * b).sum()
    };
    let lower: Vec<Vec<f64>> = (0..rows)
        .into_par_iter()
        .map(|i| (0..=i).map(|j| dot(i, j)).collect())
        .collect();
    let deviation: Vec<f64> = (0..rows).map(|i| lower[i][i].sqrt()).collect();
    let mut out = vec![0.0; rows * rows];
    for (i, row) in lower.iter().enumerate() {
        for (j, sum) in row.iter().enumerate() {
            let value = (sum / deviation[i] / deviation[j]).clamp(-1.0, 1.0);
            out[i * rows + j] = value;
            out[j * rows + i] = value;
        }
    }
    out
}
