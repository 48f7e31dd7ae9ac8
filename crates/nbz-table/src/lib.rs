//! The benchmark table: schema, Parquet, query, importers.
//!
//! A [`Table`] is one Parquet file whose own metadata says what every column means ([`schema`]). Two are
//! embedded ([`Embedded`]); others are opened from a path. Reading is lazy by column; a missing value is
//! never a NaN ([`column`](mod@column)).

pub mod atomic;
mod choose;
pub mod column;
mod column_info;
mod decode;
mod digest;
mod embedded;
pub mod error;
pub mod export;
mod footer;
mod frame;
pub mod import;
mod join;
mod lookup;
mod networks;
mod parquet_file;
mod published;
mod query;
pub mod schema;
mod storage;
mod table;
mod unit;

pub use choose::{Choice, DEFAULT_DATASET};
pub use column::{Column, Values};
pub use column_info::{ColumnInfo, Direction, Kind, Provenance, Role, short_version};
pub use digest::sha256_hex;
pub use embedded::{Embedded, NOTICE};
pub use error::{Error, Result};
pub use frame::Frame;
pub use join::{
    Joined, Unmatched, join_csv, join_csv_bytes, join_scores, with_further_scores, with_scores,
};
pub use networks::{Spelling, arch_hash};
pub use query::{Bound, Constraint, Query, Selection};
pub use schema::{SCHEMA_VERSION, Schema};
pub use table::{Origin, Table};
pub use unit::{Quantity, Unit};
