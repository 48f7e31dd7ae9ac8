//! Images from a safetensors file: `images` `[N, 3, H, W]` F32 and `labels` `[N]` I64.
//!
//! The pixels are taken as they are: whoever wrote the file has normalised them. A file of U8 images is another thing,
//! raw images that are numbered and normalised as all others are: [`crate::Data::File`].

use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::{DataError, Images};

/// Reads a batch; every label has to be below `classes`.
///
/// # Errors
/// What [`DataError`] says of tensors, labels and pixels; the first bad value is named.
pub fn read(path: &Path, classes: usize) -> Result<Images, DataError> {
    parse(path, &bytes_of(path)?, classes)
}

/// A file's bytes.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, DataError> {
    std::fs::read(path).map_err(|source| DataError::Read {
        path: path.to_path_buf(),
        source,
    })
}

/// The bytes of a file that [`read`] reads back as these images.
#[expect(clippy::missing_panics_doc, reason = "images always have a file")]
pub fn bytes(images: &Images) -> Vec<u8> {
    let pixels: Vec<u8> = images
        .pixels()
        .iter()
        .flat_map(|p| p.to_le_bytes())
        .collect();
    let labels = images.labels().iter().map(|&l| i64::from(l).to_le_bytes());
    let labels: Vec<u8> = labels.flatten().collect();
    let view = |dtype, shape, data| {
        TensorView::new(dtype, shape, data).expect("as many bytes as the shape says")
    };
    let tensors = [
        ("images", view(Dtype::F32, images.shape().to_vec(), &pixels)),
        ("labels", view(Dtype::I64, vec![images.count()], &labels)),
    ];
    safetensors::serialize(tensors, None).expect("two tensors have a file")
}

/// Whether the images of a file are raw bytes; every other type is left to [`read`] to take or refuse.
pub(crate) fn is_raw(path: &Path, file: &SafeTensors<'_>) -> Result<bool, DataError> {
    Ok(named(path, file, "images")?.dtype() == Dtype::U8)
}

/// The tensors in a file's bytes.
pub(crate) fn file<'a>(path: &Path, bytes: &'a [u8]) -> Result<SafeTensors<'a>, DataError> {
    SafeTensors::deserialize(bytes).map_err(|e| DataError::NotTensors {
        path: path.to_path_buf(),
        reason: e.to_string(),
    })
}

/// Height of the images of a batch.
pub(crate) fn height(path: &Path, file: &SafeTensors<'_>) -> Result<usize, DataError> {
    Ok(pictured(path, file)?.1[1])
}

/// The images of a batch, with their number, height and width.
fn pictured<'a>(
    path: &Path,
    file: &SafeTensors<'a>,
) -> Result<(TensorView<'a>, [usize; 3]), DataError> {
    let images = tensor(path, file, "images", Dtype::F32)?;
    match *images.shape() {
        [count, 3, height, width] => Ok((images, [count, height, width])),
        _ => Err(wrong(path, "images", &images, "F32 [N, 3, H, W]".into())),
    }
}

fn parse(path: &Path, bytes: &[u8], classes: usize) -> Result<Images, DataError> {
    let file = file(path, bytes)?;
    let (images, [count, height, width]) = pictured(path, &file)?;
    let labels = tensor(path, &file, "labels", Dtype::I64)?;
    if labels.shape() != [count] {
        return Err(wrong(path, "labels", &labels, format!("I64 [{count}]")));
    }
    if count == 0 || height == 0 || width == 0 {
        return Err(wrong(path, "images", &images, "at least one pixel".into()));
    }
    let pixels = finite_pixels(path, images.data())?;
    let labels = checked_labels(path, labels.data(), classes)?;
    Ok(Images::new(
        [count, 3, height, width],
        pixels,
        labels,
        classes,
    ))
}

fn finite_pixels(path: &Path, bytes: &[u8]) -> Result<Vec<f32>, DataError> {
    let (words, _) = bytes.as_chunks::<4>();
    let pixels: Vec<f32> = words.iter().map(|&w| f32::from_le_bytes(w)).collect();
    match pixels.iter().position(|p| !p.is_finite()) {
        Some(index) => Err(DataError::NotFinite {
            path: path.to_path_buf(),
            index,
            value: pixels[index],
        }),
        None => Ok(pixels),
    }
}

fn checked_labels(path: &Path, bytes: &[u8], classes: usize) -> Result<Vec<u32>, DataError> {
    let (words, _) = bytes.as_chunks::<8>();
    let check = |(record, &word): (usize, &[u8; 8])| {
        let label = i64::from_le_bytes(word);
        u32::try_from(label)
            .ok()
            .filter(|&l| (l as usize) < classes)
            .ok_or_else(|| DataError::LabelOutOfRange {
                file: path.display().to_string(),
                record,
                label,
                classes,
            })
    };
    words.iter().enumerate().map(check).collect()
}

/// A tensor of any type.
pub(crate) fn named<'a>(
    path: &Path,
    file: &SafeTensors<'a>,
    name: &str,
) -> Result<TensorView<'a>, DataError> {
    file.tensor(name).map_err(|_| {
        let mut names = file.names();
        names.sort_unstable();
        DataError::MissingTensor {
            path: path.to_path_buf(),
            name: name.to_owned(),
            present: if names.is_empty() {
                "none".into()
            } else {
                names.join(", ")
            },
        }
    })
}

fn tensor<'a>(
    path: &Path,
    file: &SafeTensors<'a>,
    name: &'static str,
    dtype: Dtype,
) -> Result<TensorView<'a>, DataError> {
    let view = named(path, file, name)?;
    if view.dtype() != dtype {
        return Err(wrong(path, name, &view, format!("{dtype:?}")));
    }
    Ok(view)
}

fn wrong(path: &Path, name: &'static str, view: &TensorView<'_>, expected: String) -> DataError {
    DataError::WrongTensor {
        path: path.to_path_buf(),
        name,
        found: format!("{:?} {:?}", view.dtype(), view.shape()),
        expected,
    }
}
