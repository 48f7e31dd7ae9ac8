//! Arrays of whole numbers, wherever they are from, taken as images or as labels.

use std::path::Path;

use safetensors::tensor::Dtype;

use crate::DataError;
use crate::integer::Integer;
use crate::npy::Array;
use crate::tensor_file::TensorFile;

/// More classes than any data set has: a label beyond it is none.
const MOST_CLASSES: usize = 100_000;

/// What an array of whole numbers is, wherever it is from; its bytes are held by whoever reads them.
pub(crate) struct Numbers {
    /// File, and in it the array, for errors.
    pub(crate) place: String,
    /// Their type as the format writes it.
    written: String,
    integer: Integer,
    shape: Vec<usize>,
}

impl Numbers {
    /// The numbers of a `.npy` file.
    pub(crate) fn of_array(path: &Path, array: Array) -> Self {
        Self {
            place: path.display().to_string(),
            written: array.descr,
            integer: array.integer,
            shape: array.shape,
        }
    }

    /// The numbers of a tensor.
    pub(crate) fn of_tensor(file: &TensorFile, name: &str) -> Result<Self, DataError> {
        let info = file.info(name)?;
        let place = format!("{}: tensor {name:?}", file.path.display());
        let (bytes, is_signed) = match info.dtype {
            Dtype::U8 => (1, false),
            Dtype::U16 => (2, false),
            Dtype::U32 => (4, false),
            Dtype::U64 => (8, false),
            Dtype::I8 => (1, true),
            Dtype::I16 => (2, true),
            Dtype::I32 => (4, true),
            Dtype::I64 => (8, true),
            other => {
                return Err(DataError::WrongArray {
                    place,
                    found: format!("{other:?} {:?}", info.shape),
                    expected: "whole numbers",
                });
            }
        };
        Ok(Self {
            place,
            written: format!("{:?}", info.dtype),
            integer: Integer {
                bytes,
                is_signed,
                is_big_endian: false,
            },
            shape: info.shape.clone(),
        })
    }

    fn wrong(&self, expected: &'static str) -> DataError {
        DataError::WrongArray {
            place: self.place.clone(),
            found: format!("{} {:?}", self.written, self.shape),
            expected,
        }
    }

    /// The numbers as images.
    pub(crate) fn layout(&self) -> Result<Layout, DataError> {
        let (size, is_by_pixel) = match self.shape[..] {
            [_, 3, height, width] if self.integer == Integer::BYTE => ([height, width], false),
            [_, height, width, 3] if self.integer == Integer::BYTE => ([height, width], true),
            _ => return Err(self.wrong("bytes [N, 3, H, W] or [N, H, W, 3]")),
        };
        if self.shape.contains(&0) {
            return Err(self.wrong("at least one pixel"));
        }
        Ok(Layout {
            count: self.shape[0],
            size,
            is_by_pixel,
        })
    }

    /// The labels, and the largest.
    pub(crate) fn labels(&self, data: &[u8]) -> Result<(Vec<u32>, usize), DataError> {
        if !matches!(self.shape[..], [_] | [_, 1]) {
            return Err(self.wrong("whole numbers [N]"));
        }
        let numbers = self.integer.read(data);
        if let Some((record, label)) = strange(numbers.iter().copied(), MOST_CLASSES) {
            return Err(DataError::NoLabel {
                place: self.place.clone(),
                record,
                label,
                most: MOST_CLASSES - 1,
            });
        }
        let labels: Vec<u32> = numbers.into_iter().map(|l| l as u32).collect();
        let largest = labels.iter().max().copied().unwrap_or(0);
        Ok((labels, largest as usize))
    }
}

/// How the bytes of images lie.
pub(crate) struct Layout {
    pub(crate) count: usize,
    pub(crate) size: [usize; 2],
    is_by_pixel: bool,
}

impl Layout {
    /// The bytes as `[N, 3, H, W]`; images that lie otherwise are turned one by one, where they are.
    pub(crate) fn planes(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        if !self.is_by_pixel {
            return bytes;
        }
        let plane = self.size[0] * self.size[1];
        let mut pixels = vec![0; 3 * plane];
        for image in bytes.chunks_exact_mut(3 * plane) {
            pixels.copy_from_slice(image);
            for (channel, plane) in image.chunks_exact_mut(plane).enumerate() {
                let values = pixels.iter().skip(channel).step_by(3);
                plane.iter_mut().zip(values).for_each(|(to, &v)| *to = v);
            }
        }
        bytes
    }
}

/// Whether all labels are below the number of classes.
pub(crate) fn check_labels(
    place: &str,
    labels: impl Iterator<Item = i64>,
    classes: usize,
) -> Result<(), DataError> {
    match strange(labels, classes) {
        None => Ok(()),
        Some((record, label)) => Err(DataError::LabelOutOfRange {
            file: place.to_owned(),
            record,
            label,
            classes,
        }),
    }
}

/// The first label that is not below the number of classes, with its place.
fn strange(labels: impl Iterator<Item = i64>, classes: usize) -> Option<(usize, i64)> {
    let is_good = |label: i64| usize::try_from(label).is_ok_and(|l| l < classes);
    labels.enumerate().find(|(_, label)| !is_good(*label))
}
