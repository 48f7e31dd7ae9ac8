//! The batches of a training: a function of seed, epoch and step alone, whatever the threads.
//!
//! The order of an epoch is the stream (`seed`, `train.order.{epoch}`) over the images to train on; what is left
//! behind its last whole batch is not seen. An image is augmented by its own draw
//! ([`nbz_data::augment::Habits`]), a batch is mixed by (`seed`, `train.mixup.{epoch}.{step}`).

use nbz_data::augment::Habits;
use nbz_data::{Pictures, Stream};
use nbz_engine::{Images, Targets};
use nbz_space::Shape;

use crate::error::{Result, TrainError};
use crate::recipe::Recipe;
use crate::targets::{Mixture, smooth};

/// Makes batches.
#[derive(Debug)]
pub struct Loader<'a> {
    pictures: &'a Pictures,
    numbers: &'a [usize],
    recipe: &'a Recipe,
    seed: u64,
    threads: usize,
}

impl<'a> Loader<'a> {
    /// Of the images of some numbers.
    ///
    /// # Errors
    /// [`TrainError::BatchTooLarge`].
    pub fn new(
        pictures: &'a Pictures,
        numbers: &'a [usize],
        recipe: &'a Recipe,
        seed: u64,
        threads: usize,
    ) -> Result<Self> {
        if recipe.batch > numbers.len() {
            return Err(TrainError::BatchTooLarge {
                batch: recipe.batch,
                images: numbers.len(),
            });
        }
        Ok(Self {
            pictures,
            numbers,
            recipe,
            seed,
            threads: threads.max(1),
        })
    }

    /// Whole batches in an epoch.
    pub fn steps(&self) -> usize {
        self.numbers.len() / self.recipe.batch
    }

    /// The image numbers of an epoch in the order in which they are seen.
    pub fn order(&self, epoch: u32) -> Vec<usize> {
        let count = self.numbers.len();
        let order = Stream::new(self.seed, &format!("train.order.{epoch}")).distinct(count, count);
        order.into_iter().map(|i| self.numbers[i]).collect()
    }

    /// The pieces of the batch of a step of an epoch, whose order is given.
    ///
    /// # Errors
    /// None for a recipe that was checked.
    pub fn batch(
        &self,
        epoch: u32,
        step: usize,
        order: &[usize],
    ) -> Result<Vec<(Images, Targets)>> {
        let size = self.recipe.batch;
        let numbers = &order[step * size..][..size];
        let [height, width] = self.pictures.size();
        let (shape, classes) = (Shape::new(3, height, width), self.pictures.classes());
        let labels: Vec<u32> = numbers.iter().map(|&n| self.pictures.label(n)).collect();
        let mut pixels = self.pixels(epoch, numbers);
        let mut rows = smooth(&labels, classes, self.recipe.smoothing);
        if self.recipe.mixup > 0.0 {
            let mut stream = Stream::new(self.seed, &format!("train.mixup.{epoch}.{step}"));
            let mixture = Mixture::draw(&mut stream, self.recipe.mixup, size);
            pixels = mixture.apply(&pixels, shape.len(), |v| v as f32);
            rows = mixture.apply(&rows, classes, |t| t);
        }
        let piece = size / self.recipe.pieces;
        pixels
            .chunks(piece * shape.len())
            .zip(rows.chunks(piece * classes))
            .map(|(pixels, rows)| {
                let images = Images::from_f32(shape, pixels)?;
                Ok((images, Targets::new(classes, rows.to_vec())?))
            })
            .collect()
    }

    /// Augmented and normalised, one share a thread.
    fn pixels(&self, epoch: u32, numbers: &[usize]) -> Vec<f32> {
        let habits = Habits {
            crop_flip: self.recipe.crop_flip,
            auto_augment: self.recipe.auto_augment,
        };
        let make = |numbers: &[usize]| {
            let mut pixels = Vec::new();
            for &n in numbers {
                let draw = (self.seed, epoch, n);
                let raw = habits.apply(self.pictures.raw(n), self.pictures.size(), draw);
                self.pictures.normalise(&raw, &mut pixels);
            }
            pixels
        };
        if self.threads == 1 {
            return make(numbers);
        }
        std::thread::scope(|scope| {
            let shares = numbers.chunks(numbers.len().div_ceil(self.threads));
            let make = &make;
            let workers: Vec<_> = shares.map(|s| scope.spawn(move || make(s))).collect();
            let join = |w: std::thread::ScopedJoinHandle<'_, Vec<f32>>| match w.join() {
                Ok(pixels) => pixels,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            workers.into_iter().flat_map(join).collect()
        })
    }
}
