//! The whole report on the embedded tables, as `nbzero reproduce` makes it.
//!
//! `cargo bench -p nbz-report`. Goals on two cores: below 15 s with 1,000 half-samples the first time,
//! below 2 s with finished pools in the cache, below 200 MB of memory. Every time is one run and includes
//! opening the tables and writing the folder.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::{error::Error, path::PathBuf, time::Instant};

use nbz_report::{Part, Report, Settings};
use nbz_study::Recipe;
use nbz_table::Table;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let cache = Some(folder.path().join("cache"));
    println!("| work | time |\n|---|---|");
    let run = |work: &str, draws: usize, cache: Option<PathBuf>| -> Result<(), Box<dyn Error>> {
        let settings = Settings {
            recipe: Recipe { seed: 0, draws },
            cache,
            ..Settings::default()
        };
        let start = Instant::now();
        let tables = [Table::nas_bench_201(), Table::nas_bench_macro()];
        let report = Report::compute(&tables, &[], &Part::ALL, &settings, |_, _, _| ())?;
        report.write(&folder.path().join("report"), &Part::ALL, "")?;
        println!("| {work} | {:.2} s |", start.elapsed().as_secs_f64());
        Ok(())
    };
    run("report with intervals, no cache", 1_000, None)?;
    run(
        "report with intervals, filling the cache",
        1_000,
        cache.clone(),
    )?;
    run("report with intervals from the cache", 1_000, cache)?;
    run("report with the jackknife alone", 0, None)?;
    if let Some(peak) = peak_memory() {
        println!("\nmost memory held: {peak}");
    }
    Ok(())
}

/// What Linux says of this process.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
