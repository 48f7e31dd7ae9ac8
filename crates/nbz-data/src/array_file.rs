//! A `.npy` file that is read once, front to back: what it holds, then its numbers.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::npy::{Array, HEAD};
use crate::numbers::Numbers;
use crate::{DataError, Digest, file};

/// A file whose header has been read.
pub(crate) struct ArrayFile {
    pub(crate) path: PathBuf,
    /// What it holds.
    pub(crate) numbers: Numbers,
    /// Stands behind the head.
    file: File,
    /// The first bytes, at least the header.
    head: Vec<u8>,
    /// Where in the file the numbers begin, and where they end.
    place: [u64; 2],
}

impl ArrayFile {
    /// Opens a file; none if there is no such file in a folder that is there.
    ///
    /// # Errors
    /// [`DataError::Read`], [`DataError::NotAnArray`].
    pub(crate) fn open(path: &Path) -> Result<Option<Self>, DataError> {
        let (mut file, length) = match file::open(path) {
            Err(DataError::Read { source, .. })
                if source.kind() == ErrorKind::NotFound
                    && path.parent().is_some_and(Path::is_dir) =>
            {
                return Ok(None);
            }
            opened => opened?,
        };
        let mut head = Vec::new();
        let read = file.by_ref().take(HEAD).read_to_end(&mut head);
        read.map_err(file::failed(path))?;
        let array = Array::parse(&head, length).map_err(|reason| DataError::NotAnArray {
            path: path.to_path_buf(),
            reason,
        })?;
        let place = [array.start as u64, length];
        Ok(Some(Self {
            path: path.to_path_buf(),
            numbers: Numbers::of_array(path, array),
            file,
            head,
            place,
        }))
    }

    /// The numbers' bytes, and the digest of the whole file.
    ///
    /// # Errors
    /// [`DataError::Read`].
    pub(crate) fn read(self) -> Result<(Numbers, Vec<u8>, Digest), DataError> {
        let [start, end] = self.place;
        let (head, early) = self.head.split_at(start as usize);
        let bytes = file::take(&mut early.chain(self.file), (end - start) as usize);
        let bytes = bytes.map_err(file::failed(&self.path))?;
        let digest = Digest::of(&[head, &bytes]);
        Ok((self.numbers, bytes, digest))
    }
}
