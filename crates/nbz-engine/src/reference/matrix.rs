//! `C += A B`, the product to which the reference device reduces a convolution.
//!
//! A is read through two strides, so that a weight also serves as its transpose; B and C are
//! row-major. Each entry of C sums over k in rising order, whatever the tile it falls in.

/// The left factor: `a[i][k]` is `values[i * row + k * column]`.
#[derive(Clone, Copy)]
pub(super) struct Left<'a> {
    pub(super) values: &'a [f64],
    pub(super) row: usize,
    pub(super) column: usize,
}

const ROWS: usize = 4;
const COLUMNS: usize = 4;

/// `c[m x n] += a[m x depth] b[depth x n]`.
pub(super) fn add_product(c: &mut [f64], a: Left<'_>, b: &[f64], depth: usize, n: usize) {
    let m = c.len() / n;
    assert_eq!(c.len(), m * n, "result of a product");
    assert_eq!(b.len(), depth * n, "right factor of a product");
    for i in (0..m).step_by(ROWS) {
        for j in (0..n).step_by(COLUMNS) {
            if i + ROWS <= m && j + COLUMNS <= n {
                add_tile(c, a, b, depth, n, i, j);
            } else {
                add_edge(
                    c,
                    a,
                    b,
                    depth,
                    n,
                    (i, m.min(i + ROWS)),
                    (j, n.min(j + COLUMNS)),
                );
            }
        }
    }
}

fn add_tile(c: &mut [f64], a: Left<'_>, b: &[f64], depth: usize, n: usize, i: usize, j: usize) {
    let mut sums = [[0.0; COLUMNS]; ROWS];
    for k in 0..depth {
        let right: &[f64; COLUMNS] = b[k * n + j..][..COLUMNS].try_into().expect("four columns");
        for (r, row) in sums.iter_mut().enumerate() {
            let left = a.values[(i + r) * a.row + k * a.column];
            for (sum, &right) in row.iter_mut().zip(right) {
                *sum += left * right;
            }
        }
    }
    for (r, row) in sums.iter().enumerate() {
        for (c, sum) in c[(i + r) * n + j..][..COLUMNS].iter_mut().zip(row) {
            *c += sum;
        }
    }
}

fn add_edge(
    c: &mut [f64],
    a: Left<'_>,
    b: &[f64],
    depth: usize,
    n: usize,
    rows: (usize, usize),
    columns: (usize, usize),
) {
    for i in rows.0..rows.1 {
        for j in columns.0..columns.1 {
            let mut sum = 0.0;
            for k in 0..depth {
                sum += a.values[i * a.row + k * a.column] * b[k * n + j];
            }
            c[i * n + j] += sum;
        }
    }
}
