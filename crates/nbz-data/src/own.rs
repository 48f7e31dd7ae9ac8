//! A person's own labelled images, made what every other part expects: numbered canonically, divided into training
//! and test, normalised.
//!
//! Numbers are those of [`crate::canonical`] with the tag `images order 0\n`, a record being the label (u32,
//! little-endian) and the bytes. Mean and deviation are those of the training images, rounded to `f32`; of a channel
//! that is the same everywhere the deviation is taken to be 1.
//!
//! Where no test images are named, a sixth of every class, rounded down, is the test, as in CIFAR-10: of the `n`
//! images of class `c` in canonical order the first `n / 6` of the stream (seed 0, `test.{c}`).

use crate::data::Found;
use crate::images::check_count;
use crate::{DataError, Digest, Facts, Pictures, Stream, canonical};

const ORDER_TAG: &str = "images order 0\n";
/// One image in so many is the test's where none is named.
const TEST_SHARE: usize = 6;

/// Labelled images in the order of their source.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    /// Height and width.
    pub(crate) size: [usize; 2],
    pub(crate) labels: Vec<u32>,
    /// `[N, 3, H, W]`.
    pub(crate) bytes: Vec<u8>,
}

/// What a source holds.
#[derive(Debug)]
pub(crate) struct Own {
    /// In words of the user, for errors.
    pub(crate) place: String,
    /// The word in recipes.
    pub(crate) name: &'static str,
    pub(crate) classes: usize,
    /// Their names; empty where they have none.
    pub(crate) class_names: Vec<String>,
    pub(crate) training: Labelled,
    /// None where the source names no test images.
    pub(crate) test: Option<Labelled>,
}

impl Own {
    /// Training and test images.
    ///
    /// # Errors
    /// [`DataError::NotSquare`], [`DataError::NoTest`], [`DataError::EmptyBatch`].
    pub(crate) fn sets(self) -> Result<[Found; 2], DataError> {
        let [height, width] = self.training.size;
        if height != width {
            return Err(DataError::NotSquare {
                place: self.place,
                height,
                width,
            });
        }
        let training = self.training.in_canonical_order();
        let ([training, test], remark) = if let Some(test) = self.test {
            ([training, test.in_canonical_order()], None)
        } else {
            let all = training.labels.len();
            let parts = training.divided(self.classes);
            let drawn = parts[1].labels.len();
            if drawn == 0 {
                return Err(DataError::NoTest {
                    place: self.place,
                    least: TEST_SHARE,
                });
            }
            let words = format!(
                "no test images are named: {drawn} of the {all}, a sixth of each class by a fixed draw, are the test"
            );
            (parts, Some(words))
        };
        let scale = training.scale(self.classes)?;
        let found = |part: Labelled, remark| {
            let Labelled {
                size,
                labels,
                bytes,
            } = part;
            let pictures = Pictures::new(self.name, size, self.classes, scale, labels, bytes)?;
            Ok::<_, DataError>(Found {
                pictures: pictures.with_measured_scale(),
                files: Vec::new(),
                class_names: self.class_names.clone(),
                remark,
            })
        };
        Ok([found(training, remark)?, found(test, None)?])
    }
}

impl Labelled {
    fn image_bytes(&self) -> usize {
        3 * self.size[0] * self.size[1]
    }

    fn image(&self, at: usize) -> &[u8] {
        let length = self.image_bytes();
        &self.bytes[at * length..][..length]
    }

    /// The images at some places.
    fn at(&self, places: &[usize]) -> Self {
        let mut bytes = Vec::with_capacity(places.len() * self.image_bytes());
        for &at in places {
            bytes.extend_from_slice(self.image(at));
        }
        Self {
            size: self.size,
            labels: places.iter().map(|&at| self.labels[at]).collect(),
            bytes,
        }
    }

    fn in_canonical_order(&self) -> Self {
        let key = |(at, label): (usize, &u32)| {
            Digest::of(&[ORDER_TAG.as_bytes(), &label.to_le_bytes(), self.image(at)])
        };
        self.at(&canonical::order_by(
            self.labels.iter().enumerate().map(key),
        ))
    }

    /// Training and test images, drawn class by class; each part keeps the order.
    fn divided(&self, classes: usize) -> [Self; 2] {
        let mut of_class: Vec<Vec<usize>> = vec![Vec::new(); classes];
        for (at, &label) in self.labels.iter().enumerate() {
            of_class[label as usize].push(at);
        }
        let mut is_test = vec![false; self.labels.len()];
        for (class, places) in of_class.iter().enumerate() {
            let mut stream = Stream::new(0, &format!("test.{class}"));
            for drawn in stream.distinct(places.len() / TEST_SHARE, places.len()) {
                is_test[places[drawn]] = true;
            }
        }
        let (test, training): (Vec<_>, Vec<_>) = (0..is_test.len()).partition(|&at| is_test[at]);
        [self.at(&training), self.at(&test)]
    }

    /// Mean and deviation of the bytes over 255.
    fn scale(&self, classes: usize) -> Result<[[f32; 3]; 2], DataError> {
        check_count(self.labels.len(), usize::MAX)?;
        let facts = Facts::of_bytes(self.size, classes, &self.labels, &self.bytes);
        let deviation = facts
            .deviation
            .map(|d| if d > 0.0 { d as f32 } else { 1.0 });
        Ok([facts.mean.map(|m| m as f32), deviation])
    }
}
