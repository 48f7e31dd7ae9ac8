//! Ways out: a table's Parquet file, CSV, and the score JSON of NAS-Bench-Suite-Zero.

mod csv;
mod parquet;
mod suite_zero;

pub use csv::{csv_to, write_csv};
pub use parquet::{Effort, parquet_bytes, parquet_bytes_with, write_parquet};
pub use suite_zero::{left_out_of_suite_zero, suite_zero_bytes, write_suite_zero};
