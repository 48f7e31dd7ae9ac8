//! Columns of a table, read and decoded when they are asked for.

use super::{Table, missing_in_file};
use crate::column::{Column, Values};
use crate::column_info::Kind;
use crate::decode;
use crate::error::{Error, Result};

impl Table {
    /// Reads a column of any type.
    ///
    /// # Errors
    /// [`Error::NoColumn`]; [`Error::Parquet`] or [`Error::Damaged`] if its bytes are bad.
    pub fn column(&self, name: &str) -> Result<Values> {
        let info = self.schema.column(name)?;
        let (index, data_type) = self
            .file
            .fields()
            .enumerate()
            .find_map(|(i, (field, data_type))| (field == name).then_some((i, data_type)))
            .ok_or_else(|| missing_in_file(name))?;
        let arrays = self.file.column(index)?;
        decode::values(&arrays, data_type).ok_or_else(|| Error::ColumnKind {
            column: name.to_owned(),
            found: "other",
            expected: info.kind.as_str(),
        })
    }

    /// Reads a column of numbers in its own unit; counts below 2^53 convert exactly, flags are 0 and 1.
    ///
    /// # Errors
    /// As [`Table::column`], and [`Error::ColumnKind`] if it is text.
    pub fn column_f64(&self, name: &str) -> Result<Column<f64>> {
        let values = self.column(name)?;
        let found = values.kind();
        values
            .into_floats()
            .ok_or_else(|| wrong_kind(name, found, "number"))
    }

    /// Reads a column of whole numbers.
    ///
    /// # Errors
    /// As [`Table::column`], and [`Error::ColumnKind`] if it holds something else.
    pub fn column_i64(&self, name: &str) -> Result<Column<i64>> {
        match self.column(name)? {
            Values::Int(column) => Ok(column),
            other => Err(wrong_kind(name, other.kind(), "int")),
        }
    }

    /// Reads a column of text.
    ///
    /// # Errors
    /// As [`Table::column`], and [`Error::ColumnKind`] if it holds something else.
    pub fn column_text(&self, name: &str) -> Result<Column<String>> {
        match self.column(name)? {
            Values::Text(column) => Ok(column),
            other => Err(wrong_kind(name, other.kind(), "text")),
        }
    }

    /// Reads a column of flags.
    ///
    /// # Errors
    /// As [`Table::column`], and [`Error::ColumnKind`] if it holds something else.
    pub fn column_flag(&self, name: &str) -> Result<Column<bool>> {
        match self.column(name)? {
            Values::Flag(column) => Ok(column),
            other => Err(wrong_kind(name, other.kind(), "flag")),
        }
    }
}

fn wrong_kind(column: &str, found: Kind, expected: &'static str) -> Error {
    Error::ColumnKind {
        column: column.to_owned(),
        found: found.as_str(),
        expected,
    }
}
