//! `nbzero space`: the search spaces, built in or a user's own TOML file.

use std::path::Path;

use anyhow::Context;
use nbz_space::space::{CappedSize, DEFAULT_SEED};
use nbz_space::{Space, Task};
use serde::Serialize;

use crate::console::{Console, Form, OutputError};
use crate::failure::CommandError;
use crate::grid::{Align, Grid};
use crate::names::nearest;
use crate::source::grouped;

/// Search spaces: list, describe, draw networks, print the definition
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the built-in spaces
    List,
    /// Describe a space: sizes, caps, the task that its costs are counted for
    Info {
        #[command(flatten)]
        space: SpaceArg,
    },
    /// Draw networks, one string a line, in an order that the seed fixes
    Sample {
        #[command(flatten)]
        space: SpaceArg,
        /// How many networks [default: the length of the benchmark's list]
        #[arg(long, short = 'n', value_name = "COUNT")]
        count: Option<u64>,
        /// The seed; the default is that of the benchmark's lists
        #[arg(long, default_value_t = DEFAULT_SEED)]
        seed: u64,
    },
    /// Print a space's definition, a start for one of your own
    ShowToml {
        #[command(flatten)]
        space: SpaceArg,
    },
}

#[derive(Debug, clap::Args)]
struct SpaceArg {
    /// r1, r2, mb, or a TOML file
    space: String,
}

#[derive(Serialize)]
struct Listing {
    spaces: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    title: String,
    strings: u64,
    list: Option<u64>,
}

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
    params: u64,
    macs: u64,
}

#[derive(Serialize)]
struct Sample {
    space: String,
    seed: u64,
    archs: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    match &args.command {
        Command::List => list(console),
        Command::Info { space } => info(&open(&space.space)?, console),
        Command::Sample { space, count, seed } => {
            sample(&open(&space.space)?, *count, *seed, console)
        }
        Command::ShowToml { space } => {
            console.data(open(&space.space)?.toml())?;
            Ok(())
        }
    }
}

/// A built-in space by name, or a TOML file by path.
pub(crate) fn open(name: &str) -> anyhow::Result<Space> {
    if let Some(space) = Space::builtin(name) {
        return Ok(space.clone());
    }
    let path = Path::new(name);
    if !name.contains(['/', '\\', '.']) && !path.exists() {
        let known = Space::all().iter().map(Space::name);
        let hint = match nearest(name, known) {
            Some(near) => {
                format!("did you mean `{near}`? built in: r1, r2, mb; anything else is a TOML file")
            }
            None => "built in: r1, r2, mb; anything else is the path of a TOML file".to_owned(),
        };
        return Err(CommandError::Unknown {
            what: "space",
            name: name.to_owned(),
            hint,
        }
        .into());
    }
    let text = std::fs::read_to_string(path).map_err(|source| CommandError::File {
        verb: "read",
        path: name.to_owned(),
        source,
    })?;
    Space::from_toml(&text).with_context(|| name.to_owned())
}

fn entry(space: &Space) -> Entry {
    Entry {
        name: space.name().to_owned(),
        title: space.title().to_owned(),
        strings: space.size(),
        list: space.list_size(),
    }
}

fn list(console: &Console) -> anyhow::Result<()> {
    let spaces: Vec<Entry> = Space::all().iter().map(entry).collect();
    if console.form() == Form::Json {
        console.json(&Listing { spaces })?;
        return Ok(());
    }
    let mut grid = Grid::new([
        ("space", Align::Left),
        ("strings", Align::Right),
        ("benchmark's list", Align::Right),
        ("networks", Align::Left),
    ]);
    for space in spaces {
        grid.row([
            space.name,
            grouped(space.strings),
            space.list.map_or_else(String::new, grouped),
            space.title,
        ]);
    }
    console.grid(&grid)?;
    Ok(())
}

fn info(space: &Space, console: &Console) -> anyhow::Result<()> {
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
    let caps = match &document.caps {
        Some(caps) => format!(
            "Caps: at most {} params and {} MACs, counted at {}.\n",
            grouped(caps.params),
            grouped(caps.macs),
            space.task()
        ),
        None => "No caps.\n".to_owned(),
    };
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
        "{}: {}\n\n{}\n{caps}{list}",
        space.name(),
        space.title(),
        grid.text(crate::console::width())
    ))?;
    Ok(())
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
            params: caps.params.get(),
            macs: caps.macs.get(),
        }),
        within_caps,
        within_caps_interval,
    }
}

/// Draws networks one by one: a space holds more than anybody can keep in memory.
fn sample(space: &Space, count: Option<u64>, seed: u64, console: &Console) -> anyhow::Result<()> {
    let Some(wanted) = count.or(space.list_size()) else {
        return Err(CommandError::Usage {
            problem: format!("`{}` names no length for its list", space.name()),
            hint: "say how many with --count".to_owned(),
        }
        .into());
    };
    let size = space.capped_size();
    if let CappedSize::Exact(size) = size
        && wanted > size
    {
        return Err(CommandError::Usage {
            problem: format!(
                "{} networks cannot be drawn from {}: it holds {}",
                grouped(wanted),
                space.name(),
                grouped(size)
            ),
            hint: "networks are drawn without repetition; ask for fewer".to_owned(),
        }
        .into());
    }
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
