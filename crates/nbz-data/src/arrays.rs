//! Images and labels that are arrays: a folder of `.npy` files, or a safetensors file.
//!
//! | | training | test, may be absent |
//! |---|---|---|
//! | `npy:FOLDER` | `train_images.npy`, `train_labels.npy` | `test_images.npy`, `test_labels.npy` |
//! | `FILE.safetensors` | `images`, `labels` | `test_images`, `test_labels` |
//!
//! Images are bytes, `[N, 3, H, W]` or `[N, H, W, 3]` (the first, where both could be meant); labels are whole numbers
//! from 0, `[N]` or `[N, 1]`. There are as many classes as the largest training label says, and none of them is empty.
//! A safetensors file of F32 images is not raw: [`crate::tensors`] reads it.

use std::path::{Path, PathBuf};

use safetensors::tensor::SafeTensors;

use crate::data::{Described, Found, SourceFile};
use crate::numbers::{Numbers, check_labels};
use crate::own::{Labelled, Own};
use crate::{DataError, Digest, tensors};

/// Images with labels in the order of the file.
struct Part {
    images: Labelled,
    /// The largest label.
    largest: usize,
    /// For errors.
    labels: String,
}

/// Reads a folder of `.npy` files.
pub(crate) fn read_folder(path: &Path) -> Result<[Found; 2], DataError> {
    let mut files = [Vec::new(), Vec::new()];
    let mut part = |at: usize, name: &str| -> Result<Option<Part>, DataError> {
        let [images, labels] =
            ["images", "labels"].map(|what| path.join(format!("{name}_{what}.npy")));
        let (Some(image_bytes), Some(label_bytes)) = (bytes(&images)?, bytes(&labels)?) else {
            return Ok(None);
        };
        let part = Part::of(
            &Numbers::of_array(&images, &image_bytes)?,
            &Numbers::of_array(&labels, &label_bytes)?,
        )?;
        for (file, bytes) in [(images, image_bytes), (labels, label_bytes)] {
            files[at].push(file_facts(&file, &bytes, part.images.labels.len()));
        }
        Ok(Some(part))
    };
    let training = part(0, "train")?;
    let training = training.ok_or_else(|| absent(path, "train"))?;
    let test = part(1, "test")?;
    if test.is_none() && (has(path, "test_images.npy") || has(path, "test_labels.npy")) {
        return Err(absent(path, "test"));
    }
    sets(path, "npy", training, test, files)
}

/// Reads a safetensors file.
pub(crate) fn read_tensors(path: &Path) -> Result<[Found; 2], DataError> {
    let all = tensors::bytes_of(path)?;
    let file = tensors::file(path, &all)?;
    let part = |prefix: &str| {
        let tensor = |what| Numbers::of_tensor(path, &file, &format!("{prefix}{what}"));
        Part::of(&tensor("images")?, &tensor("labels")?)
    };
    let has_test = file.names().iter().any(|n| n.starts_with("test_"));
    let training = part("")?;
    let facts = file_facts(path, &all, training.images.labels.len());
    let test = has_test.then(|| part("test_")).transpose()?;
    let of_test = test
        .iter()
        .map(|t| file_facts(path, &all, t.images.labels.len()));
    let files = [vec![facts], of_test.collect()];
    sets(path, "file", training, test, files)
}

/// Classes and resolution of a folder of `.npy` files.
pub(crate) fn describe_folder(path: &Path) -> Result<Described, DataError> {
    let [images, labels] = ["train_images.npy", "train_labels.npy"].map(|name| path.join(name));
    let (Some(image_bytes), Some(label_bytes)) = (bytes(&images)?, bytes(&labels)?) else {
        return Err(absent(path, "train"));
    };
    describe(
        &Numbers::of_array(&images, &image_bytes)?,
        &Numbers::of_array(&labels, &label_bytes)?,
    )
}

