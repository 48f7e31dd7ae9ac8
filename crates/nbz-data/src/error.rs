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
    /// A label that is none in any data set.
    #[error(
        "{place}: record {record} has label {label}, but labels count from 0 to {most} at most"
    )]
    NoLabel {
        /// The file, and in it the array.
        place: String,
        /// Number of the record in file order, from 0.
        record: usize,
        /// Its label.
        label: i64,
        /// The largest that is taken.
        most: usize,
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
        name: String,
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
    /// A source of images that is none.
    #[error("`{text}` is no source of images")]
    UnknownSource {
        /// What was given.
        text: String,
    },
    /// A finished batch where images to train on or to count are needed.
    #[error("{path} is one finished batch: its images are not bytes")]
    Finished {
        /// The file.
        path: PathBuf,
    },
    /// A file in a class folder that is no image, or was cut off.
    #[error("{path} is no image: {reason}")]
    NotAnImage {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// An image of another size than the first.
    #[error(
        "{path} is {} x {} pixels, {first} is {} x {}", found[0], found[1], expected[0], expected[1]
    )]
    MixedSizes {
        /// The image or array.
        path: PathBuf,
        /// Its height and width.
        found: [usize; 2],
        /// The first image or array.
        first: PathBuf,
        /// Height and width of that.
        expected: [usize; 2],
    },
    /// Images that are not square: every network's are.
    #[error("the images of {place} are {height} x {width} pixels, not square")]
    NotSquare {
        /// The source.
        place: String,
        /// Their height.
        height: usize,
        /// Their width.
        width: usize,
    },
    /// Fewer classes than can be told apart.
    #[error("{path} has images of {found} {}, 2 are the fewest", if *found == 1 { "class" } else { "classes" })]
    FewClasses {
        /// The folder or file.
        path: PathBuf,
        /// Classes found.
        found: usize,
    },
    /// A class without any training image.
    #[error("{class} has no images")]
    EmptyClass {
        /// The class's folder, or its number and the file of labels.
        class: String,
    },
    /// A class of test images that no training image is of.
    #[error("{path} is a class that {training} does not have")]
    UnknownClass {
        /// The class's folder.
        path: PathBuf,
        /// The folder of the training images.
        training: PathBuf,
    },
    /// A folder of test images without training images beside it.
    #[error("there is {path}, but no folder train beside it")]
    NoTraining {
        /// The folder of test images.
        path: PathBuf,
    },
    /// Too few images to draw a test from, where none are named.
    #[error(
        "{place} names no test images, and no class has the {least} images that one may be drawn from"
    )]
    NoTest {
        /// The source.
        place: String,
        /// Images of a class of which one is drawn.
        least: usize,
    },
    /// A file that is no array of NumPy, or was cut off.
    #[error("{path} is no array of whole numbers: {reason}")]
    NotAnArray {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// An array of another type or shape than needed.
    #[error("{place} is {found}, expected {expected}")]
    WrongArray {
        /// The file, and the array in it.
        place: String,
        /// Type and shape found.
        found: String,
        /// Type and shape expected.
        expected: &'static str,
    },
    /// Another number of labels than of images.
    #[error("{labels} has {found} labels, {images} has {count} images")]
    OtherCount {
        /// The images.
        images: String,
        /// How many.
        count: usize,
        /// The labels.
        labels: String,
        /// How many.
        found: usize,
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
            Self::Read { .. } => {
                "is the path right? cifar10 and cifar100 are the folder or the tarball of the binary release".into()
            }
            Self::Missing { dataset, .. } if *dataset == "npy" => {
                "needed are train_images.npy and train_labels.npy, and both or none of test_images.npy and test_labels.npy"
                    .into()
            }
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
            Self::NoLabel { .. } | Self::LabelOutOfRange { label: ..0, .. } => {
                "the first class is 0; take images without a label away".into()
            }
            Self::LabelOutOfRange { .. } => {
                "is this the file of another data set, or is the class count wrong?".into()
            }
            Self::BatchTooLarge { available, .. } => format!("ask for at most {available}"),
            Self::EmptyBatch => "ask for at least 1".into(),
            Self::MissingTensor { .. } | Self::WrongTensor { .. } => {
                "needed are images [N, 3, H, W] as F32 and labels [N] as I64".into()
            }
            Self::UnknownSource { .. } => {
                "write cifar10:PATH, cifar100:PATH, imagenet16:PATH, folder:PATH, npy:PATH, noise, or a file that ends in .safetensors".into()
            }
            Self::Finished { .. } => {
                "score takes it as it is; else give images as U8, or folder:PATH or npy:PATH".into()
            }
            Self::NotAnImage { .. } => {
                "class folders hold whole PNG or JPEG files and nothing else: mend it or take it away".into()
            }
            Self::MixedSizes { .. } => "bring all images to one size first".into(),
            Self::NotSquare { .. } => "crop or scale them to squares first".into(),
            Self::FewClasses { .. } => {
                "needed is a folder a class, in the path itself or in train and test below it; labels count from 0".into()
            }
            Self::EmptyClass { .. } => {
                "add images or remove the class; labels are 0, 1, 2 and so on without a gap".into()
            }
            Self::UnknownClass { .. } => "the folders of train and test have the same names".into(),
            Self::NoTraining { .. } => {
                "name it train, or give another name to a class that is called test or val".into()
            }
            Self::NoTest { .. } => "add test images".into(),
            Self::NotAnArray { .. } => "numpy.save writes such a file".into(),
            Self::WrongArray { .. } => {
                "needed are images as bytes, [N, 3, H, W] or [N, H, W, 3], and labels [N] as whole numbers".into()
            }
            Self::OtherCount { .. } => "every image has one label".into(),
            Self::UnknownDataSet { .. } => "known are cifar10 and cifar100".into(),
            Self::NotTensors { .. } => "is it whole, and was it written by safetensors?".into(),
            Self::NotFinite { .. } | Self::WrongByteCount { .. } => return None,
        })
    }
}
