//! CIFAR-10 and CIFAR-100 in their binary form, numbered canonically.
//!
//! A record is the label (CIFAR-100: coarse, then fine; the fine one counts), then 1,024 bytes each of
//! red, green and blue, row by row. Source: Krizhevsky, Learning Multiple Layers of Features from Tiny
//! Images, University of Toronto, 2009.
//!
//! Some of CIFAR-10's five training batches may be absent. Scoring batches come from `data_batch_1`
//! alone, so that everybody who has at least that file gets the same ones.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::{DataError, Digest, canonical, source};

/// Bytes of the pixels of one record: `[3, 32, 32]`.
pub const PIXEL_BYTES: usize = 3 * SIDE * SIDE;
const SIDE: usize = 32;

/// Which of the two data sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataSet {
    /// Ten classes.
    Cifar10,
    /// A hundred classes.
    Cifar100,
}

/// Which part of a data set. The names never mix training and test images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// Where scoring batches are drawn from: training images that every copy has
    /// (`data_batch_1` of CIFAR-10, all of CIFAR-100's).
    Scoring,
    /// All training images that are there.
    Train,
    /// The test images.
    Test,
}

/// SHA-256 of the release's records in canonical order, file by file.
const RELEASED: [(&str, &str); 4] = [
    (
        "data_batch_1.bin",
        "5ab7bb515e53020f38b6dc8057319801bd468763763c047b31fc92b3832d001b",
    ),
    (
        "test_batch.bin",
        "5dde87617a1ab994c945dfc0af5e255ace23dd71ffd75a03db9f4651797363da",
    ),
    (
        "train.bin",
        "9a4e3bf61b4a6c0af900e884339479756589c5d8979add78ca8db5484eae263e",
    ),
    (
        "test.bin",
        "eda31fb0f5ccb99c4d368d840a5eb1fe95434745d831d557c80ef77f823997d9",
    ),
];

impl DataSet {
    /// The short name: `cifar10`, `cifar100`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cifar10 => "cifar10",
            Self::Cifar100 => "cifar100",
        }
    }

    /// Number of classes.
    pub const fn classes(self) -> usize {
        match self {
            Self::Cifar10 => 10,
            Self::Cifar100 => 100,
        }
    }

    /// Height and width of the images.
    pub const fn side(self) -> usize {
        SIDE
    }

    /// Mean of the training pixels (0 to 1) by channel: red, green, blue.
    pub const fn mean(self) -> [f32; 3] {
        match self {
            Self::Cifar10 => [0.491_399_68, 0.482_158_41, 0.446_530_9],
            Self::Cifar100 => [0.507_075_16, 0.486_548_87, 0.440_917_84],
        }
    }

    /// Standard deviation of the training pixels (0 to 1) by channel.
    pub const fn deviation(self) -> [f32; 3] {
        match self {
            Self::Cifar10 => [0.247_032_23, 0.243_485_13, 0.261_587_84],
            Self::Cifar100 => [0.267_334_29, 0.256_438_46, 0.276_150_47],
        }
    }

    /// The folder that the release unpacks to.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Cifar10 => "cifar-10-batches-bin",
            Self::Cifar100 => "cifar-100-binary",
        }
    }

    /// The tag of the canonical order.
    pub const fn order_tag(self) -> &'static str {
        match self {
            Self::Cifar10 => "cifar-10 order 0\n",
            Self::Cifar100 => "cifar-100 order 0\n",
        }
    }

    /// Label bytes at the head of a record.
    pub const fn label_bytes(self) -> usize {
        match self {
            Self::Cifar10 => 1,
            Self::Cifar100 => 2,
        }
    }

    /// Size of a record.
    pub const fn record_bytes(self) -> usize {
        self.label_bytes() + PIXEL_BYTES
    }

    const fn files(self, split: Split) -> &'static [&'static str] {
        match (self, split) {
            (Self::Cifar10, Split::Scoring) => &["data_batch_1.bin"],
            (Self::Cifar10, Split::Train) => &[
                "data_batch_1.bin",
                "data_batch_2.bin",
                "data_batch_3.bin",
                "data_batch_4.bin",
                "data_batch_5.bin",
            ],
            (Self::Cifar10, Split::Test) => &["test_batch.bin"],
            (Self::Cifar100, Split::Scoring | Split::Train) => &["train.bin"],
            (Self::Cifar100, Split::Test) => &["test.bin"],
        }
    }
}

impl fmt::Display for DataSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DataSet {
    type Err = DataError;

    fn from_str(name: &str) -> Result<Self, DataError> {
        match name {
            "cifar10" | "cifar-10" => Ok(Self::Cifar10),
            "cifar100" | "cifar-100" => Ok(Self::Cifar100),
            _ => Err(DataError::UnknownDataSet { name: name.into() }),
        }
    }
}

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// The file's name.
    pub name: &'static str,
    /// Records in it.
    pub records: usize,
    /// SHA-256 of the file as it is.
    pub digest: Digest,
    /// SHA-256 of its records in canonical order: the same for every order of the file.
    pub canonical_digest: Digest,
    /// Whether it holds the records of the release; `None` where no digest is known to us
    /// (`data_batch_2` to `data_batch_5`).
    pub released: Option<bool>,
}

