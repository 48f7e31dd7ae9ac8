//! How many images a network classifies correctly, by its running statistics.

use nbz_data::Pictures;
use nbz_engine::{Device, Images, Model};
use nbz_space::Shape;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::learner::classes_of;

/// Images in one pass. An image's logits do not depend on the images beside it.
const AT_ONCE: usize = 256;

/// How many of how many images were classified correctly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Images classified correctly.
    pub correct: usize,
    /// Images.
    pub images: usize,
}

impl Accuracy {
    /// In percent; NaN without images.
    ///
    /// ```
    /// use nbz_train::Accuracy;
    /// assert_eq!(Accuracy { correct: 1, images: 8 }.percent(), 12.5);
    /// assert!(Accuracy { correct: 0, images: 0 }.percent().is_nan());
    /// ```
    pub fn percent(self) -> f64 {
        100.0 * self.correct as f64 / self.images as f64
    }
}

/// The accuracy of a model on images that are not augmented. A NaN among the logits is wrong; of equal
/// logits the first counts.
///
/// # Errors
/// Images of another shape than the network's.
pub fn evaluate<D: Device>(
    model: &Model<'_, D>,
    pictures: &Pictures,
    numbers: &[usize],
    eps: f64,
) -> Result<Accuracy> {
    let [height, width] = pictures.size();
    let mut correct = 0;
    for numbers in numbers.chunks(AT_ONCE) {
        let batch = pictures.images(numbers);
        let images = Images::from_f32(Shape::new(3, height, width), batch.pixels())?;
        let found = classes_of(model, &images, eps)?;
        let right = |(found, label): &(Option<usize>, &u32)| *found == Some(**label as usize);
        correct += found.into_iter().zip(batch.labels()).filter(right).count();
    }
    Ok(Accuracy {
        correct,
        images: numbers.len(),
    })
}
