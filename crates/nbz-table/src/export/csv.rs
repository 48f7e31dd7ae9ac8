//! Writing CSV: the table's column names, one row a line, missing cells empty.
//!
//! Numbers are printed with the fewest digits that read back as the same 64 bits; NaN is `NaN` and
//! infinities are `inf` and `-inf`, which the importer reads.

use std::io::{self, Write};
use std::path::Path;

use crate::atomic;
use crate::column::Values;
use crate::error::Result;
use crate::frame::Frame;

/// Writes a CSV file, whole or not at all.
///
/// # Errors
/// [`crate::Error::Write`].
pub fn write_csv(frame: &Frame, path: &Path) -> Result<()> {
    atomic::write(path, |out| csv_to(frame, out))
}

/// Writes CSV to any writer, such as standard output.
///
/// # Errors
/// What the writer says.
pub fn csv_to(frame: &Frame, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    write_rows(frame, &mut csv).map_err(cause)?;
    csv.flush()
}

fn write_rows(frame: &Frame, csv: &mut csv::Writer<&mut dyn Write>) -> csv::Result<()> {
    csv.write_record(frame.columns().map(|(info, _)| &info.name))?;
    for row in 0..frame.rows() {
        for (_, values) in frame.columns() {
            csv.write_field(cell(values, row))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// What the writer said, unwrapped, so that a closed pipe is still seen to be one.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn cell(values: &Values, row: usize) -> String {
    let text = match values {
        Values::Text(column) => column.text(row).map(str::to_owned),
        Values::Flag(column) => column.get(row).map(|v| v.to_string()),
        Values::Int(column) => column.get(row).map(|v| v.to_string()),
        // Debug chooses exponents for very large and small numbers; both forms are exact.
        Values::Float(column) => column.get(row).map(|v| format!("{v:?}")),
    };
    text.unwrap_or_default()
}
