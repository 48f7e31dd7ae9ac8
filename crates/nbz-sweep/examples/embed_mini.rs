//! Makes the embedded tables of `mini` from trainings and scores.
//!
//! `cargo run -p nbz-sweep --example embed_mini -- scores/mini/scores-?.parquet scores/mini/seed?-?.parquet` writes
//! `crates/nbz-table/data/mini-SPACE.parquet` for each of the paper's spaces. Files of scores (`nbzero score`) and of
//! trainings of one seed (`nbzero collect`) may be many and stand in any order; any other file is refused. The lowest
//! seed has all networks, further ones some of them. An accuracy is the mean over the trainings that a network has. The same files
//! give the same bytes.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use nbz_space::Space;
use nbz_table::{Column, ColumnInfo, Frame, Role, Schema, Table, Values, export};

/// Trainings of one seed.
struct Trained {
    seed: u64,
    /// The recipe in words.
    recipe: String,
    /// The stamp of a first training, without network and seed: all on which the others depend too.
    stamp: serde_json::Value,
    /// No network is in two of them.
    tables: Vec<Table>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let tables = std::env::args_os()
        .skip(1)
        .map(|path| Table::open(Path::new(&path)))
        .collect::<Result<Vec<_>, _>>()?;
    let (scores, trainings): (Vec<Table>, Vec<Table>) = tables.into_iter().partition(is_scores);
    let seeds = by_seed(trainings)?;
    let all = networks(&seeds.first().ok_or("no trainings among the files")?.tables)?;
    check(&seeds, &all)?;
    for space in Space::all() {
        let prefix = format!("{}:", space.name());
        let of_space = |arch: &&String| arch.starts_with(&prefix);
        let names: Vec<String> = all.iter().filter(of_space).cloned().collect();
        let frame = frame(space.name(), &names, &seeds, &scores)?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../nbz-table/data");
        let file = folder.join(format!("mini-{}.parquet", space.name()));
        export::write_parquet(&frame, &file)?;
    }
    Ok(())
}

fn is_scores(table: &Table) -> bool {
    table.columns().iter().any(|c| c.role == Role::Proxy)
}

/// Trainings by seed, the lowest first.
fn by_seed(tables: Vec<Table>) -> Result<Vec<Trained>, Box<dyn Error>> {
    let mut seeds: BTreeMap<u64, Trained> = BTreeMap::new();
    for table in tables {
        let Trained {
            seed,
            recipe,
            stamp,
            tables,
        } = of_one_seed(table)?;
        match seeds.entry(seed) {
            Entry::Vacant(place) => {
                place.insert(Trained {
                    seed,
                    recipe,
                    stamp,
                    tables,
                });
            }
            Entry::Occupied(mut known) if known.get().stamp == stamp => {
                known.get_mut().tables.extend(tables);
            }
            Entry::Occupied(_) => {
                return Err(format!("seed {seed} was trained in two ways").into());
            }
        }
    }
    Ok(seeds.into_values().collect())
}

fn of_one_seed(table: Table) -> Result<Trained, Box<dyn Error>> {
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
        return Err(format!("{}: no stamp of a list of trainings", table.name()).into());
    };
    let (None, Some(seed)) = (number("/seeds/1"), number("/seeds/0")) else {
        return Err(format!("{}: trainings of one seed are needed", table.name()).into());
    };
    Ok(Trained {
        seed: seed as u64,
        recipe: format!(
            "a short recipe, {epochs} epochs on {} images",
            images - (validation * images).floor()
        ),
        stamp,
        tables: vec![table],
    })
}

/// The networks of some tables, in their order.
fn networks(tables: &[Table]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut all = Vec::new();
    for table in tables {
        all.extend(table.archs()?.values().iter().flatten().cloned());
    }
    Ok(all)
}

/// Refuses trainings of several recipes or images, a network twice, and one that the first seed has not.
fn check(seeds: &[Trained], all: &[String]) -> Result<(), Box<dyn Error>> {
    for one in seeds {
        let seed = one.seed;
        if one.stamp != seeds[0].stamp {
            return Err(format!(
                "seed {seed} was trained otherwise than seed {}",
                seeds[0].seed
            )
            .into());
        }
        let mut seen = BTreeSet::new();
        for arch in networks(&one.tables)? {
            if !all.contains(&arch) {
                return Err(
                    format!("{arch} has seed {seed} but not seed {}", seeds[0].seed).into(),
                );
            }
            if !seen.insert(arch.clone()) {
                return Err(format!("{arch} is there twice with seed {seed}").into());
            }
        }
    }
    Ok(())
}

