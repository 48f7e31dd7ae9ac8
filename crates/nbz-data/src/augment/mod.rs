//! Augmentation of training images: one file a habit.

mod auto_augment;
mod colour;
mod crop_flip;
mod geometry;
mod habits;
mod operation;

pub use auto_augment::AutoAugment;
pub use crop_flip::{CropFlip, PADDING};
pub use habits::Habits;
pub use operation::{Kind, Operation};
