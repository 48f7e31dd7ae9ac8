//! A person's own labelled images, made what every other part expects: numbered canonically, divided into training
//! and test, normalised.
//!
//! Numbers are those of [`crate::canonical`] with the tag `images order 0\n`, a record being the label (u32,
//! little-endian) and the bytes. Mean and deviation are those of the training images, rounded to `f32`; of a channel
//! that is the same everywhere the deviation is taken to be 1.
//!
//! Where no test images are named, a sixth of every class, rounded down, is the test, as in CIFAR-10: of the `n`
//! images of class `c` in canonical order the first `n / 6` of the stream (seed 0, `test.{c}`). Scores need no test, but
//! see the same training images as a training would: what is the test's share is left out of them too. Of a class of
//! fewer than six images nothing is left out; where that leaves no test at all a training refuses, and a score does not.
//!
//! Images are moved where they are, one in hand at a time: they are many, and in memory once.

use crate::data::Found;
use crate::images::check_count;
use crate::{DataError, Digest, Facts, Pictures, Stream, canonical};

const ORDER_TAG: &str = "images order 0\n";
/// One image in so many is the test's where none is named.
const TEST_SHARE: usize = 6;

/// Labelled images in the order of their source.
#[derive(Debug, Clone, Default)]
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
}

impl Own {
    /// Training images, and test images: those given, or where the source names none a share of the training images.
    ///
    /// # Errors
    /// [`DataError::NotSquare`], [`DataError::NoTest`], [`DataError::EmptyBatch`].
    pub(crate) fn sets(mut self, test: Option<Labelled>) -> Result<[Found; 2], DataError> {
        self.order()?;
        let (test, remark) = if let Some(mut test) = test {
            test.put_in_canonical_order();
            (test, None)
        } else {
            let is_test = self.training.drawn(self.classes);
            let test = self.training.those(&is_test);
            if test.labels.is_empty() {
                return Err(DataError::NoTest {
                    place: self.place,
                    least: TEST_SHARE,
                });
            }
            (test, self.leave_out(&is_test))
        };
        let scale = self.training.scale(self.classes)?;
        let training = std::mem::take(&mut self.training);
        Ok([
            self.found(training, scale, remark)?,
            self.found(test, scale, None)?,
        ])
    }

    /// The training images of [`Own::sets`] alone; `names_test` says whether the source names test images.
    ///
    /// # Errors
    /// [`DataError::NotSquare`], [`DataError::EmptyBatch`].
    pub(crate) fn training(mut self, names_test: bool) -> Result<Found, DataError> {
        self.order()?;
        let remark = if names_test {
            None
        } else {
            let is_test = self.training.drawn(self.classes);
            self.leave_out(&is_test)
        };
        let scale = self.training.scale(self.classes)?;
        let training = std::mem::take(&mut self.training);
        self.found(training, scale, remark)
    }

    fn order(&mut self) -> Result<(), DataError> {
        let [height, width] = self.training.size;
        if height != width {
            return Err(DataError::NotSquare {
                place: self.place.clone(),
                height,
                width,
            });
        }
        self.training.put_in_canonical_order();
        Ok(())
    }

    /// Takes the test's share out of the training images; what is to be said of that.
    fn leave_out(&mut self, is_test: &[bool]) -> Option<String> {
        let all = is_test.len();
        let drawn = is_test.iter().filter(|&&is| is).count();
        self.training.keep(|at| !is_test[at]);
        let words = format!(
            "no test images are named: {drawn} of the {all}, a sixth of each class by a fixed draw, are the test"
        );
        (drawn > 0).then_some(words)
    }

    fn found(
        &self,
        part: Labelled,
        scale: [[f32; 3]; 2],
        remark: Option<String>,
    ) -> Result<Found, DataError> {
        let Labelled {
            size,
            labels,
            bytes,
        } = part;
        let pictures = Pictures::new(self.name, size, self.classes, scale, labels, bytes)?;
        Ok(Found {
            pictures: pictures.with_measured_scale(),
            files: Vec::new(),
            class_names: self.class_names.clone(),
            remark,
        })
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

    /// A copy of those images that are marked.
    fn those(&self, is_meant: &[bool]) -> Self {
        let count = is_meant.iter().filter(|&&is| is).count();
        let mut labels = Vec::with_capacity(count);
        let mut bytes = Vec::with_capacity(count * self.image_bytes());
        for at in (0..is_meant.len()).filter(|&at| is_meant[at]) {
            labels.push(self.labels[at]);
            bytes.extend_from_slice(self.image(at));
        }
        Self {
            size: self.size,
            labels,
            bytes,
        }
    }

    /// Drops the other images.
    fn keep(&mut self, is_kept: impl Fn(usize) -> bool) {
        let mut count = 0;
        for at in 0..self.labels.len() {
            if is_kept(at) {
                self.take(at, count);
                count += 1;
            }
        }
        self.labels.truncate(count);
        self.bytes.truncate(count * self.image_bytes());
    }

    /// Writes image `from` over image `to`.
    fn take(&mut self, from: usize, to: usize) {
        let length = self.image_bytes();
        let source = from * length..(from + 1) * length;
        self.bytes.copy_within(source, to * length);
        self.labels[to] = self.labels[from];
    }

    fn put_in_canonical_order(&mut self) {
        let key = |(at, label): (usize, &u32)| {
            Digest::of(&[ORDER_TAG.as_bytes(), &label.to_le_bytes(), self.image(at)])
        };
        let order = canonical::order_by(self.labels.iter().enumerate().map(key));
        self.permute(&order);
    }

    /// Puts at place `i` what stands at place `order[i]`: around each cycle, the first of it in hand.
    fn permute(&mut self, order: &[usize]) {
        let length = self.image_bytes();
        let mut is_placed = vec![false; order.len()];
        for start in 0..order.len() {
            if is_placed[start] {
                continue;
            }
            let (image, label) = (self.image(start).to_vec(), self.labels[start]);
            let mut to = start;
            while order[to] != start {
                self.take(order[to], to);
                is_placed[to] = true;
                to = order[to];
            }
            self.bytes[to * length..][..length].copy_from_slice(&image);
            self.labels[to] = label;
            is_placed[to] = true;
        }
    }

    /// Which images the test would be of, drawn class by class.
    fn drawn(&self, classes: usize) -> Vec<bool> {
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
        is_test
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
