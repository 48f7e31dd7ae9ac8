//! Folders of image files, a folder a class: `PATH/class/image.png`, or `PATH/train/class/image.png` beside
//! `PATH/test/class/image.png`.
//!
//! Classes are the names of the training folders in the order of their bytes; the names of the files count for
//! nothing. Without `test` the folder `val` is the test. Names that begin with a dot are left alone, and so are files
//! beside the class folders; any other file in a class folder has to be an image.

use std::ffi::OsString;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use crate::data::{Described, Found};
use crate::own::{Labelled, Own};
use crate::{DataError, decode};

/// Where the parts are.
struct Layout {
    training: PathBuf,
    /// None where all images stand together.
    test: Option<PathBuf>,
    /// What is to be said of that.
    remark: Option<String>,
}

/// Reads training and test images.
pub(crate) fn read(path: &Path) -> Result<[Found; 2], DataError> {
    let layout = Layout::of(path)?;
    let names = class_names(&layout.training)?;
    let mut first = None;
    let own = layout.own(path, &names, &mut first)?;
    let test = match &layout.test {
        None => None,
        Some(test) => {
            let strange = class_folders(test)?
                .into_iter()
                .find(|n| !names.contains(n));
            if let Some(name) = strange {
                return Err(DataError::UnknownClass {
                    path: test.join(name),
                    training: layout.training,
                });
            }
            Some(part(test, &names, &mut first)?)
        }
    };
    let [training, mut test] = own.sets(test)?;
    test.remark = layout.remark;
    Ok([training, test])
}

/// Reads the training images of [`read`] alone; test images may be anything.
pub(crate) fn read_training(path: &Path) -> Result<Found, DataError> {
    let layout = Layout::of(path)?;
    let names = class_names(&layout.training)?;
    let own = layout.own(path, &names, &mut None)?;
    own.training(layout.test.is_some())
}

/// Classes and resolution, by the first image alone.
pub(crate) fn describe(path: &Path) -> Result<Described, DataError> {
    let layout = Layout::of(path)?;
    let names = class_names(&layout.training)?;
    let image = files(&layout.training.join(&names[0]))?.swap_remove(0);
    Ok(Described {
        resolution: Some(decode::read(&image)?.size[0]),
        classes: Some(names.len()),
    })
}

impl Layout {
    /// The training images, decoded.
    fn own(
        &self,
        path: &Path,
        names: &[OsString],
        first: &mut Option<First>,
    ) -> Result<Own, DataError> {
        let class_names = names.iter().map(|n| n.to_string_lossy().into_owned());
        Ok(Own {
            place: path.display().to_string(),
            name: "folder",
            classes: names.len(),
            class_names: class_names.collect(),
            training: part(&self.training, names, first)?,
        })
    }

    fn of(path: &Path) -> Result<Self, DataError> {
        let has = |name: &str| Some(path.join(name)).filter(|p| p.is_dir());
        let (training, test, val) = (has("train"), has("test"), has("val"));
        let Some(training) = training else {
            return match test.or(val) {
                None => Ok(Self {
                    training: path.to_path_buf(),
                    test: None,
                    remark: None,
                }),
                Some(there) => Err(DataError::NoTraining { path: there }),
            };
        };
        let remark = match (&test, &val) {
            (Some(_), Some(_)) => {
                Some("val is not looked at: validation images are held back from train")
            }
            (None, Some(_)) => Some("there is no folder test: val is the test"),
            _ => None,
        };
        Ok(Self {
            training,
            test: test.or(val),
            remark: remark.map(str::to_owned),
        })
    }
}

/// The classes of the training images: at least two.
fn class_names(path: &Path) -> Result<Vec<OsString>, DataError> {
    let names = class_folders(path)?;
    if names.len() < 2 {
        return Err(DataError::FewClasses {
            path: path.to_path_buf(),
            found: names.len(),
        });
    }
    Ok(names)
}

/// The first image, and its height and width: those of all others.
type First = (PathBuf, [usize; 2]);

/// All images below some class folders, of one size. A class without a folder has none here.
fn part(path: &Path, names: &[OsString], first: &mut Option<First>) -> Result<Labelled, DataError> {
    let mut images = Vec::new();
    for (label, name) in names.iter().enumerate() {
        let folder = path.join(name);
        if folder.is_dir() {
            images.extend(files(&folder)?.into_iter().map(|file| (label as u32, file)));
        }
    }
    let (mut labels, mut bytes) = (Vec::with_capacity(images.len()), Vec::new());
    for (label, file) in &images {
        let image = decode::read(file)?;
        let (there, size) = first.get_or_insert_with(|| (file.clone(), image.size));
        if image.size != *size {
            return Err(DataError::MixedSizes {
                path: file.clone(),
                found: image.size,
                first: there.clone(),
                expected: *size,
            });
        }
        if labels.is_empty() {
            // As much as all of them need, and no more; what cannot be had at once may yet be had bit by bit.
            let _ = bytes.try_reserve_exact(images.len().saturating_mul(image.bytes.len()));
        }
        labels.push(*label);
        bytes.extend(image.bytes);
    }
    match first {
        Some((_, size)) if !labels.is_empty() => Ok(Labelled {
            size: *size,
            labels,
            bytes,
        }),
        _ => Err(DataError::FewClasses {
            path: path.to_path_buf(),
            found: 0,
        }),
    }
}

/// Names of the folders in a folder.
fn class_folders(path: &Path) -> Result<Vec<OsString>, DataError> {
    let entries = entries(path)?;
    let folders = entries.into_iter().filter(|e| e.path().is_dir());
    Ok(folders.map(|e| e.file_name()).collect())
}

/// The files of a class: at least one.
fn files(class: &Path) -> Result<Vec<PathBuf>, DataError> {
    let files: Vec<PathBuf> = entries(class)?.into_iter().map(|e| e.path()).collect();
    if let Some(folder) = files.iter().find(|f| f.is_dir()) {
        return Err(DataError::NotAnImage {
            path: folder.clone(),
            reason: "it is a folder inside a class".to_owned(),
        });
    }
    if files.is_empty() {
        return Err(DataError::EmptyClass {
            class: class.display().to_string(),
        });
    }
    Ok(files)
}

/// What a folder holds but for names that begin with a dot, sorted by the bytes of the names.
fn entries(path: &Path) -> Result<Vec<DirEntry>, DataError> {
    let read = || -> std::io::Result<Vec<DirEntry>> {
        let mut entries: Vec<DirEntry> = std::fs::read_dir(path)?.collect::<Result<_, _>>()?;
        entries.retain(|e| !e.file_name().as_encoded_bytes().starts_with(b"."));
        entries.sort_unstable_by_key(DirEntry::file_name);
        Ok(entries)
    };
    read().map_err(|source| DataError::Read {
        path: path.to_path_buf(),
        source,
    })
}
