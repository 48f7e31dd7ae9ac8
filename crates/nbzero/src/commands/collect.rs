//! `nbzero collect`: all outcomes of a run in one table.

use std::path::PathBuf;

use nbz_sweep::cluster::{Runs, collect};
use serde::Serialize;

use crate::console::{Console, Form};
use crate::source::counted;

/// Put the outcomes of a run together: the bytes that one machine would have written
///
/// Refuses unless every unit is there, once, undamaged. Scores are the table of `nbzero score -o`, trainings that of
/// `nbzero train --list`; times and machines go beside it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of runs
    runs: PathBuf,
    /// The Parquet file to write; `export` makes CSV of it
    #[arg(long, short, value_name = "FILE.parquet")]
    output: PathBuf,
}

#[derive(Serialize)]
struct Document {
    networks: usize,
    written: String,
    beside: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    super::check_parquet(&args.output)?;
    let collected = collect(&Runs::open(&args.runs)?, &args.output)?;
    let beside: Vec<String> = collected
        .beside
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    console.note(format_args!(
        "wrote {}, {}; beside it {}",
        args.output.display(),
        counted(collected.networks, "network"),
        beside.join(" and ")
    ));
    if console.form() == Form::Json {
        console.json(&Document {
            networks: collected.networks,
            written: args.output.display().to_string(),
            beside,
        })?;
    }
    Ok(())
}
