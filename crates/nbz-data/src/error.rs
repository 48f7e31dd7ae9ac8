//! What can be wrong with images.

use std::path::PathBuf;

/// Why images could not be read or drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file or folder could not be opened or read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder or tarball holds none of the files that are needed.
    #[error("{path} holds no {file} of {dataset}")]
    Missing {
        /// The folder or tarball.
        path: PathBuf,
        /// The file that is needed.
        file: String,
        /// The data set.
        dataset: &'static str,
    },
    /// A file's size is not a whole number of records.
    #[error(
        "{file} has {bytes} bytes, {excess} more than {records} whole records of {record_bytes} bytes"
    )]
    Truncated {
        /// The file.
        file: String,
        /// Its size.
        bytes: usize,
        /// Whole records in it.
        records: usize,
        /// Size of a record.
        record_bytes: usize,
        /// Bytes left over.
        excess: usize,
    },
    /// A file without any record.
    #[error("{file} is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// A label that the data set does not have.
    #[error("{file}: record {record} has label {label}, but there are {classes} classes")]
    LabelOutOfRange {
        /// The file.
        file: String,
        /// Number of the record in file order, from 0.
        record: usize,
        /// Its label.
        label: i64,
        /// Number of classes.
        classes: usize,
    },
    /// More images were asked for than there are.
    #[error("a batch of {asked} images was asked for, but there are {available}")]
    BatchTooLarge {
        /// Images asked for.
        asked: usize,
        /// Images at hand.
        available: usize,
    },
    /// A batch without images.
    #[error("a batch of 0 images was asked for")]
    EmptyBatch,
    /// A safetensors file that cannot be parsed.
    #[error("{path} is not a safetensors file: {reason}")]
    NotTensors {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        reason: String,
    },
    /// A safetensors file without a tensor that is needed.
    #[error("{path} has no tensor {name:?} (it has {present})")]
    MissingTensor {
        /// The file.
        path: PathBuf,
        /// The tensor that is needed.
        name: &'static str,
        /// The names in the file.
        present: String,
    },
    /// A tensor of another type or shape than needed.
    #[error("{path}: tensor {name:?} is {found}, expected {expected}")]
    WrongTensor {
        /// The file.
        path: PathBuf,
        /// The tensor.
        name: &'static str,
        /// Type and shape found.
        found: String,
        /// Type and shape expected.
        expected: String,
    },
    /// A pixel that is no number.
    #[error("{path}: pixel {index} of tensor \"images\" is {value}")]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// Position in row-major order.
        index: usize,
        /// The value.
        value: f32,
    },
    /// A file that is no pickled batch of images.
    #[error("{file} is no batch of images: {reason}")]
    NotABatch {
        /// The file.
        file: String,
        /// What was found.
        reason: String,
    },
    /// Raw images that are not as many bytes as their number and size say.
    #[error("{name} has {found} bytes of images, {expected} are needed")]
    WrongByteCount {
        /// What they are called.
        name: String,
        /// Bytes given.
        found: usize,
        /// Bytes needed.
        expected: usize,
    },
    /// A data set's name that is not known.
    #[error("unknown data set {name:?}")]
    UnknownDataSet {
        /// The name given.
        name: String,
    },
}

impl DataError {
    /// What the user can do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Read { .. } => "give the folder or the tarball of the binary release".into(),
            Self::Missing { dataset, .. } if *dataset == "imagenet16-120" => {
                "give the folder of NAS-Bench-201's ImageNet16, with train_data_batch_1 and val_data".into()
            }
            Self::NotABatch { .. } => {
                "needed is a pickled dictionary with `data` and `labels`, as NAS-Bench-201 distributes it".into()
            }
            Self::Missing { dataset, .. } => format!(
                "the binary release of {dataset} comes from https://www.cs.toronto.edu/~kriz/cifar.html; \
                 give its tarball or the folder it unpacks to"
            ),
            Self::Truncated { .. } | Self::Empty { .. } => {
                "the file was cut off or is of another format: fetch it again".into()
            }
            Self::LabelOutOfRange { .. } => {
                "is this the file of another data set, or is the class count wrong?".into()
            }
            Self::BatchTooLarge { available, .. } => format!("ask for at most {available}"),
            Self::EmptyBatch => "ask for at least 1".into(),
            Self::MissingTensor { .. } | Self::WrongTensor { .. } => {
                "needed are images [N, 3, H, W] as F32 and labels [N] as I64".into()
            }
            Self::UnknownDataSet { .. } => "known are cifar10 and cifar100".into(),
            Self::NotTensors { .. } | Self::NotFinite { .. } | Self::WrongByteCount { .. } => {
                return None;
            }
        })
    }
}
