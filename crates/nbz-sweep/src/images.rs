//! The images that every network of a sweep sees.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use nbz_data::imagenet16::{self, Part};
use nbz_data::{
    DataError, DataSet, Digest, Images, Pictures, Records, Split, Stream, noise, tensors,
};
use nbz_engine::Labels;
use nbz_proxy::{Batch, Inputs, Noise};
use nbz_space::{Dataset, Shape, Task};

use crate::error::{Result, SweepError};
use crate::settings::Settings;

/// Where a batch is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Training images of CIFAR-10 or CIFAR-100, from a folder or tarball.
    Cifar(DataSet, PathBuf),
    /// Training images of ImageNet-16-120, from a folder or tarball.
    ImageNet16(PathBuf),
    /// Standard normal numbers with uniform labels.
    Noise,
    /// A safetensors file with `images` and `labels`, taken as they are.
    File(PathBuf),
}

impl Data {
    /// The data set, if the source is one.
    pub fn dataset(&self) -> Option<Dataset> {
        match self {
            Self::Cifar(DataSet::Cifar10, _) => Some(Dataset::Cifar10),
            Self::Cifar(DataSet::Cifar100, _) => Some(Dataset::Cifar100),
            Self::ImageNet16(_) => Some(Dataset::ImageNet16),
            Self::Noise | Self::File(_) => None,
        }
    }

    /// As it is typed, its path absolute.
    ///
    /// # Errors
    /// What the system says of the current folder.
    pub fn spelled(&self) -> std::io::Result<String> {
        let path =
            |path: &Path| Ok::<_, std::io::Error>(std::path::absolute(path)?.display().to_string());
        Ok(match self {
            Self::Cifar(_, folder) => format!("{self}:{}", path(folder)?),
            Self::ImageNet16(folder) => format!("imagenet16:{}", path(folder)?),
            Self::Noise => self.to_string(),
            Self::File(file) => path(file)?,
        })
    }

    /// Height of the images, where the source says it: 32 of CIFAR, 16 of ImageNet-16-120, a file's own.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn resolution(&self, classes: usize) -> Result<Option<usize>> {
        Ok(match self {
            Self::Cifar(..) => Some(Dataset::Cifar10.resolution()),
            Self::ImageNet16(_) => Some(Dataset::ImageNet16.resolution()),
            Self::Noise => None,
            Self::File(path) => Some(tensors::read(path, classes)?.shape()[2]),
        })
    }
}

impl fmt::Display for Data {
    /// The word in recipes: never a path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cifar(set, _) => set.name(),
            Self::ImageNet16(_) => Dataset::ImageNet16.name(),
            Self::Noise => "noise",
            Self::File(_) => "file",
        })
    }
}

impl FromStr for Data {
    type Err = SweepError;

    fn from_str(text: &str) -> Result<Self> {
        let folder = |path: &str| (!path.is_empty()).then(|| PathBuf::from(path));
        let cifar = |set, path| folder(path).map(|path| Self::Cifar(set, path));
        let is_tensors = Path::new(text)
            .extension()
            .is_some_and(|e| e == "safetensors");
        let data = match text.split_once(':') {
            Some(("cifar10", path)) => cifar(DataSet::Cifar10, path),
            Some(("cifar100", path)) => cifar(DataSet::Cifar100, path),
            Some(("imagenet16", path)) => folder(path).map(Self::ImageNet16),
            None if text == "noise" => Some(Self::Noise),
            _ if is_tensors => Some(Self::File(PathBuf::from(text))),
            _ => None,
        };
        data.ok_or_else(|| SweepError::Data {
            text: text.to_owned(),
        })
    }
}

/// Images ready to be looked at, with the digests that name them.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// What the proxies see.
    pub inputs: Inputs,
    /// The batch as a safetensors file, for programs; empty where there are none.
    pub(crate) file: Vec<u8>,
    /// Digest of the batch.
    pub batch: Digest,
    /// Digest of the second batch.
    pub second: Option<Digest>,
    /// Digests of the noise and of its move, joined by `+`.
    pub noise: Option<String>,
}

/// An open source of images, and how batches are drawn from it.
#[derive(Debug)]
pub(crate) struct Source {
    images: Opened,
    task: Task,
    /// Images in a batch.
    count: usize,
    few: usize,
    seed: u64,
    is_augmented: bool,
    has_second: bool,
    has_programs: bool,
}

#[derive(Debug)]
enum Opened {
    Records(Records),
    Pictures(Pictures),
    Noise,
    File(Images),
}

