//! The images of a training: those to train on, those held back, those of the test.

use nbz_data::split::Partition;
use nbz_data::{Digest, Pictures};

use crate::error::{Result, TrainError};
use crate::recipe::Recipe;

/// Training images, of which some are held back, and test images.
#[derive(Debug)]
pub struct Material {
    pictures: Pictures,
    test: Pictures,
    /// Taken once: many trainings name the same images.
    digests: [Digest; 2],
}

impl Material {
    /// Puts the official training and test images together.
    ///
    /// # Errors
    /// [`TrainError::NoImages`], [`TrainError::OneClass`], [`TrainError::OtherTest`].
    pub fn new(pictures: Pictures, test: Pictures) -> Result<Self> {
        let task = |p: &Pictures| (p.size(), p.classes());
        if task(&pictures) != task(&test) {
            return Err(TrainError::OtherTest {
                training: task(&pictures),
                test: task(&test),
            });
        }
        if pictures.count() == 0 {
            return Err(TrainError::NoImages { part: "training" });
        }
        let first = pictures.label(0);
        if (0..pictures.count()).all(|n| pictures.label(n) == first) {
            return Err(TrainError::OneClass { class: first });
        }
        let digests = [pictures.digest(), test.digest()];
        Ok(Self {
            pictures,
            test,
            digests,
        })
    }

    /// The official training images, held back ones included.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// The official test images.
    pub fn test(&self) -> &Pictures {
        &self.test
    }

    /// Which training images are held back, for a share.
    ///
    /// # Errors
    /// [`TrainError::NoImages`] where none is left to train on.
    pub fn parts(&self, share: f64) -> Result<Partition> {
        let parts = Partition::of(self.pictures.count(), share);
        if parts.training.is_empty() {
            return Err(TrainError::NoImages { part: "training" });
        }
        Ok(parts)
    }

    /// Whether what is left to train on fills a batch of a recipe: for whoever asks before a folder is made.
    ///
    /// # Errors
    /// As [`Material::parts`], and [`TrainError::BatchTooLarge`].
    pub fn check(&self, recipe: &Recipe) -> Result<()> {
        let images = self.parts(recipe.validation)?.training.len();
        if recipe.batch > images {
            return Err(TrainError::BatchTooLarge {
                batch: recipe.batch,
                images,
            });
        }
        Ok(())
    }

    /// Digests of training and test images.
    pub fn digests(&self) -> [Digest; 2] {
        self.digests
    }
}
