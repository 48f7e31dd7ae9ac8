//! `nbzero space`: the search spaces, built in or a user's own TOML file.

mod info;
mod sample;

use std::path::Path;

use anyhow::Context;
use nbz_space::space::DEFAULT_SEED;
use nbz_space::{Space, SpaceError};
use nbz_table::Quantity;
use serde::Serialize;

use crate::console::{Console, Form};
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
        /// Only networks of at most so many multiply-accumulates, such as 60M: the first of the benchmark's list, in its order
        #[arg(long, value_name = "MACS", value_parser = crate::limits::quantity)]
        max_macs: Option<Quantity>,
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

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    match &args.command {
        Command::List => list(console),
        Command::Info { space } => info::info(&open(&space.space)?, console),
        Command::Sample {
            space,
            count,
            seed,
            max_macs,
        } => {
            let wanted = sample::Wanted {
                count: *count,
                seed: *seed,
                max_macs: max_macs.as_ref(),
            };
            sample::sample(&open(&space.space)?, wanted, console)
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
        if let Some(all) = nbz_sweep::distinct_of(name) {
            return Err(CommandError::Usage {
                problem: format!(
                    "`{name}` is a public benchmark of {} networks, not a space with a description",
                    grouped(all.len() as u64)
                ),
                hint: "`show`, `tables` and `score --space` know its networks".to_owned(),
            }
            .into());
        }
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
    let bytes = std::fs::read(path).map_err(|source| CommandError::File {
        verb: "read",
        path: name.to_owned(),
        source,
    })?;
    let space = match std::str::from_utf8(&bytes) {
        Ok(text) => Space::from_toml(text),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            Err(SpaceError::Definition {
                line: before.split(|&b| b == b'\n').count(),
                key: "description".to_owned(),
                problem: "bytes that are no UTF-8".to_owned(),
                expected: "a text in UTF-8".to_owned(),
            })
        }
    };
    let space = space.with_context(|| name.to_owned())?;
    // One string must not name two networks.
    if Space::builtin(space.name()).is_some_and(|builtin| !builtin.has_networks_of(&space)) {
        return Err(CommandError::Malformed {
            problem: format!(
                "`{name}` describes a space called `{}`, which is built in and has other networks",
                space.name()
            ),
            hint: "give it a `name` of its own".to_owned(),
        }
        .into());
    }
    Ok(space)
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
