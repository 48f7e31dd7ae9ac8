//! Arrays of whole numbers, wherever they are from, taken as images or as labels.

use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors};

use crate::integer::Integer;
use crate::npy::Array;
use crate::{DataError, tensors};

/// More classes than any data set has: a label beyond it is none.
const MOST_CLASSES: usize = 100_000;

/// An array of whole numbers, wherever it is from.
pub(crate) struct Numbers<'a> {
    /// File, and in it the array, for errors.
    pub(crate) place: String,
    /// Their type as the format writes it.
    written: String,
    integer: Integer,
    shape: Vec<usize>,
    data: &'a [u8],
}

impl<'a> Numbers<'a> {
    /// The numbers of a `.npy` file.
    pub(crate) fn of_array(path: &Path, bytes: &'a [u8]) -> Result<Self, DataError> {
        let array = Array::parse(bytes).map_err(|reason| DataError::NotAnArray {
            path: path.to_path_buf(),
            reason,
        })?;
        Ok(Self {
            place: path.display().to_string(),
            written: array.descr,
            integer: array.integer,
            shape: array.shape,
            data: array.data,
        })
    }

    /// The numbers of a tensor.
    pub(crate) fn of_tensor(
        path: &Path,
        file: &SafeTensors<'a>,
        name: &str,
    ) -> Result<Self, DataError> {
        let view = tensors::named(path, file, name)?;
        let place = format!("{}: tensor {name:?}", path.display());
        let (bytes, is_signed) = match view.dtype() {
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
                    found: format!("{other:?} {:?}", view.shape()),
                    expected: "whole numbers",
                });
            }
        };
        Ok(Self {
            place,
            written: format!("{:?}", view.dtype()),
            integer: Integer {
                bytes,
                is_signed,
                is_big_endian: false,
            },
            shape: view.shape().to_vec(),
            data: view.data(),
        })
    }
}

impl Numbers<'_> {
    fn wrong(&self, expected: &'static str) -> DataError {
        DataError::WrongArray {
            place: self.place.clone(),
            found: format!("{} {:?}", self.written, self.shape),
            expected,
        }
    }

    /// The numbers as images.
    pub(crate) fn layout(&self) -> Result<Layout<'_>, DataError> {
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
            bytes: self.data,
        })
    }

    /// The labels, and the largest.
    pub(crate) fn labels(&self) -> Result<(Vec<u32>, usize), DataError> {
        if !matches!(self.shape[..], [_] | [_, 1]) {
            return Err(self.wrong("whole numbers [N]"));
        }
        let numbers = self.integer.read(self.data);
        check_labels(&self.place, numbers.iter().copied(), MOST_CLASSES)?;
        let labels: Vec<u32> = numbers.into_iter().map(|l| l as u32).collect();
        let largest = labels.iter().max().copied().unwrap_or(0);
        Ok((labels, largest as usize))
    }
}

/// How the bytes of images lie.
pub(crate) struct Layout<'a> {
    pub(crate) count: usize,
    pub(crate) size: [usize; 2],
    is_by_pixel: bool,
    bytes: &'a [u8],
}

impl Layout<'_> {
    /// The bytes `[N, 3, H, W]`.
    pub(crate) fn planes(&self) -> Vec<u8> {
        if !self.is_by_pixel {
            return self.bytes.to_vec();
        }
        let images = self.bytes.chunks_exact(3 * self.size[0] * self.size[1]);
        let planes = |image: &'_ [u8]| -> Vec<u8> {
            let plane = |channel: usize| image.iter().skip(channel).step_by(3).copied();
            (0..3).flat_map(plane).collect()
        };
        images.flat_map(planes).collect()
    }
}

/// Whether all labels are below the number of classes.
pub(crate) fn check_labels(
    place: &str,
    labels: impl Iterator<Item = i64>,
    classes: usize,
) -> Result<(), DataError> {
    let is_good = |label: i64| usize::try_from(label).is_ok_and(|l| l < classes);
    match labels.enumerate().find(|(_, label)| !is_good(*label)) {
        None => Ok(()),
        Some((record, label)) => Err(DataError::LabelOutOfRange {
            file: place.to_owned(),
            record,
            label,
            classes,
        }),
    }
}
