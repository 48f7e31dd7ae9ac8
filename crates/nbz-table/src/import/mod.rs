//! Ways in: published tables in their own form.
//!
//! Every importer ends in a [`crate::Frame`], which is checked, written and opened like any other table.

mod published;

pub use published::import_published;
