//! Where images are from, as it is typed, and what can be read from there.
//!
//! | typed | what it is |
//! |---|---|
//! | `cifar10:PATH`, `cifar100:PATH` | the binary release, a folder or tarball ([`Records`]) |
//! | `imagenet16:PATH` | the pickled batches of ImageNet-16, a folder or tarball ([`imagenet16`]) |
//! | `folder:PATH` | PNG and JPEG files, a folder a class, below `train` and `test` where there are such |
//! | `npy:PATH` | a folder of `train_images.npy`, `train_labels.npy`, `test_images.npy`, `test_labels.npy` |
//! | `FILE.safetensors` | `images` and `labels`, `test_images` and `test_labels`; F32 images are one finished batch |
//! | `noise` | random numbers with random labels: for scores, and for trials of speed |
//!
//! Known data sets are normalised by their published constants, a person's own images by the mean and deviation of
//! the training images ([`Pictures::measured_scale`]).

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::imagenet16::{self, Part};
use crate::tensor_file::TensorFile;
use crate::{DataError, DataSet, Digest, Pictures, Records, Split, arrays, folder, noise, tensors};

/// A source of images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// CIFAR-10 or CIFAR-100, from a folder or tarball.
    Cifar(DataSet, PathBuf),
    /// ImageNet-16-120, from a folder or tarball.
    ImageNet16(PathBuf),
    /// Image files, a folder a class.
    Folder(PathBuf),
    /// A folder of NumPy's arrays.
    Arrays(PathBuf),
    /// A safetensors file.
    File(PathBuf),
    /// Random numbers with random labels.
    Noise,
}

/// Images of one part, and what is known of where they are from.
#[derive(Debug, Clone)]
pub struct Found {
    /// The images.
    pub pictures: Pictures,
    /// The files, where they are few.
    pub files: Vec<SourceFile>,
    /// Names of the classes; empty where they have none.
    pub class_names: Vec<String>,
    /// What is to be said of it: that files are missing, or which images are the test.
    pub remark: Option<String>,
}

impl Found {
    /// What whoever uses the images has to know: that some are missing or set aside, or are not the release's.
    pub fn remarks(&self) -> Vec<String> {
        let foreign = self.files.iter().filter(|f| f.released == Some(false));
        let foreign: Vec<&str> = foreign.map(|f| f.name.as_str()).collect();
        let not_released = (!foreign.is_empty()).then(|| {
            format!(
                "not the images of the release, by their digest: {}",
                foreign.join(", ")
            )
        });
        self.remark.iter().cloned().chain(not_released).collect()
    }
}

/// One file that images were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name, without folders.
    pub name: String,
    /// Images taken from it.
    pub images: usize,
    /// SHA-256 of its bytes; none of ImageNet-16.
    pub sha256: Option<Digest>,
    /// SHA-256 of its records in canonical order, of CIFAR.
    pub canonical_sha256: Option<Digest>,
    /// MD5 of its bytes in hexadecimal digits, of ImageNet-16: what NAS-Bench-201 names of it.
    pub md5: Option<String>,
    /// Whether it holds the records of the release; none where that is not known.
    pub released: Option<bool>,
}

/// What a source says of its images before all of them are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Described {
    /// Height and width; none of noise, which is made in any.
    pub resolution: Option<usize>,
    /// Classes; none of noise and of finished batches.
    pub classes: Option<usize>,
}

/// Training and test images. A part that a release's folder lacks is a [`DataError::Missing`]; of every other source
/// both are there.
#[derive(Debug)]
pub struct Sets {
    /// To train on, and to score with.
    pub training: Result<Found, DataError>,
    /// To test on.
    pub test: Result<Found, DataError>,
}

impl Data {
    /// Training and test images.
    ///
    /// # Errors
    /// Images that cannot be read; [`DataError::Finished`] for a batch, which has no parts.
    pub fn read(&self) -> Result<Sets, DataError> {
        Ok(match self {
            Self::Cifar(set, path) => Sets {
                training: present(cifar(*set, Split::Train, path))?,
                test: present(cifar(*set, Split::Test, path))?,
            },
            Self::ImageNet16(path) => Sets {
                training: present(imagenet16(path, Part::Training))?,
                test: present(imagenet16(path, Part::Test))?,
            },
            Self::Folder(path) => folder::read(path)?.into(),
            Self::Arrays(path) => arrays::read_folder(path)?.into(),
            Self::File(path) => arrays::read_tensors(raw_tensors(path)?)?.into(),
            Self::Noise => noise::sets()?.into(),
        })
    }

    /// The images that scoring batches are drawn from: training images, of CIFAR-10 those of `data_batch_1`, which
    /// every copy has; of a person's own those of [`Data::read`], even where it refuses because it finds no test.
    ///
    /// Test images are not looked at.
    ///
    /// # Errors
    /// As [`Data::read`], of training images.
    pub fn scoring(&self) -> Result<Found, DataError> {
        match self {
            Self::Cifar(set, path) => cifar(*set, Split::Scoring, path),
            Self::ImageNet16(path) => imagenet16(path, Part::Training),
            Self::Folder(path) => folder::read_training(path),
            Self::Arrays(path) => arrays::read_training_of_folder(path),
            Self::File(path) => arrays::read_training_tensors(raw_tensors(path)?),
            Self::Noise => self.read()?.training,
        }
    }

    /// Whether this is a batch that is taken as it is: a safetensors file whose images are not bytes.
    ///
    /// # Errors
    /// A file that cannot be read or is no such file.
    pub fn is_finished(&self) -> Result<bool, DataError> {
        let Self::File(path) = self else {
            return Ok(false);
        };
        Ok(!TensorFile::open(path)?.is_raw()?)
    }

