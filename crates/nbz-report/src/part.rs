//! The parts of a report, by name.

use crate::error::{ReportError, Result};

/// A part of a report that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Every proxy on each pool, with the paper's numbers beside.
    Table1,
    /// Across the data sets of a table.
    Table2,
    /// Across the spaces.
    Table3,
    /// The paper's claims with verdicts.
    Claims,
    /// Which proxies are ahead of the costs.
    Standing,
    /// Which proxies and costs of each pool rank alike.
    Similarity,
}

impl Part {
    /// What it is, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Part::Table1 => "every proxy on each pool, with the paper's numbers beside",
            Part::Table2 => "the data sets of a table side by side",
            Part::Table3 => "the spaces side by side",
            Part::Claims => "what the tables say of the paper's claims",
            Part::Similarity => {
                "which proxies and costs rank alike, and which share their best networks"
            }
            Part::Standing => {
                "which proxies are ahead of MACs and params, and whether mBR orders them as Spearman does"
            }
        }
    }

    /// All parts.
    pub const ALL: [Part; 6] = [
        Part::Table1,
        Part::Table2,
        Part::Table3,
        Part::Claims,
        Part::Standing,
        Part::Similarity,
    ];

    /// The tables: what a report has when nothing is asked for, because they are done in seconds.
    pub const TABLES: [Part; 3] = [Part::Table1, Part::Table2, Part::Table3];

    /// The name by which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Table1 => "table1",
            Part::Table2 => "table2",
            Part::Table3 => "table3",
            Part::Claims => "claims",
            Part::Standing => "standing",
            Part::Similarity => "similarity",
        }
    }

    /// What stands above it in a report.
    pub const fn heading(self) -> &'static str {
        match self {
            Part::Table1 => "Table 1",
            Part::Table2 => "Table 2, data sets side by side",
            Part::Table3 => "Table 3, spaces side by side",
            Part::Claims => "The paper's claims",
            Part::Standing => "Proxies beside MACs and params",
            Part::Similarity => "Which scores rank alike",
        }
    }

    /// Why a report may hold nothing of a part.
    pub const fn why_empty(self) -> &'static str {
        match self {
            Part::Table1 => "No table has an accuracy.",
            Part::Claims => {
                "No table has an accuracy, or scores that a claim on scores can be tested on."
            }
            Part::Table2 => "No table has accuracies on several data sets with the same proxies.",
            Part::Standing => "No table has proxies beside MACs or params.",
            Part::Similarity => "No table has proxies.",
            Part::Table3 => "Spaces are compared where there are two tables or more.",
        }
    }

    /// The parts of some names; `all` is every part, no name at all the tables.
    ///
    /// # Errors
    /// [`ReportError::UnknownPart`].
    pub fn named<S: AsRef<str>>(names: &[S]) -> Result<Vec<Part>> {
        if names.is_empty() {
            return Ok(Self::TABLES.to_vec());
        }
        if names.iter().any(|n| n.as_ref() == "all") {
            return Ok(Self::ALL.to_vec());
        }
        let find = |name: &S| {
            let name = name.as_ref();
            let part = Self::ALL.into_iter().find(|part| part.name() == name);
            part.ok_or_else(|| ReportError::UnknownPart {
                name: name.to_owned(),
            })
        };
        let mut parts = names.iter().map(find).collect::<Result<Vec<_>>>()?;
        parts.sort_unstable();
        parts.dedup();
        Ok(parts)
    }
}
