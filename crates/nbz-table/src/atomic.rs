//! Writing files whole or not at all.
//!
//! The bytes go to a temporary file in the target's own folder, are flushed to the disk, and the file is
//! renamed over the target. A crash leaves at most a `.tmp` file, never half a file under the final name; a
//! full disk or an interrupt ([`abandon`]) leaves nothing. Devices and pipes are written as they are. The
//! folder must exist.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};

/// Replaces or creates `path` with what `write` writes.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("scores.csv");
/// nbz_table::atomic::write(&path, |out| writeln!(out, "arch,score"))?;
/// assert_eq!(std::fs::read_to_string(&path).unwrap(), "arch,score\n");
///
/// // A failure half-way leaves the old file.
/// let failed = nbz_table::atomic::write(&path, |out| {
///     out.write_all(b"half")?;
///     Err(std::io::Error::other("stopped"))
/// });
/// assert!(failed.is_err());
/// assert_eq!(std::fs::read_to_string(&path).unwrap(), "arch,score\n");
/// assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
/// # Ok::<(), nbz_table::Error>(())
/// ```
///
/// # Errors
/// [`Error::Write`] with the system's reason; the target is then as it was.
pub fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    replace(path, write).map_err(|error| Error::Write {
        path: path.to_owned(),
        source: system_error(error),
    })
}

/// What the system said, without the temporary file's random name that its maker adds: the same
/// failure then has the same words each time.
fn system_error(error: io::Error) -> io::Error {
    match (error.raw_os_error(), error.kind()) {
        (None, kind) if kind != io::ErrorKind::Other => kind.into(),
        _ => error,
    }
}

/// Replaces or creates `path` with some bytes.
///
/// # Errors
/// As [`write()`].
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, |out| out.write_all(bytes))
}

/// Deletes the temporary files of this process, for whoever ends it from outside, such as a handler of
/// Ctrl-C.
pub fn abandon() {
    for path in UNFINISHED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
    {
        // A file that cannot be deleted stays under its temporary name: nothing reads it.
        let _ = std::fs::remove_file(path);
    }
}

/// Deletes temporary files that killed processes left of files of some names in a folder. Only for whoever alone writes
/// them: those of a process at work would be taken from it.
///
/// ```
/// # let folder = tempfile::tempdir().unwrap();
/// std::fs::write(folder.path().join(".scores.csva1B2c3.tmp"), "half").unwrap();
/// std::fs::write(folder.path().join(".notes.tmp"), "somebody's").unwrap();
/// nbz_table::atomic::clear(folder.path(), &["scores.csv"]);
/// assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
/// ```
pub fn clear(folder: &Path, names: &[&str]) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let file = entry.file_name();
        let is_left_over = |name: &&str| file.to_str().is_some_and(|f| is_temporary(f, name));
        if names.iter().any(is_left_over) {
            // As in `abandon`: one that stays harms nobody.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Random letters and digits in a temporary file's name.
const RANDOM: usize = 6;

/// Whether a file's name is that of a temporary file for the file called `name`.
fn is_temporary(file: &str, name: &str) -> bool {
    let rest = file.strip_prefix('.').and_then(|f| f.strip_prefix(name));
    let random = rest.and_then(|r| r.strip_suffix(".tmp"));
    random.is_some_and(|r| r.len() == RANDOM && r.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Temporary files that this process has open.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Keeps a path in [`UNFINISHED`].
struct Unfinished(PathBuf);

impl Unfinished {
    fn new(path: &Path) -> Self {
        let path = path.to_owned();
        UNFINISHED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.clone());
        Self(path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.0);
    }
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays a link: the file behind it is replaced.
    let resolved = std::fs::canonicalize(path);
    let path = resolved.as_deref().unwrap_or(path);
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        // A device or a pipe has no content that could be half-written, and must not be replaced.
        let mut out = io::BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(name);
    // Deleted when dropped, so every early return below cleans up.
    let file = tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(".tmp")
        .rand_bytes(RANDOM)
        .permissions_of(path)
        .tempfile_in(folder)?;
    let _unfinished = Unfinished::new(file.path());
    let mut out = io::BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Temporary files are private by default; the final one should be as readable as any new file.
trait PermissionsOf {
    fn permissions_of(&mut self, path: &Path) -> &mut Self;
}

#[cfg(unix)]
impl PermissionsOf for tempfile::Builder<'_, '_> {
    fn permissions_of(&mut self, path: &Path) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        // A new file gets what the umask leaves of rw-rw-rw-; a replaced one keeps its mode.
        let mode = std::fs::metadata(path).map_or(0o666, |m| m.permissions().mode() & 0o777);
        self.permissions(std::fs::Permissions::from_mode(mode))
    }
}

#[cfg(not(unix))]
impl PermissionsOf for tempfile::Builder<'_, '_> {
    fn permissions_of(&mut self, _: &Path) -> &mut Self {
        self
    }
}
