//! A safetensors file that is read once, front to back: its header, then the tensors that are wanted.
//!
//! The format: the header's length (u64, little-endian), the header, a JSON object of types, shapes and places, then the
//! tensors without gaps to the end of the file. The `safetensors` crate checks all of it, but only of a file that lies
//! in memory whole; of [`Metadata`] it checks the places against each other, and what is left, the length, is
//! checked here.

use std::fs::File;
use std::io::{ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, Metadata, TensorInfo};

use crate::digest::Running;
use crate::{DataError, Digest, file};

/// The longest header that the format allows.
const LONGEST_HEADER: u64 = 100_000_000;

/// A file whose header has been read.
pub(crate) struct TensorFile {
    pub(crate) path: PathBuf,
    /// Stands behind the header.
    file: File,
    /// The length and the header, as they are.
    head: [Vec<u8>; 2],
    metadata: Metadata,
}

impl TensorFile {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// [`DataError::Read`], [`DataError::NotTensors`].
    pub(crate) fn open(path: &Path) -> Result<Self, DataError> {
        let refused = |reason: &str| DataError::NotTensors {
            path: path.to_path_buf(),
            reason: reason.to_owned(),
        };
        let (mut file, whole) = file::open(path)?;
        let mut take = |count: u64| file::take(&mut file, count as usize);
        let length = match take(8) {
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => {
                return Err(refused("header too small"));
            }
            length => length.map_err(file::failed(path))?,
        };
        let count = length.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b));
        if count > LONGEST_HEADER {
            return Err(refused("header too large"));
        }
        // A pipe says that it has no bytes at all.
        if whole.checked_sub(8).is_none_or(|rest| count > rest) {
            return Err(refused("invalid header length"));
        }
        let header = take(count).map_err(file::failed(path))?;
        let metadata: Metadata = serde_json::from_slice(&header)
            .map_err(|e| refused(&format!("invalid JSON in header: {e}")))?;
        if 8 + count + metadata.data_len() as u64 != whole {
            return Err(refused("incomplete metadata, file not fully covered"));
        }
        Ok(Self {
            path: path.to_path_buf(),
            file,
            head: [length, header],
            metadata,
        })
    }

    /// Type and shape of a tensor.
    ///
    /// # Errors
    /// [`DataError::MissingTensor`], which names those that are there.
    pub(crate) fn info(&self, name: &str) -> Result<&TensorInfo, DataError> {
        self.metadata.info(name).ok_or_else(|| {
            let mut names = self.metadata.offset_keys();
            names.sort_unstable();
            DataError::MissingTensor {
                path: self.path.clone(),
                name: name.to_owned(),
                present: if names.is_empty() {
                    "none".into()
                } else {
                    names.join(", ")
                },
            }
        })
    }

    /// Whether a tensor's name begins so.
    pub(crate) fn has(&self, prefix: &str) -> bool {
        let names = self.metadata.offset_keys();
        names.iter().any(|name| name.starts_with(prefix))
    }

    /// Whether the images are raw bytes; every other type is left to [`crate::tensors::read`] to take or refuse.
    pub(crate) fn is_raw(&self) -> Result<bool, DataError> {
        Ok(self.info("images")?.dtype == Dtype::U8)
    }

    /// The bytes of one tensor, and of nothing else.
    ///
    /// # Errors
    /// As [`TensorFile::read`].
    pub(crate) fn one(mut self, name: &str) -> Result<Vec<u8>, DataError> {
        let (start, stop) = self.info(name)?.data_offsets;
        let before: usize = self.head.iter().map(Vec::len).sum();
        let place = SeekFrom::Start((before + start) as u64);
        let bytes = self.file.seek(place);
        let bytes = bytes.and_then(|_| file::take(&mut self.file, stop - start));
        bytes.map_err(file::failed(&self.path))
    }

    /// The bytes of some tensors, and the digest of the whole file.
    ///
    /// # Errors
    /// [`DataError::MissingTensor`], [`DataError::Read`].
    pub(crate) fn read<const N: usize>(
        mut self,
        names: [&str; N],
    ) -> Result<([Vec<u8>; N], Digest), DataError> {
        let mut wanted = Vec::with_capacity(N);
        for (at, name) in names.iter().enumerate() {
            wanted.push((self.info(name)?.data_offsets, at));
        }
        wanted.sort_unstable();
        let mut digest = Running::default();
        self.head.iter().for_each(|bytes| digest.take(bytes));
        let mut found = [const { Vec::new() }; N];
        let end = self.metadata.data_len();
        let read = || {
            let mut here = 0;
            for ((start, stop), at) in wanted {
                file::pass(&mut self.file, start - here, &mut digest)?;
                found[at] = file::take(&mut self.file, stop - start)?;
                digest.take(&found[at]);
                here = stop;
            }
            file::pass(&mut self.file, end - here, &mut digest)
        };
        read().map_err(file::failed(&self.path))?;
        Ok((found, digest.digest()))
    }
}
