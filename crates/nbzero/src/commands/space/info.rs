//! `nbzero space info`: sizes, caps and the task of a space.

use nbz_space::space::CappedSize;
use nbz_space::{Macs, Params, Space, Task};
use serde::Serialize;

use super::{Entry, entry};
use crate::console::{self, Console, Form};
use crate::grid::{Align, Grid};
use crate::source::grouped;

#[derive(Serialize)]
struct Description {
    #[serde(flatten)]
    entry: Entry,
    resolution: usize,
    classes: usize,
    forms: Vec<FormDocument>,
    caps: Option<CapsDocument>,
    within_caps: u64,
    /// Null where the size was counted.
    within_caps_interval: Option<[u64; 2]>,
}

#[derive(Serialize)]
struct FormDocument {
    stages: usize,
    strings: u64,
    within_caps: Option<u64>,
}

#[derive(Serialize)]
struct CapsDocument {
    params: Option<u64>,
    macs: Option<u64>,
}

pub(super) fn info(space: &Space, console: &Console) -> anyhow::Result<()> {
    let document = description(space);
    if console.form() == Form::Json {
        console.json(&document)?;
        return Ok(());
    }
    let mut grid = Grid::new([
        ("stages", Align::Right),
        ("strings", Align::Right),
        ("within caps", Align::Right),
    ]);
    for form in &document.forms {
        grid.row([
            form.stages.to_string(),
            grouped(form.strings),
            form.within_caps.map_or_else(|| "?".to_owned(), grouped),
        ]);
    }
    let within = match document.within_caps_interval {
        Some([low, high]) => format!(
            "about {} (95 % interval {} to {})",
            grouped(document.within_caps),
            grouped(low),
            grouped(high)
        ),
        None => grouped(document.within_caps),
    };
    grid.row(["all".to_owned(), grouped(document.entry.strings), within]);
    let caps = caps_sentence(space);
    let task = format!("Costs are counted for {} by default.\n", space.task());
    let list = match document.entry.list {
        Some(length) => format!(
            "The benchmark's list has {} networks, {n}-000000 to {n}-{:06}.\n",
            grouped(length),
            length.saturating_sub(1),
            n = space.name()
        ),
        None => String::new(),
    };
    console.data(format_args!(
        "{}: {}\n\n{}\n{caps}{task}{list}",
        space.name(),
        space.title(),
        grid.text(console::width())
    ))?;
    Ok(())
}

fn caps_sentence(space: &Space) -> String {
    let Some(caps) = space.caps() else {
        return "No caps.\n".to_owned();
    };
    let params = caps.params.map(|p| format!("{} params", grouped(p.get())));
    let macs = caps.macs.map(|m| format!("{} MACs", grouped(m.get())));
    let most: Vec<String> = params.into_iter().chain(macs).collect();
    format!(
        "Caps: at most {}, counted at {}.\n",
        most.join(" and "),
        caps.task
    )
}

fn description(space: &Space) -> Description {
    let task: Task = space.task();
    let capped_forms = space.capped_forms();
    let (within_caps, within_caps_interval) = match space.capped_size() {
        CappedSize::Exact(size) => (size, None),
        CappedSize::Estimate { size, interval } => (size, Some([interval.low, interval.high])),
    };
    Description {
        entry: entry(space),
        resolution: task.resolution(),
        classes: task.classes(),
        forms: space
            .forms()
            .enumerate()
            .map(|(at, (stages, strings))| FormDocument {
                stages,
                strings,
                within_caps: capped_forms.as_ref().map(|f| f[at].1),
            })
            .collect(),
        caps: space.caps().map(|caps| CapsDocument {
            params: caps.params.map(Params::get),
            macs: caps.macs.map(Macs::get),
        }),
        within_caps,
        within_caps_interval,
    }
}
