//! Sums of each image and channel, in double precision: what batch norms, their gradients, biases and
//! observers need.
//!
//! All are `sum a` and `sum a (b - centre)` over an image's pixels. Short runs of pixels are summed in the
//! map's precision and then added in double precision, image by image; sums over the batch follow from
//! these in the order of the images, so that neither threads nor neighbours in the batch change a bit.

use super::super::map::ROWS;
use super::super::simd::{Element, Kernel, LANES, Lane, Simd};
use super::affine::PerChannel;

/// Pixels that are summed in the map's precision.
const RUN: usize = 32;

/// Other maps that one sweep can take.
pub(crate) const MOST_OTHERS: usize = 2;

/// One sum for each image of a group and channel of a block.
pub(crate) type ImageSums = [[f64; LANES]; ROWS];

/// `sum a` and, for each other map, `sum a (b - centre)`, for one block of one group; `a` may be masked
/// first.
#[derive(Debug)]
pub(crate) struct Sums<'a, E> {
    /// `a`.
    pub(crate) map: Source<'a, E>,
    /// The other maps, at most [`MOST_OTHERS`].
    pub(crate) others: &'a [(&'a [Lane<E>], PerChannel<'a, E>)],
    /// `sum a`, then the sum with each other map.
    pub(crate) totals: &'a mut [ImageSums],
}

/// Where `a` comes from.
#[derive(Debug)]
pub(crate) enum Source<'a, E> {
    /// A map as it is.
    Read(&'a [Lane<E>]),
    /// A map that is set to zero, in place, where the other is not positive.
    Masked(&'a mut [Lane<E>], &'a [Lane<E>]),
    /// A map that is set to zero, in place, where the batch norm of the first other map is not positive:
    /// scale and shift of the forward sweep, so that the mask has the bits of its output.
    Gated(&'a mut [Lane<E>], PerChannel<'a, E>, PerChannel<'a, E>),
}

impl<E: Element> Kernel<E> for Sums<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        match (self.others.len(), S::ROWS) {
            (0, 8) => self.runs::<S, 0, 8>(simd),
            (0, _) => self.runs::<S, 0, 4>(simd),
            (1, 8) => self.runs::<S, 1, 8>(simd),
            (1, _) => self.runs::<S, 1, 2>(simd),
            (2, 8) => self.runs::<S, 2, 8>(simd),
            (2, _) => self.runs::<S, 2, 2>(simd),
            (n, _) => unreachable!("{n} maps in one sweep"),
        }
    }
}

impl<E: Element> Sums<'_, E> {
    #[inline(always)]
    fn runs<S: Simd<E>, const T: usize, const R: usize>(mut self, simd: S) {
        let lanes = match &self.map {
            Source::Read(a) => a.len(),
            Source::Masked(a, _) | Source::Gated(a, ..) => a.len(),
        };
        for start in (0..lanes).step_by(RUN * ROWS) {
            let end = (start + RUN * ROWS).min(lanes);
            for row in (0..ROWS).step_by(R) {
                self.run_of_pixels::<S, T, R>(simd, start + row, end, row);
            }
        }
    }

    #[inline(always)]
    fn run_of_pixels<S: Simd<E>, const T: usize, const R: usize>(
        &mut self,
        simd: S,
        start: usize,
        end: usize,
        row: usize,
    ) {
        let zero = simd.splat(E::ZERO);
        let (mut plain, mut products) = ([zero; R], [[zero; R]; T]);
        for i in (start..end).step_by(ROWS) {
            let mut a = [zero; R];
            match &mut self.map {
                Source::Read(map) => {
                    let map = &map[i..][..R];
                    for r in 0..R {
                        a[r] = simd.load(&map[r]);
                    }
                }
                Source::Masked(map, by) => {
                    let (map, by) = (&mut map[i..][..R], &by[i..][..R]);
                    for r in 0..R {
                        a[r] = simd.keep_positive(simd.load(&map[r]), simd.load(&by[r]));
                        simd.store(&mut map[r], a[r]);
                    }
                }
                Source::Gated(..) => {}
            }
            if T > 0
                && let Source::Gated(map, scale, shift) = &mut self.map
            {
                let (map, by) = (&mut map[i..][..R], &self.others[0].0[i..][..R]);
                for r in 0..R {
                    let (scale, shift) = (scale.load(simd, row + r), shift.load(simd, row + r));
                    let by = simd.mul_add(simd.load(&by[r]), scale, shift);
                    a[r] = simd.keep_positive(simd.load(&map[r]), by);
                    simd.store(&mut map[r], a[r]);
                }
            }
            for r in 0..R {
                plain[r] = simd.add(plain[r], a[r]);
            }
            for t in 0..T {
                let (other, centre) = self.others[t];
                let other = &other[i..][..R];
                for r in 0..R {
                    let b = simd.sub(simd.load(&other[r]), centre.load(simd, row + r));
                    products[t][r] = simd.mul_add(a[r], b, products[t][r]);
                }
            }
        }
        for r in 0..R {
            widen(simd, plain[r], &mut self.totals[0][row + r]);
            for t in 0..T {
                widen(simd, products[t][r], &mut self.totals[1 + t][row + r]);
            }
        }
    }
}

/// `sum (x - first)` and `sum (x - first)^2` of each image and channel for one block of one group,
/// where `first` is the channel's first pixel of the image: a guess of the mean that keeps the variance
/// of a channel with a large mean from cancelling.
#[derive(Debug)]
pub(crate) struct Spread<'a, E> {
    /// The block.
    pub(crate) map: &'a [Lane<E>],
    /// The two sums.
    pub(crate) totals: &'a mut [ImageSums; 2],
}

impl<E: Element> Kernel<E> for Spread<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        match S::ROWS {
            8 => self.runs::<S, 8>(simd),
            _ => self.runs::<S, 2>(simd),
        }
    }
}

impl<E: Element> Spread<'_, E> {
    #[inline(always)]
    fn runs<S: Simd<E>, const R: usize>(self, simd: S) {
        let zero = simd.splat(E::ZERO);
        for pixels in self.map.chunks(RUN * ROWS) {
            for row in (0..ROWS).step_by(R) {
                let (mut plain, mut squares, mut first) = ([zero; R], [zero; R], [zero; R]);
                for r in 0..R {
                    first[r] = simd.load(&self.map[row + r]);
                }
                for pixel in pixels.chunks_exact(ROWS) {
                    let pixel = &pixel[row..][..R];
                    for r in 0..R {
                        let x = simd.sub(simd.load(&pixel[r]), first[r]);
                        plain[r] = simd.add(plain[r], x);
                        squares[r] = simd.mul_add(x, x, squares[r]);
                    }
                }
                for r in 0..R {
                    widen(simd, plain[r], &mut self.totals[0][row + r]);
                    widen(simd, squares[r], &mut self.totals[1][row + r]);
                }
            }
        }
    }
}

#[inline(always)]
fn widen<E: Element, S: Simd<E>>(simd: S, v: S::V, to: &mut [f64; LANES]) {
    let mut lane = Lane::ZERO;
    simd.store(&mut lane, v);
    for (to, v) in to.iter_mut().zip(lane.0) {
        *to += v.to_f64();
    }
}
