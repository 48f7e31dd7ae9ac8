//! Named random streams: ChaCha8 keyed by a seed and a purpose.
//!
//! The key is SHA-256 of `nbzero images 1\n{seed}\n{purpose}`, so two purposes never share numbers,
//! nothing depends on who drew before, and any language with SHA-256 and ChaCha8 can repeat a draw.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::Digest;

/// One stream of random numbers: the same for one (seed, purpose) on every machine, for ever.
#[derive(Debug, Clone)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of a purpose (`batch`, `batch2`, `noise.x`) under a seed.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let text = format!("nbzero images 1\n{seed}\n{purpose}");
        Self(ChaCha8Rng::from_seed(
            *Digest::of(&[text.as_bytes()]).bytes(),
        ))
    }

    /// A number in `[0, 1)` with 53 random bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * 2f64.powi(-53)
    }

    /// A whole number below `bound`, without bias: draws that would favour small numbers are thrown
    /// away.
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "a number below zero was asked for");
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let draw = self.0.next_u64();
            if draw < fair {
                return draw % bound;
            }
        }
    }

    /// Random bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// `count` distinct numbers below `bound` in draw order, so that a shorter draw is a prefix of a
    /// longer one.
    ///
    /// # Panics
    /// If `count` exceeds `bound`.
    pub fn distinct(&mut self, count: usize, bound: usize) -> Vec<usize> {
        assert!(count <= bound, "more numbers than there are");
        let mut all: Vec<usize> = (0..bound).collect();
        for i in 0..count {
            let j = i + self.below((bound - i) as u64) as usize;
            all.swap(i, j);
        }
        all.truncate(count);
        all
    }

    /// A standard normal number (Box-Muller in `f64` with portable elementary functions).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.unit())).sqrt();
        radius * libm::cos(2.0 * std::f64::consts::PI * self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shorter_draw_is_a_prefix_of_a_longer_one_and_numbers_are_distinct() {
        let long = Stream::new(3, "batch").distinct(50, 60);
        let short = Stream::new(3, "batch").distinct(10, 60);
        assert_eq!(&long[..10], &short[..]);
        let mut sorted = long.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 50);
    }

    #[test]
    fn seed_and_purpose_both_change_the_stream() {
        let first = |seed, purpose: &str| Stream::new(seed, purpose).unit().to_bits();
        assert_ne!(first(0, "batch"), first(1, "batch"));
        assert_ne!(first(0, "batch"), first(0, "batch2"));
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        // Oracle: the law of large numbers; 100,000 draws, so 5 standard errors are 0.016 and 0.023.
        let mut stream = Stream::new(0, "noise");
        let draws: Vec<f64> = (0..100_000).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.016, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.023, "variance {variance}");
    }
}
