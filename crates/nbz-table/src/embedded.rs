//! The tables inside the program.
//!
//! Both were made by `cargo run --example embed` from the published files; `data/NOTICE` says whose they
//! are.

use bytes::Bytes;

use crate::storage::Storage;
use crate::table::{Origin, Table};

/// A table that is part of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embedded {
    /// NAS-Bench-201: 15,625 cells, three data sets.
    NasBench201,
    /// NAS-Bench-Macro: 6,561 strings of 3,969 networks, CIFAR-10.
    NasBenchMacro,
}

/// The notices that must travel with the embedded tables.
pub const NOTICE: &str = include_str!("../data/NOTICE");

impl Embedded {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::NasBench201, Self::NasBenchMacro];

    /// The name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::NasBench201 => "nas-bench-201",
            Self::NasBenchMacro => "nas-bench-macro",
        }
    }

    /// The embedded table of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }

    /// The bytes of the Parquet file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::NasBench201 => include_bytes!("../data/nas-bench-201.parquet"),
            Self::NasBenchMacro => include_bytes!("../data/nas-bench-macro.parquet"),
        }
    }

    /// Opens the table.
    ///
    /// # Panics
    /// Never: the files are part of the program, and a test opens each.
    pub fn open(self) -> Table {
        let storage = Storage::Memory(Bytes::from_static(self.bytes()));
        Table::from_storage(self.name(), storage, Origin::Embedded)
            .expect("the embedded files are committed with a test that opens each")
    }
}

impl Table {
    /// Opens the embedded NAS-Bench-201 table.
    pub fn nas_bench_201() -> Self {
        Embedded::NasBench201.open()
    }

    /// Opens the embedded NAS-Bench-Macro table.
    pub fn nas_bench_macro() -> Self {
        Embedded::NasBenchMacro.open()
    }
}
