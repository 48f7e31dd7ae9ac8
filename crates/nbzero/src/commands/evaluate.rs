//! `nbzero evaluate`: how good a proxy is, on a file that stands alone.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nbz_study::{Axis, Cost, Measures, PAPER_BUDGETS, Pool};
use nbz_table::import::NumberFile;
use serde::Serialize;

use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::grid::{Align, Grid};
use crate::names::nearest;
use crate::source::grouped;

/// Measure scores against accuracies: correlations, BR, P, and mBR under budgets
///
/// The file is a CSV with a header and one network a line. An empty score is NaN: computed, without a
/// value. Larger scores are better; name the others with --smaller.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A CSV file
    file: PathBuf,
    /// The column of accuracies
    #[arg(long, value_name = "COLUMN", required = true)]
    accuracy: String,
    /// The columns of scores
    #[arg(long, value_name = "COLUMN", required = true, num_args = 1.., value_delimiter = ',')]
    score: Vec<String>,
    /// Columns of costs; each gets five even budgets
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',')]
    cost: Vec<String>,
    /// Scores of which smaller are better
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',')]
    smaller: Vec<String>,
}

#[derive(Serialize)]
struct Document {
    scores: BTreeMap<String, Measures>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let file = NumberFile::read(&args.file)?;
    let pool = pool(args, &file)?;
    console.note(format_args!(
        "read {}, {} rows",
        args.file.display(),
        grouped(file.rows() as u64)
    ));
    for name in &args.smaller {
        if !args.score.contains(name) {
            return Err(not_a_score(name, &args.score).into());
        }
    }
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
    Ok(())
}

/// The networks of the file with a mBR axis a cost.
fn pool(args: &Args, file: &NumberFile) -> anyhow::Result<Pool> {
    let mut pool = Pool::new(&column(file, &args.accuracy)?)?;
    for name in &args.cost {
        let values = column(file, name)?;
        pool = pool.with_axis(Axis::even(Cost::new(name, &values), PAPER_BUDGETS)?)?;
    }
    Ok(pool)
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

fn not_a_score(name: &str, scores: &[String]) -> CommandError {
    CommandError::Usage {
        problem: format!("`{name}` of --smaller is none of the scores"),
        hint: format!("--score names {}", scores.join(", ")),
    }
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
fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.4}"))
}
