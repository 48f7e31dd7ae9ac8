//! Makes the embedded scores of the paper's lists from the committed files.
//!
//! `cargo run --release -p nbz-sweep --example embed_lists -- scores/lists/*.parquet` writes
//! `crates/nbz-table/data/paper-lists.parquet`: the rows of all files, by space in the order of the program and by place
//! in the list, with the recipe of each space. Files may be whole lists or shards of them; those of one space are of one
//! recipe. The same files give the same bytes.

use std::error::Error;
use std::path::{Path, PathBuf};

use nbz_space::Space;
use nbz_sweep::{Recipe, stamp_of};
use nbz_table::{Column, Frame, Schema, Table, Values, export};

/// The scores of a part of one space's list.
struct Part {
    /// Place of the space in the program.
    space: usize,
    recipe: Recipe,
    table: Table,
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut parts = paths
        .iter()
        .map(|path| read(path))
        .collect::<Result<Vec<_>, _>>()?;
    parts.sort_by_key(|part| part.space);
    let Some(Part { table, .. }) = parts.first() else {
        return Err("usage: embed_lists SCORES.parquet ...".into());
    };
    let schema = Schema {
        name: "paper-lists".to_owned(),
        title: "Scores of networks of the paper's lists, on a batch of CIFAR-100".to_owned(),
        recipe: Some(serde_json::to_string(&recipes(&parts)?)?),
        ..table.schema().clone()
    };
    let order = order(&parts)?;
    let mut frame = Frame::new(schema, order.len());
    for info in table.columns().iter().filter(|info| info.name != "index") {
        let columns = parts.iter().map(|part| part.table.column(&info.name));
        let columns = columns.collect::<Result<Vec<Values>, _>>()?;
        frame.push(info.clone(), stacked(&columns, &order)?)?;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../nbz-table/data");
    export::write_parquet(&frame, &folder.join("paper-lists.parquet"))?;
    Ok(())
}

fn read(path: &Path) -> Result<Part, Box<dyn Error>> {
    let table = Table::open(path)?;
    let recipe = stamp_of(&table, path)?.recipe;
    let archs = table.archs()?;
    let are_of = |space: &Space| {
        let prefix = format!("{}:", space.name());
        let mut rows = 0..table.rows();
        rows.all(|row| {
            archs
                .text(row)
                .is_some_and(|arch| arch.starts_with(&prefix))
        })
    };
    let space = Space::all().iter().position(are_of);
    Ok(Part {
        space: space
            .ok_or_else(|| format!("{} is not of one of the paper's spaces", path.display()))?,
        recipe,
        table,
    })
}

/// One a space.
fn recipes(parts: &[Part]) -> Result<Vec<&Recipe>, Box<dyn Error>> {
    let mut recipes: Vec<&Recipe> = Vec::new();
    for of_space in parts.chunk_by(|a, b| a.space == b.space) {
        let Some((first, others)) = of_space.split_first() else {
            continue;
        };
        if others.iter().any(|other| other.recipe != first.recipe) {
            return Err(format!("several recipes of {}", first.recipe.networks).into());
        }
        recipes.push(&first.recipe);
    }
    Ok(recipes)
}

/// Part and row of every network, in the order of the lists.
fn order(parts: &[Part]) -> Result<Vec<(usize, usize)>, Box<dyn Error>> {
    let mut places = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let index = part.table.column_i64("index")?;
        let rows = 0..part.table.rows();
        places.extend(rows.map(|row| (part.space, index.get(row), at, row)));
    }
    places.sort_unstable();
    if places
        .windows(2)
        .any(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1))
    {
        return Err("a network is in two files".into());
    }
    Ok(places
        .into_iter()
        .map(|(_, _, at, row)| (at, row))
        .collect())
}

/// The values of some tables' columns in that order; all are of the first one's type.
fn stacked(columns: &[Values], order: &[(usize, usize)]) -> Result<Values, Box<dyn Error>> {
    let floats = |values: &Values| match values {
        Values::Float(column) => Some(column.clone()),
        _ => None,
    };
    let ints = |values: &Values| match values {
        Values::Int(column) => Some(column.clone()),
        _ => None,
    };
    let texts = |values: &Values| match values {
        Values::Text(column) => Some(column.clone()),
        _ => None,
    };
    Ok(match columns.first() {
        Some(Values::Float(_)) => Values::Float(picked(columns, order, floats)?),
        Some(Values::Int(_)) => Values::Int(picked(columns, order, ints)?),
        Some(Values::Text(_)) => Values::Text(picked(columns, order, texts)?),
        _ => return Err("a column of scores is of numbers or texts".into()),
    })
}

fn picked<T: Clone>(
    columns: &[Values],
    order: &[(usize, usize)],
    of: impl Fn(&Values) -> Option<Column<T>>,
) -> Result<Column<T>, Box<dyn Error>> {
    let columns: Option<Vec<Column<T>>> = columns.iter().map(of).collect();
    let columns = columns.ok_or("a column has another type in another file")?;
    let value = |&(at, row): &(usize, usize)| columns[at].values()[row].clone();
    Ok(Column::new(order.iter().map(value).collect()))
}
