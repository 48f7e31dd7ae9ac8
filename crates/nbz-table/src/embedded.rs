//! The tables inside the program.
//!
//! Two were made by `cargo run --example embed` from published files; `data/NOTICE` says whose they are. Beside them lie
//! scores of our own, made by `cargo run -p nbz-sweep --example embed_scores` from the files in `scores/`. The others,
//! `mini`, are all our own: accuracies and scores, made from the files in `scores/mini` by the example `embed_mini`. So
//! are the scores of the paper's lists, which have no accuracies, made from `scores/lists` by the example `embed_lists`.

use bytes::Bytes;

use crate::error::Result;
use crate::join::with_further_scores;
use crate::storage::Storage;
use crate::table::{Origin, Table};

/// A table that is part of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embedded {
    /// NAS-Bench-201: 15,625 cells, three data sets.
    NasBench201,
    /// NAS-Bench-Macro: 6,561 strings of 3,969 networks, CIFAR-10.
    NasBenchMacro,
    /// Networks of the paper's space r1 under 60 M MACs, trained here by a short recipe, CIFAR-10.
    MiniR1,
    /// Of r2, as [`Embedded::MiniR1`].
    MiniR2,
    /// Of mb, as [`Embedded::MiniR1`].
    MiniMb,
    /// Networks among the first of the paper's lists of r1, r2 and mb: scores without accuracies, on CIFAR-100.
    PaperLists,
}

/// The notices that must travel with the embedded tables.
pub const NOTICE: &str = include_str!("../data/NOTICE");

impl Embedded {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NasBench201,
        Self::NasBenchMacro,
        Self::MiniR1,
        Self::MiniR2,
        Self::MiniMb,
        Self::PaperLists,
    ];
    /// Those with accuracies.
    pub const TRAINED: [Self; 5] = [
        Self::NasBench201,
        Self::NasBenchMacro,
        Self::MiniR1,
        Self::MiniR2,
        Self::MiniMb,
    ];

    /// The name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::NasBench201 => "nas-bench-201",
            Self::NasBenchMacro => "nas-bench-macro",
            Self::MiniR1 => "mini-r1",
            Self::MiniR2 => "mini-r2",
            Self::MiniMb => "mini-mb",
            Self::PaperLists => "paper-lists",
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
            Self::MiniR1 => include_bytes!("../data/mini-r1.parquet"),
            Self::MiniR2 => include_bytes!("../data/mini-r2.parquet"),
            Self::MiniMb => include_bytes!("../data/mini-mb.parquet"),
            Self::PaperLists => include_bytes!("../data/paper-lists.parquet"),
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

    /// Scores that `nbzero score` measured on the table's networks, or on a fair sample of them; none where
    /// nobody scored them, or where they are the table's own columns.
    ///
    /// # Panics
    /// As [`Embedded::open`].
    pub fn own_scores(self) -> Option<Table> {
        let bytes: &[u8] = match self {
            Self::NasBenchMacro => include_bytes!("../data/nas-bench-macro-scores.parquet"),
            Self::NasBench201 | Self::MiniR1 | Self::MiniR2 | Self::MiniMb | Self::PaperLists => {
                return None;
            }
        };
        let storage = Storage::Memory(Bytes::from_static(bytes));
        let scores = Table::from_storage("own scores", storage, Origin::Embedded);
        Some(scores.expect("the embedded files are committed with a test that opens each"))
    }

    /// The table with our own scores behind its columns; networks that are not scored have none.
    ///
    /// ```
    /// use nbz_table::{Embedded, Provenance};
    ///
    /// let table = Embedded::NasBenchMacro.scored()?;
    /// let ntk = table.schema().column_on(Some("cifar10"), "ntk")?;
    /// assert_eq!(ntk.provenance, Provenance::Measured);
    /// # Ok::<(), nbz_table::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Table::column`].
    pub fn scored(self) -> Result<Table> {
        self.open().with_own_scores()
    }
}

impl Table {
    /// An embedded table, perhaps with further columns, with those of our own scores whose name it has not; any other
    /// table as it is.
    ///
    /// # Errors
    /// As [`Table::column`].
    pub fn with_own_scores(self) -> Result<Self> {
        let embedded = match self.origin() {
            Origin::Embedded => Embedded::named(self.name()),
            Origin::File(_) | Origin::Memory => None,
        };
        let Some(scores) = embedded.and_then(Embedded::own_scores) else {
            return Ok(self);
        };
        let dataset = self.choose_dataset(None)?.0.map(str::to_owned);
        Ok(with_further_scores(&self, dataset.as_deref(), &scores)?.0)
    }

    /// Opens the embedded NAS-Bench-201 table.
    pub fn nas_bench_201() -> Self {
        Embedded::NasBench201.open()
    }

    /// Opens the embedded NAS-Bench-Macro table.
    pub fn nas_bench_macro() -> Self {
        Embedded::NasBenchMacro.open()
    }
}
