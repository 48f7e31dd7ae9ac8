//! One Parquet file, opened by its footer; a column's bytes are read when it is asked for.
//!
//! This is the only module that decodes Parquet. The decoder was written for files that a writer made,
//! and on hostile bytes some of its paths panic (slices and arithmetic past the end), so every call into
//! it passes through [`guarded`], which turns a panic into an error. Nothing is shared with the decoder
//! but immutable bytes, so no broken state can survive. Before decoding, the footer's bytes are looked over ([`crate::footer`]), sizes that the footer claims
//! are held against the file's length and fixed limits, and a column with a recorded digest
//! (`nbzero.digests`, SHA-256 of its bytes) is compared with it, so damage is found before a wrong
//! number is read.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::{PageIndexPolicy, ParquetStatisticsPolicy};

use crate::digest::sha256_hex;
use crate::error::{Error, Result};
use crate::footer;
use crate::storage::{Storage, Window};

/// The key of the column digests in the file's metadata.
pub(crate) const DIGESTS_KEY: &str = "nbzero.digests";

/// More rows than any tabular benchmark has (NAS-Bench-101 has 423,624).
const MAX_ROWS: u64 = 50_000_000;
/// More columns than any table of scores has.
const MAX_COLUMNS: u64 = 4_096;
/// Rows decoded at once: any embedded table whole, and little memory where a footer lies.
const MAX_BATCH: usize = 1 << 16;
/// Decoded bytes of one column.
const MAX_COLUMN_BYTES: u64 = 1 << 30;

/// An open file: footer read, columns not.
#[derive(Debug)]
pub(crate) struct ParquetFile {
    name: String,
    storage: Storage,
    footer: ArrowReaderMetadata,
    rows: usize,
    digests: BTreeMap<String, String>,
}

impl ParquetFile {
    /// Reads and checks the footer.
    pub(crate) fn open(name: &str, storage: Storage) -> Result<Self> {
        // Page indexes and statistics serve row filters, which are not used here.
        let options = ArrowReaderOptions::new()
            .with_page_index_policy(PageIndexPolicy::Skip)
            .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_skip_arrow_metadata(true);
        check_footer(name, &storage)?;
        let footer = guarded(name, || ArrowReaderMetadata::load(&storage, options))?;
        let rows = check_sizes(name, &footer, &storage)?;
        let mut file = Self {
            name: name.to_owned(),
            storage,
            footer,
            rows,
            digests: BTreeMap::new(),
        };
        if let Some(text) = file.metadata(DIGESTS_KEY) {
            file.digests = serde_json::from_str(text).map_err(|e| Error::Schema {
                reason: format!("the column digests are not a JSON object of strings: {e}"),
            })?;
        }
        Ok(file)
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Names and types of the columns, in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &DataType)> {
        let fields = self.footer.schema().fields();
        fields.iter().map(|f| (f.name().as_str(), f.data_type()))
    }

