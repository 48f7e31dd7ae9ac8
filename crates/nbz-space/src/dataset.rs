//! What a network is built for: the side of its images and the number of its classes.
//!
//! An architecture string holds neither; both belong to the data set. The three data sets of the
//! benchmark have names; anything else is a [`Task`] with numbers of its own.

use std::{fmt, str::FromStr};

use crate::error::SpaceError;

/// The data sets of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dataset {
    /// 32 x 32 images of 10 classes.
    Cifar10,
    /// 32 x 32 images of 100 classes; what the three spaces are counted on.
    #[default]
    Cifar100,
    /// ImageNet-16-120: 16 x 16 images of 120 classes.
    ImageNet16,
}

impl Dataset {
    /// All data sets, in the order of their number of classes.
    pub const ALL: [Dataset; 3] = [Dataset::Cifar10, Dataset::Cifar100, Dataset::ImageNet16];

    /// The name by which people call it: `cifar10`, `cifar100` or `imagenet16-120`.
    pub const fn name(self) -> &'static str {
        match self {
            Dataset::Cifar10 => "cifar10",
            Dataset::Cifar100 => "cifar100",
            Dataset::ImageNet16 => "imagenet16-120",
        }
    }

    /// Pixels on a side of an image.
    pub const fn resolution(self) -> usize {
        match self {
            Dataset::Cifar10 | Dataset::Cifar100 => 32,
            Dataset::ImageNet16 => 16,
        }
    }

    /// Number of classes.
    pub const fn classes(self) -> usize {
        match self {
            Dataset::Cifar10 => 10,
            Dataset::Cifar100 => 100,
            Dataset::ImageNet16 => 120,
        }
    }
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dataset {
    type Err = SpaceError;

    fn from_str(text: &str) -> Result<Self, SpaceError> {
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, '-' | '_' | ' '))
            .map(|c| c.to_ascii_lowercase())
            .take(32)
            .collect();
        match plain.as_str() {
            "cifar10" => Ok(Dataset::Cifar10),
            "cifar100" => Ok(Dataset::Cifar100),
            "imagenet16120" | "imagenet16" => Ok(Dataset::ImageNet16),
            _ => Err(SpaceError::UnknownDataset {
                text: crate::error::excerpt(text),
            }),
        }
    }
}

/// The side of square three-channel images and the number of classes.
///
/// ```
/// use nbz_space::{Dataset, Task};
/// assert_eq!(Task::from(Dataset::ImageNet16), Task::new(16, 120)?);
/// assert!(Task::new(30, 10).is_err()); // not a multiple of 4
/// # Ok::<(), nbz_space::SpaceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Task {
    resolution: usize,
    classes: usize,
}

impl Task {
    /// The largest side of an image.
    pub const MAX_RESOLUTION: usize = 512;
    /// The most classes.
    pub const MAX_CLASSES: usize = 100_000;

    /// A task with numbers of one's own.
    ///
    /// The resolution is a multiple of 4, because NAS-Bench-201's residual blocks halve it twice by
    /// a pooling that drops an odd last row where the convolution beside it keeps one. Both numbers
    /// are bounded, so that no cost overflows.
    pub fn new(resolution: usize, classes: usize) -> Result<Self, SpaceError> {
        let resolution_is_good = resolution.is_multiple_of(4) && resolution <= Self::MAX_RESOLUTION;
        if resolution == 0 || !resolution_is_good || classes == 0 || classes > Self::MAX_CLASSES {
            return Err(SpaceError::BadTask {
                resolution,
                classes,
            });
        }
        Ok(Self {
            resolution,
            classes,
        })
    }

    /// Pixels on a side of an image.
    pub const fn resolution(self) -> usize {
        self.resolution
    }

    /// Number of classes.
    pub const fn classes(self) -> usize {
        self.classes
    }

    /// The data set of the benchmark that this is the task of.
    pub fn dataset(self) -> Option<Dataset> {
        Dataset::ALL
            .into_iter()
            .find(|&set| Task::from(set) == self)
    }

    /// The data set's name, or the numbers: `cifar100`, `64 x 64, 10 classes`.
    pub fn label(self) -> String {
        match self.dataset() {
            Some(set) => set.to_string(),
            None => self.to_string(),
        }
    }
}

impl Default for Task {
    fn default() -> Self {
        Dataset::default().into()
    }
}

impl From<Dataset> for Task {
    fn from(set: Dataset) -> Self {
        Self {
            resolution: set.resolution(),
            classes: set.classes(),
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            resolution,
            classes,
        } = self;
        write!(f, "{resolution} x {resolution}, {classes} classes")
    }
}
