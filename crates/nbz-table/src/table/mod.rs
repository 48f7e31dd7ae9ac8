//! A benchmark table: rows are architectures, columns are what is known about them.
//!
//! Owns an open file and its schema document; knows nothing of ranks or budgets of a study. Opening
//! reads the footer alone; each column is read and decoded when it is asked for, and not kept, so a
//! caller that needs a column twice keeps it.

mod columns;
mod open;

use std::path::PathBuf;
use std::sync::OnceLock;

use nbz_space::Arch;

use crate::column::Column;
use crate::column_info::{ColumnInfo, Role};
use crate::error::{Error, Result};
use crate::lookup::{self, RowIndex};
use crate::networks::{Networks, Spelling};
use crate::parquet_file::ParquetFile;
use crate::schema::{SCHEMA_KEY, Schema};

/// Where a table came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    Embedded,
    /// It was read from a file.
    File(PathBuf),
    /// It was given as bytes.
    Memory,
}

/// An open benchmark table.
///
/// ```
/// use nbz_table::Table;
///
/// let table = Table::nas_bench_201();
/// assert_eq!(table.rows(), 15_625);
/// let accuracy = table.column_f64("cifar10_test_acc")?;
/// let row = table.find("nb201:210210")?;
/// assert_eq!((row, accuracy.get(row)), (11_472, Some(93.91)));
/// # Ok::<(), nbz_table::Error>(())
/// ```
#[derive(Debug)]
pub struct Table {
    file: ParquetFile,
    schema: Schema,
    spelling: Spelling,
    origin: Origin,
    index: OnceLock<RowIndex>,
    representatives: OnceLock<Vec<u32>>,
    networks: OnceLock<Networks>,
}

impl Table {
    /// A published table in its own form with what import adds to it, the networks' depth; any other
    /// table as it is.
    ///
    /// # Errors
    /// As [`Table::column`].
    pub fn completed(self) -> Result<Self> {
        if self.file.metadata(SCHEMA_KEY).is_some() {
            return Ok(self);
        }
        let completed = crate::import::complete(&self)?.into_table()?;
        Ok(completed.with_origin_of(&self))
    }

    /// This table as one that came from where another did, of whose columns it has more.
    pub(crate) fn with_origin_of(self, other: &Self) -> Self {
        Self {
            origin: other.origin.clone(),
            ..self
        }
    }

    /// The short name, such as `nas-bench-201`.
    pub fn name(&self) -> &str {
        &self.schema.name
    }

    /// Where the table came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Number of rows, repeated networks included; see [`Table::distinct_rows`].
    pub fn rows(&self) -> usize {
        self.file.rows()
    }

    /// What the table and its columns mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What the columns mean, in the file's order.
    pub fn columns(&self) -> &[ColumnInfo] {
        &self.schema.columns
    }

    /// Reads the architecture strings.
    ///
    /// # Errors
    /// As [`Table::column`].
    pub fn archs(&self) -> Result<Column<String>> {
        self.column_text(&self.arch_column().name)
    }

    /// The architecture of a row; `None` if its string is of no known space.
    ///
    /// # Errors
    /// As [`Table::column`].
    pub fn arch(&self, row: usize) -> Result<Option<Arch>> {
        Ok(self.archs_at(&[row])?.pop().flatten())
    }

    /// The architectures of some rows, as [`Table::arch`].
    ///
    /// # Errors
    /// As [`Table::column`].
    pub fn archs_at(&self, rows: &[usize]) -> Result<Vec<Option<Arch>>> {
        let archs = self.archs()?;
        let read = |&row: &usize| self.read_arch(archs.text(row)?);
        Ok(rows.iter().map(read).collect())
    }

    /// The architecture of a string as the table spells it: with its space's prefix or without, of a built-in space or
    /// of one that the table defines ([`Schema::own_spaces`]). `None` for a string of no known space.
    pub fn read_arch(&self, text: &str) -> Option<Arch> {
        self.spelling.read(text)
    }

    pub(crate) fn spelling(&self) -> &Spelling {
        &self.spelling
    }

    /// The row of an architecture: by its string, an id or code of the table, a prefix form
    /// (`nb201:212043`, `nb201#11472`), or a number
    /// (`#11472`: the official index, or the row of a table without one); for a known space also by any
    /// other string of the same network, or by its hash ([`crate::arch_hash`]).
    ///
    /// The first call reads the name columns and builds an index; later ones take about 100 ns.
    ///
    /// # Errors
    /// [`Error::NoArch`]; the first call also as [`Table::column`].
    pub fn find(&self, key: &str) -> Result<usize> {
        if let Some(row) = self.row_index()?.find(key) {
            return Ok(row);
        }
        self.networks()?.find(key).ok_or_else(|| Error::NoArch {
            table: self.name().to_owned(),
            key: key.to_owned(),
        })
    }

    /// The rows that count each network once: those whose string is canonical.
    ///
    /// Use these before any statistic. A table without a canonical column counts every row.
    ///
    /// ```
    /// let table = nbz_table::Table::nas_bench_macro();
    /// assert_eq!((table.rows(), table.distinct_rows()?.len()), (6_561, 3_969));
    /// # Ok::<(), nbz_table::Error>(())
    /// ```
    ///
    /// # Errors
    /// The first call as [`Table::column`].
    pub fn distinct_rows(&self) -> Result<Vec<usize>> {
        let representatives = self.representatives()?;
        if representatives.is_empty() {
            return Ok((0..self.rows()).collect());
        }
        let rows = representatives.iter().enumerate();
        Ok(rows
            .filter(|&(row, &stands_for)| row == stands_for as usize)
            .map(|(row, _)| row)
            .collect())
    }

    /// The row that stands for the network of `row` in [`Table::distinct_rows`].
    ///
    /// # Errors
    /// The first call as [`Table::column`].
    pub fn representative(&self, row: usize) -> Result<usize> {
        Ok(self
            .representatives()?
            .get(row)
            .map_or(row, |&r| r as usize))
    }

    pub(crate) fn arch_column(&self) -> &ColumnInfo {
        let arch = self.schema.columns.iter().find(|c| c.role == Role::Arch);
        arch.expect("Schema::check has found the architecture column")
    }

    /// Empty if every row stands for itself.
    fn representatives(&self) -> Result<&[u32]> {
        if let Some(rows) = self.representatives.get() {
            return Ok(rows);
        }
        let rows = lookup::representatives(self)?;
        Ok(self.representatives.get_or_init(|| rows))
    }

    fn networks(&self) -> Result<&Networks> {
        if let Some(networks) = self.networks.get() {
            return Ok(networks);
        }
        let networks = Networks::build(&self.spelling, &self.archs()?);
        Ok(self.networks.get_or_init(|| networks))
    }

    fn row_index(&self) -> Result<&RowIndex> {
        if let Some(index) = self.index.get() {
            return Ok(index);
        }
        let index = RowIndex::build(self)?;
        Ok(self.index.get_or_init(|| index))
    }
}

fn missing_in_file(column: &str) -> Error {
    Error::Schema {
        reason: format!("column `{column}` of the schema is not in the file"),
    }
}
