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

use crate::array_file::ArrayFile;
use crate::data::{Described, Found, SourceFile};
use crate::numbers::{Numbers, check_labels};
use crate::own::{Labelled, Own};
use crate::tensor_file::TensorFile;
use crate::{DataError, Digest};

/// Images with labels in the order of the file.
struct Part {
    images: Labelled,
    /// The largest label.
    largest: usize,
    /// For errors.
    labels: String,
    files: Vec<SourceFile>,
}

/// Reads a folder of `.npy` files.
pub(crate) fn read_folder(path: &Path) -> Result<[Found; 2], DataError> {
    let training = part(path, "train")?.ok_or_else(|| absent(path, "train"))?;
    let test = part(path, "test")?;
    if test.is_none() && names_test(path) {
        return Err(absent(path, "test"));
    }
    sets(path, "npy", training, test)
}

/// Reads the training images of [`read_folder`] alone.
pub(crate) fn read_training_of_folder(path: &Path) -> Result<Found, DataError> {
    let training = part(path, "train")?.ok_or_else(|| absent(path, "train"))?;
    training_of(path, "npy", training, names_test(path))
}

/// Reads a safetensors file.
pub(crate) fn read_tensors(file: TensorFile) -> Result<[Found; 2], DataError> {
    let path = file.path.clone();
    if !file.has("test_") {
        let training = training_tensors(file)?;
        return sets(&path, "file", training, None);
    }
    let names = ["images", "labels", "test_images", "test_labels"];
    let [images, labels, test_images, test_labels] = names.map(|n| Numbers::of_tensor(&file, n));
    let (training, test) = ([images?, labels?], [test_images?, test_labels?]);
    let ([images, labels, test_images, test_labels], digest) = file.read(names)?;
    let training = Part::of(training, images, &labels)?.read_from(&path, digest);
    let test = Part::of(test, test_images, &test_labels)?.read_from(&path, digest);
    sets(&path, "file", training, Some(test))
}

/// Reads the training images of [`read_tensors`] alone.
pub(crate) fn read_training_tensors(file: TensorFile) -> Result<Found, DataError> {
    let (path, names_test) = (file.path.clone(), file.has("test_"));
    training_of(&path, "file", training_tensors(file)?, names_test)
}

fn training_tensors(file: TensorFile) -> Result<Part, DataError> {
    let path = file.path.clone();
    let names = ["images", "labels"];
    let [images, labels] = names.map(|name| Numbers::of_tensor(&file, name));
    let numbers = [images?, labels?];
    let ([images, labels], digest) = file.read(names)?;
    Ok(Part::of(numbers, images, &labels)?.read_from(&path, digest))
}

/// Classes and resolution of a folder of `.npy` files.
pub(crate) fn describe_folder(path: &Path) -> Result<Described, DataError> {
    let [images, labels] = ["train_images.npy", "train_labels.npy"].map(|name| path.join(name));
    let (Some(images), Some(labels)) = (ArrayFile::open(&images)?, ArrayFile::open(&labels)?)
    else {
        return Err(absent(path, "train"));
    };
    let (labels, bytes, _) = labels.read()?;
    describe(&images.numbers, &labels, &bytes)
}

/// Classes and resolution of a safetensors file of bytes.
pub(crate) fn describe_tensors(file: TensorFile) -> Result<Described, DataError> {
    let images = Numbers::of_tensor(&file, "images")?;
    let labels = Numbers::of_tensor(&file, "labels")?;
    describe(&images, &labels, &file.one("labels")?)
}

fn describe(images: &Numbers, labels: &Numbers, bytes: &[u8]) -> Result<Described, DataError> {
    let (_, largest) = labels.labels(bytes)?;
    Ok(Described {
        resolution: Some(images.layout()?.size[0]),
        classes: Some(largest + 1),
    })
}

fn sets(
    path: &Path,
    name: &'static str,
    mut training: Part,
    test: Option<Part>,
) -> Result<[Found; 2], DataError> {
    let mut files = [std::mem::take(&mut training.files), Vec::new()];
    let (labels, size) = (training.labels.clone(), training.images.size);
    let own = own(path, name, training)?;
    let test = match test {
        None => None,
        Some(test) => {
            let numbers = test.images.labels.iter();
            check_labels(&test.labels, numbers.map(|&l| i64::from(l)), own.classes)?;
            if test.images.size != size {
                return Err(DataError::MixedSizes {
                    path: PathBuf::from(&test.labels),
                    found: test.images.size,
                    first: PathBuf::from(labels),
                    expected: size,
                });
            }
            files[1] = test.files;
            Some(test.images)
        }
    };
    let mut found = own.sets(test)?;
    for (found, files) in found.iter_mut().zip(files) {
        found.files = files;
    }
    Ok(found)
}

fn training_of(
    path: &Path,
    name: &'static str,
    mut training: Part,
    names_test: bool,
) -> Result<Found, DataError> {
    let files = std::mem::take(&mut training.files);
    let found = own(path, name, training)?.training(names_test)?;
    Ok(Found { files, ..found })
}

/// The training images: of two classes at least, none of them empty.
fn own(path: &Path, name: &'static str, training: Part) -> Result<Own, DataError> {
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
    Ok(Own {
        place: path.display().to_string(),
        name,
        classes,
        class_names: Vec::new(),
        training: training.images,
    })
}

impl Part {
    /// Puts images and labels together: what they are, and their bytes.
    fn of(
        [images, labels]: [Numbers; 2],
        image_bytes: Vec<u8>,
        label_bytes: &[u8],
    ) -> Result<Self, DataError> {
        let layout = images.layout()?;
        let (numbers, largest) = labels.labels(label_bytes)?;
        if numbers.len() != layout.count {
            return Err(DataError::OtherCount {
                images: images.place,
                count: layout.count,
                labels: labels.place,
                found: numbers.len(),
            });
        }
        Ok(Self {
            images: Labelled {
                size: layout.size,
                labels: numbers,
                bytes: layout.planes(image_bytes),
            },
            largest,
            labels: labels.place,
            files: Vec::new(),
        })
    }

    fn read_from(mut self, path: &Path, digest: Digest) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str());
        self.files.push(SourceFile {
            name: name.to_string_lossy().into_owned(),
            images: self.images.labels.len(),
            sha256: Some(digest),
            canonical_sha256: None,
            md5: None,
            released: None,
        });
        self
    }
}

/// A part of a folder of `.npy` files; none where one of its two is not there.
fn part(path: &Path, name: &str) -> Result<Option<Part>, DataError> {
    let [images, labels] = ["images", "labels"].map(|what| path.join(format!("{name}_{what}.npy")));
    let (image_file, label_file) = (ArrayFile::open(&images)?, ArrayFile::open(&labels)?);
    let (Some(image_file), Some(label_file)) = (image_file, label_file) else {
        return Ok(None);
    };
    let (image_numbers, image_bytes, image_digest) = image_file.read()?;
    let (label_numbers, label_bytes, label_digest) = label_file.read()?;
    let part = Part::of([image_numbers, label_numbers], image_bytes, &label_bytes)?;
    let part = part.read_from(&images, image_digest);
    Ok(Some(part.read_from(&labels, label_digest)))
}

fn has(path: &Path, name: &str) -> bool {
    path.join(name).exists()
}

/// Whether a folder of `.npy` files has anything of a test.
fn names_test(path: &Path) -> bool {
    has(path, "test_images.npy") || has(path, "test_labels.npy")
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
