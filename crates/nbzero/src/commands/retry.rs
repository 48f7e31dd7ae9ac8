//! `nbzero retry`: units given back, to be done again.

use std::path::PathBuf;

use nbz_sweep::cluster::{Again, Runs, retry};
use serde::Serialize;

use crate::console::{Console, Form};
use crate::source::counted;

/// Have units of a run done again: those that failed, or those that were lost
///
/// Changes the folder of runs alone; the next `work` or `submit` does them.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub(crate) struct Args {
    /// The folder of runs
    runs: PathBuf,
    /// Units that failed
    #[arg(long, group = "which")]
    failed: bool,
    /// Units of damaged files, and of workers that are gone; give it when no worker is at work
    #[arg(long, group = "which")]
    missing: bool,
}

#[derive(Serialize)]
struct Document {
    units: usize,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let again = if args.failed {
        Again::Failed
    } else {
        Again::Missing
    };
    let units = retry(&Runs::open(&args.runs)?, again)?;
    let are = if units == 1 { "is" } else { "are" };
    console.note(format_args!(
        "{} {are} to be done again",
        counted(units, "unit")
    ));
    if console.form() == Form::Json {
        console.json(&Document { units })?;
    }
    Ok(())
}
