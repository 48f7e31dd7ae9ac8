//! Sums of weights, lane by lane.

use super::super::simd::{Element, Kernel, Lane, Simd};

/// Lanes that a task takes: 64 KiB of `f32`.
pub(crate) const PIECE: usize = 1024;

/// The sum of partial sums, in their order, of some of their lanes.
#[derive(Debug)]
pub(crate) struct AddChunks<'a, E> {
    /// The partial sums, one behind the other.
    pub(crate) partial: &'a [Lane<E>],
    /// Lanes of each.
    pub(crate) lanes: usize,
    /// The first of a partial sum's lanes that is summed.
    pub(crate) first: usize,
    /// Whether the output's former content comes before them.
    pub(crate) onto: bool,
    /// One for each lane that is summed.
    pub(crate) output: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for AddChunks<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        for (i, output) in self.output.iter_mut().enumerate() {
            let mut sum = if self.onto {
                simd.load(output)
            } else {
                simd.splat(E::ZERO)
            };
            for chunk in self.partial.chunks_exact(self.lanes) {
                sum = simd.add(sum, simd.load(&chunk[self.first + i]));
            }
            simd.store(output, sum);
        }
    }
}

/// `x = a x + b y`, computed in double precision and rounded once: a plain loop that the compiler turns into each
/// instruction set's vectors.
#[derive(Debug)]
pub(crate) struct WeightedSum<'a, E> {
    /// Factor of `x`.
    pub(crate) a: f64,
    /// Factor of `y`.
    pub(crate) b: f64,
    /// Summand and result.
    pub(crate) x: &'a mut [Lane<E>],
    /// As many lanes.
    pub(crate) y: &'a [Lane<E>],
}

impl<E: Element> Kernel<E> for WeightedSum<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, _: S) {
        for (x, y) in self.x.iter_mut().zip(self.y) {
            for (x, y) in x.0.iter_mut().zip(&y.0) {
                *x = E::from_f64(self.a * x.to_f64() + self.b * y.to_f64());
            }
        }
    }
}
