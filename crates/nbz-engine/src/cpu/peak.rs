//! The arithmetic peak of one core, measured: what shares of peak are shares of.

use std::hint::black_box;
use std::time::Instant;

use super::path::Path;
use super::simd::{Element, Kernel, LANES, Lane, Simd};

/// Registers of fused multiply-adds that do not wait for each other: more than any core's latency times width
/// needs, and few enough that an instruction set with 16 registers keeps them all.
const CHAINS: usize = 12;
/// Rounds of one timing, long enough for the clock and short enough to fall between interruptions.
const ROUNDS: usize = 100_000;

struct Chains<'a, E> {
    out: &'a mut Lane<E>,
}

impl<E: Element> Kernel<E> for Chains<'_, E> {
    #[expect(
        clippy::inline_always,
        reason = "only inlined code is compiled for the instruction set"
    )]
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        // A register tile has fewer rows where a vector takes more registers.
        match S::ROWS {
            8 => self.chains::<S, CHAINS>(simd),
            4 => self.chains::<S, { CHAINS / 2 }>(simd),
            _ => self.chains::<S, { CHAINS / 4 }>(simd),
        }
    }
}

impl<E: Element> Chains<'_, E> {
    #[expect(
        clippy::inline_always,
        reason = "only inlined code is compiled for the instruction set"
    )]
    #[inline(always)]
    fn chains<S: Simd<E>, const N: usize>(self, simd: S) {
        let factor = simd.load(&black_box(Lane([E::from_f64(0.5); LANES])));
        let mut sums = [simd.splat(E::from_f64(1.0)); N];
        for _ in 0..ROUNDS * CHAINS / N {
            for sum in &mut sums {
                *sum = simd.mul_add(*sum, factor, factor);
            }
        }
        let mut total = simd.splat(E::ZERO);
        for sum in sums {
            total = simd.add(total, sum);
        }
        simd.store(self.out, total);
    }
}

/// Floating-point operations a second (a fused multiply-add is two) of one core on a path: the best of
/// `tries` timings of about a millisecond.
pub fn measured_peak<E: Element>(path: Path, tries: usize) -> f64 {
    let operations = (2 * CHAINS * LANES * ROUNDS) as f64;
    let once = || {
        let mut out = Lane::ZERO;
        let start = Instant::now();
        path.run(Chains::<E> { out: &mut out });
        black_box(out);
        operations / start.elapsed().as_secs_f64()
    };
    (0..tries.max(1)).map(|_| once()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_converge_to_one_on_every_path() {
        // x = x / 2 + 1/2 has the fixed point 1, from which it starts, so the sum counts the chains.
        for path in Path::available() {
            let mut out = Lane::<f32>::ZERO;
            path.run(Chains { out: &mut out });
            let chains = if path == Path::Avx512 { 12.0 } else { 6.0 };
            assert_eq!(out, Lane([chains; LANES]));
        }
    }
}
