//! `nbzero status`: how far a run is, from its folder alone.

use std::path::PathBuf;
use std::time::Duration;

use indicatif::HumanDuration;
use nbz_sweep::cluster::{Cause, Pace, Runs, Status, status};

use crate::console::{Console, Form};
use crate::grid::{Align, Grid};
use crate::source::{counted, grouped};

/// Say how far a run is: done, failed, missing, rate, time left
///
/// Reads the folder of runs and nothing else: it works when every scheduler and every worker is dead.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of runs
    runs: PathBuf,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let runs = Runs::open(&args.runs)?;
    let status = status(&runs, 2 * Pace::default().patience)?;
    match console.form() {
        Form::Json => Ok(console.json(&status)?),
        Form::Text => {
            console.data(text(&status, &runs))?;
            for (heading, list) in [
                ("failed because", &status.failures),
                ("done without a value because", &status.no_values),
            ] {
                if !list.is_empty() {
                    console.data("\n")?;
                    console.grid(&causes(heading, list))?;
                }
            }
            Ok(())
        }
    }
}

fn text(status: &Status, runs: &Runs) -> String {
    let of = |count: usize| {
        let share = 100.0 * count as f64 / status.units.max(1) as f64;
        format!("{:>9} {share:5.1} %", grouped(count as u64))
    };
    let order = runs.plan().order();
    let mut text = format!("{} {}\n", order.verb(), order.networks());
    for (name, count) in [
        ("done", status.done),
        ("failed", status.failed),
        ("under way", status.under_way),
        ("missing", status.missing),
    ] {
        text.push_str(&format!("{name:<10}{}\n", of(count)));
    }
    let (written, parts) = (status.parts_written, status.parts);
    text.push_str(&format!("parts     {written:>9} of {parts}\n"));
    let workers: Vec<String> = status
        .workers
        .iter()
        .map(|(host, count)| format!("{count} on {host}"))
        .collect();
    let workers = if workers.is_empty() {
        "none".to_owned()
    } else {
        workers.join(", ")
    };
    text.push_str(&format!("at work   {workers}\n"));
    if status.silent > 0 {
        text.push_str(&format!(
            "silent    {} of workers without a sign of life; idle ones take them over\n",
            counted(status.silent, "part")
        ));
    }
    if !status.damaged.is_empty() {
        text.push_str(&format!(
            "damaged   {}: nbzero retry {} --missing\n",
            counted(status.damaged.len(), "part"),
            runs.root().display()
        ));
    }
    if let (Some(rate), Some(left)) = (status.rate, status.seconds_left) {
        let left = Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX);
        text.push_str(&format!(
            "rate      {rate:.2} units a second, {} left\n",
            HumanDuration(left)
        ));
    }
    text
}

fn causes(heading: &str, causes: &[Cause]) -> Grid {
    let mut grid = Grid::new(vec![
        ("units".to_owned(), Align::Right),
        (heading.to_owned(), Align::Left),
        ("first".to_owned(), Align::Left),
    ]);
    for cause in causes {
        grid.row(vec![
            grouped(cause.units as u64),
            cause.reason.clone(),
            cause.arch.clone(),
        ]);
    }
    grid
}
