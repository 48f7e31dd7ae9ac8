//! Weight gradient of a dense convolution: `dw[o][i][tap] = sum over images and pixels of x[i] * d[o]`.
//!
//! The register tile is `R` input channels by `C` vectors of output channels for one tap; it streams
//! over the pixel pairs that the tap joins and the images of each. A tile's sum over one group of
//! images is then added to the gradient, so that long sums are sums of short ones, in the same order on
//! every path.

use std::ops::Range;

use super::super::map::ROWS;
use super::super::simd::{Element, Kernel, LANES, Lane, Simd};
use super::dense::array;

/// Output and input coordinate of each pair that a weight joins, for each of the window's rows or
/// columns.
pub(crate) type Pairs = [Vec<(usize, usize)>];

/// The part of a weight's gradient that one group of images gives to some output blocks.
#[derive(Debug)]
pub(crate) struct WeightGradient<'a, E> {
    /// The group's input, all blocks.
    pub(crate) input: &'a [Lane<E>],
    /// Channels of the input.
    pub(crate) in_channels: usize,
    /// Pixels of an input row.
    pub(crate) width: usize,
    /// The group's gradient at these output blocks.
    pub(crate) delta: &'a [Lane<E>],
    /// Lanes of one of those blocks.
    pub(crate) delta_block_lanes: usize,
    /// Pixels of an output row.
    pub(crate) delta_width: usize,
    /// Pairs of rows for each row of the window.
    pub(crate) ys: &'a Pairs,
    /// Pairs of columns for each column of the window.
    pub(crate) xs: &'a Pairs,
    /// The images of the group that count.
    pub(crate) images: Range<usize>,
    /// The gradient of these output blocks' weights, to be added to.
    pub(crate) sum: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for WeightGradient<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        let out_blocks = self.delta.len() / self.delta_block_lanes;
        for block in (0..out_blocks).step_by(S::COLUMNS) {
            let columns = S::COLUMNS.min(out_blocks - block);
            for in_block in 0..self.in_channels.div_ceil(LANES) {
                let live = (self.in_channels - in_block * LANES).min(LANES);
                match (S::ROWS, columns) {
                    (8, 2) if live <= 4 => self.tiles::<S, 4, 2>(simd, block, in_block, live),
                    (8, 2) => self.tiles::<S, 8, 2>(simd, block, in_block, live),
                    (8, _) if S::COLUMNS == 2 && live > 8 => {
                        self.tiles::<S, 16, 1>(simd, block, in_block, live);
                    }
                    (8, _) => self.tiles::<S, 8, 1>(simd, block, in_block, live),
                    (4, _) => self.tiles::<S, 4, 1>(simd, block, in_block, live),
                    _ => self.tiles::<S, 2, 1>(simd, block, in_block, live),
                }
            }
        }
    }
}

impl<E: Element> WeightGradient<'_, E> {
    #[inline(always)]
    fn tiles<S: Simd<E>, const R: usize, const C: usize>(
        &mut self,
        simd: S,
        block: usize,
        in_block: usize,
        live: usize,
    ) {
        let (in_blocks, kernel) = (self.in_channels.div_ceil(LANES), self.xs.len());
        let in_block_lanes = self.input.len() / in_blocks;
        let input = &self.input[in_block * in_block_lanes..][..in_block_lanes];
        for tap in 0..kernel * kernel {
            let (ys, xs) = (&self.ys[tap / kernel], &self.xs[tap % kernel]);
            for row in (0..live).step_by(R) {
                let mut sums = [[simd.splat(E::ZERO); C]; R];
                for &(out_y, in_y) in ys {
                    for &(out_x, in_x) in xs {
                        let pixel = in_y * self.width + in_x;
                        let x: &[Lane<E>; ROWS] = array(&input[pixel * ROWS..]);
                        let pixel = out_y * self.delta_width + out_x;
                        let at = block * self.delta_block_lanes + pixel * ROWS;
                        let mut d: [&[Lane<E>; ROWS]; C] = [array(&self.delta[at..]); C];
                        for c in 1..C {
                            d[c] = array(&self.delta[at + c * self.delta_block_lanes..]);
                        }
                        // The common case has a constant count, so that its loop is unrolled.
                        if self.images == (0..ROWS) {
                            add_products::<E, S, R, C>(simd, x, row, d, 0..ROWS, &mut sums);
                        } else {
                            let images = self.images.clone();
                            add_products::<E, S, R, C>(simd, x, row, d, images, &mut sums);
                        }
                    }
                }
                for c in 0..C {
                    let tile = ((block + c) * in_blocks + in_block) * kernel * kernel + tap;
                    let to = &mut self.sum[tile * LANES + row..][..R];
                    for r in 0..R {
                        let before = simd.load(&to[r]);
                        simd.store(&mut to[r], simd.add(before, sums[r][c]));
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn add_products<E: Element, S: Simd<E>, const R: usize, const C: usize>(
    simd: S,
    x: &[Lane<E>; ROWS],
    row: usize,
    d: [&[Lane<E>; ROWS]; C],
    images: Range<usize>,
    sums: &mut [[S::V; C]; R],
) {
    for image in images.start..images.end.min(ROWS) {
        let x: &[E; R] = x[image].0[row..]
            .first_chunk()
            .expect("R divides the lanes");
        let mut delta = [simd.splat(E::ZERO); C];
        for c in 0..C {
            delta[c] = simd.load(&d[c][image]);
        }
        for r in 0..R {
            let x = simd.splat(x[r]);
            for c in 0..C {
                sums[r][c] = simd.mul_add(x, delta[c], sums[r][c]);
            }
        }
    }
}