/// Classes and resolution of a safetensors file of bytes.
pub(crate) fn describe_tensors(
    path: &Path,
    file: &SafeTensors<'_>,
) -> Result<Described, DataError> {
    describe(
        &Numbers::of_tensor(path, file, "images")?,
        &Numbers::of_tensor(path, file, "labels")?,
    )
}

fn describe(images: &Numbers<'_>, labels: &Numbers<'_>) -> Result<Described, DataError> {
    let (_, largest) = labels.labels()?;
    Ok(Described {
        resolution: Some(images.layout()?.size[0]),
        classes: Some(largest + 1),
    })
}

fn sets(
    path: &Path,
    name: &'static str,
    training: Part,
    test: Option<Part>,
    files: [Vec<SourceFile>; 2],
) -> Result<[Found; 2], DataError> {
    let classes = training.largest + 1;
    let mut per_class = vec![0_usize; classes];
    for &label in &training.images.labels {
        per_class[label as usize] += 1;
    }
    if let Some(class) = per_class.iter().position(|&count| count == 0) {
        return Err(DataError::EmptyClass {
            class: format!("class {class} of {}", training.labels),
        });
    }
    if classes < 2 {
        return Err(DataError::FewClasses {
            path: path.to_path_buf(),
            found: 1,
        });
    }
    if let Some(test) = &test {
        let labels = test.images.labels.iter();
        check_labels(&test.labels, labels.map(|&l| i64::from(l)), classes)?;
        if test.images.size != training.images.size {
            return Err(DataError::MixedSizes {
                path: PathBuf::from(&test.labels),
                found: test.images.size,
                first: PathBuf::from(training.labels),
                expected: training.images.size,
            });
        }
    }
    let own = Own {
        place: path.display().to_string(),
        name,
        classes,
        class_names: Vec::new(),
        training: training.images,
        test: test.map(|t| t.images),
    };
    let mut found = own.sets()?;
    for (found, files) in found.iter_mut().zip(files) {
        found.files = files;
    }
    Ok(found)
}

impl Part {
    fn of(images: &Numbers<'_>, labels: &Numbers<'_>) -> Result<Self, DataError> {
        let layout = images.layout()?;
        let (numbers, largest) = labels.labels()?;
        if numbers.len() != layout.count {
            return Err(DataError::OtherCount {
                images: images.place.clone(),
                count: layout.count,
                labels: labels.place.clone(),
                found: numbers.len(),
            });
        }
        Ok(Self {
            images: Labelled {
                size: layout.size,
                labels: numbers,
                bytes: layout.planes(),
            },
            largest,
            labels: labels.place.clone(),
        })
    }
}

fn file_facts(path: &Path, bytes: &[u8], images: usize) -> SourceFile {
    let name = path.file_name().unwrap_or(path.as_os_str());
    SourceFile {
        name: name.to_string_lossy().into_owned(),
        images,
        sha256: Some(Digest::of(&[bytes])),
        canonical_sha256: None,
        md5: None,
        released: None,
    }
}

fn has(path: &Path, name: &str) -> bool {
    path.join(name).exists()
}

/// The first file of a part that is not there.
fn absent(path: &Path, part: &str) -> DataError {
    let names = ["images", "labels"].map(|what| format!("{part}_{what}.npy"));
    let [images, labels] = names;
    DataError::Missing {
        path: path.to_path_buf(),
        file: if has(path, &images) { labels } else { images },
        dataset: "npy",
    }
}

/// A file's bytes; none if there is no such file in a folder that is there.
fn bytes(path: &Path) -> Result<Option<Vec<u8>>, DataError> {
    let folder_is_there = path.parent().is_some_and(Path::is_dir);
    match tensors::bytes_of(path) {
        Err(DataError::Read { source, .. })
            if source.kind() == std::io::ErrorKind::NotFound && folder_is_there =>
        {
            Ok(None)
        }
        bytes => bytes.map(Some),
    }
}
