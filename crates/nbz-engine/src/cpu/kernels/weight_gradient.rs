//! Weight gradient of a dense convolution: `dw[o][i][tap] = sum over images and pixels of x[i] * d[o]`.
//!
//! The register tile is `R` input channels by `C` vectors of output channels for `T` taps side by side; it streams
//! over the pixel pairs that a tap joins and the images of each. One tap at a time has sums enough, but for images,
//! whose three channels leave most of a tile empty. Every tap takes some rows before any takes the next, so that all
//! taps but the first find them in the first cache; meanwhile the sums rest in memory, which loses nothing. A
//! tile's sum over one group of images is then added to the gradient, so that long sums are sums of short ones, in
//! the same order on every path.

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
                let at = (block, in_block);
                let image = S::COLUMNS == 2 && live <= 3 && self.xs.len() == 3;
                match (S::ROWS, columns) {
                    (8, 2) if image => self.tiles::<S, 3, 2, 3>(simd, at, live),
                    (8, _) if image => self.tiles::<S, 3, 1, 3>(simd, at, live),
                    (8, 2) if live <= 4 => self.tiles::<S, 4, 2, 1>(simd, at, live),
                    (8, 2) => self.tiles::<S, 8, 2, 1>(simd, at, live),
                    (8, _) if S::COLUMNS == 2 && live > 8 => {
                        self.tiles::<S, 16, 1, 1>(simd, at, live);
                    }
                    (8, _) => self.tiles::<S, 8, 1, 1>(simd, at, live),
                    (4, _) => self.tiles::<S, 4, 1, 1>(simd, at, live),
                    _ => self.tiles::<S, 2, 1, 1>(simd, at, live),
                }
            }
        }
    }
}

/// Lanes of the gradient at the output that some rows have at most, if they are more than one: 16 KiB of `f32`, half of
/// a small first cache.
const ROWS_LANES: usize = 256;

impl<E: Element> WeightGradient<'_, E> {
    /// The sums of `C` output blocks with one input block, which is the second of `blocks`.
    #[inline(always)]
    fn tiles<S: Simd<E>, const R: usize, const C: usize, const T: usize>(
        &mut self,
        simd: S,
        blocks: (usize, usize),
        live: usize,
    ) {
        let height = self.delta_block_lanes / (self.delta_width * ROWS);
        let (kernel, taps) = (self.xs.len(), self.xs.len().pow(2));
        let step = (ROWS_LANES / (C * ROWS * self.delta_width)).max(1);
        // Some KiB beside the map of megabytes; not planned.
        let mut rest = Vec::new();
        if step < height {
            rest.resize(taps * LANES, [Lane::ZERO; C]);
        }
        for first in (0..height).step_by(step) {
            for tap in (0..taps).step_by(T) {
                let all = &self.ys[tap / kernel][..];
                let ys = if rest.is_empty() {
                    all
                } else {
                    within(all, first..first + step)
                };
                let columns = Columns::of(&self.xs[tap % kernel..][..T]);
                for row in (0..live).step_by(R) {
                    let mut sums = [[[simd.splat(E::ZERO); C]; R]; T];
                    let at = |t: usize| (tap + t) * LANES + row;
                    if first > 0 {
                        for t in 0..T {
                            for (sums, rest) in sums[t].iter_mut().zip(&rest[at(t)..][..R]) {
                                for c in 0..C {
                                    sums[c] = simd.load(&rest[c]);
                                }
                            }
                        }
                    }
                    self.add_rows::<S, R, C, T>(simd, blocks, (ys, columns), row, &mut sums);
                    for t in 0..T {
                        if first + step < height {
                            for (sums, rest) in sums[t].iter().zip(&mut rest[at(t)..][..R]) {
                                for c in 0..C {
                                    simd.store(&mut rest[c], sums[c]);
                                }
                            }
                        } else {
                            self.finish::<S, R, C>(simd, blocks, at(t), &sums[t]);
                        }
                    }
                }
            }
        }
    }

    /// Adds what some pairs of rows and columns give to the sums of `R` input channels from `row` on.
    #[inline(always)]
    fn add_rows<S: Simd<E>, const R: usize, const C: usize, const T: usize>(
        &self,
        simd: S,
        (block, in_block): (usize, usize),
        (ys, columns): (&[(usize, usize)], Columns<'_, T>),
        row: usize,
        sums: &mut [[[S::V; C]; R]; T],
    ) {
        let in_block_lanes = self.input.len() / self.in_channels.div_ceil(LANES);
        let input = &self.input[in_block * in_block_lanes..][..in_block_lanes];
        let delta = &self.delta[block * self.delta_block_lanes..];
        for &(out_y, in_y) in ys {
            let input = &input[in_y * self.width * ROWS..];
            let delta = &delta[out_y * self.delta_width * ROWS..];
            for t in 0..T {
                for &pair in columns.before[t] {
                    let one = std::array::from_mut(&mut sums[t]);
                    self.add_pixel::<S, R, C, 1>(simd, (input, delta), pair, row, one);
                }
            }
            for &pair in columns.shared {
                self.add_pixel::<S, R, C, T>(simd, (input, delta), pair, row, sums);
            }
            for t in 0..T {
                for &pair in columns.behind[t] {
                    let one = std::array::from_mut(&mut sums[t]);
                    self.add_pixel::<S, R, C, 1>(simd, (input, delta), pair, row, one);
                }
            }
        }
    }

    /// Adds the products of one output pixel and of the `T` input pixels from that of the pair on.
    #[inline(always)]
    fn add_pixel<S: Simd<E>, const R: usize, const C: usize, const T: usize>(
        &self,
        simd: S,
        (input, delta): (&[Lane<E>], &[Lane<E>]),
        (out_x, in_x): (usize, usize),
        row: usize,
        sums: &mut [[[S::V; C]; R]; T],
    ) {
        let mut x: [&[Lane<E>; ROWS]; T] = [array(&input[in_x * ROWS..]); T];
        for t in 1..T {
            x[t] = array(&input[(in_x + t) * ROWS..]);
        }
        let mut d: [&[Lane<E>; ROWS]; C] = [array(&delta[out_x * ROWS..]); C];
        for c in 1..C {
            d[c] = array(&delta[out_x * ROWS + c * self.delta_block_lanes..]);
        }
        // The common case has a constant count, so that its loop is unrolled.
        if self.images == (0..ROWS) {
            add_products::<E, S, R, C, T>(simd, x, row, d, 0..ROWS, sums);
        } else {
            add_products::<E, S, R, C, T>(simd, x, row, d, self.images.clone(), sums);
        }
    }

    /// Adds a tap's sums to the gradient; `at` counts taps and input channels.
    #[inline(always)]
    fn finish<S: Simd<E>, const R: usize, const C: usize>(
        &mut self,
        simd: S,
        (block, in_block): (usize, usize),
        at: usize,
        sums: &[[S::V; C]; R],
    ) {
        let (in_blocks, taps) = (self.in_channels.div_ceil(LANES), self.xs.len().pow(2));
        for c in 0..C {
            let tile = ((block + c) * in_blocks + in_block) * taps;
            let to = &mut self.sum[tile * LANES + at..][..R];
            for r in 0..R {
                let before = simd.load(&to[r]);
                simd.store(&mut to[r], simd.add(before, sums[r][c]));
            }
        }
    }
}

