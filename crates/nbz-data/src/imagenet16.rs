//! ImageNet-16-120: the pickled batches of downsampled ImageNet, 16 x 16 pixels, its first 120 classes.
//!
//! Source: Chrabaszcz, Loshchilov, Hutter 2017 for the images, Dong and Yang 2020 (NAS-Bench-201) for the classes and
//! for mean and deviation. A batch is a dictionary with `data`, bytes `[N, 768]` (red, green, blue), and `labels`,
//! counted from 1. The training images are `train_data_batch_1` to `_10`, the test images `val_data`.
//!
//! The pickle reader builds plain values and runs no code. Images are numbered canonically
//! ([`crate::canonical`], tag `imagenet16-120 order 0\n`, a record being the label less 1 and the bytes) over all
//! batches together.

use std::collections::BTreeMap;
use std::path::Path;

use md5::{Digest as _, Md5};
use serde_pickle::{DeOptions, HashableValue, Value};

use crate::{DataError, Pictures, canonical, source};

/// Classes that are kept.
pub const CLASSES: usize = 120;
/// Height and width.
pub(crate) const SIDE: usize = 16;
const IMAGE_BYTES: usize = 3 * SIDE * SIDE;
/// Mean and deviation of the pixels over 255, as NAS-Bench-201 has them.
const SCALE: [[f32; 3]; 2] = [
    [122.68 / 255.0, 116.66 / 255.0, 104.01 / 255.0],
    [63.22 / 255.0, 61.26 / 255.0, 65.09 / 255.0],
];
/// The files of the release with their MD5, as NAS-Bench-201's loader (`DownsampledImageNet.py`) checks them.
const TRAINING: [(&str, &str); 10] = [
    ("train_data_batch_1", "27846dcaa50de8e21a7d1a35f30f0e91"),
    ("train_data_batch_2", "c7254a054e0e795c69120a5727050e3f"),
    ("train_data_batch_3", "4333d3df2e5ffb114b05d2ffc19b1e87"),
    ("train_data_batch_4", "1620cdf193304f4a92677b695d70d10f"),
    ("train_data_batch_5", "348b3c2fdbb3940c4e9e834affd3b18d"),
    ("train_data_batch_6", "6e765307c242a1b3d7d5ef9139b48945"),
    ("train_data_batch_7", "564926d8cbf8fc4818ba23d2faac7564"),
    ("train_data_batch_8", "f4755871f718ccb653440b9dd0ebac66"),
    ("train_data_batch_9", "bb6dd660c38c58552125b1a92f86b5d4"),
    ("train_data_batch_10", "8f03f34ac4b42271a294f91bf480f29b"),
];
const TEST: [(&str, &str); 1] = [("val_data", "3410e3017fdaefba8d5073aaa65e4bd6")];

/// Which images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The training batches that are there.
    Training,
    /// The release's validation images, on which NAS-Bench-201 tests.
    Test,
}

/// One batch that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchFile {
    /// Its name.
    pub name: &'static str,
    /// Images of the classes that are kept.
    pub images: usize,
    /// MD5 of the file as it is, in hexadecimal digits: what NAS-Bench-201 names of it.
    pub md5: String,
    /// Whether that is the release's.
    pub released: bool,
}

/// What was read of one part.
#[derive(Debug, Clone)]
pub struct Found {
    /// The images.
    pub pictures: Pictures,
    /// What of the part was not there, in words.
    pub shortfall: Option<String>,
    /// The files.
    pub files: Vec<BatchFile>,
}