/// The records of one split in canonical order: file by file, and inside a file by
/// [`canonical::order`].
#[derive(Debug, Clone)]
pub struct Records {
    dataset: DataSet,
    split: Split,
    files: Vec<FileFacts>,
    labels: Vec<u8>,
    pixels: Vec<u8>,
}

impl Records {
    /// Reads a split from the release's folder, that folder's parent, or the tarball.
    ///
    /// # Errors
    /// [`DataError::Missing`] where none of the split's files is there; a file that is cut off, empty
    /// or carries an impossible label is an error even if others are whole.
    pub fn open(dataset: DataSet, split: Split, path: &Path) -> Result<Self, DataError> {
        let wanted = dataset.files(split);
        let found = source::read(path, dataset.folder(), wanted)?;
        if found.is_empty() {
            return Err(DataError::Missing {
                path: path.to_path_buf(),
                file: wanted[0].into(),
                dataset: dataset.name(),
            });
        }
        let mut records = Self {
            dataset,
            split,
            files: Vec::new(),
            labels: Vec::new(),
            pixels: Vec::new(),
        };
        for (name, bytes) in found {
            records.append(name, &bytes)?;
        }
        Ok(records)
    }

    fn append(&mut self, name: &'static str, bytes: &[u8]) -> Result<(), DataError> {
        let size = self.dataset.record_bytes();
        check_records(self.dataset, name, bytes)?;
        let order = canonical::order(bytes, size, self.dataset.order_tag());
        let sorted: Vec<&[u8]> = order.iter().map(|&i| &bytes[i * size..][..size]).collect();
        let digest = Digest::of(&[bytes]);
        let canonical_digest = Digest::of(&sorted);
        let known = RELEASED.iter().find(|(file, _)| *file == name);
        self.files.push(FileFacts {
            name,
            records: sorted.len(),
            digest,
            canonical_digest,
            released: known.map(|&(_, hex)| canonical_digest.to_string() == hex),
        });
        for record in sorted {
            let (label, pixels) = record.split_at(self.dataset.label_bytes());
            self.labels.push(label[label.len() - 1]);
            self.pixels.extend_from_slice(pixels);
        }
        Ok(())
    }

    /// The data set.
    pub const fn dataset(&self) -> DataSet {
        self.dataset
    }

    /// What was found, file by file.
    pub fn files(&self) -> &[FileFacts] {
        &self.files
    }

    /// How much of the data set was found, where that is not all of it: `10000 images in 1 of 5
    /// files (data_batch_1.bin)`. Some training batches of CIFAR-10 may be absent.
    pub fn shortfall(&self) -> Option<String> {
        let whole = self.dataset.files(self.split).len();
        if self.files.len() == whole {
            return None;
        }
        let names: Vec<&str> = self.files.iter().map(|f| f.name).collect();
        Some(format!(
            "{} images in {} of {whole} files ({})",
            self.count(),
            names.len(),
            names.join(", ")
        ))
    }

    /// Number of records.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// The label of a record (CIFAR-100: fine).
    ///
    /// # Panics
    /// If there is no such record.
    pub fn label(&self, number: usize) -> u32 {
        u32::from(self.labels[number])
    }

    /// The raw pixels `[3, 32, 32]` of a record.
    ///
    /// # Panics
    /// If there is no such record.
    pub fn raw(&self, number: usize) -> &[u8] {
        &self.pixels[number * PIXEL_BYTES..][..PIXEL_BYTES]
    }

    /// Labels and pixels, record by record.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<u8>) {
        (self.labels, self.pixels)
    }
}

fn check_records(dataset: DataSet, name: &str, bytes: &[u8]) -> Result<(), DataError> {
    let record_bytes = dataset.record_bytes();
    let excess = bytes.len() % record_bytes;
    if bytes.is_empty() {
        return Err(DataError::Empty { file: name.into() });
    }
    if excess != 0 {
        return Err(DataError::Truncated {
            file: name.into(),
            bytes: bytes.len(),
            records: bytes.len() / record_bytes,
            record_bytes,
            excess,
        });
    }
    // CIFAR-100's first label is the coarse one, of 20.
    let limits: &[u8] = match dataset {
        DataSet::Cifar10 => &[10],
        DataSet::Cifar100 => &[20, 100],
    };
    for (record, content) in bytes.chunks_exact(record_bytes).enumerate() {
        for (&label, &limit) in content.iter().zip(limits) {
            if label >= limit {
                return Err(DataError::LabelOutOfRange {
                    file: name.into(),
                    record,
                    label: i64::from(label),
                    classes: usize::from(limit),
                });
            }
        }
    }
    Ok(())
}
