//! Columns of numbers from a CSV file that stands alone, without architectures.

use std::path::Path;

use crate::column::Column;
use crate::error::{Error, Result};
use crate::import::csv_text::CsvText;

/// A CSV file of numbers: a header, then one network a line, which needs no name.
#[derive(Debug)]
pub struct NumberFile {
    csv: CsvText,
}

impl NumberFile {
    /// Reads the file; its cells are looked at when a column is asked for.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Csv`] with the line, [`Error::Empty`].
    pub fn read(path: &Path) -> Result<Self> {
        Ok(Self {
            csv: CsvText::read(path)?,
        })
    }

    /// As [`NumberFile::read`], from bytes; `name` is used in messages.
    ///
    /// ```
    /// use nbz_table::import::NumberFile;
    ///
    /// let file = NumberFile::from_bytes("mine.csv", b"acc,score\n70,1.5\n71,\n72,-inf\n")?;
    /// let score = file.column("score")?;
    /// assert_eq!((file.rows(), score.get(1), score.get(2)), (3, None, Some(f64::NEG_INFINITY)));
    /// assert!(file.column("scores").is_err());
    /// # Ok::<(), nbz_table::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`NumberFile::read`].
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self> {
        Ok(Self {
            csv: CsvText::parse(name, bytes)?,
        })
    }

    /// The headers, in the file's order.
    pub fn headers(&self) -> &[String] {
        &self.csv.header
    }

    /// The line of a row, from 1.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn line(&self, row: usize) -> u64 {
        self.csv.rows[row].0
    }

    /// Number of lines below the header.
    pub fn rows(&self) -> usize {
        self.csv.rows.len()
    }

    /// A column; empty cells are missing.
    ///
    /// # Errors
    /// [`Error::NoColumn`], [`Error::DuplicateColumn`], or [`Error::Csv`] for a cell that is no number.
    pub fn column(&self, name: &str) -> Result<Column<f64>> {
        let mut places = (0..self.csv.header.len()).filter(|&c| self.csv.header[c] == name);
        let place = places.next().ok_or_else(|| Error::NoColumn {
            table: self.csv.name.clone(),
            column: name.to_owned(),
            dataset: None,
            close: Vec::new(),
        })?;
        if places.next().is_some() {
            return Err(Error::DuplicateColumn {
                column: name.to_owned(),
            });
        }
        self.csv.floats(place)
    }
}
