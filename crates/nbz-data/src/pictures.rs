//! Labelled images as raw bytes: what training reads, whatever they come from.

use std::borrow::Cow;

use crate::augment::CropFlip;
use crate::images::check_count;
use crate::{DataError, Digest, Images, Records, Stream};

/// Raw images `[N, 3, H, W]` of one size with labels, and how they are normalised.
#[derive(Debug, Clone)]
pub struct Pictures {
    name: String,
    size: [usize; 2],
    classes: usize,
    mean: [f32; 3],
    deviation: [f32; 3],
    is_scale_measured: bool,
    labels: Vec<u32>,
    bytes: Vec<u8>,
}

impl Pictures {
    /// Puts images and labels together; `mean` and `deviation` are of the bytes over 255, by channel.
    ///
    /// # Errors
    /// [`DataError::EmptyBatch`] without images, [`DataError::LabelOutOfRange`],
    /// [`DataError::WrongByteCount`].
    pub fn new(
        name: &str,
        size: [usize; 2],
        classes: usize,
        [mean, deviation]: [[f32; 3]; 2],
        labels: Vec<u32>,
        bytes: Vec<u8>,
    ) -> Result<Self, DataError> {
        check_count(labels.len(), usize::MAX)?;
        let expected = labels.len() * 3 * size[0] * size[1];
        if bytes.len() != expected {
            return Err(DataError::WrongByteCount {
                name: name.to_owned(),
                found: bytes.len(),
                expected,
            });
        }
        if let Some(record) = labels.iter().position(|&l| l as usize >= classes) {
            return Err(DataError::LabelOutOfRange {
                file: name.to_owned(),
                record,
                label: i64::from(labels[record]),
                classes,
            });
        }
        Ok(Self {
            name: name.to_owned(),
            size,
            classes,
            mean,
            deviation,
            is_scale_measured: false,
            labels,
            bytes,
        })
    }

    /// Says that mean and deviation were measured on the training images, and are not those of a known data set.
    #[must_use]
    pub(crate) fn with_measured_scale(mut self) -> Self {
        self.is_scale_measured = true;
        self
    }

    /// Mean and deviation by channel, where they were measured on the training images: of all but the known data sets.
    pub fn measured_scale(&self) -> Option<[[f32; 3]; 2]> {
        self.is_scale_measured
            .then_some([self.mean, self.deviation])
    }

    /// The data set's name: `cifar10`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of images.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// Height and width.
    pub const fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Number of classes.
    pub const fn classes(&self) -> usize {
        self.classes
    }

    /// The label of an image.
    ///
    /// # Panics
    /// If there is no such image.
    pub fn label(&self, number: usize) -> u32 {
        self.labels[number]
    }

    pub(crate) fn labels(&self) -> &[u32] {
        &self.labels
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes `[3, H, W]` of an image.
    ///
    /// # Panics
    /// If there is no such image.
    pub fn raw(&self, number: usize) -> &[u8] {
        let length = 3 * self.size[0] * self.size[1];
        &self.bytes[number * length..][..length]
    }

    /// Appends an image's numbers, `(byte / 255 - mean) / deviation` in `f32`.
    pub fn normalise(&self, raw: &[u8], onto: &mut Vec<f32>) {
        let plane = self.size[0] * self.size[1];
        for (c, plane) in raw.chunks_exact(plane).enumerate() {
            let (mean, deviation) = (self.mean[c], self.deviation[c]);
            onto.extend(
                plane
                    .iter()
                    .map(|&b| (f32::from(b) / 255.0 - mean) / deviation),
            );
        }
    }

    /// The images of the given numbers, normalised, not augmented.
    ///
    /// # Panics
    /// If there is no such image.
    pub fn images(&self, numbers: &[usize]) -> Images {
        self.images_of(numbers, |number| Cow::Borrowed(self.raw(number)))
    }

    /// `count` distinct images drawn by the stream (`seed`, `purpose`), normalised, not augmented.
    ///
    /// A smaller batch of the same seed and purpose is the head of a larger one.
    ///
    /// # Errors
    /// [`DataError::BatchTooLarge`] and [`DataError::EmptyBatch`].
    pub fn batch(&self, seed: u64, purpose: &str, count: usize) -> Result<Images, DataError> {
        Ok(self.images(&self.draw(seed, purpose, count)?))
    }

    /// The images of [`Pictures::batch`], each cropped and flipped by its own draw from (`seed`, `purpose`, its number)
    /// before it is normalised, so that the padding is black.
    ///
    /// # Errors
    /// As [`Pictures::batch`].
    pub fn augmented_batch(
        &self,
        seed: u64,
        purpose: &str,
        count: usize,
    ) -> Result<Images, DataError> {
        let numbers = self.draw(seed, purpose, count)?;
        Ok(self.images_of(&numbers, |number| {
            let draw = CropFlip::draw(seed, purpose, number);
            Cow::Owned(draw.apply(self.raw(number), self.size, &[0; 3]))
        }))
    }

    fn draw(&self, seed: u64, purpose: &str, count: usize) -> Result<Vec<usize>, DataError> {
        check_count(count, self.count())?;
        Ok(Stream::new(seed, purpose).distinct(count, self.count()))
    }

    /// Normalises what `raw` makes of each image.
    fn images_of<'a>(&self, numbers: &[usize], raw: impl Fn(usize) -> Cow<'a, [u8]>) -> Images {
        let [height, width] = self.size;
        let mut pixels = Vec::with_capacity(numbers.len() * 3 * height * width);
        for &number in numbers {
            self.normalise(&raw(number), &mut pixels);
        }
        let labels = numbers.iter().map(|&n| self.label(n)).collect();
        Images::new(
            [numbers.len(), 3, height, width],
            pixels,
            labels,
            self.classes,
        )
    }

    /// SHA-256 of height, width and classes (u64), labels (u32) and bytes, numbers little-endian: which images
    /// these are.
    pub fn digest(&self) -> Digest {
        let head: Vec<u8> = [self.size[0], self.size[1], self.classes]
            .iter()
            .flat_map(|&n| (n as u64).to_le_bytes())
            .collect();
        let labels: Vec<u8> = self.labels.iter().flat_map(|l| l.to_le_bytes()).collect();
        Digest::of(&[&head, &labels, &self.bytes])
    }

    /// The first `count` images, or all if there are no more.
    #[must_use]
    pub fn first(mut self, count: usize) -> Self {
        let count = count.min(self.count());
        self.labels.truncate(count);
        self.bytes.truncate(count * 3 * self.size[0] * self.size[1]);
        self
    }
}

impl From<Records> for Pictures {
    fn from(records: Records) -> Self {
        let dataset = records.dataset();
        let (labels, bytes) = records.into_parts();
        Self {
            name: dataset.name().to_owned(),
            size: [dataset.side(); 2],
            classes: dataset.classes(),
            mean: dataset.mean(),
            deviation: dataset.deviation(),
            is_scale_measured: false,
            labels: labels.into_iter().map(u32::from).collect(),
            bytes,
        }
    }
}
