//! `nbzero show`: one network, its costs and every known number with its provenance.

use std::path::PathBuf;

use nbz_space::drawing::Drawing;
use nbz_space::{Arch, Dataset, Id, Space, Task};
use nbz_table::{ColumnInfo, Embedded, Role, Table, Values, short_version};
use serde::Serialize;

use crate::commands::space;
use crate::console::{self, Console, Form};
use crate::grid::{Align, Grid};
use crate::number::{Real, short};
use crate::source::{self, DatasetArg, Source, grouped};

/// Show one network: a drawing, its costs, and all known numbers with their provenance
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Read the architecture in this space, a TOML file of your own
    #[arg(long, value_name = "FILE.toml")]
    space: Option<String>,
    /// r1:..., r2:..., mb:..., nb201:..., nb201#INDEX, nbmacro:..., cbmr:..., cbmm:..., or a name in --table
    #[arg(value_name = "ARCH_OR_ID")]
    arch: String,
    #[command(flatten)]
    dataset: DatasetArg,
    /// Take the known numbers from this table [default: the embedded table of the network's space, or paper-lists]
    #[arg(long, short, value_name = "TABLE")]
    table: Option<String>,
    /// Write the drawing as SVG
    #[arg(long, value_name = "FILE.svg")]
    svg: Option<PathBuf>,
}

#[derive(Serialize)]
struct Document {
    arch: String,
    space: String,
    canonical: String,
    hash: String,
    id: Option<String>,
    within_caps: Option<bool>,
    dataset: String,
    params: u64,
    macs: u64,
    depth: u64,
    nbsz_flops: u64,
    table: Option<String>,
    row: Option<usize>,
    known: Vec<Known>,
}

/// One number of a table.
#[derive(Serialize)]
struct Known {
    column: String,
    value: Real,
    unit: String,
    meaning: String,
    provenance: &'static str,
    source: String,
    version: String,
    licence: String,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let table = args.table.as_deref().map(source::open).transpose()?;
    let space = args.space.as_deref().map(space::open).transpose()?;
    let arch = match &space {
        Some(space) => {
            if args.arch.contains(':') {
                space.arch(&args.arch)?
            } else {
                space.arch_of_id(&args.arch)?
            }
        }
        None => parse(&args.arch, table.as_ref())?,
    };
    let table = match table {
        Some(named) => Some(named),
        None => unnamed(&arch, args.dataset.dataset.as_deref(), console)?,
    };
    let found = match table {
        Some(table) => {
            let source = args.dataset.resolve(table, console)?;
            let row = source.table.find(&arch.to_string()).ok();
            Some((source, row))
        }
        None => None,
    };
    let task = task(
        args,
        &arch,
        space.as_ref(),
        found.as_ref().map(|(s, _)| s),
        console,
    )?;
    let document = document(&arch, task, found.as_ref())?;
    let drawing = Drawing::new(document.arch.as_str(), &arch.network(task));
    if let Some(path) = &args.svg {
        nbz_table::atomic::write_bytes(path, drawing.svg().as_bytes())?;
        console.note(format_args!("wrote {}", path.display()));
    }
    match console.form() {
        Form::Json => console.json(&document)?,
        Form::Text => console.data(text(&document, &drawing))?,
    }
    Ok(())
}

/// Reads the architecture; a name that is none may still be one of the table's own, or of a space that the table defines.
fn parse(name: &str, table: Option<&Table>) -> anyhow::Result<Arch> {
    let known = |table: &Table| {
        let read = table.read_arch(name);
        read.or_else(|| table.arch(table.find(name).ok()?).ok()?)
    };
    match table.and_then(known) {
        Some(arch) => Ok(arch),
        None => Ok(name.parse()?),
    }
}

/// The embedded table of the network's space, with our own scores, if it has the data set asked for. Of the paper's
/// spaces that is CIFAR-100 where none is named: the scores of the lists; a table that has the network on another one
/// is told of.
fn unnamed(arch: &Arch, dataset: Option<&str>, console: &Console) -> anyhow::Result<Option<Table>> {
    let of_space = |t: &Table| t.schema().space.as_deref() == Some(arch.space());
    let mut tables = Embedded::ALL.into_iter().map(Embedded::open);
    let Some(table) = tables.find(of_space) else {
        return Ok(None);
    };
    let usual = space_of(arch).map(|space| space.task().label());
    let wanted = dataset.or(usual.as_deref());
    if wanted.is_none() || table.choose_dataset(wanted).is_ok() {
        return Ok(Some(table.with_own_scores()?));
    }
    if let (None, Ok(_), Ok((Some(other), _))) = (
        dataset,
        table.find(&arch.to_string()),
        table.choose_dataset(None),
    ) {
        console.note(format_args!(
            "{} has it on {other}: name --dataset {other}",
            table.name()
        ));
    }
    let lists = Embedded::PaperLists.open();
    let is_there = dataset.is_none() && lists.find(&arch.to_string()).is_ok();
    Ok(is_there.then_some(lists))
}

