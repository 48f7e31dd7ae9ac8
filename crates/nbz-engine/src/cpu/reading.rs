//! What leaves the device as plain numbers.

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
