//! What was typed, and which of the two questions it asks.

use std::path::PathBuf;

use crate::budgets::BudgetArgs;
use crate::commands::evaluate::{alone, beside};
use crate::console::Console;
use crate::hybrid::NamedHybrid;
use crate::number::draws;
use crate::source::SourceArgs;

/// Measure a proxy: its row of Table 1 beside the known ones, or a file that stands alone
///
/// The file is what `nbzero score -o` wrote, or a CSV with a header and one network a line. Beside a table, the column `arch` names the
/// network, by string, id or hash; every other column, or those of --score, is a proxy; an empty cell is
/// a score that was never computed. With --accuracy the file stands alone and needs no `arch`; an empty
/// score there is NaN. Larger scores are better; name the others with --smaller.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file of scores: CSV, or Parquet as `nbzero score` writes it
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) source: SourceArgs,
    /// The columns of scores [default beside a table: every column but arch]
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',')]
    pub(super) score: Vec<String>,
    /// Scores of which smaller are better
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',')]
    pub(super) smaller: Vec<String>,
    /// Compare with these proxies of the table only [default: all]
    #[arg(long, value_name = "PROXY", num_args = 1.., value_delimiter = ',')]
    pub(super) against: Vec<String>,
    /// Several proxies as one score, ranked among the networks measured, such as az=logranksum:az_expr,az_prog; may be
    /// repeated
    ///
    /// KIND is ranksum (Borda), logranksum (as AZ-NAS), vote or vote_absolute (Copeland). Proxies are columns of the file
    /// or of the table, costs too.
    #[arg(long, value_name = "[NAME=]KIND:PROXY,PROXY")]
    pub(super) hybrid: Vec<NamedHybrid>,
    /// Half-samples that the intervals are made of; 0 leaves those of mBR and accuracy out
    #[arg(long, value_name = "COUNT", value_parser = draws, default_value_t = 1000)]
    pub(super) draws: usize,
    /// The seed of the half-samples
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) budget: BudgetArgs,
    /// Write a page as well: the row, figures, the nearest scores, and the choices whose networks are misjudged
    #[arg(long, value_name = "PAGE.html", value_hint = clap::ValueHint::FilePath)]
    pub(super) html: Option<PathBuf>,
    /// The file stands alone, and this is its column of accuracies
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "score",
        conflicts_with_all = ["table", "dataset", "against", "hybrid", "draws", "seed", "html"],
        help_heading = "A file that stands alone"
    )]
    pub(super) accuracy: Option<String>,
    /// Columns of costs; each gets even budgets
    #[arg(
        long,
        value_name = "COLUMN",
        num_args = 1..,
        value_delimiter = ',',
        requires = "accuracy",
        help_heading = "A file that stands alone"
    )]
    pub(super) cost: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    match &args.accuracy {
        Some(accuracy) => alone::run(args, accuracy, console),
        None => beside::run(args, console),
    }
}
