//! The file of scores: one row a network, in the order of the list, the same bytes however the run went.
//!
//! Columns: `index` (the place in the list, from 0), `arch`, one of each proxy, with several repeats one
//! more of its deviation (`NAME_sd`), and `reasons`: why scores are not finite, `NAME:reason` joined by
//! blanks. Null is a proxy that cannot look at the network; its reason stands there too. The recipe is part
//! of the schema document.

use std::path::Path;

use nbz_proxy::contract::Direction as Better;
use nbz_proxy::{Proxy, registry};
use nbz_table::{
    Column, ColumnInfo, Direction, Frame, Kind, Provenance, Role, SCHEMA_VERSION, Schema, Table,
    Unit, Values,
};
use serde::{Deserialize, Serialize};

use crate::error::{Result, SweepError};
use crate::journal::{Record, Started};
use crate::program::Program;
use crate::recipe::Recipe;
use crate::shard::Shard;

/// What a file of scores says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// How the scores were made.
    pub recipe: Recipe,
    /// Which of the networks are in this file.
    pub shard: Shard,
}

impl Stamp {
    /// What differs from another.
    pub fn differences(&self, here: &Self) -> Vec<String> {
        let mut lines = self.recipe.differences(&here.recipe);
        if self.shard != here.shard {
            lines.push(format!("shard: {} there, {} here", self.shard, here.shard));
        }
        lines
    }
}

/// The stamp of a table.
///
/// # Errors
/// [`SweepError::NotScores`] if it has none.
pub fn stamp_of(table: &Table, path: &Path) -> Result<Stamp> {
    let stamp = table.schema().recipe.as_deref();
    stamp
        .and_then(|text| serde_json::from_str(text).ok())
        .ok_or_else(|| SweepError::NotScores {
            path: path.to_owned(),
        })
}

/// The table of a whole sweep or shard; `archs` are the networks of the list, `records` in any order.
///
/// # Errors
/// A proxy that this program does not know.
pub fn frame(stamp: &Stamp, archs: &[String], records: &[Record]) -> Result<Frame> {
    let mut records: Vec<&Record> = records.iter().collect();
    records.sort_by_key(|r| r.place);
    let mut frame = Frame::new(schema_of(stamp), records.len());
    let places = records
        .iter()
        .map(|r| i64::try_from(r.place).ok())
        .collect();
    let texts = records.iter().map(|r| Some(archs[r.place].clone()));
    let (index, arch) = ("index", "arch");
    let info = column(
        stamp,
        index,
        Kind::Int,
        Role::Id,
        "place in the list of networks, from 0",
    );
    frame.push(info, Values::Int(Column::new(places)))?;
    let info = column(stamp, arch, Kind::Text, Role::Arch, "the architecture");
    frame.push(info, Values::Text(Column::new(texts.collect())))?;
    for (at, name) in stamp.recipe.names().enumerate() {
        let info = match at.checked_sub(stamp.recipe.proxies.len()) {
            None => score_column(stamp, registry::find(name)?),
            Some(own) => program_column(stamp, &stamp.recipe.programs[own]),
        };
        let bits = |bits: &Vec<Option<u64>>| bits.get(at).copied().flatten().map(f64::from_bits);
        let values = records.iter().map(|r| bits(&r.scores)).collect();
        frame.push(info, Values::Float(Column::new(values)))?;
        if stamp.recipe.repeats > 1 {
            let name = format!("{name}_sd");
            let meaning = "standard deviation of the score over the repeats";
            let info = column(stamp, &name, Kind::Float, Role::Other, meaning);
            let values = records.iter().map(|r| bits(&r.deviations)).collect();
            frame.push(info, Values::Float(Column::new(values)))?;
        }
    }
    let reasons = records.iter().map(|r| {
        let words: Vec<String> = r
            .reasons
            .iter()
            .map(|(p, why)| format!("{p}:{why}"))
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    });
    let meaning = "why scores have no finite value: PROXY:REASON, joined by blanks";
    let info = column(stamp, "reasons", Kind::Text, Role::Other, meaning);
    frame.push(info, Values::Text(Column::new(reasons.collect())))?;
    Ok(frame)
}

