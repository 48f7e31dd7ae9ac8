//! Files too large to be in memory twice: they are read front to back, once, into what keeps their bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::DataError;
use crate::digest::Running;

/// Opens a file; its length beside it.
pub(crate) fn open(path: &Path) -> Result<(File, u64), DataError> {
    let open = || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok((file, length))
    };
    open().map_err(failed(path))
}

/// The next `count` bytes: all of them or an error, and no more room than they need.
pub(crate) fn take(file: &mut impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(count)?;
    file.by_ref().take(count as u64).read_to_end(&mut bytes)?;
    if bytes.len() < count {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// Gives the next `count` bytes to a digest and keeps none.
pub(crate) fn pass(file: &mut impl Read, count: usize, digest: &mut Running) -> io::Result<()> {
    let mut left = count;
    let mut buffer = vec![0; left.min(1 << 16)];
    while left > 0 {
        let part = &mut buffer[..left.min(1 << 16)];
        file.read_exact(part)?;
        digest.take(part);
        left -= part.len();
    }
    Ok(())
}

/// What the system says of a file, as this crate's error.
pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> DataError {
    let path = path.to_path_buf();
    move |source| DataError::Read { path, source }
}
