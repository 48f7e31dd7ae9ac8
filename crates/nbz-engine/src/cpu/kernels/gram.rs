//! Inner products of many vectors of numbers with each other.
//!
//! The register tile holds `T` by `T` products, so that each vector that is loaded meets `T` others. A
//! piece is short enough to be summed in the numbers' own precision; pieces are added in double precision.

use super::super::simd::{Element, Kernel, LANES, Lane, Simd};

/// The inner products of one piece of every vector, added to the lower triangle of a square matrix.
#[derive(Debug)]
pub(crate) struct Gram<'a, E> {
    /// The same piece of each vector.
    pub(crate) pieces: &'a [&'a [Lane<E>]],
    /// `G[i][j]` for `j <= i`, row-major.
    pub(crate) gram: &'a mut [f64],
}

impl<E: Element> Kernel<E> for Gram<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        match S::ROWS {
            8 => self.tiles::<S, 4>(simd),
            _ => self.tiles::<S, 2>(simd),
        }
    }
}

impl<E: Element> Gram<'_, E> {
    #[inline(always)]
    fn tiles<S: Simd<E>, const T: usize>(&mut self, simd: S) {
        let n = self.pieces.len();
        for i in (0..n).step_by(T) {
            for j in (0..=i).step_by(T) {
                self.tile::<S, T>(simd, i, j);
            }
        }
    }

    #[inline(always)]
    fn tile<S: Simd<E>, const T: usize>(&mut self, simd: S, i: usize, j: usize) {
        let n = self.pieces.len();
        let lanes = self.pieces[0].len();
        // Past the last vector the last one is read again, and the product dropped.
        let mut rows: [&[Lane<E>]; T] = [self.pieces[n - 1]; T];
        let mut columns = rows;
        for t in 0..T {
            rows[t] = &self.pieces[(i + t).min(n - 1)][..lanes];
            columns[t] = &self.pieces[(j + t).min(n - 1)][..lanes];
        }
        let mut sums = [[simd.splat(E::ZERO); T]; T];
        for lane in 0..lanes {
            let mut column = [simd.splat(E::ZERO); T];
            for t in 0..T {
                column[t] = simd.load(&columns[t][lane]);
            }
            for r in 0..T {
                let row = simd.load(&rows[r][lane]);
                for c in 0..T {
                    sums[r][c] = simd.mul_add(row, column[c], sums[r][c]);
                }
            }
        }
        for r in 0..T {
            for c in 0..T {
                if i + r < n && j + c <= i + r {
                    self.gram[(i + r) * n + j + c] += total(simd, sums[r][c]);
                }
            }
        }
    }
}

#[inline(always)]
fn total<E: Element, S: Simd<E>>(simd: S, v: S::V) -> f64 {
    let mut lane = Lane([E::ZERO; LANES]);
    simd.store(&mut lane, v);
    let mut total = 0.0;
    for v in lane.0 {
        total += v.to_f64();
    }
    total
}
