//! `nbzero check`: what a plan will take, before anything of it is done.

use std::path::PathBuf;
use std::time::Duration;

use indicatif::{DecimalBytes, HumanDuration};
use nbz_sweep::cluster::{Estimate, Plan, estimate};
use serde::Serialize;

use super::cluster::Opened;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::source::{counted, grouped};

/// Estimate what a plan takes: core-hours, memory and disk
///
/// Every network is built, its cost predicted and its memory planned anew; digests, costs and images are compared
/// with the plan's. A few units, spread
/// over the range of costs, are tried out to know this machine's speed; nothing of them is kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that `nbzero plan` wrote
    plan: PathBuf,
    /// Where the images are on this machine [default: where they were for `plan`]
    #[arg(long, value_name = "IMAGES")]
    data: Option<String>,
    /// Seconds that units may be tried out; at least three are
    #[arg(long, value_name = "SECONDS", default_value_t = 20.0)]
    seconds: f64,
}

#[derive(Serialize)]
struct Document<'a> {
    task: &'static str,
    networks: &'a str,
    digest: &'a str,
    #[serde(flatten)]
    estimate: Estimate,
    /// Of the network that needs most.
    memory_bytes: u64,
    fullest: Option<String>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let plan = Plan::open(&args.plan)?;
    plan.verify()?;
    let time = Duration::try_from_secs_f64(args.seconds).map_err(|_| CommandError::Usage {
        problem: format!("{} seconds", args.seconds),
        hint: "take a number of seconds, such as 20".to_owned(),
    })?;
    // Nothing is written: a training that is tried out keeps no checkpoint.
    let opened = Opened::new(
        &plan,
        args.data.as_deref(),
        &args.plan,
        Duration::MAX,
        console,
    )?;
    let all: Vec<usize> = (0..plan.units().all().len()).collect();
    let room = opened.room(&plan, &all, 1, None)?;
    let estimate = console.while_waiting("trying some units out", || {
        estimate(&plan, opened.task(), time)
    })?;
    let (fullest, memory_bytes) = room.fullest.unzip();
    let document = Document {
        task: plan.order().verb(),
        networks: plan.order().networks(),
        digest: plan.digest(),
        estimate,
        memory_bytes: memory_bytes.unwrap_or(0),
        fullest,
    };
    match console.form() {
        Form::Json => Ok(console.json(&document)?),
        Form::Text => Ok(console.data(text(&document))?),
    }
}

fn text(document: &Document<'_>) -> String {
    let e = &document.estimate;
    let hours = |hours: f64| match hours {
        ..0.1 => format!("{:.1} minutes", hours * 60.0),
        0.1..10.0 => format!("{hours:.1} hours"),
        _ => format!("{hours:.0} hours"),
    };
    let longest = HumanDuration(Duration::from_secs_f64(e.longest_seconds));
    let lines = [
        ("plan", format!("{} {}", document.task, document.networks)),
        ("digest", document.digest.to_owned()),
        (
            "units",
            format!(
                "{} in {}",
                grouped(e.units as u64),
                counted(e.parts, "part")
            ),
        ),
        ("one core", hours(e.core_hours)),
        (
            "",
            format!(
                "from {} in {:.0} s; single units lie {:.0} % beside their prediction",
                counted(e.tried, "unit"),
                e.tried_seconds,
                100.0 * e.error
            ),
        ),
        (
            "64 cores",
            format!("{}, the longest unit {longest}", hours(e.core_hours / 64.0)),
        ),
        (
            "memory",
            match &document.fullest {
                Some(arch) => format!("{} a thread ({arch})", DecimalBytes(document.memory_bytes)),
                None => "next to nothing".to_owned(),
            },
        ),
        ("disk", format!("{}", DecimalBytes(e.disk_bytes))),
    ];
    let line = |(name, value): (&str, String)| format!("{name:<9} {value}\n");
    lines.map(line).concat()
}
