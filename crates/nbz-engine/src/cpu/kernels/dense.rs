//! Dense convolution: `out[o] = sum over taps and input channels of w[o][i][tap] * in[i][tap(pixel)]`.
//!
//! One kernel serves both directions, since the input gradient is the same sum over the transposed
//! weight and the reversed taps ([`super::super::taps`]), and every kernel size, stride and padding.
//!
//! The register tile is `R` images by `C` channel vectors at `P` output pixels side by side: each weight vector
//! that is loaded meets `R` images of `P` pixels, each input number that is broadcast meets `C` vectors. Two pixels
//! are taken where there is one vector of channels alone, for eight sums are too few to keep two multipliers
//! busy; pixels at an edge, which have other taps, go one by one.
//!
//! Sums run over input blocks, then rows of taps, then columns, then the 16 channels of the block, in this order on
//! every path; between input blocks they rest in the output, which loses nothing.

use super::super::map::ROWS;
use super::super::simd::{Element, Kernel, LANES, Lane, Simd};
use super::super::taps::Tap;

/// What the sums start from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start<'a, E> {
    /// Nothing.
    Zero,
    /// What the output holds.
    Output,
    /// One vector for each output block.
    Bias(&'a [Lane<E>]),
}

impl<E> Start<'_, E> {
    /// The start of some blocks.
    pub(crate) fn of(self, blocks: std::ops::Range<usize>) -> Self {
        match self {
            Self::Bias(bias) => Self::Bias(&bias[blocks]),
            other => other,
        }
    }
}

/// A dense convolution of one group of images onto some output blocks.
#[derive(Debug)]
pub(crate) struct Dense<'a, E> {
    /// The group's input, all blocks.
    pub(crate) input: &'a [Lane<E>],
    /// Channels of the input.
    pub(crate) in_channels: usize,
    /// Pixels of an input row.
    pub(crate) width: usize,
    /// Side of the convolution's window.
    pub(crate) kernel: usize,
    /// Taps of each output row.
    pub(crate) ys: &'a [Vec<Tap>],
    /// Taps of each output column.
    pub(crate) xs: &'a [Vec<Tap>],
    /// The output blocks' weights.
    pub(crate) weight: &'a [Lane<E>],
    /// What the sums start from.
    pub(crate) start: Start<'a, E>,
    /// Images that the group has; what the others' outputs become is left open.
    pub(crate) images: usize,
    /// The output blocks.
    pub(crate) output: &'a mut [Lane<E>],
}

/// Input blocks whose weights are used at one pixel before the next: enough of a 1 x 1 kernel's to be
/// worth a tile's loads and stores, and of a larger kernel's no more than the first cache holds.
fn blocks_at_once(kernel: usize) -> usize {
    if kernel == 1 { 8 } else { 1 }
}

impl<E: Element> Kernel<E> for Dense<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        let out_blocks = self.output.len() / self.out_block_lanes();
        let mut block = 0;
        while block < out_blocks {
            match (S::ROWS, S::COLUMNS.min(out_blocks - block)) {
                (_, 2) if self.images == 1 => self.columns::<S, 1, 2>(simd, block),
                _ if self.images == 1 => self.columns::<S, 1, 1>(simd, block),
                (8, 2) => self.columns::<S, 8, 2>(simd, block),
                (8, _) => self.columns::<S, 8, 1>(simd, block),
                (4, _) => self.columns::<S, 4, 1>(simd, block),
                _ => self.columns::<S, 2, 1>(simd, block),
            }
            block += S::COLUMNS;
        }
    }
}

