//! nbzero: the benchmark for ranking neural networks without training them, as a library.
//!
//! This crate is the face of the workspace: it owns no science, it names the crates that do. Take a
//! single one of them where that is enough; each is useful alone.
//!
//! | module | what it is for |
//! |---|---|
//! | [`space`] | architectures, search spaces, exact costs, the layer graph |
//! | [`engine`] | networks run: forward, backward, tangent and per-sample passes |
//! | [`table`] | the benchmark as one file: schema, query, import and export |
//! | [`study`] | ranks, correlations, budgets and mBR on plain slices |
//! | [`report`] | the paper's tables, computed on any benchmark table |
//!
//! The command line is the binary of the same name; [`exit_code`] documents how it ends.

pub mod exit_code;

pub use nbz_engine as engine;
pub use nbz_report as report;
pub use nbz_space as space;
pub use nbz_study as study;
pub use nbz_table as table;
