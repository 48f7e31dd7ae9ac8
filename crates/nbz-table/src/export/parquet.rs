//! Writing a table's Parquet file.
//!
//! One row group and one data page a column, so that a column is one range and one decode; zstd at its
//! highest level, which costs the writer time and the reader none; no page index, statistics or bloom
//! filter, which would only make the footer longer. The encoding of a column follows the share of
//! distinct values among its values, by rules found from the sizes of all 87 columns of the two embedded
//! tables under every encoding (zstd 19): all plain 3.53 MB, all dictionary 4.34 MB, all byte-split
//! 4.96 MB, the best for each column 3.26 MB. Few distinct values (`cifar10_nbsz_params`: 28 of
//! 9,445) compress best through a dictionary, values that hardly repeat by splitting their bytes (zen:
//! 33 kB against 38), those between as they are; counting integers as differences, text as it is.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema as ArrowSchema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{KeyValue, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::atomic;
use crate::column::Values;
use crate::column_info::Kind;
use crate::digest::sha256_hex;
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::parquet_file::DIGESTS_KEY;
use crate::schema::SCHEMA_KEY;

/// Writes a table's Parquet file, whole or not at all.
///
/// # Errors
/// [`Error::Write`], or a fault of the schema.
pub fn write_parquet(frame: &Frame, path: &Path) -> Result<()> {
    atomic::write_bytes(path, &parquet_bytes(frame)?)
}

/// The bytes of a table's Parquet file. The same frame gives the same bytes.
///
/// # Errors
/// A fault of the schema, such as no architecture column.
pub fn parquet_bytes(frame: &Frame) -> Result<Vec<u8>> {
    parquet_bytes_with(frame, Effort::Smallest)
}

/// How long the writer tries to make a file small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For files that are kept: zstd's highest level, 1.7 s for the embedded NAS-Bench-201.
    Smallest,
    /// For files that somebody waits for: a tenth of the time, a tenth more bytes.
    Quick,
    /// For what never leaves memory: nothing is compressed.
    Least,
}

/// As [`parquet_bytes`], with more or less effort. The same frame and effort give the same bytes.
///
/// # Errors
/// As [`parquet_bytes`].
pub fn parquet_bytes_with(frame: &Frame, effort: Effort) -> Result<Vec<u8>> {
    frame.schema().check()?;
    let document = serde_json::to_string(frame.schema()).map_err(|e| Error::Schema {
        reason: e.to_string(),
    })?;
    encode(frame, document, effort).map_err(|e| Error::Write {
        path: frame.schema().name.clone().into(),
        source: io::Error::other(e),
    })
}

fn encode(frame: &Frame, document: String, effort: Effort) -> ParquetResult<Vec<u8>> {
    let fields: Vec<Field> = frame
        .columns()
        .map(|(info, _)| Field::new(&info.name, arrow_type(info.kind), true))
        .collect();
    let schema = Arc::new(ArrowSchema::new(fields));
    let arrays: Vec<ArrayRef> = frame.columns().map(|(_, values)| array(values)).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays)?;
    let options = ArrowWriterOptions::new()
        .with_properties(properties(frame, effort)?)
        .with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), schema, options)?;
    writer.write(&batch)?;
    writer.flush()?;
    writer.sync()?;
    let digests = digests(&writer);
    writer.append_key_value_metadata(KeyValue::new(SCHEMA_KEY.to_owned(), document));
    writer.append_key_value_metadata(KeyValue::new(DIGESTS_KEY.to_owned(), digests));
    writer.into_inner()
}

/// SHA-256 of every column's bytes, as a JSON object.
fn digests(writer: &ArrowWriter<Vec<u8>>) -> String {
    let mut digests = BTreeMap::new();
    for chunk in writer
        .flushed_row_groups()
        .iter()
        .flat_map(RowGroupMetaData::columns)
    {
        let (start, length) = chunk.byte_range();
        let bytes = &writer.inner()[start as usize..(start + length) as usize];
        digests.insert(chunk.column_path().string(), sha256_hex(bytes));
    }
    serde_json::to_string(&digests).expect("a map of strings is JSON")
}

fn properties(frame: &Frame, effort: Effort) -> ParquetResult<WriterProperties> {
    let rows = frame.rows().max(1);
    let compression = match effort {
        Effort::Smallest => Compression::ZSTD(ZstdLevel::try_new(22)?),
        Effort::Quick => Compression::ZSTD(ZstdLevel::try_new(9)?),
        Effort::Least => Compression::UNCOMPRESSED,
    };
    let mut builder = WriterProperties::builder()
        .set_created_by(concat!("nbz-table ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(compression)
        .set_max_row_group_row_count(Some(rows))
        .set_data_page_row_count_limit(rows)
        .set_data_page_size_limit(usize::MAX)
        .set_write_batch_size(rows)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true);
    for (info, values) in frame.columns() {
        builder = column_layout(builder, ColumnPath::from(info.name.as_str()), values);
    }
    Ok(builder.build())
}

/// A dictionary pays below one distinct value in this many.
const DICTIONARY_SHARE: usize = 16;

fn column_layout(
    builder: WriterPropertiesBuilder,
    path: ColumnPath,
    values: &Values,
) -> WriterPropertiesBuilder {
    let (distinct, present) = match values {
        Values::Float(column) => distinct(column.values().iter().flatten().map(|v| v.to_bits())),
        Values::Int(column) => {
            distinct(column.values().iter().flatten().map(|v| v.cast_unsigned()))
        }
        Values::Text(_) | Values::Flag(_) => (0, 0),
    };
    let dictionary = distinct * DICTIONARY_SHARE < present;
    let encoding = match values {
        Values::Float(_) if distinct * 10 > present * 9 => Encoding::BYTE_STREAM_SPLIT,
        Values::Int(_) => Encoding::DELTA_BINARY_PACKED,
        _ => Encoding::PLAIN,
    };
    // The encoding is what follows if a dictionary is not used or grows too large.
    builder
        .set_column_dictionary_enabled(path.clone(), dictionary)
        .set_column_encoding(path, encoding)
}

/// The number of distinct values, and of all.
fn distinct(values: impl Iterator<Item = u64>) -> (usize, usize) {
    let mut all = 0;
    let distinct: HashSet<u64> = values.inspect(|_| all += 1).collect();
    (distinct.len(), all)
}

fn arrow_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Flag => DataType::Boolean,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
    }
}

fn array(values: &Values) -> ArrayRef {
    match values {
        Values::Text(column) => Arc::new(StringArray::from_iter(column.values())),
        Values::Flag(column) => Arc::new(column.values().iter().copied().collect::<BooleanArray>()),
        Values::Int(column) => Arc::new(column.values().iter().copied().collect::<Int64Array>()),
        Values::Float(column) => {
            Arc::new(column.values().iter().copied().collect::<Float64Array>())
        }
    }
}
