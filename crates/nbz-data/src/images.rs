//! A batch of images as a network takes it.

use crate::{DataError, Digest};

/// Normalised images `[N, C, H, W]` in row-major order, with one label each.
#[derive(Debug, Clone, PartialEq)]
pub struct Images {
    shape: [usize; 4],
    pixels: Vec<f32>,
    labels: Vec<u32>,
    classes: usize,
}

impl Images {
    /// Puts pixels and labels together.
    ///
    /// # Panics
    /// If the lengths do not fit the shape or a label is not below `classes`: readers check both.
    pub(crate) fn new(
        shape: [usize; 4],
        pixels: Vec<f32>,
        labels: Vec<u32>,
        classes: usize,
    ) -> Self {
        assert_eq!(pixels.len(), shape.iter().product::<usize>(), "pixels");
        assert_eq!(labels.len(), shape[0], "labels");
        assert!(labels.iter().all(|&l| (l as usize) < classes), "label");
        Self {
            shape,
            pixels,
            labels,
            classes,
        }
    }

    /// `[N, C, H, W]`.
    pub const fn shape(&self) -> [usize; 4] {
        self.shape
    }

    /// Number of images.
    pub const fn count(&self) -> usize {
        self.shape[0]
    }

    /// All pixels in row-major order.
    pub fn pixels(&self) -> &[f32] {
        &self.pixels
    }

    /// One label an image.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of classes of the data set, whether or not all of them occur here.
    pub const fn classes(&self) -> usize {
        self.classes
    }

    /// The first `count` images.
    ///
    /// # Errors
    /// [`DataError::BatchTooLarge`] and [`DataError::EmptyBatch`].
    pub fn first(&self, count: usize) -> Result<Self, DataError> {
        self.range(0, count)
    }

    /// `count` images from number `start` on.
    ///
    /// # Errors
    /// As [`Images::first`].
    pub fn range(&self, start: usize, count: usize) -> Result<Self, DataError> {
        check_count(count, self.count().saturating_sub(start))?;
        let [_, c, h, w] = self.shape;
        let size = c * h * w;
        Ok(Self {
            shape: [count, c, h, w],
            pixels: self.pixels[start * size..][..count * size].to_vec(),
            labels: self.labels[start..][..count].to_vec(),
            classes: self.classes,
        })
    }

    /// SHA-256 of the shape and the class count (five u64), the pixels (f32) and the labels (u32),
    /// all little-endian: what a score's batch was.
    pub fn digest(&self) -> Digest {
        let head: Vec<u8> = self
            .shape
            .iter()
            .chain([&self.classes])
            .flat_map(|&n| (n as u64).to_le_bytes())
            .collect();
        let pixels: Vec<u8> = self.pixels.iter().flat_map(|p| p.to_le_bytes()).collect();
        let labels: Vec<u8> = self.labels.iter().flat_map(|l| l.to_le_bytes()).collect();
        Digest::of(&[&head, &pixels, &labels])
    }
}

/// Whether `count` images can be had from `available`.
pub(crate) fn check_count(count: usize, available: usize) -> Result<(), DataError> {
    match count {
        0 => Err(DataError::EmptyBatch),
        asked if asked > available => Err(DataError::BatchTooLarge { asked, available }),
        _ => Ok(()),
    }
}