/// The pairs whose output row, or column, is one of these.
#[inline(always)]
fn within(pairs: &[(usize, usize)], outputs: Range<usize>) -> &[(usize, usize)] {
    let before = |end| pairs.partition_point(|&(output, _)| output < end);
    &pairs[before(outputs.start)..before(outputs.end)]
}

/// The pairs of columns of `T` taps side by side.
#[derive(Debug, Clone, Copy)]
struct Columns<'a, const T: usize> {
    /// Of each tap, left of those that all taps have.
    before: [&'a [(usize, usize)]; T],
    /// Those that all have, as the first tap pairs them; a tap's input lies one column behind that of the tap before.
    shared: &'a [(usize, usize)],
    /// Of each tap, right of them.
    behind: [&'a [(usize, usize)]; T],
}

impl<'a, const T: usize> Columns<'a, T> {
    #[inline(always)]
    fn of(taps: &'a Pairs) -> Self {
        let mut columns = Self {
            before: [&[]; T],
            shared: &taps[0],
            behind: [&[]; T],
        };
        if T > 1 {
            let begin = |tap: &Vec<(usize, usize)>| tap.first().map_or(usize::MAX, |pair| pair.0);
            let end = |tap: &Vec<(usize, usize)>| tap.last().map_or(0, |pair| pair.0 + 1);
            let first = taps.iter().map(begin).max().unwrap_or(usize::MAX);
            let last = taps.iter().map(end).min().unwrap_or(0).max(first);
            for t in 0..T {
                columns.before[t] = within(&taps[t], 0..first);
                columns.behind[t] = within(&taps[t], last..usize::MAX);
            }
            columns.shared = within(&taps[0], first..last);
        }
        columns
    }
}

#[inline(always)]
fn add_products<E: Element, S: Simd<E>, const R: usize, const C: usize, const T: usize>(
    simd: S,
    x: [&[Lane<E>; ROWS]; T],
    row: usize,
    d: [&[Lane<E>; ROWS]; C],
    images: Range<usize>,
    sums: &mut [[[S::V; C]; R]; T],
) {
    for image in images.start..images.end.min(ROWS) {
        let mut delta = [simd.splat(E::ZERO); C];
        for c in 0..C {
            delta[c] = simd.load(&d[c][image]);
        }
        for t in 0..T {
            let x: &[E; R] = x[t][image].0[row..]
                .first_chunk()
                .expect("the channels lie inside a block");
            for r in 0..R {
                let x = simd.splat(x[r]);
                for c in 0..C {
                    sums[t][r][c] = simd.mul_add(x, delta[c], sums[t][r][c]);
                }
            }
        }
    }
}
