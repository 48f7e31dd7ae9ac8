//! Eigenvalues of a real symmetric matrix: Householder's tridiagonal form, then implicit QL.
//!
//! Source: the procedures tred1 and imtql1 of Wilkinson and Reinsch, Handbook for Automatic
//! Computation II (1971), rewritten. Backward stable: every eigenvalue is within a small multiple of
//! `2^-53 ||A||` of the truth, so the smallest one of an ill-conditioned matrix has few digits.

/// Rounds of QL after which an eigenvalue is given up; the procedure needs two on average.
const ROUNDS: usize = 60;

/// All eigenvalues in ascending order, or `None` if the matrix holds a number that is not finite.
///
/// Only the lower triangle is read.
///
/// ```
/// use nbz_proxy::algebra::eigenvalues;
/// let found = eigenvalues(&[2.0, 1.0, 1.0, 2.0], 2).unwrap();
/// assert!((found[0] - 1.0).abs() < 1e-15 && (found[1] - 3.0).abs() < 1e-15);
/// assert_eq!(eigenvalues(&[f64::NAN], 1), None);
/// assert_eq!(eigenvalues(&[], 0), Some(vec![]));
/// ```
///
/// # Panics
/// If the slice does not hold `n * n` numbers.
pub fn eigenvalues(matrix: &[f64], n: usize) -> Option<Vec<f64>> {
    assert_eq!(matrix.len(), n * n, "a square matrix");
    if !matrix.iter().all(|v| v.is_finite()) {
        return None;
    }
    let (mut diagonal, mut off) = tridiagonal(matrix.to_vec(), n);
    implicit_ql(&mut diagonal, &mut off)?;
    diagonal.sort_by(f64::total_cmp);
    Some(diagonal)
}

/// Diagonal and sub-diagonal (with a zero at its end) of a tridiagonal matrix similar to `a`.
fn tridiagonal(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut off = vec![0.0; n];
    for i in (1..n).rev() {
        let (above, row) = a.split_at_mut(i * n);
        let v = &mut row[..i];
        let scale: f64 = v[..i - 1].iter().map(|x| x.abs()).sum();
        if scale == 0.0 {
            off[i - 1] = v[i - 1];
            continue;
        }
        let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let alpha = if v[i - 1] > 0.0 { -norm } else { norm };
        off[i - 1] = alpha;
        v[i - 1] -= alpha;
        // A <- H A H with H = 1 - v v^T / h on the leading i x i block.
        let h = 0.5 * v.iter().map(|x| x * x).sum::<f64>();
        let mut p = symmetric_times(above, n, v);
        let k = p.iter().zip(&*v).map(|(p, v)| p * v).sum::<f64>() / (2.0 * h * h);
        for (p, v) in p.iter_mut().zip(&*v) {
            *p = *p / h - k * v;
        }
        for j in 0..i {
            for m in 0..=j {
                above[j * n + m] -= v[j] * p[m] + p[j] * v[m];
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), off)
}

/// The leading block, of which the lower triangle is stored, times a vector.
fn symmetric_times(lower: &[f64], n: usize, v: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; v.len()];
    for j in 0..v.len() {
        let row = &lower[j * n..][..j];
        let mut sum = lower[j * n + j] * v[j];
        for (m, &a) in row.iter().enumerate() {
            sum += a * v[m];
            out[m] += a * v[j];
        }
        out[j] += sum;
    }
    out
}

/// Turns the diagonal of a symmetric tridiagonal matrix into its eigenvalues.
fn implicit_ql(d: &mut [f64], e: &mut [f64]) -> Option<()> {
    let n = d.len();
    for l in 0..n {
        let mut converged = false;
        for _ in 0..ROUNDS {
            let m = (l..n.saturating_sub(1))
                .find(|&m| e[m].abs() <= f64::EPSILON * (d[m].abs() + d[m + 1].abs()))
                .unwrap_or(n - 1);
            if m == l {
                converged = true;
                break;
            }
            ql_sweep(d, e, l, m);
        }
        if !converged {
            return None;
        }
    }
    Some(())
}

/// One sweep of plane rotations from row `m` up to row `l` with Wilkinson's shift.
fn ql_sweep(d: &mut [f64], e: &mut [f64], l: usize, m: usize) {
    let mut g = (d[l + 1] - d[l]) / (2.0 * e[l]);
    let r = g.hypot(1.0);
    g = d[m] - d[l] + e[l] / (g + r.copysign(g));
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in (l..m).rev() {
        let f = s * e[i];
        let b = c * e[i];
        let r = f.hypot(g);
        e[i + 1] = r;
        if r == 0.0 {
            d[i + 1] -= p;
            e[m] = 0.0;
            return;
        }
        s = f / r;
        c = g / r;
        let shifted = d[i + 1] - p;
        let r = (d[i] - shifted) * s + 2.0 * c * b;
        p = s * r;
        d[i + 1] = shifted + p;
        g = c * r - b;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::eigenvalues;
    use proptest::prelude::*;

    #[test]
    fn second_differences_have_the_eigenvalues_of_the_closed_form() {
        // Oracle: 2 - 2 cos(k pi / (n + 1)); tolerance 1e-13, some n rounding errors of numbers below 4.
        let n = 200usize;
        let matrix: Vec<f64> = (0..n * n)
            .map(|i| match (i / n).abs_diff(i % n) {
                0 => 2.0,
                1 => -1.0,
                _ => 0.0,
            })
            .collect();
        for (k, found) in eigenvalues(&matrix, n).unwrap().into_iter().enumerate() {
            let angle = (k + 1) as f64 * std::f64::consts::PI / (n + 1) as f64;
            assert!((found - (2.0 - 2.0 * angle.cos())).abs() < 1e-13);
        }
    }

    #[test]
    fn hilberts_matrix_of_six_has_its_known_condition_number() {
        // Oracle: 1.4951058642254665e7 (Wikipedia and MATLAB's cond(hilb(6))); the smallest eigenvalue
        // carries about 2^-53 * 1.5e7 of relative error.
        let matrix: Vec<f64> = (0..36)
            .map(|i| 1.0 / f64::from(i / 6 + i % 6 + 1))
            .collect();
        let found = eigenvalues(&matrix, 6).unwrap();
        assert!((found[5] / found[0] / 1.495_105_864_225_466_5e7 - 1.0).abs() < 1e-8);
    }

    proptest! {
        #[test]
        fn trace_and_squared_norm_are_the_sums_of_eigenvalues_and_of_their_squares(
            n in 1usize..24, seed in any::<u64>()
        ) {
            // Oracle: similarity keeps both sums; tolerance 1e-12 of the norm.
            let mut state = seed;
            let mut draw = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 11) as f64 * 2f64.powi(-52) - 1.0
            };
            let mut matrix = vec![0.0; n * n];
            for i in 0..n {
                for j in 0..=i {
                    let value = draw();
                    matrix[i * n + j] = value;
                    matrix[j * n + i] = value;
                }
            }
            let found = eigenvalues(&matrix, n).unwrap();
            let trace: f64 = (0..n).map(|i| matrix[i * n + i]).sum();
            let squares: f64 = matrix.iter().map(|v| v * v).sum();
            prop_assert!((found.iter().sum::<f64>() - trace).abs() < 1e-12 * n as f64);
            prop_assert!((found.iter().map(|v| v * v).sum::<f64>() - squares).abs() < 1e-12 * squares.max(1.0));
        }
    }
}
