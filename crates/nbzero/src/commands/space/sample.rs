//! `nbzero space sample`: networks drawn without repetition.

use nbz_space::Space;
use nbz_space::space::CappedSize;
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

/// Draws networks one by one: a space holds more than anybody can keep in memory.
pub(super) fn sample(
    space: &Space,
    count: Option<u64>,
    seed: u64,
    console: &Console,
) -> anyhow::Result<()> {
    let Some(wanted) = count.or(space.list_size()) else {
        return Err(CommandError::Usage {
            problem: format!("`{}` names no length for its list", space.name()),
            hint: "say how many with --count".to_owned(),
        }
        .into());
    };
    let size = space.capped_size();
    refuse_too_many(space, wanted, size)?;
    console.note(format_args!(
        "drawing {} of {} networks of {} with seed {seed}",
        grouped(wanted),
        grouped(size.size()),
        space.name()
    ));
    let drawn = space
        .draw(seed)
        .take(usize::try_from(wanted).unwrap_or(usize::MAX));
    if console.form() == Form::Json {
        console.json(&Sample {
            space: space.name().to_owned(),
            seed,
            archs: drawn.map(|arch| arch.to_string()).collect(),
        })?;
        return Ok(());
    }
    console.stream(|out| {
        for arch in drawn {
            writeln!(out, "{arch}").map_err(OutputError)?;
        }
        Ok(())
    })
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
