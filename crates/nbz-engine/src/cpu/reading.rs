//! What leaves the device as plain numbers.

use super::Cpu;
use super::kernels::gram::Gram;
use super::map::{Map, ROWS};
use super::simd::{Element, LANES, Lane};
use crate::device::Signs;

/// `sum f(a, b)` over lanes of one order: sixteen sums in double precision, added at the end.
pub(crate) fn dot<E: Element>(a: &[Lane<E>], b: &[Lane<E>], f: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for (sum, (&a, &b)) in sums.iter_mut().zip(a.0.iter().zip(&b.0)) {
            *sum += f(a.to_f64(), b.to_f64());
        }
    }
    sums.iter().sum()
}

/// `G[i][j] += <w_i, w_j>` over weights of one order. All pairs meet over one piece of every weight
/// before the next piece, so that each weight is read from memory once.
pub(crate) fn add_gram<E: Element>(device: &Cpu<E>, weights: &[&[Lane<E>]], gram: &mut [f64]) {
    /// Lanes of a piece: 8 KiB of `f32`, so that sixteen weights' pieces share the second cache.
    const PIECE: usize = 128;
    let n = weights.len();
    let lanes = weights.first().map_or(0, |w| w.len());
    // A number of slices that does not depend on threads, for it decides the rounding.
    let slices = lanes.div_ceil(PIECE).clamp(1, 8);
    let slice = lanes.div_ceil(slices).next_multiple_of(PIECE);
    let mut partial = vec![vec![0.0; n * n]; slices];
    let tasks: Vec<_> = partial.iter_mut().enumerate().collect();
    device.threads.run(tasks, |(i, gram)| {
        let end = ((i + 1) * slice).min(lanes);
        for start in (i * slice..end).step_by(PIECE) {
            let piece = start..(start + PIECE).min(end);
            let pieces: Vec<_> = weights.iter().map(|w| &w[piece.clone()]).collect();
            device.path.run(Gram {
                pieces: &pieces,
                gram,
            });
        }
    });
    for partial in partial {
        for i in 0..n {
            for j in 0..=i {
                gram[i * n + j] += partial[i * n + j];
                if i != j {
                    gram[j * n + i] += partial[i * n + j];
                }
            }
        }
    }
}

/// The sign bits of a map.
pub(crate) fn signs<E: Element>(map: &Map<E>) -> Signs {
    let layout = map.layout;
    let (channels, pixels) = (layout.shape.channels, layout.shape.pixels());
    let mut signs = Signs::cleared(layout.images, channels * pixels);
    for image in 0..layout.images {
        let words = signs.row_mut(image);
        for channel in 0..channels {
            let start = layout.block(image / ROWS, channel / LANES).start + image % ROWS;
            for pixel in 0..pixels {
                let positive = map.lanes()[start + pixel * ROWS].0[channel % LANES] > E::ZERO;
                let bit = channel * pixels + pixel;
                words[bit / 64] |= u64::from(positive) << (bit % 64);
            }
        }
    }
    signs
}
