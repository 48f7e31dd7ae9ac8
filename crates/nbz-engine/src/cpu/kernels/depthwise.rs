//! Depthwise convolution: every channel alone, so a vector of channels needs no broadcast.
//!
//! As with the dense kernel one sum serves both directions. It runs over columns of taps, then rows, in
//! this order on every path.

use super::super::map::ROWS;
use super::super::simd::{Element, Kernel, Lane, Simd};
use super::super::taps::Tap;
use super::dense::{Start, array};
use super::weight_gradient::Pairs;

/// A depthwise convolution of one block of one group.
#[derive(Debug)]
pub(crate) struct Depthwise<'a, E> {
    /// The block's input.
    pub(crate) input: &'a [Lane<E>],
    /// Pixels of an input row.
    pub(crate) width: usize,
    /// Side of the window.
    pub(crate) kernel: usize,
    /// Taps of each output row.
    pub(crate) ys: &'a [Vec<Tap>],
    /// Taps of each output column.
    pub(crate) xs: &'a [Vec<Tap>],
    /// The block's weights, one vector a tap.
    pub(crate) weight: &'a [Lane<E>],
    /// What the sums start from.
    pub(crate) start: Start<'a, E>,
    /// The block's output.
    pub(crate) output: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for Depthwise<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        match S::ROWS {
            8 => self.sweep::<S, 8>(simd),
            4 => self.sweep::<S, 4>(simd),
            _ => self.sweep::<S, 2>(simd),
        }
    }
}

impl<E: Element> Depthwise<'_, E> {
    #[inline(always)]
    fn sweep<S: Simd<E>, const R: usize>(&mut self, simd: S) {
        let out_width = self.xs.len();
        for (y, ys) in self.ys.iter().enumerate() {
            for (x, xs) in self.xs.iter().enumerate() {
                for row in (0..ROWS).step_by(R) {
                    let to = &mut self.output[(y * out_width + x) * ROWS + row..][..R];
                    let mut sums = [simd.splat(E::ZERO); R];
                    match self.start {
                        Start::Zero => {}
                        Start::Bias(bias) => sums = [simd.load(&bias[0]); R],
                        Start::Output => {
                            for r in 0..R {
                                sums[r] = simd.load(&to[r]);
                            }
                        }
                    }
                    for tx in xs {
                        for ty in ys {
                            let w = simd.load(&self.weight[ty.weight * self.kernel + tx.weight]);
                            let pixel = ty.source * self.width + tx.source;
                            let from: &[Lane<E>; R] = array(&self.input[pixel * ROWS + row..]);
                            for r in 0..R {
                                sums[r] = simd.mul_add(simd.load(&from[r]), w, sums[r]);
                            }
                        }
                    }
                    for r in 0..R {
                        simd.store(&mut to[r], sums[r]);
                    }
                }
            }
        }
    }
}

/// The part of a depthwise weight's gradient that one block of one group gives.
#[derive(Debug)]
pub(crate) struct DepthwiseGradient<'a, E> {
    /// The block's input.
    pub(crate) input: &'a [Lane<E>],
    /// Pixels of an input row.
    pub(crate) width: usize,
    /// The block's gradient at the output.
    pub(crate) delta: &'a [Lane<E>],
    /// Pixels of an output row.
    pub(crate) delta_width: usize,
    /// Pairs of rows for each row of the window.
    pub(crate) ys: &'a Pairs,
    /// Pairs of columns for each column of the window.
    pub(crate) xs: &'a Pairs,
    /// The gradient of the block's weights, one vector a tap, to be added to.
    pub(crate) sum: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for DepthwiseGradient<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        let kernel = self.xs.len();
        for (tap, to) in self.sum.iter_mut().enumerate() {
            // One sum an image: eight that do not wait for each other.
            let mut sums = [simd.splat(E::ZERO); ROWS];
            for &(out_y, in_y) in &self.ys[tap / kernel] {
                for &(out_x, in_x) in &self.xs[tap % kernel] {
                    let pixel = in_y * self.width + in_x;
                    let x: &[Lane<E>; ROWS] = array(&self.input[pixel * ROWS..]);
                    let pixel = out_y * self.delta_width + out_x;
                    let d: &[Lane<E>; ROWS] = array(&self.delta[pixel * ROWS..]);
                    for r in 0..ROWS {
                        sums[r] = simd.mul_add(simd.load(&x[r]), simd.load(&d[r]), sums[r]);
                    }
                }
            }
            let mut total = simd.load(to);
            for sum in sums {
                total = simd.add(total, sum);
            }
            simd.store(to, total);
        }
    }
}
