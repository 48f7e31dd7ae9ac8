//! `nbzero cancel`: the workers of a run ended.

use std::path::PathBuf;

use nbz_sweep::cluster::Runs;
use nbz_sweep::cluster::engine;
use serde::Serialize;

use super::submit::engine_of;
use crate::console::{Console, Form};

/// Cancel what was submitted of a run; what is done stays
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of runs
    runs: PathBuf,
}

#[derive(Serialize)]
struct Document {
    cancelled: Vec<engine::Submission>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let runs = Runs::open(&args.runs)?;
    let cancelled = engine::cancel(&runs, &engine_of)?;
    for submission in &cancelled {
        console.note(format_args!(
            "cancelled submission {} to {}: {}",
            submission.number,
            submission.engine,
            submission.ids.join(", ")
        ));
    }
    if cancelled.is_empty() {
        console.note("nothing is under way");
    }
    if console.form() == Form::Json {
        console.json(&Document { cancelled })?;
    }
    Ok(())
}
