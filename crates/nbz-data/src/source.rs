//! Named files from a folder or a tarball (plain or gzip).
//!
//! A folder may be the release's own or its parent. A tarball is read once, front to back, and only
//! the wanted entries are kept; its entries never become paths, so a hostile name writes nowhere.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::DataError;

/// More than the largest file of CIFAR (153.7 MB): an entry beyond it is not one of them.
const LARGEST: u64 = 1 << 28;

/// Reads those of the `wanted` files that are there, in the order of `wanted`.
pub(crate) fn read(
    path: &Path,
    folder: &str,
    wanted: &[&'static str],
) -> Result<Vec<(&'static str, Vec<u8>)>, DataError> {
    let failed = |source| DataError::Read {
        path: path.to_path_buf(),
        source,
    };
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        read_folder(path, folder, wanted)
    } else {
        read_tarball(path, wanted).map_err(failed)
    }
}

fn read_folder(
    path: &Path,
    folder: &str,
    wanted: &[&'static str],
) -> Result<Vec<(&'static str, Vec<u8>)>, DataError> {
    let mut found = Vec::new();
    for &name in wanted {
        let candidates: [PathBuf; 2] = [path.join(name), path.join(folder).join(name)];
        for candidate in candidates {
            match std::fs::read(&candidate) {
                Ok(bytes) => {
                    found.push((name, bytes));
                    break;
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(source) => {
                    return Err(DataError::Read {
                        path: candidate,
                        source,
                    });
                }
            }
        }
    }
    Ok(found)
}

fn read_tarball(
    path: &Path,
    wanted: &[&'static str],
) -> std::io::Result<Vec<(&'static str, Vec<u8>)>> {
    let mut file = File::open(path)?;
    let mut magic = [0; 2];
    let gzip = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
    file.seek(SeekFrom::Start(0))?;
    let stream: Box<dyn Read> = if gzip {
        Box::new(flate2::read::GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut found: Vec<(usize, Vec<u8>)> = Vec::new();
    for entry in tar::Archive::new(stream).entries()? {
        let entry = entry?;
        let name = entry.path()?.file_name().map(ToOwned::to_owned);
        let Some(place) = wanted
            .iter()
            .position(|&w| Some(w.as_ref()) == name.as_deref())
        else {
            continue;
        };
        let refused = |why: &str| {
            let text = format!("{why} {}", wanted[place]);
            Err(std::io::Error::new(std::io::ErrorKind::InvalidData, text))
        };
        if found.iter().any(|(other, _)| *other == place) {
            return refused("it holds more than one file called");
        }
        if entry.size() > LARGEST {
            return refused("it holds more than 268 MB under the name");
        }
        let mut bytes = Vec::new();
        entry.take(LARGEST).read_to_end(&mut bytes)?;
        found.push((place, bytes));
    }
    found.sort_by_key(|&(place, _)| place);
    Ok(found
        .into_iter()
        .map(|(place, bytes)| (wanted[place], bytes))
        .collect())
}
