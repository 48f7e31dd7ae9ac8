//! Images from a safetensors file: `images` `[N, 3, H, W]` F32 and `labels` `[N]` I64.
//!
//! The pixels are taken as they are: whoever wrote the file has normalised them. A file of U8 images is another thing,
//! raw images that are numbered and normalised as all others are: [`crate::Data::File`].

use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};

use crate::tensor_file::TensorFile;
use crate::{DataError, Images};

/// Reads a batch; every label has to be below `classes`.
///
/// # Errors
/// What [`DataError`] says of tensors, labels and pixels; the first bad value is named.
pub fn read(path: &Path, classes: usize) -> Result<Images, DataError> {
    let file = TensorFile::open(path)?;
    let [count, height, width] = size(&file)?;
    let labels = file.info("labels")?;
    if labels.dtype != Dtype::I64 {
        return Err(wrong(&file, "labels", "I64".into()));
    }
    if labels.shape != [count] {
        return Err(wrong(&file, "labels", format!("I64 [{count}]")));
    }
    if count == 0 || height == 0 || width == 0 {
        return Err(wrong(&file, "images", "at least one pixel".into()));
    }
    let ([pixels, labels], _) = file.read(["images", "labels"])?;
    let pixels = finite_pixels(path, &pixels)?;
    let labels = checked_labels(path, &labels, classes)?;
    Ok(Images::new(
        [count, 3, height, width],
        pixels,
        labels,
        classes,
    ))
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

/// Number, height and width of the images of a batch.
pub(crate) fn size(file: &TensorFile) -> Result<[usize; 3], DataError> {
    let images = file.info("images")?;
    match images.shape[..] {
        _ if images.dtype != Dtype::F32 => Err(wrong(file, "images", "F32".into())),
        [count, 3, height, width] => Ok([count, height, width]),
        _ => Err(wrong(file, "images", "F32 [N, 3, H, W]".into())),
    }
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

fn wrong(file: &TensorFile, name: &'static str, expected: String) -> DataError {
    match file.info(name) {
        Ok(info) => DataError::WrongTensor {
            path: file.path.clone(),
            name,
            found: format!("{:?} {:?}", info.dtype, info.shape),
            expected,
        },
        Err(missing) => missing,
    }
}
