//! Depthwise convolution: every channel alone, so a vector of channels needs no broadcast.
//!
//! As with the dense kernel one sum serves both directions. It runs over columns of taps, then rows, in
//! this order on every path.

use std::ops::Range;

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
    /// Images that the group has; what the others' outputs become is left open.
    pub(crate) images: usize,
    /// The block's output.
    pub(crate) output: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for Depthwise<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        match S::ROWS {
            _ if self.images == 1 => self.sweep::<S, 1>(simd),
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
                for row in (0..self.images).step_by(R) {
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
///
/// Pixels at which the whole window lies inside the image come first, one image after the other with a
/// sum for each tap in registers; the border follows tap by tap with a sum for each image.
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
    /// Step between neighbouring outputs' windows.
    pub(crate) stride: usize,
    /// The images of the group that count.
    pub(crate) images: Range<usize>,
    /// The gradient of the block's weights, one vector a tap, to be added to.
    pub(crate) sum: &'a mut [Lane<E>],
}

/// Outputs whose window lies inside, and the input where the first one's window starts.
#[derive(Debug, Clone, Copy)]
struct Inside {
    first: usize,
    count: usize,
    source: usize,
}

impl Inside {
    #[inline(always)]
    fn of(pairs: &Pairs) -> Self {
        let none = Self {
            first: 0,
            count: 0,
            source: 0,
        };
        let (mut first, mut end) = (0, usize::MAX);
        for list in pairs {
            let (Some(from), Some(to)) = (list.first(), list.last()) else {
                return none;
            };
            (first, end) = (first.max(from.0), end.min(to.0 + 1));
        }
        let source = pairs[0].iter().find(|p| p.0 == first);
        match source {
            Some(&(_, source)) if first < end => Self {
                first,
                count: end - first,
                source,
            },
            _ => none,
        }
    }

    #[inline(always)]
    fn contains(self, output: usize) -> bool {
        (self.first..self.first + self.count).contains(&output)
    }
}

impl<E: Element> Kernel<E> for DepthwiseGradient<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        let none = Inside {
            first: 0,
            count: 0,
            source: 0,
        };
        let (mut rows, mut columns) = (Inside::of(self.ys), Inside::of(self.xs));
        match (self.xs.len(), S::ROWS) {
            _ if rows.count * columns.count == 0 => {}
            (3, 8) => self.inside::<S, 3, 3>(simd, 0, rows, columns),
            (3, _) => (0..3).for_each(|y| self.inside::<S, 1, 3>(simd, y, rows, columns)),
            (5, _) => (0..5).for_each(|y| self.inside::<S, 1, 5>(simd, y, rows, columns)),
            _ => (rows, columns) = (none, none),
        }
        self.border(simd, rows, columns);
    }
}

impl<E: Element> DepthwiseGradient<'_, E> {
    /// `Y` rows of a window of `X` columns, from row `y` on.
    #[inline(always)]
    fn inside<S: Simd<E>, const Y: usize, const X: usize>(
        &mut self,
        simd: S,
        y: usize,
        rows: Inside,
        columns: Inside,
    ) {
        for image in self.images.clone() {
            let mut sums = [[simd.splat(E::ZERO); X]; Y];
            for out_y in 0..rows.count {
                let at = (rows.first + out_y) * self.delta_width + columns.first;
                let delta = &self.delta[at * ROWS..][..columns.count * ROWS];
                let mut windows: [&[Lane<E>]; Y] = [&[]; Y];
                for (dy, window) in windows.iter_mut().enumerate() {
                    let in_y = rows.source + out_y * self.stride + y + dy;
                    let at = in_y * self.width + columns.source;
                    let len = (columns.count - 1) * self.stride + X;
                    *window = &self.input[at * ROWS..][..len * ROWS];
                }
                for out_x in 0..columns.count {
                    let d = simd.load(&delta[out_x * ROWS + image]);
                    for dy in 0..Y {
                        let at = out_x * self.stride * ROWS + image;
                        let window = &windows[dy][at..][..=(X - 1) * ROWS];
                        for dx in 0..X {
                            let v = simd.load(&window[dx * ROWS]);
                            sums[dy][dx] = simd.mul_add(v, d, sums[dy][dx]);
                        }
                    }
                }
            }
            for dy in 0..Y {
                for dx in 0..X {
                    let to = &mut self.sum[(y + dy) * X + dx];
                    let before = simd.load(to);
                    simd.store(to, simd.add(before, sums[dy][dx]));
                }
            }
        }
    }

    #[inline(always)]
    fn border<S: Simd<E>>(&mut self, simd: S, rows: Inside, columns: Inside) {
        let kernel = self.xs.len();
        let images = self.images.clone();
        for (tap, to) in self.sum.iter_mut().enumerate() {
            let mut sums = [simd.splat(E::ZERO); ROWS];
            for &(out_y, in_y) in &self.ys[tap / kernel] {
                for &(out_x, in_x) in &self.xs[tap % kernel] {
                    if rows.contains(out_y) && columns.contains(out_x) {
                        continue;
                    }
                    let pixel = in_y * self.width + in_x;
                    let x: &[Lane<E>; ROWS] = array(&self.input[pixel * ROWS..]);
                    let pixel = out_y * self.delta_width + out_x;
                    let d: &[Lane<E>; ROWS] = array(&self.delta[pixel * ROWS..]);
                    // The common case has a constant count, so that its loop is unrolled.
                    if images == (0..ROWS) {
                        add_products(simd, x, d, 0..ROWS, &mut sums);
                    } else {
                        add_products(simd, x, d, images.clone(), &mut sums);
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

#[inline(always)]
fn add_products<E: Element, S: Simd<E>>(
    simd: S,
    x: &[Lane<E>; ROWS],
    d: &[Lane<E>; ROWS],
    images: Range<usize>,
    sums: &mut [S::V; ROWS],
) {
    for r in images.start..images.end.min(ROWS) {
        sums[r] = simd.mul_add(simd.load(&x[r]), simd.load(&d[r]), sums[r]);
    }
}
