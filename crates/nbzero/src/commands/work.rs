//! `nbzero work`: a share of a plan. The only thing that an engine has to run.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use nbz_sweep::Shard;
use nbz_sweep::cluster::{Left, Options, Pace, Told, work};
use serde::Serialize;

use super::cluster::{Opened, begin};
use crate::bytes::{Limit, tell_room};
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::interrupt;
use crate::source::counted;

/// Do a share of a plan; what an engine runs
///
/// Takes the parts of its shard, then those that other shards have not begun or whose workers died. Any number of
/// workers may be started anywhere, also several on one shard, and be killed at any moment: the next one goes on.
/// SIGTERM and SIGUSR1 make it end behind the units under way with code 85. Units that cannot be done do not end
/// it: `nbzero status` lists them.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that `nbzero plan` wrote
    #[arg(long, value_name = "FOLDER")]
    plan: PathBuf,
    /// The share to begin with; N may differ from start to start
    #[arg(long, value_name = "I/N", default_value = "1/1")]
    shard: Shard,
    /// The folder of runs, the same for all workers
    #[arg(long, short, value_name = "FOLDER")]
    output: PathBuf,
    /// Where the images are on this machine [default: where they were for `plan`]
    #[arg(long, value_name = "IMAGES")]
    data: Option<String>,
    /// Units done side by side [default: the machine's cores]
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// Most memory of all units at work, such as 4G, 512MiB, or a share of what is free
    #[arg(long, value_name = "AMOUNT", default_value = "80%")]
    max_memory: Limit,
    /// Only the own shard: leave to others what is theirs
    #[arg(long)]
    own_only: bool,
    /// Minutes between checkpoints of a training
    #[arg(long, value_name = "MINUTES", default_value_t = 10.0)]
    checkpoint_every: f64,
    /// Seconds between signs of life
    #[arg(long, value_name = "SECONDS", default_value_t = Pace::default().beat.as_secs_f64())]
    heartbeat: f64,
    /// Seconds without one after which a worker is taken for dead
    #[arg(long, value_name = "SECONDS", default_value_t = Pace::default().patience.as_secs_f64())]
    patience: f64,
}

#[derive(Serialize)]
struct Document {
    units: usize,
    failed: usize,
    left: usize,
    seconds: f64,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let every = super::train::minutes(args.checkpoint_every)?;
    let pace = Pace {
        beat: duration(args.heartbeat, "a heartbeat")?,
        patience: duration(args.patience, "patience")?,
    };
    let asked = super::threads(args.threads)?;
    let runs = begin(&args.plan, &args.output)?;
    let plan = runs.plan();
    let opened = Opened::new(plan, args.data.as_deref(), runs.root(), every, console)?;
    let own = args.shard.index() as usize - 1;
    let shards = plan.units().deal(args.shard.of() as usize);
    let parts = plan.units().parts().iter().zip(&shards);
    // Whoever helps may come to any unit.
    let mut units: Vec<usize> = parts
        .filter(|(_, shard)| !args.own_only || **shard == own)
        .flat_map(|(units, _)| units.iter().copied())
        .collect();
    units.sort_unstable();
    let room = opened.room(plan, &units, asked, args.max_memory.now())?;
    let threads = tell_room(&room, asked, console);
    let stop = interrupt::raise_on_termination()?;
    let options = Options {
        shard: args.shard,
        threads,
        pace,
        helps: !args.own_only,
        stop: &stop,
        command: std::env::args().collect::<Vec<_>>().join(" "),
    };
    console.note(format_args!(
        "shard {} of {}: {}, {threads} at a time",
        args.shard,
        plan.order().networks(),
        counted(units.len(), "unit"),
    ));
    let start = Instant::now();
    let bar = console.bar();
    let left = work(&runs, opened.task(), &options, &|Told { done, own }| {
        bar.tell(done, 0, own.max(done));
    })?;
    bar.end();
    let seconds = start.elapsed().as_secs_f64();
    match left {
        Left::ToBeContinued { units } => {
            console.note(format_args!("did {}", counted(units, "unit")));
            Err(CommandError::ToBeContinued.into())
        }
        Left::Done {
            units,
            failed,
            left,
        } => {
            console.note(format_args!(
                "did {} in {seconds:.0} s; {}",
                counted(units, "unit"),
                match left {
                    0 => "every part is written, and `nbzero collect` checks them".to_owned(),
                    1 => "1 part is left to others".to_owned(),
                    parts => format!("{parts} parts are left to others"),
                }
            ));
            if failed > 0 {
                console.warn(format_args!(
                    "{failed} of them failed: nbzero status {}",
                    args.output.display()
                ));
            }
            if console.form() == Form::Json {
                console.json(&Document {
                    units,
                    failed,
                    left,
                    seconds,
                })?;
            }
            Ok(())
        }
    }
}

fn duration(seconds: f64, what: &str) -> Result<Duration, CommandError> {
    let positive = Some(seconds).filter(|s| *s > 0.0);
    let duration = positive.and_then(|s| Duration::try_from_secs_f64(s).ok());
    duration.ok_or_else(|| CommandError::Usage {
        problem: format!("{what} of {seconds} s"),
        hint: "take a number of seconds above 0".to_owned(),
    })
}
