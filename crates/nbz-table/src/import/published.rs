//! Published Parquet tables into our form.

use std::path::Path;

use crate::error::Result;
use crate::frame::Frame;
use crate::networks::push_depth;
use crate::table::Table;

/// Reads a published table whole, with the schema that this crate knows for it and
/// the networks' depth.
///
/// # Errors
/// As [`Table::open`] and [`Table::column`].
pub fn import_published(path: &Path) -> Result<Frame> {
    let mut frame = Frame::read(&Table::open(path)?)?;
    push_depth(&mut frame)?;
    Ok(frame)
}
