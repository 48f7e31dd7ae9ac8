//! `nbzero query`: rows of a table, by limits or by name.

use std::collections::BTreeMap;

use nbz_table::{ColumnInfo, Constraint, Query, Role, Values};
use serde::Serialize;

use crate::console::{Console, Form};
use crate::grid::{Align, Grid};
use crate::limits::{LimitArgs, constraint};
use crate::number::{Real, short};
use crate::source::{self, DatasetArg, Read, Source, counted, grouped};

/// Print rows of a table: those within limits, best first, or those of given networks
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// An embedded table or a table file
    table: String,
    /// Only these networks: strings, ids such as nb201#11472, or rows such as #0
    #[arg(value_name = "ARCH")]
    archs: Vec<String>,
    #[command(flatten)]
    dataset: DatasetArg,
    /// Only rows where this holds: macs<=60M, params>=1M; may be repeated
    #[arg(long = "where", value_name = "LIMIT", value_parser = constraint)]
    limits: Vec<Constraint>,
    #[command(flatten)]
    budget: LimitArgs,
    /// Columns to print, by full or short name [default: architecture, accuracy, costs]
    #[arg(long, short, value_name = "COLUMN,...", value_delimiter = ',')]
    columns: Vec<String>,
    /// Order by this column, best first [default: the accuracy that the table ranks by]
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Print at most so many rows
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    top: usize,
    /// Print every row
    #[arg(long, conflicts_with = "top")]
    all: bool,
}

#[derive(Serialize)]
struct Document {
    read: Read,
    found: usize,
    columns: Vec<ColumnDocument>,
    rows: Vec<RowDocument>,
}

#[derive(Serialize)]
struct ColumnDocument {
    name: String,
    unit: String,
    provenance: &'static str,
}

#[derive(Serialize)]
struct RowDocument {
    row: usize,
    values: BTreeMap<String, Cell>,
}

/// A value of any column; missing is null.
#[derive(Serialize)]
#[serde(untagged)]
enum Cell {
    Text(Option<String>),
    Flag(Option<bool>),
    Int(Option<i64>),
    Float(Option<Real>),
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let source = args.dataset.resolve(source::open(&args.table)?, console)?;
    let columns = columns(args, &source)?;
    let (rows, found) = rows(args, &source, console)?;
    let values = columns
        .iter()
        .map(|c| Ok(source.table.column(&c.name)?))
        .collect::<anyhow::Result<Vec<Values>>>()?;
    if console.form() == Form::Json {
        console.json(&document(&source, found, &columns, &rows, &values))?;
        return Ok(());
    }
    // Two columns of one name are told apart by their data sets.
    let heading = |c: &ColumnInfo| {
        let alike = columns.iter().filter(|o| o.base_name() == c.base_name());
        if alike.count() > 1 {
            c.name.clone()
        } else {
            c.base_name().to_owned()
        }
    };
    let mut grid = Grid::new(columns.iter().map(|c| (heading(c), align(c))));
    for &row in &rows {
        grid.row(values.iter().map(|v| cell(v, row).to_string()));
    }
    console.grid(&grid)?;
    if found > rows.len() {
        console.note(format_args!(
            "{} of {} rows; --all prints every one",
            rows.len(),
            grouped(found as u64)
        ));
    }
    Ok(())
}

