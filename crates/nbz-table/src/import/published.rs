//! Published Parquet tables into our form.

use std::path::Path;

use nbz_space::Task;

use crate::error::Result;
use crate::frame::Frame;
use crate::import::costs::{Which, add};
use crate::table::Table;

/// Reads a published table whole, with the schema that this crate knows for it and
/// the networks' depth.
///
/// # Errors
/// As [`Table::open`] and [`Table::column`].
pub fn import_published(path: &Path) -> Result<Frame> {
    complete(&Table::open(path)?)
}

/// A published table whole, with the networks' depth.
pub(crate) fn complete(table: &Table) -> Result<Frame> {
    let mut frame = Frame::read(table)?;
    // Depth does not depend on the data set.
    let depth = [(Which::Depth, None, Task::default())];
    add(&mut frame, &depth, |text| table.read_arch(text))?;
    Ok(frame)
}
