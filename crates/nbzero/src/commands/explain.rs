//! `nbzero explain`: what a measure, a cost, a proxy or a word of the benchmark means, and where it comes
//! from.

use nbz_proxy::Contract;
use serde::Serialize;

use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::grid::{Align, Grid};
use crate::names::nearest;
use crate::topics::{self, Topic};

/// Explain a measure, a cost, a space, a proxy or a convention: formula, convention, source
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// mbr, tau-b, macs, synflow, ...; without it, everything that can be explained
    topic: Option<String>,
}

#[derive(Serialize)]
struct Listing {
    topics: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    topic: &'static str,
    title: &'static str,
}

/// A proxy's subject, and its contract for programs.
#[derive(Serialize)]
struct OfProxy<'a> {
    #[serde(flatten)]
    topic: &'a Topic,
    contract: &'static Contract,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let Some(name) = &args.topic else {
        return list(console);
    };
    let topic = topics::find(name).ok_or_else(|| unknown(name))?;
    print(topic, console)
}

fn list(console: &Console) -> anyhow::Result<()> {
    if console.form() == Form::Json {
        let topics = topics::all()
            .map(|t| Entry {
                topic: t.name,
                title: t.title,
            })
            .collect();
        console.json(&Listing { topics })?;
        return Ok(());
    }
    let mut grid = Grid::new([("topic", Align::Left), ("what it is", Align::Left)]);
    for topic in topics::all() {
        grid.row([topic.name, topic.title]);
    }
    console.grid(&grid)?;
    Ok(())
}

/// Prints one subject.
pub(crate) fn print(topic: &Topic, console: &Console) -> anyhow::Result<()> {
    match console.form() {
        Form::Json => match topics::contract(topic.name) {
            Some(contract) => console.json(&OfProxy { topic, contract })?,
            None => console.json(topic)?,
        },
        Form::Text => console.data(topic.text(crate::console::width()))?,
    }
    Ok(())
}

fn unknown(name: &str) -> CommandError {
    let hint = match nearest(name, topics::names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`nbzero explain` lists everything that can be explained".to_owned(),
    };
    CommandError::Unknown {
        what: "topic",
        name: name.to_owned(),
        hint,
    }
}
