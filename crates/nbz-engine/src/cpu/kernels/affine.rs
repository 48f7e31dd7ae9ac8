//! Sums of scaled maps: `out = activation(sum over terms of scale[c] * map + shift[c])`.
//!
//! With the right scales and shifts this one kernel is a batch norm, a residual addition of two batch
//! norms, the input gradient of a batch norm and its derivative: see [`super::super::mixture`].

use super::super::map::ROWS;
use super::super::simd::{Element, Kernel, Lane, Simd};

/// One vector of channels for all images, or one for each of the eight.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PerChannel<'a, E> {
    /// The same for all images.
    Shared(&'a Lane<E>),
    /// One for each image.
    Image(&'a [Lane<E>; ROWS]),
}

impl<E: Element> PerChannel<'_, E> {
    #[inline(always)]
    pub(super) fn load<S: Simd<E>>(self, simd: S, row: usize) -> S::V {
        match self {
            Self::Shared(lane) => simd.load(lane),
            Self::Image(lanes) => simd.load(&lanes[row]),
        }
    }
}

/// What follows the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finish {
    /// Nothing.
    Keep,
    /// `max(x, 0)`.
    Relu,
}

/// A map's block and its scale.
pub(crate) type Scaled<'a, E> = (&'a [Lane<E>], PerChannel<'a, E>);

/// A sum of scaled maps for one block of one group.
#[derive(Debug)]
pub(crate) struct Affine<'a, E> {
    /// The summands; at most [`MOST_TERMS`].
    pub(crate) terms: &'a [Scaled<'a, E>],
    /// Added once.
    pub(crate) shift: PerChannel<'a, E>,
    /// Whether the output's former content is a summand too.
    pub(crate) onto: bool,
    /// What follows the sum.
    pub(crate) finish: Finish,
    /// The output's block.
    pub(crate) output: &'a mut [Lane<E>],
}

/// Maps that one sweep can sum.
pub(crate) const MOST_TERMS: usize = 4;

impl<E: Element> Kernel<E> for Affine<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        let per_image = |p: &PerChannel<'_, E>| matches!(p, PerChannel::Image(_));
        if per_image(&self.shift) || self.terms.iter().any(|(_, p)| per_image(p)) {
            for row in 0..ROWS {
                self.dispatch::<S>(simd, row, ROWS);
            }
        } else {
            self.dispatch::<S>(simd, 0, 1);
        }
    }
}

impl<E: Element> Affine<'_, E> {
    /// Every `step`th lane from `row` on.
    #[inline(always)]
    fn dispatch<S: Simd<E>>(&mut self, simd: S, row: usize, step: usize) {
        match self.terms.len() {
            1 => self.sweep::<S, 1>(simd, row, step),
            2 => self.sweep::<S, 2>(simd, row, step),
            3 => self.sweep::<S, 3>(simd, row, step),
            MOST_TERMS => self.sweep::<S, MOST_TERMS>(simd, row, step),
            n => unreachable!("{n} terms in one sweep"),
        }
    }

    #[inline(always)]
    fn sweep<S: Simd<E>, const T: usize>(&mut self, simd: S, row: usize, step: usize) {
        let lanes = self.output.len();
        let mut scales = [simd.splat(E::ZERO); T];
        let mut maps: [&[Lane<E>]; T] = [&[]; T];
        for t in 0..T {
            scales[t] = self.terms[t].1.load(simd, row);
            maps[t] = &self.terms[t].0[..lanes];
        }
        let shift = self.shift.load(simd, row);
        for i in (row..lanes).step_by(step) {
            let mut v = shift;
            for t in 0..T {
                v = simd.mul_add(simd.load(&maps[t][i]), scales[t], v);
            }
            if self.onto {
                v = simd.add(v, simd.load(&self.output[i]));
            }
            if self.finish == Finish::Relu {
                v = simd.relu(v);
            }
            simd.store(&mut self.output[i], v);
        }
    }
}