    /// Resolution and classes, as far as the source says them.
    ///
    /// # Errors
    /// A source that cannot be read. Not all of it is looked at.
    pub fn describe(&self) -> Result<Described, DataError> {
        let known = |set: DataSet| Described {
            resolution: Some(set.side()),
            classes: Some(set.classes()),
        };
        match self {
            Self::Cifar(set, _) => Ok(known(*set)),
            Self::ImageNet16(_) => Ok(Described {
                resolution: Some(imagenet16::SIDE),
                classes: Some(imagenet16::CLASSES),
            }),
            Self::Folder(path) => folder::describe(path),
            Self::Arrays(path) => arrays::describe_folder(path),
            Self::File(path) => {
                let file = TensorFile::open(path)?;
                if file.is_raw()? {
                    return arrays::describe_tensors(file);
                }
                let [_, height, _] = tensors::size(&file)?;
                Ok(Described {
                    resolution: Some(height),
                    classes: None,
                })
            }
            Self::Noise => Ok(Described {
                resolution: None,
                classes: None,
            }),
        }
    }

    /// As it is typed, its path absolute.
    ///
    /// # Errors
    /// What the system says of the current folder.
    pub fn spelled(&self) -> std::io::Result<String> {
        let path = |prefix: &str, path: &Path| {
            Ok::<_, std::io::Error>(format!("{prefix}{}", std::path::absolute(path)?.display()))
        };
        match self {
            Self::Cifar(set, folder) => path(&format!("{set}:"), folder),
            Self::ImageNet16(folder) => path("imagenet16:", folder),
            Self::Folder(folder) => path("folder:", folder),
            Self::Arrays(folder) => path("npy:", folder),
            Self::File(file) => path("", file),
            Self::Noise => Ok(self.to_string()),
        }
    }
}

impl fmt::Display for Data {
    /// The word in recipes: never a path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cifar(set, _) => set.name(),
            Self::ImageNet16(_) => "imagenet16-120",
            Self::Folder(_) => "folder",
            Self::Arrays(_) => "npy",
            Self::File(_) => "file",
            Self::Noise => "noise",
        })
    }
}

impl FromStr for Data {
    type Err = DataError;

    /// ```
    /// use nbz_data::Data;
    /// assert_eq!("folder:birds".parse::<Data>()?, Data::Folder("birds".into()));
    /// assert_eq!("noise".parse::<Data>()?, Data::Noise);
    /// assert!("birds".parse::<Data>().is_err());
    /// # Ok::<(), nbz_data::DataError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, DataError> {
        let is_tensors = Path::new(text)
            .extension()
            .is_some_and(|e| e == "safetensors");
        let of = |path: &str, make: fn(PathBuf) -> Self| {
            (!path.is_empty()).then(|| make(PathBuf::from(path)))
        };
        let data = match text.split_once(':') {
            Some(("cifar10", path)) => of(path, |path| Self::Cifar(DataSet::Cifar10, path)),
            Some(("cifar100", path)) => of(path, |path| Self::Cifar(DataSet::Cifar100, path)),
            Some(("imagenet16", path)) => of(path, Self::ImageNet16),
            Some(("folder", path)) => of(path, Self::Folder),
            Some(("npy", path)) => of(path, Self::Arrays),
            None if text == "noise" => Some(Self::Noise),
            _ if is_tensors => Some(Self::File(PathBuf::from(text))),
            _ => None,
        };
        data.ok_or_else(|| DataError::UnknownSource { text: text.into() })
    }
}

/// A file of images as bytes.
fn raw_tensors(path: &Path) -> Result<TensorFile, DataError> {
    let file = TensorFile::open(path)?;
    if !file.is_raw()? {
        return Err(DataError::Finished {
            path: path.to_path_buf(),
        });
    }
    Ok(file)
}

/// A part that is missing is told, and is no failure of the other.
fn present(found: Result<Found, DataError>) -> Result<Result<Found, DataError>, DataError> {
    match found {
        Err(error @ DataError::Missing { .. }) => Ok(Err(error)),
        found => found.map(Ok),
    }
}

fn cifar(set: DataSet, split: Split, path: &Path) -> Result<Found, DataError> {
    let records = Records::open(set, split, path)?;
    let remark = records.shortfall();
    let files = records.files().iter().map(|file| SourceFile {
        name: file.name.to_owned(),
        images: file.records,
        sha256: Some(file.digest),
        canonical_sha256: Some(file.canonical_digest),
        md5: None,
        released: file.released,
    });
    Ok(Found {
        files: files.collect(),
        class_names: Vec::new(),
        remark,
        pictures: records.into(),
    })
}

fn imagenet16(path: &Path, part: Part) -> Result<Found, DataError> {
    let imagenet16::Found {
        pictures,
        shortfall,
        files,
    } = imagenet16::read(path, part)?;
    let files = files.into_iter().map(|file| SourceFile {
        name: file.name.to_owned(),
        images: file.images,
        sha256: None,
        canonical_sha256: None,
        md5: Some(file.md5),
        released: Some(file.released),
    });
    Ok(Found {
        pictures,
        files: files.collect(),
        class_names: Vec::new(),
        remark: shortfall,
    })
}

impl From<[Found; 2]> for Sets {
    fn from([training, test]: [Found; 2]) -> Self {
        Self {
            training: Ok(training),
            test: Ok(test),
        }
    }
}
