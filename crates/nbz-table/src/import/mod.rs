//! Ways in: published tables in their own form, CSV, and the score files of NAS-Bench-Suite-Zero.
//!
//! Every importer ends in a [`crate::Frame`], which is checked, written and opened like any other table.

mod costs;
mod csv;
mod csv_text;
mod json;
mod numbers;
mod published;
mod suite_zero;

pub use costs::add_costs;
pub use csv::{import_csv, import_csv_bytes};
pub(crate) use csv_text::{CsvText, excerpt};
pub use numbers::NumberFile;
pub(crate) use published::complete;
pub use published::import_published;
pub(crate) use suite_zero::UNDEFINED;
pub use suite_zero::{import_suite_zero, import_suite_zero_bytes};