impl Source {
    /// Opens the source of some settings.
    ///
    /// # Errors
    /// Images that cannot be read; a source that cannot be drawn from for each network, or augmented.
    pub(crate) fn open(settings: &Settings, has_second: bool) -> Result<Self> {
        let data = &settings.data;
        let refused = |name, expected| SweepError::Setting {
            name,
            value: data.to_string(),
            expected,
        };
        if settings.batch_per_network && matches!(data, Data::File(_)) {
            let name = "the source of a batch for each network";
            return Err(refused(name, "cifar10, cifar100 or noise"));
        }
        if settings.augment && !matches!(data, Data::Cifar(..)) {
            let name = "the source of augmented images";
            return Err(refused(name, "cifar10 or cifar100"));
        }
        Ok(Self {
            images: match data {
                Data::Cifar(set, path) => {
                    Opened::Records(Records::open(*set, Split::Scoring, path)?)
                }
                Data::ImageNet16(path) => {
                    Opened::Pictures(imagenet16::read(path, Part::Training)?.pictures)
                }
                Data::Noise => Opened::Noise,
                Data::File(path) => Opened::File(tensors::read(path, settings.task.classes())?),
            },
            task: settings.task,
            count: settings.batch,
            few: settings.ntk_batch,
            seed: settings.seed,
            is_augmented: settings.augment,
            has_second,
            has_programs: !settings.programs.is_empty(),
        })
    }

    /// Digests of the records that batches are drawn from, file by file, joined by `+`.
    pub(crate) fn records_digest(&self) -> Option<String> {
        let records = match &self.images {
            Opened::Records(records) => records,
            Opened::Pictures(pictures) => return Some(pictures.digest().to_string()),
            Opened::Noise | Opened::File(_) => return None,
        };
        let files = records.files().iter();
        let digests: Vec<String> = files.map(|f| f.canonical_digest.to_string()).collect();
        Some(digests.join("+"))
    }

    /// Draws the batch from the stream (`seed`, `batch`) and the second, if one is needed, from (`seed`,
    /// `batch.2`); for one network alone from (`seed`, `batch/ARCH`) and (`seed`, `batch.2/ARCH`).
    ///
    /// A file's batch is its first `count` images, the second the next `count` if there are as many.
    ///
    /// # Errors
    /// Too few images.
    pub(crate) fn draw(&self, arch: Option<&str>) -> Result<Prepared> {
        let purpose = |name: &str| match arch {
            Some(arch) => format!("{name}/{arch}"),
            None => name.to_owned(),
        };
        let batch = self.batch(&purpose("batch"), 0)?;
        let is_short = matches!(&self.images, Opened::File(all) if all.count() < 2 * self.count);
        let second = (self.has_second && !is_short)
            .then(|| self.batch(&purpose("batch.2"), self.count))
            .transpose()?;
        let mut inputs = Inputs::new(to_batch(&batch)?);
        inputs.second = second.as_ref().map(to_batch).transpose()?;
        inputs.few = self.few;
        Ok(Prepared {
            inputs,
            file: if self.has_programs {
                tensors::bytes(&batch)
            } else {
                Vec::new()
            },
            batch: batch.digest(),
            second: second.map(|images| images.digest()),
            noise: None,
        })
    }

    /// One batch; of a file the images from number `start` on.
    fn batch(&self, purpose: &str, start: usize) -> Result<Images, DataError> {
        let (seed, count) = (self.seed, self.count);
        match &self.images {
            Opened::Records(records) if self.is_augmented => {
                records.augmented_batch(seed, purpose, count)
            }
            Opened::Records(records) => records.batch(seed, purpose, count),
            Opened::Pictures(pictures) => {
                if count > pictures.count() {
                    let available = pictures.count();
                    return Err(DataError::BatchTooLarge {
                        asked: count,
                        available,
                    });
                }
                let numbers = Stream::new(seed, purpose).distinct(count, pictures.count());
                Ok(pictures.images(&numbers))
            }
            Opened::Noise => {
                let (side, classes) = (self.task.resolution(), self.task.classes());
                noise::images(seed, purpose, count, side, classes)
            }
            Opened::File(all) => all.range(start, count),
        }
    }

    /// Adds noise from (`seed`, `noise.x`) and (`seed`, `noise.e`): the same for every network.
    pub(crate) fn add_noise(&self, prepared: &mut Prepared) -> Result<()> {
        let (side, classes) = (self.task.resolution(), self.task.classes());
        let draw = |purpose| noise::images(self.seed, purpose, self.count, side, classes);
        let (x, e) = (draw("noise.x")?, draw("noise.e")?);
        prepared.noise = Some(format!("{}+{}", x.digest(), e.digest()));
        prepared.inputs.noise = Some(Noise {
            x: to_batch(&x)?,
            e: to_batch(&e)?.images().clone(),
        });
        Ok(())
    }
}

fn to_batch(images: &Images) -> Result<Batch> {
    let [_, channels, height, width] = images.shape();
    let shape = Shape::new(channels, height, width);
    let labels = Labels::new(images.classes(), images.labels().to_vec())?;
    let images = nbz_engine::Images::from_f32(shape, images.pixels())?;
    Ok(Batch::new(images, labels)?)
}
