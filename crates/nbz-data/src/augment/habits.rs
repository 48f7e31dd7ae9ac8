//! Which augmentations a training uses, and their order: crop and flip, then AutoAugment.

use super::{AutoAugment, CropFlip};

/// The augmentations of a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habits {
    /// [`CropFlip`], with black outside.
    pub crop_flip: bool,
    /// [`AutoAugment`], on what the crop left.
    pub auto_augment: bool,
}

impl Habits {
    /// One image as an epoch sees it: a function of (`seed`, `epoch`, `number`) alone.
    ///
    /// # Panics
    /// If the image is not raw bytes `[3, height, width]`.
    pub fn apply(
        self,
        raw: &[u8],
        size: [usize; 2],
        (seed, epoch, number): (u64, u32, usize),
    ) -> Vec<u8> {
        let purpose = format!("train.{epoch}");
        let mut image = if self.crop_flip {
            CropFlip::draw(seed, &purpose, number).apply(raw, size, &[0; 3])
        } else {
            raw.to_vec()
        };
        if self.auto_augment {
            AutoAugment::draw(seed, &purpose, number).apply(&mut image, size);
        }
        image
    }
}
