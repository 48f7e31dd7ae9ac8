//! Activation codes: which ReLUs are open. Of pairs of images (nwot) and of neurons (swap).
//!
//! A ReLU's output is positive exactly where its pre-activation is. A NaN is not positive, so a pass
//! that overflowed has codes all the same; its findings are NaN instead.

use std::collections::HashSet;

use nbz_engine::device::Signs;
use nbz_engine::{Device, EngineError, Images, Model, Observer, Run, Seen, Trace};
use nbz_space::network::Op;

use crate::findings::Agreement;

/// Watches a forward pass: how many ReLU signs each pair of images shares.
#[derive(Debug)]
pub(crate) struct AgreementWatch {
    images: usize,
    counts: Vec<u64>,
}

impl AgreementWatch {
    pub(crate) fn new(images: usize) -> Self {
        Self {
            images,
            counts: vec![0; images * images],
        }
    }

    /// The counts, or NaN if the logits are not finite.
    pub(crate) fn agreement<D: Device>(self, trace: &Trace<'_, D>) -> Agreement {
        let finite = trace.output().iter().all(|z| z.is_finite());
        let count = |&c: &u64| if finite { c as f64 } else { f64::NAN };
        Agreement {
            counts: self.counts.iter().map(count).collect(),
            images: self.images,
        }
    }

    fn add(&mut self, signs: &Signs) {
        for i in 0..self.images {
            for j in 0..=i {
                let pairs = signs.row(i).iter().zip(signs.row(j));
                let different: u64 = pairs.map(|(a, b)| u64::from((a ^ b).count_ones())).sum();
                let same = signs.bits() as u64 - different;
                self.counts[i * self.images + j] += same;
                if i != j {
                    self.counts[j * self.images + i] += same;
                }
            }
        }
    }
}

impl<D: Device> Observer<D> for AgreementWatch {
    fn value(&mut self, seen: Seen<'_, D>) {
        if seen.op() == Op::Relu {
            self.add(&seen.device.signs(seen.value));
        }
    }
}

/// The distinct patterns that neurons show over the images, one bit an image; NaN if the logits are not
/// finite.
pub(crate) fn patterns<D: Device>(
    model: &Model<'_, D>,
    images: &Images,
) -> Result<f64, EngineError> {
    let mut watch = PatternWatch {
        seen: HashSet::new(),
    };
    let logits = model.infer(images, &Run::default(), &mut watch)?;
    let logits = model.device().download_map(&logits);
    if logits.iter().all(|z| z.is_finite()) {
        Ok(watch.seen.len() as f64)
    } else {
        Ok(f64::NAN)
    }
}

/// The most images of which a neuron's pattern is one word.
pub(crate) const MOST_IMAGES: usize = 64;

struct PatternWatch {
    seen: HashSet<u64>,
}

impl<D: Device> Observer<D> for PatternWatch {
    fn value(&mut self, seen: Seen<'_, D>) {
        if seen.op() != Op::Relu {
            return;
        }
        let signs = seen.device.signs(seen.value);
        let rows: Vec<&[u64]> = (0..seen.device.images(seen.value))
            .map(|image| signs.row(image))
            .collect();
        for bit in 0..signs.bits() {
            let (word, shift) = (bit / 64, bit % 64);
            let pattern = rows
                .iter()
                .enumerate()
                .fold(0, |p, (i, row)| p | (row[word] >> shift & 1) << i);
            self.seen.insert(pattern);
        }
    }
}
