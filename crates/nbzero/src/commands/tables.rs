//! `nbzero tables`: the embedded tables, or everything about one table and its columns.

use nbz_table::{ColumnInfo, Embedded, Role, Table};
use serde::Serialize;

use crate::console::{Console, Form};
use crate::grid::{Align, Grid};
use crate::source::{self, grouped};

/// List the embedded tables, or describe one: columns, units, sources, licences
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An embedded table or a table file
    table: Option<String>,
}

#[derive(Serialize)]
struct Listing {
    tables: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    title: String,
    rows: usize,
    /// Rows that count each network once.
    networks: usize,
    datasets: Vec<String>,
    columns: usize,
    accuracy: String,
    licence: String,
    attribution: String,
    citation: String,
}

#[derive(Serialize)]
struct Description<'a> {
    #[serde(flatten)]
    entry: Entry,
    notes: &'a str,
    schema_version: u32,
    column: &'a [ColumnInfo],
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    match &args.table {
        None => list(console),
        Some(name) => describe(&source::open(name)?, console),
    }
}

fn entry(table: &Table) -> anyhow::Result<Entry> {
    let schema = table.schema();
    let datasets = schema.datasets();
    Ok(Entry {
        name: table.name().to_owned(),
        title: schema.title.clone(),
        rows: table.rows(),
        networks: table.distinct_rows()?.len(),
        datasets: datasets.into_iter().map(str::to_owned).collect(),
        columns: schema.columns.len(),
        accuracy: schema.accuracy.clone(),
        licence: schema.licence.clone(),
        attribution: schema.attribution.clone(),
        citation: schema.citation.clone(),
    })
}

fn list(console: &Console) -> anyhow::Result<()> {
    let tables = Embedded::ALL
        .into_iter()
        .map(|t| entry(&t.scored()?))
        .collect::<anyhow::Result<Vec<_>>>()?;
    if console.form() == Form::Json {
        console.json(&Listing { tables })?;
        return Ok(());
    }
    let mut grid = Grid::new([
        ("table", Align::Left),
        ("rows", Align::Right),
        ("networks", Align::Right),
        ("columns", Align::Right),
        ("data sets", Align::Left),
    ]);
    for table in &tables {
        grid.row([
            table.name.clone(),
            grouped(table.rows as u64),
            grouped(table.networks as u64),
            table.columns.to_string(),
            table.datasets.join(", "),
        ]);
    }
    console.grid(&grid)?;
    console.note(
        "`nbzero tables NAME` describes one; any table file of `nbzero import` works by its path",
    );
    Ok(())
}

fn describe(table: &Table, console: &Console) -> anyhow::Result<()> {
    let entry = entry(table)?;
    let schema = table.schema();
    if console.form() == Form::Json {
        console.json(&Description {
            entry,
            notes: &schema.notes,
            schema_version: schema.version,
            column: &schema.columns,
        })?;
        return Ok(());
    }
    let mut grid = Grid::new([
        ("column", Align::Left),
        ("unit", Align::Left),
        ("better", Align::Left),
        ("made", Align::Left),
        ("licence", Align::Left),
        ("meaning", Align::Left),
    ]);
    for column in &schema.columns {
        grid.row([
            column.name.as_str(),
            column.unit.as_str(),
            better(column),
            column.provenance.as_str(),
            column.licence.as_str(),
            column.meaning.as_str(),
        ]);
    }
    let title = match entry.title.as_str() {
        "" => String::new(),
        title => format!(": {title}"),
    };
    let head = format!(
        "{}{title}\n{} rows, {} networks; accuracy: {}\n\n",
        entry.name,
        grouped(entry.rows as u64),
        grouped(entry.networks as u64),
        entry.accuracy,
    );
    let mut tail = String::new();
    for (label, text) in [
        ("Licence", &entry.licence),
        ("Attribution", &entry.attribution),
        ("Cite", &entry.citation),
    ] {
        if !text.is_empty() {
            tail.push_str(&format_line(label, text));
        }
    }
    console.data(format_args!(
        "{head}{}\n{tail}",
        grid.text(crate::console::width())
    ))?;
    Ok(())
}

fn format_line(label: &str, text: &str) -> String {
    format!("{label}: {text}\n")
}

/// Which values of a column are better; nothing for names and codes.
fn better(column: &ColumnInfo) -> &'static str {
    match (column.role, column.direction) {
        (Role::Arch | Role::Id | Role::Canonical | Role::Other, _)
        | (_, nbz_table::Direction::None) => "",
        (_, nbz_table::Direction::Larger) => "larger",
        (_, nbz_table::Direction::Smaller) => "smaller",
    }
}
