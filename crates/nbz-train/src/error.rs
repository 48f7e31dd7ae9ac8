//! What can be wrong with a training.

use std::io;
use std::path::PathBuf;

/// This crate's result.
pub type Result<T, E = TrainError> = std::result::Result<T, E>;

/// Why a network could not be trained. Every variant holds the offending values.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A recipe's name that is neither built in nor a file.
    #[error("no recipe `{name}`")]
    UnknownRecipe {
        /// What was given.
        name: String,
    },
    /// A recipe that is not TOML of a recipe's form.
    #[error("{from} is no recipe: {reason}")]
    NotARecipe {
        /// Where it is from.
        from: String,
        /// What the reader found.
        reason: String,
    },
    /// A number out of its range.
    #[error("{name} is {value}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A batch that the training images do not fill.
    #[error("a batch is {batch} images, but there are {images} to train on")]
    BatchTooLarge {
        /// Images in a batch.
        batch: usize,
        /// Images to train on.
        images: usize,
    },
    /// A part of the images that is empty.
    #[error("there are no {part} images")]
    NoImages {
        /// `training`, `validation` or `test`.
        part: &'static str,
    },
    /// Images of one class: there is nothing to learn.
    #[error("all training images are of class {class}")]
    OneClass {
        /// The class.
        class: u32,
    },
    /// The network reads other images or tells other classes.
    #[error("the network reads {reads} and tells {tells} classes, the images are {are} of {of}")]
    OtherTask {
        /// Shape that the network reads.
        reads: nbz_space::Shape,
        /// Classes of the network.
        tells: usize,
        /// Shape of the images.
        are: nbz_space::Shape,
        /// Classes of the images.
        of: usize,
    },
    /// Test images of another size or other classes than the training images.
    #[error(
        "training images are {}x{} of {} classes, test images {}x{} of {}",
        training.0[0], training.0[1], training.1, test.0[0], test.0[1], test.1
    )]
    OtherTest {
        /// Height, width and classes of the training images.
        training: ([usize; 2], usize),
        /// Those of the test images.
        test: ([usize; 2], usize),
    },
    /// A recipe's file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A checkpoint cannot be kept; the one before it stays.
    #[error("cannot keep a checkpoint: {0}")]
    Keep(io::Error),
    /// A checkpoint that is damaged.
    #[error("the checkpoint is damaged: {reason}")]
    Damaged {
        /// What was found.
        reason: String,
    },
    /// A checkpoint of another training.
    #[error("the checkpoint is of another training: {}", differences.join("; "))]
    OtherTraining {
        /// What differs: `seed: 0 there, 1 here`.
        differences: Vec<String>,
    },
    /// The images cannot be had.
    #[error(transparent)]
    Images(#[from] nbz_data::DataError),
    /// The engine refuses.
    #[error(transparent)]
    Engine(#[from] nbz_engine::EngineError),
}

impl TrainError {
    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownRecipe { .. } => {
                Some("built in are nbz360, nbz36, nbz12 and mini; or name a TOML file".to_owned())
            }
            Self::Setting { expected, .. } => Some(format!("it may be {expected}")),
            Self::BatchTooLarge { images, .. } => {
                Some(format!("take a batch of at most {images}, or more images"))
            }
            Self::NoImages { .. } => {
                Some("take more images, or hold fewer of them back".to_owned())
            }
            Self::OneClass { .. } => Some("is this the folder that you meant?".to_owned()),
            Self::Damaged { .. } => Some("remove it, and the training begins anew".to_owned()),
            Self::OtherTraining { .. } => {
                Some("write to another place, or remove what is there".to_owned())
            }
            Self::Images(error) => error.hint(),
            Self::Engine(error) => error.hint(),
            _ => None,
        }
    }
}
