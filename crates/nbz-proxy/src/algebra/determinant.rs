//! The logarithm of a determinant's absolute value by LU decomposition with partial pivoting.

/// `ln |det A|`; -infinity for a singular matrix, NaN if the matrix holds a number that is not finite.
///
/// Two equal rows stay equal through the elimination until one becomes a pivot and the other exactly
/// zero, so a matrix with equal rows is found singular, never nearly so.
///
/// ```
/// use nbz_proxy::algebra::ln_abs_determinant;
/// assert_eq!(ln_abs_determinant(&[2.0, 0.0, 0.0, -3.0], 2), 2f64.ln() + 3f64.ln());
/// assert_eq!(ln_abs_determinant(&[1.0, 7.0, 1.0, 7.0], 2), f64::NEG_INFINITY);
/// assert!(ln_abs_determinant(&[f64::NAN], 1).is_nan());
/// ```
///
/// # Panics
/// If the slice does not hold `n * n` numbers.
pub fn ln_abs_determinant(matrix: &[f64], n: usize) -> f64 {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    if !matrix.iter().all(|v| v.is_finite()) {
        return f64::NAN;
    }
    let mut rows: Vec<Vec<f64>> = matrix.chunks(n.max(1)).map(<[f64]>::to_vec).collect();
    let mut sum = 0.0;
    for k in 0..n {
        let largest = (k..n)
            .max_by(|&i, &j| rows[i][k].abs().total_cmp(&rows[j][k].abs()))
            .expect("k is below n");
        rows.swap(k, largest);
        let (above, below) = rows.split_at_mut(k + 1);
        let pivot = &above[k];
        if pivot[k] == 0.0 {
            return f64::NEG_INFINITY;
        }
        sum += pivot[k].abs().ln();
        for row in below {
            let factor = row[k] / pivot[k];
            for (a, p) in row[k..].iter_mut().zip(&pivot[k..]) {
                *a -= factor * p;
            }
        }
    }
    sum
}