    /// The value of a key in the file's metadata.
    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        let pairs = self
            .footer
            .metadata()
            .file_metadata()
            .key_value_metadata()?;
        pairs.iter().find(|p| p.key == key)?.value.as_deref()
    }

    /// Reads and decodes a column; one array a row group and batch.
    pub(crate) fn column(&self, index: usize) -> Result<Vec<ArrayRef>> {
        let mut arrays = Vec::new();
        for (group, metadata) in self.footer.metadata().row_groups().iter().enumerate() {
            let (start, length) = metadata.column(index).byte_range();
            let bytes = self
                .storage
                .read(start, length as usize)
                .map_err(|e| self.error(&e))?;
            let column = metadata.column(index).column_path().string();
            self.verify(group, &column, &bytes)?;
            let window = Window::new(start, bytes, self.storage.len());
            guarded(&self.name, || {
                let mask = ProjectionMask::leaves(self.footer.parquet_schema(), [index]);
                let footer = self.footer.clone();
                let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(window, footer)
                    .with_row_groups(vec![group])
                    .with_projection(mask)
                    .with_batch_size(self.rows.clamp(1, MAX_BATCH))
                    .build()?;
                for batch in reader {
                    arrays.push(batch?.column(0).clone());
                }
                Ok(())
            })?;
        }
        let decoded: usize = arrays.iter().map(Array::len).sum();
        if decoded == self.rows {
            return Ok(arrays);
        }
        Err(self.error(&format!(
            "the footer claims {} rows, a column has {decoded}",
            self.rows
        )))
    }

    /// Compares a column's bytes with the recorded digest, which covers the first row group (this
    /// crate writes no second one).
    fn verify(&self, group: usize, column: &str, bytes: &[u8]) -> Result<()> {
        match self.digests.get(column) {
            Some(expected) if group == 0 && *expected != sha256_hex(bytes) => Err(Error::Damaged {
                name: self.name.clone(),
                column: column.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    fn error(&self, reason: &impl ToString) -> Error {
        Error::Parquet {
            name: self.name.clone(),
            reason: reason.to_string(),
        }
    }
}

/// Looks over the footer's bytes, which stand before its length in four bytes and a mark of four.
fn check_footer(name: &str, storage: &Storage) -> Result<()> {
    let read = || {
        let end = storage.len().checked_sub(8)?;
        let tail = storage.read(end, 8).ok()?;
        let length = u32::from_le_bytes(tail[..4].try_into().ok()?);
        let start = end.checked_sub(u64::from(length))?;
        let footer = storage.read(start, length as usize).ok()?;
        (&tail[4..] == b"PAR1" && footer::is_plausible(&footer)).then_some(())
    };
    read().ok_or_else(|| Error::Parquet {
        name: name.to_owned(),
        reason: "its footer is missing or damaged".to_owned(),
    })
}

/// Holds what the footer claims against limits and the file's length; returns the number of rows.
fn check_sizes(name: &str, footer: &ArrowReaderMetadata, storage: &Storage) -> Result<usize> {
    let limit = |what, found: u64, limit: u64| {
        if found <= limit {
            return Ok(());
        }
        Err(Error::TooLarge {
            name: name.to_owned(),
            what,
            found,
            limit,
        })
    };
    let bad = |reason: &str| Error::Parquet {
        name: name.to_owned(),
        reason: reason.to_owned(),
    };
    let metadata = footer.metadata();
    let non_negative = |n: i64| u64::try_from(n).map_err(|_| bad("the footer has a negative size"));
    let rows = non_negative(metadata.file_metadata().num_rows())?;
    limit("rows", rows, MAX_ROWS)?;
    let columns = footer.parquet_schema().num_columns();
    limit("columns", columns as u64, MAX_COLUMNS)?;
    if columns != footer.schema().fields().len() {
        return Err(bad("it has nested columns"));
    }
    let mut grouped = 0u64;
    for group in metadata.row_groups() {
        grouped = grouped.saturating_add(non_negative(group.num_rows())?);
        if group.num_columns() != columns {
            return Err(bad("a row group lacks columns"));
        }
        for chunk in group.columns() {
            limit(
                "bytes in a column",
                non_negative(chunk.uncompressed_size())?,
                MAX_COLUMN_BYTES,
            )?;
            non_negative(chunk.num_values())?;
            let start = chunk
                .dictionary_page_offset()
                .unwrap_or(chunk.data_page_offset());
            let end = non_negative(start)?.checked_add(non_negative(chunk.compressed_size())?);
            if end.is_none_or(|end| end > storage.len()) {
                return Err(bad("a column leaves the file"));
            }
        }
    }
    if grouped != rows {
        return Err(bad("the row groups do not add up to the number of rows"));
    }
    Ok(rows as usize)
}

/// Calls the decoder; its errors and its panics both become [`Error::Parquet`].
fn guarded<T>(name: &str, decode: impl FnOnce() -> parquet::errors::Result<T>) -> Result<T> {
    let reason = match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its pages contradict each other".to_owned(),
    };
    Err(Error::Parquet {
        name: name.to_owned(),
        reason: reason.to_lowercase(),
    })
}
