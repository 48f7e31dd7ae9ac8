//! Products of matrices given by rows.

use rayon::prelude::*;

/// Numbers of a row that are multiplied before the next piece: short enough that pieces of many rows
/// stay in the cache.
const PIECE: usize = 256;

/// Rows that one task takes through the pieces together.
const ROWS: usize = 16;

/// `a b^T`: the dot products of the rows of `a` with those of `b`, row-major, one row a row of `a`.
///
/// Each is summed in one fixed order, eight partial sums a piece, whatever the number of threads; with
/// `a = b` the result is exactly symmetric.
///
/// ```
/// use nbz_proxy::algebra::products;
/// assert_eq!(products(&[1.0, 2.0, 3.0, 4.0], &[1.0, 1.0], 2), [3.0, 7.0]);
/// ```
///
/// # Panics
/// If `width` divides one of the lengths not.
pub fn products(a: &[f64], b: &[f64], width: usize) -> Vec<f64> {
    assert!(width > 0, "rows without numbers");
    assert!(
        a.len().is_multiple_of(width) && b.len().is_multiple_of(width),
        "equal rows"
    );
    let columns = b.len() / width;
    let mut out = vec![0.0; a.len() / width * columns];
    out.par_chunks_mut((ROWS * columns).max(1))
        .zip(a.par_chunks(ROWS * width))
        .for_each(|(out, a)| {
            for start in (0..width).step_by(PIECE) {
                let piece = start..(start + PIECE).min(width);
                for (out, a) in out.chunks_mut(columns).zip(a.chunks(width)) {
                    let a = &a[piece.clone()];
                    for (sum, b) in out.iter_mut().zip(b.chunks(width)) {
                        *sum += dot(a, &b[piece.clone()]);
                    }
                }
            }
        });
    out
}

/// `sum a b` in eight partial sums.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::products;

    #[test]
    fn long_rows_have_the_closed_form() {
        // Oracle: sum_{k<n} k (k + 1) = (n - 1) n (n + 1) / 3, whole numbers that f64 holds exactly.
        let n = 1003_usize;
        let a: Vec<f64> = (0..n).map(|k| k as f64).collect();
        let b: Vec<f64> = (0..n).map(|k| (k + 1) as f64).collect();
        assert_eq!(products(&a, &b, n), [((n - 1) * n * (n + 1) / 3) as f64]);
    }
}