/// Images of one part. A file that is another than the release's is read all the same, and told.
///
/// # Errors
/// [`DataError::Missing`], [`DataError::NotABatch`], [`DataError::EmptyBatch`] where no image is of the first 120
/// classes.
pub fn read(path: &Path, part: Part) -> Result<Found, DataError> {
    let released: &[(&'static str, &str)] = match part {
        Part::Training => &TRAINING,
        Part::Test => &TEST,
    };
    let wanted: Vec<&'static str> = released.iter().map(|(name, _)| *name).collect();
    let found = source::read(path, "ImageNet16", &wanted)?;
    if found.is_empty() {
        return Err(DataError::Missing {
            path: path.to_path_buf(),
            file: wanted[0].into(),
            dataset: "imagenet16-120",
        });
    }
    let size = 1 + IMAGE_BYTES;
    let mut records = Vec::new();
    let mut files = Vec::new();
    for (name, bytes) in &found {
        let before = records.len();
        append(name, bytes, &mut records)?;
        let md5 = format!("{:x}", Md5::digest(bytes));
        files.push(BatchFile {
            name,
            images: (records.len() - before) / size,
            released: released.contains(&(*name, &*md5)),
            md5,
        });
    }
    let (mut labels, mut pixels) = (Vec::new(), Vec::new());
    for number in canonical::order(&records, size, "imagenet16-120 order 0\n") {
        let record = &records[number * size..][..size];
        labels.push(u32::from(record[0]));
        pixels.extend_from_slice(&record[1..]);
    }
    let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
    let shortfall = (names.len() < wanted.len()).then(|| {
        let all = wanted.len();
        format!(
            "{} images in {} of {all} files ({})",
            labels.len(),
            names.len(),
            names.join(", ")
        )
    });
    let pictures = Pictures::new(
        "imagenet16-120",
        [SIDE, SIDE],
        CLASSES,
        SCALE,
        labels,
        pixels,
    )?;
    Ok(Found {
        pictures,
        shortfall,
        files,
    })
}

/// Adds the records of a batch that are of the classes kept.
fn append(name: &str, bytes: &[u8], records: &mut Vec<u8>) -> Result<(), DataError> {
    let refused = |reason: String| DataError::NotABatch {
        file: name.to_owned(),
        reason,
    };
    let options = DeOptions::new()
        .replace_unresolved_globals()
        .keep_restore_state();
    let value =
        serde_pickle::value_from_slice(bytes, options).map_err(|e| refused(e.to_string()))?;
    let Value::Dict(entries) = value else {
        return Err(refused("it is no dictionary".into()));
    };
    let labels = entry(&entries, "labels").and_then(numbers);
    let labels = labels.ok_or_else(|| refused("it has no list `labels`".into()))?;
    let pixels = entry(&entries, "data").and_then(array_bytes);
    let pixels = pixels.ok_or_else(|| refused("it has no array `data` of bytes".into()))?;
    if pixels.len() != labels.len() * IMAGE_BYTES {
        let (images, found) = (labels.len(), pixels.len());
        return Err(refused(format!(
            "{images} labels and {found} bytes of images"
        )));
    }
    for (record, (label, image)) in labels
        .iter()
        .zip(pixels.chunks_exact(IMAGE_BYTES))
        .enumerate()
    {
        match *label {
            1..=120 => {
                records.push((*label - 1) as u8);
                records.extend_from_slice(image);
            }
            121..=1000 => {}
            label => {
                return Err(DataError::LabelOutOfRange {
                    file: name.to_owned(),
                    record,
                    label,
                    classes: 1000,
                });
            }
        }
    }
    Ok(())
}

/// An entry by its name, which Python 2 wrote as bytes.
fn entry<'a>(entries: &'a BTreeMap<HashableValue, Value>, name: &str) -> Option<&'a Value> {
    let text = HashableValue::String(name.into());
    let bytes = HashableValue::Bytes(name.as_bytes().to_vec());
    entries.get(&text).or_else(|| entries.get(&bytes))
}

fn numbers(value: &Value) -> Option<Vec<i64>> {
    let Value::List(items) = value else {
        return None;
    };
    let number = |item: &Value| match item {
        Value::I64(number) => Some(*number),
        _ => None,
    };
    items.iter().map(number).collect()
}

/// The bytes of a NumPy array of type u8 in C order: the last of its state (version, shape, type, order, bytes).
fn array_bytes(value: &Value) -> Option<&[u8]> {
    let Value::Tuple(state) = value else {
        return None;
    };
    match state.as_slice() {
        [_, _, _, Value::Bool(false), Value::Bytes(bytes)] => Some(bytes),
        _ => None,
    }
}