/// The table of some networks of one space.
fn frame(
    space: &str,
    names: &[String],
    seeds: &[Trained],
    scores: &[Table],
) -> Result<Frame, Box<dyn Error>> {
    let recipe = &seeds[0].recipe;
    let trained = &seeds[0].tables;
    let numbers: Vec<u64> = seeds.iter().map(|s| s.seed).collect();
    let stamp = serde_json::json!({ "seeds": numbers, "training": seeds[0].stamp });
    let schema = Schema {
        name: format!("mini-{space}"),
        title: format!(
            "mini: {} networks of {space} under 60 M MACs, trained here by {recipe}",
            names.len()
        ),
        space: Some(space.to_owned()),
        own_spaces: Vec::new(),
        accuracy: "test_acc".to_owned(),
        notes: "Short trainings rank networks by how fast they learn; docs/mini.md has the pilot, the recipe and the \
                commands. Networks that were trained twice have a second seed's accuracy, and `test_acc` is the mean."
            .to_owned(),
        recipe: Some(stamp.to_string()),
        ..trained[0].schema().clone()
    };
    let mut frame = Frame::new(schema, names.len());
    let info = |name: &str| {
        trained[0]
            .schema()
            .column_on(Some("cifar10"), name)
            .cloned()
    };
    let arch = trained[0].schema().column("arch")?.clone();
    let strings = names.iter().cloned().map(Some).collect();
    frame.push(arch, Values::Text(Column::new(strings)))?;
    for base in ["val_acc", "test_acc"] {
        let info = info(base)?;
        let each = seeds
            .iter()
            .map(|seed| floats(&seed.tables, &info.name, names))
            .collect::<Result<Vec<_>, _>>()?;
        let mean = |network: usize| {
            let found: Vec<f64> = each.iter().filter_map(|column| column[network]).collect();
            (!found.is_empty()).then(|| found.iter().sum::<f64>() / found.len() as f64)
        };
        let mean = (0..names.len()).map(mean).collect();
        let meaning = format!(
            "{}, by {recipe}, mean over a network's trainings",
            info.meaning
        );
        let of_mean = ColumnInfo {
            meaning,
            ..info.clone()
        };
        frame.push(of_mean, Values::Float(Column::new(mean)))?;
        if base == "val_acc" {
            continue;
        }
        for (one, values) in seeds.iter().zip(each) {
            let of_seed = ColumnInfo {
                name: format!("{}_seed{}", info.name, one.seed),
                meaning: format!("{}, by {recipe}, seed {}", info.meaning, one.seed),
                ..info.clone()
            };
            frame.push(of_seed, Values::Float(Column::new(values)))?;
        }
    }
    for base in ["params", "macs", "depth"] {
        let info = info(base)?;
        let values = values(trained, names, |table, row| {
            Ok(table.column_i64(&info.name)?.get(row))
        })?;
        frame.push(info, Values::Int(Column::new(values)))?;
    }
    let proxies = scores.iter().flat_map(Table::columns);
    for info in proxies.filter(|c| c.role == Role::Proxy) {
        if frame.schema().column(&info.name).is_ok() {
            continue; // another file's
        }
        let values = floats(scores, &info.name, names)?;
        if values.iter().any(Option::is_none) {
            return Err(format!("`{}` has no score of some network", info.name).into());
        }
        frame.push(info.clone(), Values::Float(Column::new(values)))?;
    }
    frame.set_dataset("cifar10");
    Ok(frame)
}

/// A column's values of some networks; none of a network that no table has.
fn floats(
    tables: &[Table],
    column: &str,
    names: &[String],
) -> Result<Vec<Option<f64>>, Box<dyn Error>> {
    values(tables, names, |table, row| {
        Ok(table.column_f64(column)?.get(row))
    })
}

/// A value of each network, read from the first table that has the network.
fn values<T>(
    tables: &[Table],
    names: &[String],
    read: impl Fn(&Table, usize) -> nbz_table::Result<Option<T>>,
) -> Result<Vec<Option<T>>, Box<dyn Error>> {
    let one = |name: &String| {
        let mut found = tables.iter().filter_map(|t| Some((t, t.find(name).ok()?)));
        found
            .next()
            .map_or(Ok(None), |(table, row)| read(table, row))
    };
    Ok(names.iter().map(one).collect::<Result<_, _>>()?)
}