/// What costs are counted for: the data set named, the table's, or the task of the space.
fn task(
    args: &Args,
    arch: &Arch,
    space: Option<&Space>,
    source: Option<&Source>,
    console: &Console,
) -> anyhow::Result<Task> {
    let of_table = source.and_then(|s| s.dataset.as_deref());
    if let Some(name) = args.dataset.dataset.as_deref().or(of_table) {
        return Ok(name.parse::<Dataset>()?.into());
    }
    // The public benchmarks without a table here have CIFAR-10 alone.
    let default = match (space, arch) {
        (Some(space), _) => space.task(),
        (None, Arch::Staged(_)) => Task::default(),
        (None, _) => Dataset::Cifar10.into(),
    };
    console.note(format_args!(
        "no --dataset named: taking {}",
        default.label()
    ));
    Ok(default)
}

fn document(
    arch: &Arch,
    task: Task,
    found: Option<&(Source, Option<usize>)>,
) -> anyhow::Result<Document> {
    let costs = arch.costs(task);
    let mut known = Vec::new();
    if let Some((source, Some(row))) = found {
        let here = |c: &&ColumnInfo| c.dataset.is_none() || c.dataset == source.dataset;
        for column in source.table.columns().iter().filter(here) {
            known.extend(number(source, column, *row)?);
        }
    }
    Ok(Document {
        arch: arch.to_string(),
        space: arch.space().to_owned(),
        canonical: arch.canonical().to_string(),
        hash: nbz_table::arch_hash(arch),
        id: id_of(arch),
        within_caps: within_caps(arch),
        dataset: task.label(),
        params: costs.params.get(),
        macs: costs.macs.get(),
        depth: u64::from(costs.depth.get()),
        nbsz_flops: arch.network(task).nbsz_flops().get(),
        table: found.map(|(s, _)| s.table.name().to_owned()),
        row: found.and_then(|(_, row)| *row),
        known,
    })
}

/// The space of the paper that an architecture is of.
fn space_of(arch: &Arch) -> Option<&'static Space> {
    Space::builtin(arch.space()).filter(|_| matches!(arch, Arch::Staged(_)))
}

/// The network's place in its space's list, as an id.
fn id_of(arch: &Arch) -> Option<String> {
    let (space, Arch::Staged(arch)) = (space_of(arch)?, arch) else {
        return None;
    };
    let place = space.list().iter().position(|listed| listed == arch)?;
    Some(Id::new(space, place as u64).to_string())
}

fn within_caps(arch: &Arch) -> Option<bool> {
    let caps = space_of(arch)?.caps()?;
    let costs = arch.costs(caps.task);
    let params = caps.params.is_none_or(|most| costs.params <= most);
    Some(params && caps.macs.is_none_or(|most| costs.macs <= most))
}

/// The number of a column, unless it names things or was never computed.
fn number(source: &Source, column: &ColumnInfo, row: usize) -> anyhow::Result<Option<Known>> {
    if matches!(column.role, Role::Arch | Role::Canonical | Role::Id) {
        return Ok(None);
    }
    let value = match source.table.column(&column.name)? {
        Values::Int(values) => values.get(row).map(|v| v as f64),
        Values::Float(values) => values.get(row),
        Values::Text(_) | Values::Flag(_) => None,
    };
    Ok(value.map(|value| Known {
        column: column.base_name().to_owned(),
        value: Real(value),
        unit: column.unit.to_string(),
        meaning: column.meaning.clone(),
        provenance: column.provenance.as_str(),
        source: column.source.clone(),
        version: column.version.clone(),
        licence: column.licence.clone(),
    }))
}

/// Columns of a drawing where nothing limits the width.
const DRAWING: usize = 80;

fn text(document: &Document, drawing: &Drawing) -> String {
    let width = console::width().unwrap_or(DRAWING).min(DRAWING);
    let mut out = drawing.text(width);
    if document.canonical != document.arch {
        out.push_str(&format_canonical(&document.canonical));
    }
    let id = document.id.as_ref().map(|id| format!("{id}, "));
    out.push_str(&format!(
        "{}hash {}\n",
        id.unwrap_or_default(),
        document.hash
    ));
    if document.within_caps == Some(false) {
        out.push_str("above the caps of its space: no list has it\n");
    }
    let mut costs = Grid::new([("cost", Align::Left), (&document.dataset, Align::Right)]);
    costs.row(["params", &grouped(document.params)]);
    costs.row(["macs", &grouped(document.macs)]);
    costs.row(["depth", &grouped(document.depth)]);
    out.push('\n');
    out.push_str(&costs.text(console::width()));
    let Some(table) = &document.table else {
        return out;
    };
    out.push('\n');
    if document.known.is_empty() {
        out.push_str("not in ");
        out.push_str(table);
        out.push('\n');
        return out;
    }
    let mut known = Grid::new([
        (table.as_str(), Align::Left),
        ("value", Align::Right),
        ("unit", Align::Left),
        ("made", Align::Left),
        ("source", Align::Left),
    ]);
    for number in &document.known {
        let version = short_version(&number.version);
        known.row([
            number.column.clone(),
            short(number.value.0),
            number.unit.clone(),
            number.provenance.to_owned(),
            format!("{} {version}", number.source).trim_end().to_owned(),
        ]);
    }
    out.push_str(&known.text(console::width()));
    out
}

fn format_canonical(canonical: &str) -> String {
    format!("the same network as {canonical}\n")
}
