//! Reading images and labels from safetensors: what is taken and what is refused.

#![expect(
    clippy::unwrap_used,
    reason = "a failed step of the set-up is a failed test"
)]

use std::path::PathBuf;

use nbz_data::{DataError, Images, tensors};
use safetensors::tensor::{Dtype, TensorView, serialize};

/// Writes a file with the given tensors and reads it with 10 classes.
fn read(parts: &[(&str, Dtype, Vec<usize>, Vec<u8>)]) -> Result<Images, DataError> {
    let views = parts.iter().map(|(name, dtype, shape, data)| {
        (*name, TensorView::new(*dtype, shape.clone(), data).unwrap())
    });
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("batch.safetensors");
    std::fs::write(&path, serialize(views, None).unwrap()).unwrap();
    tensors::read(&path, 10)
}

fn images(values: &[f32], shape: [usize; 4]) -> (&'static str, Dtype, Vec<usize>, Vec<u8>) {
    let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    ("images", Dtype::F32, shape.to_vec(), bytes)
}

fn labels(values: &[i64]) -> (&'static str, Dtype, Vec<usize>, Vec<u8>) {
    let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    ("labels", Dtype::I64, vec![values.len()], bytes)
}

#[test]
fn a_good_file_is_taken_as_it_is() {
    let batch = read(&[images(&[0.5; 24], [2, 3, 2, 2]), labels(&[0, 9])]).unwrap();
    assert_eq!(batch.shape(), [2, 3, 2, 2]);
    assert_eq!(batch.labels(), [0, 9]);
    assert_eq!(batch.first(1).unwrap().labels(), [0]);
}

#[test]
fn a_missing_tensor_is_named_with_those_that_are_there() {
    let error = read(&[images(&[0.5; 24], [2, 3, 2, 2])]).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("has no tensor \"labels\" (it has images)"),
        "{error}"
    );
}

#[test]
fn wrong_types_shapes_labels_and_pixels_are_named() {
    let good = || images(&[0.5; 24], [2, 3, 2, 2]);
    let grey = read(&[images(&[0.5; 8], [2, 1, 2, 2]), labels(&[0, 1])]).unwrap_err();
    assert!(
        matches!(grey, DataError::WrongTensor { name: "images", .. }),
        "{grey}"
    );
    let short = read(&[good(), labels(&[0])]).unwrap_err();
    assert!(
        matches!(short, DataError::WrongTensor { name: "labels", .. }),
        "{short}"
    );
    let none = read(&[images(&[], [0, 3, 2, 2]), labels(&[])]).unwrap_err();
    assert!(matches!(none, DataError::WrongTensor { .. }), "{none}");
    for label in [-1, 10, i64::MAX] {
        let error = read(&[good(), labels(&[0, label])]).unwrap_err();
        assert!(
            matches!(error, DataError::LabelOutOfRange { record: 1, .. }),
            "{error}"
        );
    }
    let mut pixels = [0.5; 24];
    pixels[7] = f32::NAN;
    let nan = read(&[images(&pixels, [2, 3, 2, 2]), labels(&[0, 1])]).unwrap_err();
    assert!(
        matches!(nan, DataError::NotFinite { index: 7, .. }),
        "{nan}"
    );
}

#[test]
fn what_is_written_reads_back() {
    let batch = nbz_data::noise::images(1, "batch", 3, 4, 10).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.safetensors");
    std::fs::write(&path, tensors::bytes(&batch)).unwrap();
    assert_eq!(tensors::read(&path, 10).unwrap(), batch);
}
