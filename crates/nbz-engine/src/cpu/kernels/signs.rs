//! Signs of a gradient: its largest magnitude, and a count of what pushes up less what pushes down.
//!
//! Plain loops that the compiler turns into each instruction set's vectors: memory bounds them.

use super::super::simd::{Element, Kernel, LANES, Lane, Simd};

/// The largest magnitude of some lanes; NaN is passed over.
#[derive(Debug)]
pub(crate) struct Largest<'a, E> {
    /// The lanes.
    pub(crate) lanes: &'a [Lane<E>],
    /// The magnitude, at least what it was before.
    pub(crate) largest: &'a mut f64,
}

impl<E: Element> Kernel<E> for Largest<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, _: S) {
        let mut largest = [0.0_f64; LANES];
        for lane in self.lanes {
            for (largest, g) in largest.iter_mut().zip(&lane.0) {
                *largest = largest.max(g.to_f64().abs());
            }
        }
        *self.largest = largest.into_iter().fold(*self.largest, f64::max);
    }
}

/// `sums += sign(g)`, where a magnitude within the bound, and NaN, has sign 0.
#[derive(Debug)]
pub(crate) struct AddSigns<'a, E> {
    /// The gradient.
    pub(crate) gradient: &'a [Lane<E>],
    /// The largest magnitude that counts as 0.
    pub(crate) bound: f64,
    /// Whole numbers, as many as the gradient has.
    pub(crate) sums: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for AddSigns<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        let (one, minus) = (E::from_f64(1.0), E::from_f64(-1.0));
        for (to, lane) in self.sums.iter_mut().zip(self.gradient) {
            let mut signs = Lane::ZERO;
            for (sign, g) in signs.0.iter_mut().zip(&lane.0) {
                let g = g.to_f64();
                let up = if g > self.bound { one } else { E::ZERO };
                *sign = if g < -self.bound { minus } else { up };
            }
            let sum = simd.add(simd.load(to), simd.load(&signs));
            simd.store(to, sum);
        }
    }
}
