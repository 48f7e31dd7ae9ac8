//! A file that stands alone: accuracies, scores and costs are columns of one CSV.

use std::collections::BTreeMap;

use nbz_study::{Measures, Pool, StudyError};
use nbz_table::import::NumberFile;
use serde::Serialize;

use crate::commands::evaluate::Args;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::grid::{Align, Grid};
use crate::names::nearest;
use crate::own_scores::check_smaller;
use crate::source::counted;

#[derive(Serialize)]
struct Document {
    scores: BTreeMap<String, Measures>,
}

pub(super) fn run(args: &Args, accuracy: &str, console: &Console) -> anyhow::Result<()> {
    let file = NumberFile::read(&args.file)?;
    let pool = pool(args, accuracy, &file)?;
    console.note(format_args!(
        "read {}, {}",
        args.file.display(),
        counted(file.rows(), "row")
    ));
    check_smaller(&args.smaller, &args.score)?;
    let mut scores = BTreeMap::new();
    for name in &args.score {
        let sign = if args.smaller.contains(name) {
            -1.0
        } else {
            1.0
        };
        let values: Vec<f64> = column(&file, name)?.iter().map(|v| sign * v).collect();
        scores.insert(name.clone(), pool.measures(&values)?);
    }
    if console.form() == Form::Json {
        console.json(&Document { scores })?;
        return Ok(());
    }
    let ordered = args.score.iter().map(|name| (name.as_str(), &scores[name]));
    console.grid(&grid(&pool, ordered))?;
    if let Some(why) = pool.mbr_undefined()
        && pool.axis_names().next().is_some()
    {
        console.warn(format_args!("mBR is undefined: {why}"));
    }
    Ok(())
}

/// The networks of the file with the axes of budgets on its columns.
fn pool(args: &Args, accuracy: &str, file: &NumberFile) -> anyhow::Result<Pool> {
    let accuracies = column(file, accuracy)?;
    let mut pool = Pool::new(&accuracies).map_err(|error| in_file(error, accuracy, file))?;
    for axis in args.budget.on_columns(&args.cost)? {
        let mut costs = BTreeMap::new();
        for cost in axis.costs() {
            costs.insert(cost.as_str(), column(file, cost)?);
        }
        pool = pool.with_axis(axis.on(|cost| costs.get(cost).map(Vec::as_slice))?)?;
    }
    Ok(pool)
}

/// A value that a pool refuses, by the name and line that the file has for it.
fn in_file(error: StudyError, name: &str, file: &NumberFile) -> anyhow::Error {
    match error {
        StudyError::NotFinite { row, value, .. } => CommandError::Malformed {
            problem: format!("`{name}` is {value} on line {}", file.line(row)),
            hint: "leave the line out: an accuracy is a number".to_owned(),
        }
        .into(),
        other => other.into(),
    }
}

/// A column in which an empty cell is NaN: in a file that stands alone nobody left a score out on purpose.
fn column(file: &NumberFile, name: &str) -> anyhow::Result<Vec<f64>> {
    let column = file.column(name).map_err(|error| {
        let near = nearest(name, file.headers().iter().map(String::as_str));
        match (&error, near) {
            (nbz_table::Error::NoColumn { .. }, Some(near)) => {
                anyhow::Error::new(CommandError::Unknown {
                    what: "column",
                    name: name.to_owned(),
                    hint: format!("did you mean `{near}`?"),
                })
            }
            _ => error.into(),
        }
    })?;
    let values = column.into_values();
    Ok(values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect())
}

fn grid<'a>(pool: &Pool, scores: impl Iterator<Item = (&'a str, &'a Measures)>) -> Grid {
    let mut headings = vec![("score".to_owned(), Align::Left)];
    for heading in ["used", "LC", "KD", "SR"] {
        headings.push((heading.to_owned(), Align::Right));
    }
    for axis in pool.axis_names() {
        headings.push((format!("mBR {axis}"), Align::Right));
    }
    let mut grid = Grid::new(headings);
    for (name, m) in scores {
        let mut cells = vec![name.to_owned(), m.n_used.to_string()];
        cells.extend([m.lc, m.kd, m.sr].map(share));
        let axes = m.mbr.iter().flat_map(|mbr| &mbr.axes);
        cells.extend(axes.map(|axis| share(Some(axis.mean.mbr_ties))));
        grid.row(cells);
    }
    grid
}

/// A measure with four decimals; a hyphen where it is undefined.
pub(super) fn share(value: Option<f64>) -> String {
    let defined = value.filter(|value| !value.is_nan());
    defined.map_or_else(|| "-".to_owned(), |v| format!("{v:.4}"))
}
