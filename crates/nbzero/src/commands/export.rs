//! `nbzero export`: a table as CSV, Parquet or the score JSON of NAS-Bench-Suite-Zero.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use nbz_table::{Frame, export};
use serde::Serialize;

use crate::console::{Console, Form, OutputError};
use crate::failure::CommandError;
use crate::source::{self, counted};

/// Write a table as CSV, Parquet or the score JSON of NAS-Bench-Suite-Zero
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An embedded table or a table file
    table: String,
    /// The file to write; its ending (.csv, .parquet, .json) names the format [default: CSV on standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The format, where the file's ending does not say it
    #[arg(long, value_enum)]
    format: Option<Format>,
}

/// What a table can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// Our own table file: values with their meaning.
    Parquet,
    /// NASLib's zc_*.json: architecture, proxy, score.
    Json,
}

#[derive(Serialize)]
struct Document {
    table: String,
    rows: usize,
    columns: usize,
    written: String,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let table = source::open(&args.table)?;
    let frame = Frame::read(&table)?;
    console.note(format_args!(
        "read {}, {}, {}",
        table.name(),
        counted(table.rows(), "row"),
        counted(table.columns().len(), "column")
    ));
    let Some(path) = &args.output else {
        return to_stdout(&frame, args.format.unwrap_or(Format::Csv), console);
    };
    match args.format.map_or_else(|| format_of(path), Ok)? {
        Format::Csv => export::write_csv(&frame, path)?,
        Format::Parquet => export::write_parquet(&frame, path)?,
        Format::Json => {
            export::write_suite_zero(&frame, path)?;
            let left_out = export::left_out_of_suite_zero(&frame);
            if !left_out.is_empty() {
                console.warn(format_args!(
                    "the suite's JSON has no place for {}: accuracies of the test, costs, latencies",
                    counted(left_out.len(), "column")
                ));
            }
        }
    }
    console.note(format_args!("wrote {}", path.display()));
    if console.form() == Form::Json {
        console.json(&Document {
            table: table.name().to_owned(),
            rows: frame.rows(),
            columns: frame.columns().len(),
            written: path.display().to_string(),
        })?;
    }
    Ok(())
}

fn to_stdout(frame: &Frame, format: Format, console: &Console) -> anyhow::Result<()> {
    console.stream(|out| {
        match format {
            Format::Csv => export::csv_to(frame, out).map_err(OutputError)?,
            Format::Parquet => {
                let bytes = export::parquet_bytes(frame)?;
                out.write_all(&bytes).map_err(OutputError)?;
            }
            Format::Json => {
                let bytes = export::suite_zero_bytes(frame)?;
                out.write_all(&bytes).map_err(OutputError)?;
            }
        }
        Ok(())
    })
}

fn format_of(path: &Path) -> Result<Format, CommandError> {
    match path.extension().and_then(|e| e.to_str()) {
        Some("csv") => Ok(Format::Csv),
        Some("parquet") => Ok(Format::Parquet),
        Some("json") => Ok(Format::Json),
        _ => Err(CommandError::Usage {
            problem: format!("cannot tell the format of `{}`", path.display()),
            hint: "end the name in .csv, .parquet or .json, or say --format".to_owned(),
        }),
    }
}
