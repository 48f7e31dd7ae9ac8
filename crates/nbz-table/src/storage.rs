//! Where a table's bytes are: in memory, or in a file that is read range by range.
//!
//! No memory map: it needs `unsafe`, and a file truncated by someone else would kill the process.
//! A column is one contiguous range, so reading it costs one seek and one read. The file's handle is
//! kept open, so a table that is replaced by rename while it is in use stays the same table.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};

/// Bytes of one Parquet file.
#[derive(Debug)]
pub(crate) enum Storage {
    /// All bytes are at hand.
    Memory(Bytes),
    /// Ranges are read from the open file. The lock orders seek and read of concurrent readers.
    File { file: Mutex<File>, len: u64 },
}

impl Storage {
    /// Opens a file without reading it.
    pub(crate) fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory));
        }
        Ok(Self::File {
            file: Mutex::new(file),
            len: metadata.len(),
        })
    }

    /// Reads `length` bytes from `start`, all of them or an error.
    pub(crate) fn read(&self, start: u64, length: usize) -> std::io::Result<Bytes> {
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.len()) {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
        }
        match self {
            Self::Memory(bytes) => {
                let start = start as usize;
                Ok(bytes.slice(start..start + length))
            }
            Self::File { file, .. } => {
                // A poisoned lock only means that another reader panicked between seek and read.
                let mut file = file
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                file.seek(SeekFrom::Start(start))?;
                let mut buffer = vec![0; length];
                file.read_exact(&mut buffer)?;
                Ok(buffer.into())
            }
        }
    }

    /// Number of bytes in the file.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { len, .. } => *len,
        }
    }
}

impl Length for Storage {
    fn len(&self) -> u64 {
        Self::len(self)
    }
}

/// The footer is read through this; columns are read through a [`Window`].
impl ChunkReader for Storage {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let length = self.len().saturating_sub(start) as usize;
        Ok(Cursor::new(self.get_bytes(start, length)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        Ok(self.read(start, length)?)
    }
}

/// One range of a file, already read, answering at its offsets in the whole file.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    start: u64,
    bytes: Bytes,
    file_len: u64,
}

impl Window {
    /// The range that begins at `start` of a file of `file_len` bytes.
    pub(crate) fn new(start: u64, bytes: Bytes, file_len: u64) -> Self {
        Self {
            start,
            bytes,
            file_len,
        }
    }

    fn offset(&self, start: u64) -> ParquetResult<usize> {
        start
            .checked_sub(self.start)
            .filter(|&offset| offset <= self.bytes.len() as u64)
            .map(|offset| offset as usize)
            .ok_or_else(|| ParquetError::EOF(format!("offset {start} is outside the column")))
    }
}

impl Length for Window {
    fn len(&self) -> u64 {
        self.file_len
    }
}

impl ChunkReader for Window {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(Cursor::new(self.bytes.slice(self.offset(start)?..)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let offset = self.offset(start)?;
        let end = offset
            .checked_add(length)
            .filter(|&end| end <= self.bytes.len())
            .ok_or_else(|| ParquetError::EOF(format!("{length} bytes leave the column")))?;
        Ok(self.bytes.slice(offset..end))
    }
}
