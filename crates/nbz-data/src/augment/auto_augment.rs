//! AutoAugment's policy for CIFAR-10: one of 25 pairs of operations, each applied with a probability.
//!
//! The pairs are those of Cubuk et al. 2019 as ZenNAS's training script has them; torchvision has the same
//! table but for one probability (the second of the seventeenth pair, 0.6 there and 0.8 here).

use super::Kind::{
    self, AutoContrast, Brightness, Color, Contrast, Equalize, Invert, Posterize, Rotate,
    Sharpness, ShearY, Solarize, TranslateX, TranslateY,
};
use super::Operation;
use crate::Stream;

/// Probability in tenths, operation, level.
type Chance = (u8, Kind, u8);

const PAIRS: [[Chance; 2]; 25] = [
    [(1, Invert, 7), (2, Contrast, 6)],
    [(7, Rotate, 2), (3, TranslateX, 9)],
    [(8, Sharpness, 1), (9, Sharpness, 3)],
    [(5, ShearY, 8), (7, TranslateY, 9)],
    [(5, AutoContrast, 8), (9, Equalize, 2)],
    [(2, ShearY, 7), (3, Posterize, 7)],
    [(4, Color, 3), (6, Brightness, 7)],
    [(3, Sharpness, 9), (7, Brightness, 9)],
    [(6, Equalize, 5), (5, Equalize, 1)],
    [(6, Contrast, 7), (6, Sharpness, 5)],
    [(7, Color, 7), (5, TranslateX, 8)],
    [(3, Equalize, 7), (4, AutoContrast, 8)],
    [(4, TranslateY, 3), (2, Sharpness, 6)],
    [(9, Brightness, 6), (2, Color, 8)],
    [(5, Solarize, 2), (0, Invert, 3)],
    [(2, Equalize, 0), (6, AutoContrast, 0)],
    [(2, Equalize, 8), (8, Equalize, 4)],
    [(9, Color, 9), (6, Equalize, 6)],
    [(8, AutoContrast, 4), (2, Solarize, 8)],
    [(1, Brightness, 3), (7, Color, 0)],
    [(4, Solarize, 5), (9, AutoContrast, 3)],
    [(9, TranslateY, 9), (7, TranslateY, 9)],
    [(9, AutoContrast, 2), (8, Solarize, 3)],
    [(8, Equalize, 8), (1, Invert, 3)],
    [(7, TranslateY, 9), (9, AutoContrast, 1)],
];

/// One draw: the operations that an image goes through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AutoAugment {
    operations: [Option<Operation>; 2],
}

impl AutoAugment {
    /// The draw of an image: the stream (`seed`, `{purpose}.auto_augment.{number}`) gives the pair and then, for
    /// each of the two, whether it is applied (a number below 10 below its tenths) and its sign.
    ///
    /// It depends on nothing else, so neither on the batch that the image is in nor on who drew before.
    ///
    /// ```
    /// use nbz_data::augment::AutoAugment;
    /// let draw = AutoAugment::draw(0, "epoch 3", 17);
    /// assert_eq!(draw, AutoAugment::draw(0, "epoch 3", 17));
    /// let mut image = vec![100; 3 * 32 * 32];
    /// draw.apply(&mut image, [32, 32]);
    /// assert_eq!(image.len(), 3 * 32 * 32);
    /// ```
    pub fn draw(seed: u64, purpose: &str, number: usize) -> Self {
        let mut stream = Stream::new(seed, &format!("{purpose}.auto_augment.{number}"));
        let pair = PAIRS[stream.below(PAIRS.len() as u64) as usize];
        let operations = pair.map(|(tenths, kind, level)| {
            let applied = stream.below(10) < u64::from(tenths);
            let turned = stream.below(2) == 1 && kind.has_sign();
            applied.then(|| kind.at(level, if turned { -1.0 } else { 1.0 }))
        });
        Self { operations }
    }

    /// The operations, in order.
    pub fn operations(&self) -> impl Iterator<Item = Operation> {
        self.operations.into_iter().flatten()
    }

    /// Changes an image of raw bytes `[3, height, width]`.
    ///
    /// # Panics
    /// If the image is not of that size.
    pub fn apply(&self, image: &mut Vec<u8>, size: [usize; 2]) {
        for operation in self.operations() {
            operation.apply(image, size);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn operations_are_drawn_as_often_as_the_policy_says() {
        // Oracle: the table's sums; 20,000 draws, tolerance five standard deviations.
        let count = 20_000;
        let mut found: BTreeMap<&str, f64> = BTreeMap::new();
        let mut turned = 0.0;
        let mut signed = 0.0;
        for number in 0..count {
            for operation in AutoAugment::draw(1, "test", number).operations() {
                *found.entry(operation.kind().name()).or_default() += 1.0;
                if operation.kind().has_sign() && operation != operation.kind().at(0, 1.0) {
                    let positive = (0..10).any(|l| operation == operation.kind().at(l, 1.0));
                    signed += 1.0;
                    turned += f64::from(u8::from(!positive));
                }
            }
        }
        for kind in Kind::ALL {
            let chances = PAIRS.iter().flatten().filter(|(_, k, _)| *k == kind);
            let mean: f64 = chances.clone().map(|c| f64::from(c.0) / 250.0).sum();
            let expected = mean * count as f64;
            let found = found.get(kind.name()).copied().unwrap_or(0.0);
            // A pair may apply one kind twice, which at most doubles the variance.
            let deviation = (2.0 * expected).sqrt();
            assert!(
                (found - expected).abs() <= 5.0 * deviation,
                "{}: {found} for {expected}",
                kind.name()
            );
        }
        assert!(
            (turned - signed / 2.0).abs() < 5.0 * (signed / 4.0_f64).sqrt(),
            "{turned} of {signed}"
        );
    }
}