/// Times and machines of a sweep: one row a network.
///
/// # Errors
/// None in practice: the columns are of one length.
pub(crate) fn runs(
    stamp: &Stamp,
    archs: &[String],
    records: &[Record],
    starts: &[Started],
) -> Result<Frame> {
    let mut records: Vec<&Record> = records.iter().collect();
    records.sort_by_key(|r| r.place);
    let mut schema = schema_of(stamp);
    schema.name.push_str("-runs");
    "Seconds and machines of the scores".clone_into(&mut schema.title);
    let mut frame = Frame::new(schema, records.len());
    let text = |of: &dyn Fn(&Record) -> String| {
        Values::Text(Column::new(records.iter().map(|r| Some(of(r))).collect()))
    };
    let info = |name: &str, kind, role, meaning: &str| column(stamp, name, kind, role, meaning);
    frame.push(
        info("arch", Kind::Text, Role::Arch, "the architecture"),
        text(&|r| archs[r.place].clone()),
    )?;
    let mut passes: Vec<&str> = Vec::new();
    for (pass, _) in records.iter().flat_map(|r| &r.seconds) {
        if !passes.contains(&pass.as_str()) {
            passes.push(pass);
        }
    }
    for pass in passes {
        let of = |r: &&Record| r.seconds.iter().find(|(p, _)| p == pass).map(|(_, s)| *s);
        let values = records.iter().map(of).collect();
        let mut info = info(
            &format!("{pass}_s"),
            Kind::Float,
            Role::Other,
            "time of the pass",
        );
        info.unit = Unit::Seconds;
        frame.push(info, Values::Float(Column::new(values)))?;
    }
    if records.iter().any(|r| !r.messages.is_empty()) {
        let meaning = "what programs say of the network, a line each: NAME: words";
        let info = info("messages", Kind::Text, Role::Other, meaning);
        let lines = |r: &Record| {
            let lines = r
                .messages
                .iter()
                .map(|(name, words)| format!("{name}: {words}"));
            lines.collect::<Vec<_>>().join("\n")
        };
        frame.push(info, text(&lines))?;
    }
    let start = |r: &Record| starts.get(r.run);
    for (name, meaning, of) in [
        (
            "host",
            "the machine",
            (|s| s.host.clone()) as fn(&Started) -> String,
        ),
        ("kernels", "the kernel path", |s| s.kernels.clone()),
        ("threads", "networks scored side by side", |s| {
            s.threads.to_string()
        }),
        ("started", "start of the program, seconds since 1970", |s| {
            s.time.to_string()
        }),
        ("command", "the command line", |s| s.command.clone()),
    ] {
        let info = info(name, Kind::Text, Role::Other, meaning);
        frame.push(info, text(&|r| start(r).map(of).unwrap_or_default()))?;
    }
    Ok(frame)
}

/// The schema document, without its columns.
fn schema_of(stamp: &Stamp) -> Schema {
    let recipe = &stamp.recipe;
    let share = match stamp.shard {
        Shard::WHOLE => String::new(),
        shard => format!(", shard {shard}"),
    };
    Schema {
        version: SCHEMA_VERSION,
        name: "scores".to_owned(),
        title: format!("Scores of {}{share}", recipe.networks),
        space: None,
        own_spaces: Vec::new(),
        accuracy: String::new(),
        licence: env!("CARGO_PKG_LICENSE").to_owned(),
        attribution: String::new(),
        citation: String::new(),
        notes: format!(
            "Batch of {} images ({}), seed {}, {} classes, {} pixels.",
            recipe.batch, recipe.data, recipe.seed, recipe.classes, recipe.resolution
        ),
        recipe: serde_json::to_string(stamp).ok(),
        columns: Vec::new(),
    }
}

fn score_column(stamp: &Stamp, proxy: &dyn Proxy) -> ColumnInfo {
    let contract = proxy.contract();
    let (role, unit) = match contract.name {
        "params" => (Role::Cost, Unit::Count),
        "macs" => (Role::Cost, Unit::Macs),
        "depth" => (Role::Cost, Unit::Layers),
        _ => (Role::Proxy, Unit::Score),
    };
    ColumnInfo {
        unit,
        direction: if role == Role::Cost {
            Direction::Smaller
        } else {
            direction(contract.direction)
        },
        ..column(stamp, contract.name, Kind::Float, role, contract.title)
    }
}

fn program_column(stamp: &Stamp, program: &Program) -> ColumnInfo {
    let meaning = format!("score by `{}`", program.command());
    ColumnInfo {
        unit: Unit::Score,
        direction: direction(program.direction()),
        ..column(stamp, program.name(), Kind::Float, Role::Proxy, &meaning)
    }
}

fn direction(better: Better) -> Direction {
    match better {
        Better::Larger => Direction::Larger,
        Better::Smaller => Direction::Smaller,
    }
}

fn column(stamp: &Stamp, name: &str, kind: Kind, role: Role, meaning: &str) -> ColumnInfo {
    measured(
        "nbzero score",
        &stamp.recipe.version,
        name,
        kind,
        role,
        meaning,
    )
}

/// A column that a command of a version of this program measured: no unit, no direction.
pub(crate) fn measured(
    command: &str,
    version: &str,
    name: &str,
    kind: Kind,
    role: Role,
    meaning: &str,
) -> ColumnInfo {
    ColumnInfo {
        name: name.to_owned(),
        kind,
        unit: Unit::None,
        meaning: meaning.to_owned(),
        role,
        direction: Direction::None,
        dataset: None,
        provenance: Provenance::Measured,
        source: command.to_owned(),
        version: version.to_owned(),
        licence: env!("CARGO_PKG_LICENSE").to_owned(),
    }
}
