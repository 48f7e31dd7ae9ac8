//! Opening a table: the footer, the schema document, and whether the one is what the other says.

use std::path::Path;
use std::sync::OnceLock;

use bytes::Bytes;

use super::{Origin, Table, missing_in_file};
use crate::column_info::Kind;
use crate::decode;
use crate::error::{Error, Result};
use crate::networks::Spelling;
use crate::parquet_file::ParquetFile;
use crate::published;
use crate::schema::{SCHEMA_KEY, Schema};
use crate::storage::Storage;

impl Table {
    /// Opens a table file: one of ours, or a published table in its own form (see [`crate::import`]).
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Parquet`], [`Error::NotATable`], or a fault of the schema document.
    pub fn open(path: &Path) -> Result<Self> {
        let storage = Storage::open(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::from_storage(
            &path.display().to_string(),
            storage,
            Origin::File(path.to_owned()),
        )
    }

    /// Opens a table whose bytes are in memory; `name` is used in messages.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn from_bytes(name: &str, bytes: impl Into<Bytes>) -> Result<Self> {
        Self::from_storage(name, Storage::Memory(bytes.into()), Origin::Memory)
    }

    pub(crate) fn from_storage(name: &str, storage: Storage, origin: Origin) -> Result<Self> {
        let file = ParquetFile::open(name, storage)?;
        let schema = match file.metadata(SCHEMA_KEY) {
            Some(text) => parse_schema(text)?,
            None => published::schema_of(&file).ok_or_else(|| Error::NotATable {
                name: name.to_owned(),
            })?,
        };
        schema.check()?;
        check_columns(&schema, &file)?;
        Ok(Self {
            file,
            spelling: Spelling::of(&schema)?,
            schema,
            origin,
            index: OnceLock::new(),
            representatives: OnceLock::new(),
            networks: OnceLock::new(),
        })
    }
}

fn parse_schema(text: &str) -> Result<Schema> {
    // The version is looked at first: another version may have other fields.
    #[derive(serde::Deserialize)]
    struct Version {
        version: u32,
    }
    let fault = |e: serde_json::Error| Error::Schema {
        reason: e.to_string(),
    };
    let Version { version } = serde_json::from_str(text).map_err(fault)?;
    if version != crate::SCHEMA_VERSION {
        return Err(Error::SchemaVersion {
            found: version,
            known: crate::SCHEMA_VERSION,
        });
    }
    serde_json::from_str(text).map_err(fault)
}

/// Every column of the schema stands in the file with its type.
fn check_columns(schema: &Schema, file: &ParquetFile) -> Result<()> {
    let mut fields: Vec<_> = file.fields().collect();
    fields.sort_unstable_by_key(|&(name, _)| name);
    for column in &schema.columns {
        let at = fields
            .binary_search_by_key(&column.name.as_str(), |&(name, _)| name)
            .map_err(|_| missing_in_file(&column.name))?;
        let kind = decode::kind_of(fields[at].1);
        if kind != Some(column.kind) {
            return Err(Error::ColumnKind {
                column: column.name.clone(),
                found: kind.map_or("other", Kind::as_str),
                expected: column.kind.as_str(),
            });
        }
    }
    Ok(())
}
