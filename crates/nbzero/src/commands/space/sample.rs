//! `nbzero space sample`: networks drawn without repetition.

use nbz_space::space::CappedSize;
use nbz_space::{Space, StagedArch};
use nbz_table::{Quantity, Unit};
use serde::Serialize;

use crate::console::{Console, Form, OutputError};
use crate::failure::CommandError;
use crate::source::grouped;

/// The longest list: what is drawn is remembered, so that nothing is drawn twice.
const MOST: u64 = 10_000_000;

#[derive(Serialize)]
struct Sample {
    space: String,
    seed: u64,
    archs: Vec<String>,
}

/// Which networks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) count: Option<u64>,
    pub(super) seed: u64,
    pub(super) max_macs: Option<&'w Quantity>,
}

/// Draws networks one by one: a space holds more than anybody can keep in memory.
pub(super) fn sample(space: &Space, wanted: Wanted<'_>, console: &Console) -> anyhow::Result<()> {
    let Wanted {
        count,
        seed,
        max_macs,
    } = wanted;
    let Some(wanted) = count.or(space.list_size()) else {
        return Err(CommandError::Usage {
            problem: format!("`{}` names no length for its list", space.name()),
            hint: "say how many with --count".to_owned(),
        }
        .into());
    };
    let most = max_macs.map(|most| most.in_unit(Unit::Macs)).transpose()?;
    let size = space.capped_size();
    refuse_too_many(space, wanted, size)?;
    let under = max_macs.map_or_else(String::new, |most| format!(" of at most {most} MACs"));
    console.note(format_args!(
        "drawing {} of {} networks of {}{under} with seed {seed}",
        grouped(wanted),
        grouped(size.size()),
        space.name()
    ));
    // A limit that few keep must not make it draw for ever.
    let among = max_macs.map_or(wanted, |_| space.list_size().unwrap_or(MOST).max(wanted));
    let task = space.task();
    let is_small =
        |arch: &StagedArch| most.is_none_or(|most| arch.costs(task).macs.get() as f64 <= most);
    let drawn = space
        .draw(seed)
        .take(usize::try_from(among).unwrap_or(usize::MAX))
        .filter(is_small)
        .take(usize::try_from(wanted).unwrap_or(usize::MAX));
    let mut found = 0;
    let drawn = drawn.inspect(|_| found += 1);
    if console.form() == Form::Json {
        console.json(&Sample {
            space: space.name().to_owned(),
            seed,
            archs: drawn.map(|arch| arch.to_string()).collect(),
        })?;
    } else {
        console.stream(|out| {
            for arch in drawn {
                writeln!(out, "{arch}").map_err(OutputError)?;
            }
            Ok::<(), OutputError>(())
        })?;
    }
    if let (Some(most), true) = (max_macs, count.is_some() && found < wanted) {
        let found = grouped(found);
        console.warn(format_args!(
            "only {found} of the first {} networks have at most {most} MACs",
            grouped(among)
        ));
    }
    Ok(())
}

/// Refuses more networks than there are, and lists that memory would not hold.
fn refuse_too_many(space: &Space, wanted: u64, size: CappedSize) -> Result<(), CommandError> {
    let there = match size {
        CappedSize::Exact(size) => size,
        CappedSize::Estimate { interval, .. } => interval.high,
    };
    let refuse = |why: String, hint: &str| {
        Err(CommandError::Usage {
            problem: format!(
                "{} networks cannot be drawn from {}: {why}",
                grouped(wanted),
                space.name()
            ),
            hint: hint.to_owned(),
        })
    };
    if wanted > there {
        let about = match size {
            CappedSize::Exact(_) => "",
            CappedSize::Estimate { .. } => "at most about ",
        };
        let why = format!("it holds {about}{}", grouped(there));
        return refuse(why, "networks are drawn without repetition; ask for fewer");
    }
    if wanted > MOST {
        let why = format!("a list has at most {}", grouped(MOST));
        return refuse(why, "draw several lists with seeds of their own");
    }
    Ok(())
}
