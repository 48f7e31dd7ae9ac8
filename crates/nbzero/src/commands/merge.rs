//! `nbzero merge`: shards of scores into the file that one run would have written.

use std::path::PathBuf;

use serde::Serialize;

use crate::console::{Console, Form};
use crate::source::counted;

/// Put shards of scores together
///
/// The result has the bytes of one run over all networks. Every shard must be there once.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shards, files written by `nbzero score --shard I/N -o`
    #[arg(required = true, value_name = "FILE.parquet")]
    shards: Vec<PathBuf>,
    /// The Parquet file to write; `export` makes CSV of it
    #[arg(long, short, value_name = "FILE.parquet")]
    output: PathBuf,
}

#[derive(Serialize)]
struct Document {
    networks: usize,
    written: String,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    super::check_parquet(&args.output)?;
    let networks = nbz_sweep::merge(&args.shards, &args.output)?;
    console.note(format_args!(
        "wrote {}, {} of {}",
        args.output.display(),
        counted(networks, "network"),
        counted(args.shards.len(), "shard")
    ));
    if console.form() == Form::Json {
        console.json(&Document {
            networks,
            written: args.output.display().to_string(),
        })?;
    }
    Ok(())
}
