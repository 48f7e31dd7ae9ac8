//! `nbzero explore`: a table as a page on which a person turns budgets and clicks networks.

use std::path::PathBuf;

use nbz_explore::BEGINNING;
use nbz_table::atomic;
use serde::Serialize;

use crate::console::{Console, Form};
use crate::explorer::ExplorerArgs;
use crate::page::refuse_foreign;
use crate::source::Read;

/// Write a page to explore a table: scatter, budgets as sliders, what each proxy picks, networks drawn
///
/// One HTML file with the table inside. It opens from disk in any browser of these years and asks the network for
/// nothing. Scores of your own may also be dropped onto the page later.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    explorer: ExplorerArgs,
    /// The file to write
    #[arg(
        long,
        short,
        value_name = "PAGE.html",
        default_value = "explorer.html",
        value_hint = clap::ValueHint::FilePath
    )]
    output: PathBuf,
}

#[derive(Serialize)]
struct Document {
    read: Read,
    file: String,
    bytes: usize,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    refuse_foreign(
        &args.output,
        BEGINNING,
        "a page of the explorer",
        "name another file with -o",
    )?;
    let made = args.explorer.make(console)?;
    atomic::write_bytes(&args.output, made.page.as_bytes())?;
    let file = args.output.display().to_string();
    console.note(format_args!("wrote {file}"));
    if console.form() == Form::Json {
        console.json(&Document {
            read: made.source.read(),
            file,
            bytes: made.page.len(),
        })?;
    }
    Ok(())
}
