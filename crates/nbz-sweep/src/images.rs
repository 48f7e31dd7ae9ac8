//! The images that every network of a sweep sees.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use nbz_data::{DataSet, Digest, Images, Records, Split, noise, tensors};
use nbz_engine::Labels;
use nbz_proxy::{Batch, Inputs, Noise, Plan};
use nbz_space::{Dataset, Shape, Task};

use crate::error::{Result, SweepError};

/// Where a batch is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Training images of CIFAR-10 or CIFAR-100, from a folder or tarball.
    Cifar(DataSet, PathBuf),
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
            Self::Noise | Self::File(_) => None,
        }
    }

    /// Height of the images, where the source says it: 32 of CIFAR, a file's own.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn resolution(&self, classes: usize) -> Result<Option<usize>> {
        Ok(match self {
            Self::Cifar(..) => Some(Dataset::Cifar10.resolution()),
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

/// Draws what a plan needs: the batch from the stream (`seed`, `batch`), the second from
/// (`seed`, `batch.2`), noise from (`seed`, `noise.x`) and (`seed`, `noise.e`).
///
/// A file's batch is its first `count` images, the second the next `count` if there are as many.
///
/// # Errors
/// Images that cannot be read, or too few of them.
pub(crate) fn prepare(
    data: &Data,
    plan: Option<&Plan<'_>>,
    has_programs: bool,
    task: Task,
    count: usize,
    seed: u64,
) -> Result<Prepared> {
    let two = plan.is_some_and(Plan::needs_second_batch);
    let (batch, second) = batches(data, two, task, count, seed)?;
    let mut inputs = Inputs::new(to_batch(&batch)?);
    inputs.second = second.as_ref().map(to_batch).transpose()?;
    let mut noise_digest = None;
    if plan.is_some_and(Plan::needs_noise) {
        let side = task.resolution();
        let x = noise::images(seed, "noise.x", count, side, task.classes())?;
        let e = noise::images(seed, "noise.e", count, side, task.classes())?;
        noise_digest = Some(format!("{}+{}", x.digest(), e.digest()));
        inputs.noise = Some(Noise {
            x: to_batch(&x)?,
            e: to_batch(&e)?.images().clone(),
        });
    }
    let file = if has_programs {
        tensors::bytes(&batch)
    } else {
        Vec::new()
    };
    Ok(Prepared {
        inputs,
        file,
        batch: batch.digest(),
        second: second.map(|images| images.digest()),
        noise: noise_digest,
    })
}

fn batches(
    data: &Data,
    two: bool,
    task: Task,
    count: usize,
    seed: u64,
) -> Result<(Images, Option<Images>)> {
    let second =
        |make: &dyn Fn() -> Result<Images, nbz_data::DataError>| two.then(make).transpose();
    Ok(match data {
        Data::Cifar(set, path) => {
            let records = Records::open(*set, Split::Scoring, path)?;
            let batch = records.batch(seed, "batch", count)?;
            (batch, second(&|| records.batch(seed, "batch.2", count))?)
        }
        Data::Noise => {
            let draw = |purpose: &str| {
                noise::images(seed, purpose, count, task.resolution(), task.classes())
            };
            (draw("batch")?, second(&|| draw("batch.2"))?)
        }
        Data::File(path) => {
            let all = tensors::read(path, task.classes())?;
            let rest = (two && all.count() >= 2 * count)
                .then(|| all.range(count, count))
                .transpose()?;
            (all.first(count)?, rest)
        }
    })
}

fn to_batch(images: &Images) -> Result<Batch> {
    let [_, channels, height, width] = images.shape();
    let shape = Shape::new(channels, height, width);
    let labels = Labels::new(images.classes(), images.labels().to_vec())?;
    let images = nbz_engine::Images::from_f32(shape, images.pixels())?;
    Ok(Batch::new(images, labels)?)
}
