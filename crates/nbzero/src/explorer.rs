//! The explorer's page, as `explore` writes it and `serve` gives it: which table, whose scores.

use std::path::PathBuf;

use nbz_explore::{Explorer, OwnColumn};
use nbz_table::Direction;

use crate::console::Console;
use crate::own_scores::{self, check_smaller};
use crate::source::{Source, SourceArgs};

/// What was typed.
#[derive(Debug, clap::Args)]
pub(crate) struct ExplorerArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Add the scores of this file: CSV with a column `arch`, or Parquet as `nbzero score` writes it; may be repeated
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    scores: Vec<PathBuf>,
    /// Scores of these files of which smaller are better
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',', requires = "scores")]
    smaller: Vec<String>,
}

/// A page and what it was made of.
pub(crate) struct Made {
    pub(crate) source: Source,
    pub(crate) page: String,
}

impl ExplorerArgs {
    /// Reads the table and the scores and makes the page.
    pub(crate) fn make(&self, console: &Console) -> anyhow::Result<Made> {
        let source = self.source.resolve(console)?;
        let own = self.own(&source, console)?;
        let dataset = source.dataset.as_deref();
        let page = console.while_waiting("making the page", || {
            Explorer::new(&source.table, dataset, &own).map(|explorer| explorer.html())
        })?;
        Ok(Made { source, page })
    }

    /// The users' scores in the order of the table's rows.
    fn own(&self, source: &Source, console: &Console) -> anyhow::Result<Vec<OwnColumn>> {
        let mut own = Vec::new();
        for file in &self.scores {
            let joined = own_scores::join(file, source, console)?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            for (column, values) in joined.columns {
                let smaller = self.smaller.contains(&column) || joined.smaller.contains(&column);
                own.push(OwnColumn {
                    direction: if smaller {
                        Direction::Smaller
                    } else {
                        Direction::Larger
                    },
                    name: column,
                    source: name.clone().into_owned(),
                    values,
                });
            }
        }
        let names: Vec<String> = own.iter().map(|score| score.name.clone()).collect();
        check_smaller(&self.smaller, &names)?;
        Ok(own)
    }
}
