//! The images that every network of a sweep sees.

use nbz_data::{Data, DataError, Digest, Found, Images, noise, tensors};
use nbz_engine::Labels;
use nbz_proxy::{Batch, Inputs, Noise};
use nbz_space::{Shape, Task};

use crate::error::{Result, SweepError};
use crate::settings::Settings;

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
    /// Raw images, from which batches are drawn.
    Raw(Found),
    Noise,
    /// One batch, taken as it is.
    Finished(Images),
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
        let images = match data {
            Data::Noise => Opened::Noise,
            Data::File(path) if data.is_finished()? => {
                Opened::Finished(tensors::read(path, settings.task.classes())?)
            }
            _ => Opened::Raw(data.scoring()?),
        };
        if settings.batch_per_network && matches!(images, Opened::Finished(_)) {
            let name = "the source of a batch for each network";
            return Err(refused(name, "images as bytes, or noise"));
        }
        if settings.augment && !matches!(images, Opened::Raw(_)) {
            let name = "the source of augmented images";
            return Err(refused(name, "images as bytes, such as cifar10"));
        }
        Ok(Self {
            images,
            task: settings.task,
            count: settings.batch,
            few: settings.ntk_batch,
            seed: settings.seed,
            is_augmented: settings.augment,
            has_second,
            has_programs: !settings.programs.is_empty(),
        })
    }

    /// What is to be said of the images, such as that they are not the release's.
    pub(crate) fn remarks(&self) -> Vec<String> {
        match &self.images {
            Opened::Raw(found) => found.remarks(),
            Opened::Noise | Opened::Finished(_) => Vec::new(),
        }
    }

    /// Digests of the images that batches are drawn from: of CIFAR's files, file by file, joined by `+`; of all other
    /// raw images together.
    pub(crate) fn records_digest(&self) -> Option<String> {
        let Opened::Raw(found) = &self.images else {
            return None;
        };
        let files = found.files.iter().map(|f| f.canonical_sha256);
        let digests: Option<Vec<String>> = files.map(|d| d.map(|d| d.to_string())).collect();
        Some(match digests {
            Some(digests) if !digests.is_empty() => digests.join("+"),
            _ => found.pictures.digest().to_string(),
        })
    }

    /// Draws the batch from the stream (`seed`, `batch`) and the second, if one is needed, from (`seed`,
    /// `batch.2`); for one network alone from (`seed`, `batch/ARCH`) and (`seed`, `batch.2/ARCH`).
    ///
    /// The batch of a finished file is its first `count` images, the second the next `count` if there are as many.
    ///
    /// # Errors
    /// Too few images.
    pub(crate) fn draw(&self, arch: Option<&str>) -> Result<Prepared> {
        let purpose = |name: &str| match arch {
            Some(arch) => format!("{name}/{arch}"),
            None => name.to_owned(),
        };
        let batch = self.batch(&purpose("batch"), 0)?;
        let is_short =
            matches!(&self.images, Opened::Finished(all) if all.count() < 2 * self.count);
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

    /// One batch; of a finished file the images from number `start` on.
    fn batch(&self, purpose: &str, start: usize) -> Result<Images, DataError> {
        let (seed, count) = (self.seed, self.count);
        match &self.images {
            Opened::Raw(Found { pictures, .. }) if self.is_augmented => {
                pictures.augmented_batch(seed, purpose, count)
            }
            Opened::Raw(Found { pictures, .. }) => pictures.batch(seed, purpose, count),
            Opened::Noise => {
                let (side, classes) = (self.task.resolution(), self.task.classes());
                noise::images(seed, purpose, count, side, classes)
            }
            Opened::Finished(all) => all.range(start, count),
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
