//! Augmentation of training images: one file a habit.

mod crop_flip;

pub use crop_flip::{CropFlip, PADDING};