/// The rows to print, and how many there are.
fn rows(args: &Args, source: &Source, console: &Console) -> anyhow::Result<(Vec<usize>, usize)> {
    if !args.archs.is_empty() {
        let rows = args.archs.iter().map(|a| source.table.find(a));
        let rows = rows.collect::<nbz_table::Result<Vec<_>>>()?;
        let found = rows.len();
        return Ok((rows, found));
    }
    let mut constraints = args.budget.resolve(source)?;
    for limit in &args.limits {
        source.column(limit.column())?;
        constraints.push(limit.clone());
    }
    let by = if let Some(name) = &args.by {
        Some(source.column(name)?.name.clone())
    } else {
        let accuracy = source.table.schema().accuracy_on(source.dataset.as_deref());
        accuracy.ok().map(|c| c.name.clone())
    };
    let selection = Query {
        dataset: source.dataset.clone(),
        constraints: constraints.clone(),
        by,
    }
    .run(&source.table)?;
    if selection.unknown > 0 {
        console.warn(format_args!(
            "without a value in a limited column, and left out: {}",
            counted(selection.unknown, "network")
        ));
    }
    if selection.unranked > 0 {
        console.warn(format_args!(
            "without a value to be ordered by, and left out: {}",
            counted(selection.unranked, "network")
        ));
    }
    if selection.rows.is_empty() {
        // Asked again for the error that names the spans of the limited columns.
        let dataset = source.dataset.as_deref();
        nbz_report::feasible_rows(&source.table, dataset, &constraints)?;
    }
    let found = selection.rows.len();
    let mut rows = selection.rows;
    if !args.all {
        rows.truncate(args.top);
    }
    Ok((rows, found))
}

/// The columns asked for; without any, those that most questions are about, and those that order and limit this one.
fn columns<'a>(args: &Args, source: &'a Source) -> anyhow::Result<Vec<&'a ColumnInfo>> {
    if !args.columns.is_empty() {
        return args
            .columns
            .iter()
            .map(|n| source.column(n.trim()))
            .collect();
    }
    let mut columns = usual_columns(source);
    let limits = args.budget.resolve(source)?;
    let limited = limits.iter().chain(&args.limits).map(Constraint::column);
    for name in args.by.as_deref().into_iter().chain(limited) {
        let column = source.column(name)?;
        if columns.iter().all(|c| c.name != column.name) {
            columns.push(column);
        }
    }
    Ok(columns)
}

fn usual_columns(source: &Source) -> Vec<&ColumnInfo> {
    let schema = source.table.schema();
    let dataset = source.dataset.as_deref();
    let mut columns: Vec<&ColumnInfo> = Vec::new();
    columns.extend(schema.columns.iter().filter(|c| c.role == Role::Arch));
    columns.extend(schema.accuracy_on(dataset).ok());
    columns.extend(schema.with_role(Role::Cost, dataset));
    if columns.len() == 1 {
        columns.extend(
            schema
                .columns
                .iter()
                .filter(|c| c.role != Role::Arch)
                .take(6),
        );
    }
    columns
}

fn document(
    source: &Source,
    found: usize,
    columns: &[&ColumnInfo],
    rows: &[usize],
    values: &[Values],
) -> Document {
    let row = |&row: &usize| RowDocument {
        row,
        values: columns
            .iter()
            .zip(values)
            .map(|(c, v)| (c.name.clone(), cell(v, row)))
            .collect(),
    };
    Document {
        read: source.read(),
        found,
        columns: columns
            .iter()
            .map(|c| ColumnDocument {
                name: c.name.clone(),
                unit: c.unit.to_string(),
                provenance: c.provenance.as_str(),
            })
            .collect(),
        rows: rows.iter().map(row).collect(),
    }
}

fn align(column: &ColumnInfo) -> Align {
    match column.kind {
        nbz_table::Kind::Int | nbz_table::Kind::Float => Align::Right,
        nbz_table::Kind::Text | nbz_table::Kind::Flag => Align::Left,
    }
}

fn cell(values: &Values, row: usize) -> Cell {
    match values {
        Values::Text(c) => Cell::Text(c.text(row).map(str::to_owned)),
        Values::Flag(c) => Cell::Flag(c.get(row)),
        Values::Int(c) => Cell::Int(c.get(row)),
        Values::Float(c) => Cell::Float(c.get(row).map(Real)),
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Self::Text(value) => value.clone(),
            Self::Flag(value) => value.map(|v| v.to_string()),
            Self::Int(value) => value.map(|v| v.to_string()),
            Self::Float(value) => value.map(|v| short(v.0)),
        };
        // A blank would look like an empty text; the hyphen says that nothing was ever computed.
        f.write_str(text.as_deref().unwrap_or("-"))
    }
}
