//! Ways out: a table's Parquet file, CSV, and the score JSON of NAS-Bench-Suite-Zero.

mod parquet;

pub use parquet::{parquet_bytes, write_parquet};