impl<E: Element> Dense<'_, E> {
    #[inline(always)]
    fn out_block_lanes(&self) -> usize {
        self.ys.len() * self.xs.len() * ROWS
    }

    #[inline(always)]
    fn in_blocks(&self) -> usize {
        self.in_channels.div_ceil(LANES)
    }

    #[inline(always)]
    fn columns<S: Simd<E>, const R: usize, const C: usize>(&mut self, simd: S, block: usize) {
        let step = blocks_at_once(self.kernel);
        for first in (0..self.in_blocks()).step_by(step) {
            let last = (first + step).min(self.in_blocks());
            for y in 0..self.ys.len() {
                let mut x = 0;
                while x < self.xs.len() {
                    // Twice a tile's sums fit into the registers only where two columns of them would.
                    let shift = if (C, R, S::COLUMNS) == (1, ROWS, 2) {
                        self.shift(x)
                    } else {
                        None
                    };
                    for row in (0..self.images).step_by(R) {
                        let at = (y, x, row);
                        match shift {
                            Some(n) => self.tile::<S, R, C, 2>(simd, block, first..last, at, n),
                            None => self.tile::<S, R, C, 1>(simd, block, first..last, at, 0),
                        }
                    }
                    x += 1 + usize::from(shift.is_some());
                }
            }
        }
    }

    /// How far the sources of the next output column lie from those of column `x`, if it has the same taps.
    #[inline(always)]
    fn shift(&self, x: usize) -> Option<usize> {
        let (here, next) = (&self.xs[x], self.xs.get(x + 1)?);
        let shift = next.first()?.source.checked_sub(here.first()?.source)?;
        let moved = |a: &Tap, b: &Tap| a.weight == b.weight && a.source + shift == b.source;
        let same = here.len() == next.len() && here.iter().zip(next).all(|(a, b)| moved(a, b));
        same.then_some(shift)
    }

    /// The sums of `P` output pixels from `x` on, whose sources lie `shift` columns apart, and of `R` images from
    /// `row` on.
    #[inline(always)]
    fn tile<S: Simd<E>, const R: usize, const C: usize, const P: usize>(
        &mut self,
        simd: S,
        block: usize,
        in_blocks: std::ops::Range<usize>,
        (y, x, row): (usize, usize, usize),
        shift: usize,
    ) {
        let out_block_lanes = self.out_block_lanes();
        let at = block * out_block_lanes + (y * self.xs.len() + x) * ROWS + row;
        let mut sums = [[[simd.splat(E::ZERO); C]; R]; P];
        match self.start {
            Start::Bias(bias) if in_blocks.start == 0 => {
                for (c, bias) in bias[block..block + C].iter().enumerate() {
                    let bias = simd.load(bias);
                    for row in sums.as_flattened_mut() {
                        row[c] = bias;
                    }
                }
            }
            Start::Zero if in_blocks.start == 0 => {}
            _ => {
                for p in 0..P {
                    for c in 0..C {
                        let from = &self.output[at + c * out_block_lanes + p * ROWS..][..R];
                        for r in 0..R {
                            sums[p][r][c] = simd.load(&from[r]);
                        }
                    }
                }
            }
        }
        let (weight_blocks, taps) = (self.in_blocks(), self.kernel * self.kernel);
        let in_block_lanes = self.input.len() / weight_blocks;
        for in_block in in_blocks {
            let live = (self.in_channels - in_block * LANES).min(LANES);
            let input = &self.input[in_block * in_block_lanes..][..in_block_lanes];
            for ty in &self.ys[y] {
                for tx in &self.xs[x] {
                    let tap = ty.weight * self.kernel + tx.weight;
                    let pixel = ty.source * self.width + tx.source;
                    let mut pixels: [&[Lane<E>; R]; P] = [array(&input[pixel * ROWS + row..]); P];
                    for p in 1..P {
                        pixels[p] = array(&input[(pixel + p * shift) * ROWS + row..]);
                    }
                    let weights_of = |c: usize| -> &[Lane<E>; LANES] {
                        let tile = ((block + c) * weight_blocks + in_block) * taps + tap;
                        array(&self.weight[tile * LANES..])
                    };
                    let mut weights = [weights_of(0); C];
                    for c in 1..C {
                        weights[c] = weights_of(c);
                    }
                    // The common case has a constant count, so that its loop is unrolled.
                    if live == LANES {
                        multiply::<E, S, R, C, P>(simd, pixels, weights, LANES, &mut sums);
                    } else {
                        multiply::<E, S, R, C, P>(simd, pixels, weights, live, &mut sums);
                    }
                }
            }
        }
        for p in 0..P {
            for c in 0..C {
                let to = &mut self.output[at + c * out_block_lanes + p * ROWS..][..R];
                for r in 0..R {
                    simd.store(&mut to[r], sums[p][r][c]);
                }
            }
        }
    }
}

/// The first `N` lanes.
#[inline(always)]
pub(super) fn array<E, const N: usize>(lanes: &[Lane<E>]) -> &[Lane<E>; N] {
    lanes.first_chunk().expect("a tile lies inside its map")
}

#[inline(always)]
fn multiply<E: Element, S: Simd<E>, const R: usize, const C: usize, const P: usize>(
    simd: S,
    pixels: [&[Lane<E>; R]; P],
    weights: [&[Lane<E>; LANES]; C],
    live: usize,
    sums: &mut [[[S::V; C]; R]; P],
) {
    for i in 0..live.min(LANES) {
        let mut w = [simd.splat(E::ZERO); C];
        for c in 0..C {
            w[c] = simd.load(&weights[c][i]);
        }
        for p in 0..P {
            for r in 0..R {
                let x = simd.splat(pixels[p][r].0[i]);
                for c in 0..C {
                    sums[p][r][c] = simd.mul_add(x, w[c], sums[p][r][c]);
                }
            }
        }
    }
}
