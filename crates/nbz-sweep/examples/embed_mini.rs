//! Makes the embedded tables of `mini` from trainings and scores.
//!
//! `cargo run -p nbz-sweep --example embed_mini -- SCORES.parquet TRAININGS.parquet ...` writes
//! `crates/nbz-table/data/mini-SPACE.parquet` for each of the paper's spaces. Each file of trainings is of one seed
//! (`nbzero collect`); the first has all networks, the others some of them. An accuracy is the mean over the
//! trainings that a network has. The same files give the same bytes.

use std::error::Error;
use std::path::{Path, PathBuf};

use nbz_space::Space;
use nbz_table::{Column, ColumnInfo, Frame, Role, Schema, Table, Values, export};

/// Trainings of one seed.
struct Trainings {
    seed: u64,
    /// The recipe in words.
    recipe: String,
    /// The stamp of its first training, without network and seed: all on which the others depend too.
    stamp: serde_json::Value,
    table: Table,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let usage = "usage: embed_mini SCORES.parquet TRAININGS.parquet ...";
    let scores = Table::open(&paths.next().ok_or(usage)?)?;
    let trainings = paths
        .map(|path| read(&path))
        .collect::<Result<Vec<_>, _>>()?;
    check(&trainings)?;
    let all = &trainings.first().ok_or(usage)?.table;
    let archs = all.archs()?;
    for space in Space::all() {
        let prefix = format!("{}:", space.name());
        let rows: Vec<usize> = (0..all.rows())
            .filter(|&row| {
                archs
                    .text(row)
                    .is_some_and(|arch| arch.starts_with(&prefix))
            })
            .collect();
        let frame = frame(space.name(), &rows, &trainings, &scores)?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../nbz-table/data");
        let file = folder.join(format!("mini-{}.parquet", space.name()));
        export::write_parquet(&frame, &file)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Trainings, Box<dyn Error>> {
    let table = Table::open(path)?;
    let recipe = table.schema().recipe.as_deref().unwrap_or_default();
    let list: serde_json::Value = serde_json::from_str(recipe)?;
    let mut stamp = list["first_training"].clone();
    for one in ["arch", "seed"] {
        stamp[one].take();
    }
    let number = |at: &str| list.pointer(at).and_then(serde_json::Value::as_f64);
    let training = |at: &str| number(&format!("/first_training/{at}"));
    let (Some(epochs), Some(images), Some(validation)) = (
        training("recipe/epochs"),
        training("training_images"),
        training("recipe/validation"),
    ) else {
        return Err(format!("{}: no stamp of a list of trainings", path.display()).into());
    };
    let (None, Some(seed)) = (number("/seeds/1"), number("/seeds/0")) else {
        return Err(format!("{}: trainings of one seed are needed", path.display()).into());
    };
    Ok(Trainings {
        seed: seed as u64,
        recipe: format!(
            "a short recipe, {epochs} epochs on {} images",
            images - (validation * images).floor()
        ),
        stamp,
        table,
    })
}

/// Refuses trainings of several recipes or images, and networks that the first file has not.
fn check(trainings: &[Trainings]) -> Result<(), Box<dyn Error>> {
    let Some((first, others)) = trainings.split_first() else {
        return Ok(());
    };
    for other in others {
        let seed = other.seed;
        if other.stamp != first.stamp {
            return Err(
                format!("seed {seed} was trained otherwise than seed {}", first.seed).into(),
            );
        }
        let archs = other.table.archs()?;
        for arch in archs.values().iter().flatten() {
            first.table.find(arch)?;
        }
    }
    Ok(())
}

/// The table of one space, whose networks are some rows of the first file of trainings.
fn frame(
    space: &str,
    rows: &[usize],
    trainings: &[Trainings],
    scores: &Table,
) -> Result<Frame, Box<dyn Error>> {
    let all = &trainings[0].table;
    let archs = all.archs()?;
    let names: Vec<&str> = rows.iter().filter_map(|&row| archs.text(row)).collect();
    let seeds: Vec<u64> = trainings.iter().map(|t| t.seed).collect();
    let recipe = serde_json::json!({ "seeds": seeds, "training": trainings[0].stamp });
    let schema = Schema {
        name: format!("mini-{space}"),
        title: format!(
            "mini: {} networks of {space} under 60 M MACs, trained here by {}",
            rows.len(),
            trainings[0].recipe
        ),
        space: Some(space.to_owned()),
        accuracy: "test_acc".to_owned(),
        notes: "Short trainings rank networks by how fast they learn; docs/mini.md has the pilot, the recipe and the \
                commands. Networks that were trained twice have a second seed's accuracy, and `test_acc` is the mean."
            .to_owned(),
        recipe: Some(recipe.to_string()),
        ..all.schema().clone()
    };
    let mut frame = Frame::new(schema, rows.len());
    let own = |table: &Table, name: &str| table.schema().column_on(Some("cifar10"), name).cloned();
    let arch = all.schema().column("arch")?.clone();
    let strings = names.iter().map(|name| Some((*name).to_owned())).collect();
    frame.push(arch, Values::Text(Column::new(strings)))?;
    for base in ["val_acc", "test_acc"] {
        let info = own(all, base)?;
        let each = trainings
            .iter()
            .map(|t| at(&t.table, &own(&t.table, base)?.name, &names))
            .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
        let mean = |network: usize| {
            let found: Vec<f64> = each.iter().filter_map(|column| column[network]).collect();
            (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
        };
        let mean = (0..names.len()).map(mean).collect();
        let recipe = &trainings[0].recipe;
        let meaning = format!(
            "{}, by {recipe}, mean over a network's trainings",
            info.meaning
        );
        frame.push(
            ColumnInfo {
                meaning,
                ..info.clone()
            },
            Values::Float(Column::new(mean)),
        )?;
        if base == "val_acc" {
            continue;
        }
        for (trainings, values) in trainings.iter().zip(each) {
            let info = ColumnInfo {
                name: format!("{}_seed{}", info.name, trainings.seed),
                meaning: format!("{}, seed {}", info.meaning, trainings.seed),
                ..info.clone()
            };
            frame.push(info, Values::Float(Column::new(values)))?;
        }
    }
    for base in ["params", "macs", "depth"] {
        let info = own(all, base)?;
        let values = all.column_i64(&info.name)?;
        let values = rows.iter().map(|&row| values.get(row)).collect();
        frame.push(info, Values::Int(Column::new(values)))?;
    }
    for info in scores.columns().iter().filter(|c| c.role == Role::Proxy) {
        let values = at(scores, &info.name, &names)?;
        if values.iter().any(Option::is_none) {
            return Err(format!("`{}` has no score of some network", info.name).into());
        }
        frame.push(info.clone(), Values::Float(Column::new(values)))?;
    }
    frame.set_dataset("cifar10");
    Ok(frame)
}

/// A column's values of some networks; none of a network that the table has not.
fn at(table: &Table, column: &str, names: &[&str]) -> Result<Vec<Option<f64>>, Box<dyn Error>> {
    let values = table.column_f64(column)?;
    let row = |name: &&str| table.find(name).ok();
    Ok(names.iter().map(|name| values.get(row(name)?)).collect())
}
