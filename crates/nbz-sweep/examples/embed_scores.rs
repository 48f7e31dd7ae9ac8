//! Makes the embedded scores of NAS-Bench-Macro from the committed shards.
//!
//! `cargo run -p nbz-sweep --example embed_scores -- scores/nbmacro-cifar10/*.parquet` writes
//! `crates/nbz-table/data/nas-bench-macro-scores.parquet`: the rows of the shards, in the order of the list.
//! All shards must be of one recipe, each there once; shards may be missing, since any of them are a fair
//! sample of a shuffled list. The title says which are there. The same shards give the same bytes.

use std::error::Error;
use std::path::{Path, PathBuf};

use nbz_sweep::{Recipe, Shard, Stamp, stamp_of};
use nbz_table::{Column, Frame, Role, Schema, Table, Values, export};

/// A shard that was read.
struct Part {
    shard: Shard,
    recipe: Recipe,
    table: Table,
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let parts = read(&paths)?;
    let Some(Part { recipe, table, .. }) = parts.first() else {
        return Err("usage: embed_scores SHARD.parquet ...".into());
    };
    let order = order(&parts)?;
    let schema = Schema {
        title: format!("Scores of {}{}", recipe.networks, which(&parts)),
        recipe: Some(serde_json::to_string(recipe)?),
        ..table.schema().clone()
    };
    let mut frame = Frame::new(schema, order.len());
    let whole = |name: &str| -> Result<Values, Box<dyn Error>> {
        let columns = parts.iter().map(|part| part.table.column(name));
        stacked(&columns.collect::<Result<Vec<Values>, _>>()?, &order)
    };
    // The table has its own costs; a proxy that is one of them (az_comp) says nothing new.
    let costs = table.columns().iter().filter(|c| c.role == Role::Cost);
    let costs = costs
        .map(|c| whole(&c.name))
        .collect::<Result<Vec<_>, _>>()?;
    for info in table.columns() {
        let values = match (info.role, info.name.as_str()) {
            (Role::Arch | Role::Proxy, name) | (_, name @ "reasons") => whole(name)?,
            _ => continue,
        };
        if !costs.contains(&values) {
            frame.push(info.clone(), values)?;
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../nbz-table/data");
    export::write_parquet(&frame, &folder.join("nas-bench-macro-scores.parquet"))?;
    Ok(())
}

/// The shards in their order: of one recipe, each once.
fn read(paths: &[PathBuf]) -> Result<Vec<Part>, Box<dyn Error>> {
    let mut parts = Vec::new();
    for path in paths {
        let table = Table::open(path)?;
        let Stamp { shard, recipe } = stamp_of(&table, path)?;
        parts.push(Part {
            shard,
            recipe,
            table,
        });
    }
    parts.sort_by_key(|part| part.shard);
    for pair in parts.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if a.shard == b.shard || a.shard.of() != b.shard.of() || a.recipe != b.recipe {
            return Err(format!("{} and {} do not belong together", a.shard, b.shard).into());
        }
    }
    Ok(parts)
}

/// Which shards are there, as `, shards 1-18 of 64`; nothing if all are.
fn which(parts: &[Part]) -> String {
    let of = parts.first().map_or(0, |part| part.shard.of());
    if parts.len() == of as usize {
        return String::new();
    }
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for index in parts.iter().map(|part| part.shard.index()) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == index => *last = index,
            _ => runs.push((index, index)),
        }
    }
    let run = |&(first, last): &(u32, u32)| match last - first {
        0 => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    let runs: Vec<String> = runs.iter().map(run).collect();
    format!(", shards {} of {of}", runs.join(", "))
}

/// Table and row of every network, in the order of the list.
fn order(parts: &[Part]) -> Result<Vec<(usize, usize)>, Box<dyn Error>> {
    let mut places = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let index = part.table.column_i64("index")?;
        places.extend((0..part.table.rows()).map(|row| (index.get(row), at, row)));
    }
    places.sort_unstable();
    Ok(places.into_iter().map(|(_, at, row)| (at, row)).collect())
}

/// The values of some tables' columns in that order.
fn stacked(columns: &[Values], order: &[(usize, usize)]) -> Result<Values, Box<dyn Error>> {
    let floats = |(at, row): &(usize, usize)| match &columns[*at] {
        Values::Float(column) => column.get(*row),
        _ => None,
    };
    let texts = |(at, row): &(usize, usize)| match &columns[*at] {
        Values::Text(column) => column.text(*row).map(str::to_owned),
        _ => None,
    };
    match columns.first() {
        Some(Values::Float(_)) => Ok(Values::Float(Column::new(
            order.iter().map(floats).collect(),
        ))),
        Some(Values::Text(_)) => Ok(Values::Text(Column::new(order.iter().map(texts).collect()))),
        _ => Err("a score is a number, and a reason a text".into()),
    }
}
