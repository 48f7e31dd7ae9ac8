//! `nbzero pareto`: the networks that no other beats in both a cost and an accuracy.

use nbz_report::FrontPoint;
use serde::Serialize;

use crate::console::{Console, Form};
use crate::grid::{Align, Grid};
use crate::limits::LimitArgs;
use crate::number::{Real, short};
use crate::source::{Read, Source, SourceArgs};

/// List the networks that no other beats in both cost and accuracy
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: SourceArgs,
    /// What should be small: macs, params, depth, raspi4_latency_ms, ...
    #[arg(long, value_name = "COST", default_value = "macs")]
    x: String,
    /// What should be large [default: the accuracy that the table ranks by]
    #[arg(
        long,
        value_name = "ACCURACY",
        default_value = "accuracy",
        hide_default_value = true
    )]
    y: String,
    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(Serialize)]
struct Document {
    read: Read,
    x: String,
    y: String,
    front: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    arch: String,
    row: usize,
    x: Real,
    y: Real,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let source = args.source.resolve(console)?;
    let cost = source.column(&args.x)?;
    let gain = source.column(&args.y)?;
    let limits = args.limits.resolve(&source)?;
    let front = nbz_report::pareto_front(
        &source.table,
        source.dataset.as_deref(),
        &limits,
        &cost.name,
        &gain.name,
    )?;
    let points = points(&front, &source)?;
    if console.form() == Form::Json {
        console.json(&Document {
            read: source.read(),
            x: cost.name.clone(),
            y: gain.name.clone(),
            front: points,
        })?;
        return Ok(());
    }
    let heading = |c: &nbz_table::ColumnInfo| format!("{} [{}]", c.base_name(), c.unit);
    let mut grid = Grid::new([
        (heading(cost), Align::Right),
        (heading(gain), Align::Right),
        ("network".to_owned(), Align::Left),
    ]);
    for Point { arch, x, y, .. } in points {
        grid.row([short(x.0), short(y.0), arch]);
    }
    console.grid(&grid)?;
    Ok(())
}

fn points(front: &[FrontPoint], source: &Source) -> anyhow::Result<Vec<Point>> {
    let archs = source.table.archs()?;
    let point = |p: &FrontPoint| Point {
        arch: source.arch(&archs, p.row),
        row: p.row,
        x: Real(p.cost),
        y: Real(p.gain),
    };
    Ok(front.iter().map(point).collect())
}
