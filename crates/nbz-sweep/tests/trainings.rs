//! Lists of trainings: what a table says of networks that diverged, stopping, going on, and other recipes.

#![expect(clippy::unwrap_used, reason = "a failed training must stop the test")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use nbz_data::{Pictures, Stream};
use nbz_sweep::training::{List, ListLeft, ListOptions};
use nbz_sweep::{Networks, Shard, SweepError};
use nbz_table::Table;
use nbz_train::{Material, Recipe, TrainError};

fn pictures(count: usize, purpose: &str) -> Pictures {
    let mut stream = Stream::new(2, purpose);
    let labels = (0..count).map(|i| (i % 4) as u32).collect();
    let bytes = (0..count * 192).map(|_| stream.below(256) as u8).collect();
    Pictures::new("noise", [8, 8], 4, [[0.5; 3], [0.25; 3]], labels, bytes).unwrap()
}

fn material() -> Material {
    Material::new(pictures(40, "training"), pictures(12, "test")).unwrap()
}

fn recipe(settings: &[&str]) -> Recipe {
    let recipe = Recipe::named("nbz12").unwrap();
    let all = ["epochs=2", "batch=12"].iter().chain(settings);
    all.fold(recipe, |recipe, s| recipe.with(s).unwrap())
}

fn networks() -> Networks {
    let archs = ["nbmacro:00000000", "nb201:000000", "nbmacro:10000000"];
    Networks::listed("a test", archs.map(|a| a.parse().unwrap()).to_vec()).unwrap()
}

/// Trains the list with two seeds; told to stop behind `stop_after` trainings.
fn run(recipe: &Recipe, output: &Path, stop_after: usize) -> Result<ListLeft, SweepError> {
    let (stop, done) = (AtomicBool::new(stop_after == 0), AtomicUsize::new(0));
    let list = List {
        networks: &networks(),
        material: &material(),
        recipe,
        seeds: &[5, 6],
    };
    let options = ListOptions {
        threads: 2,
        shard: Shard::WHOLE,
        every: Duration::from_hours(1),
        stop: &stop,
    };
    list.run(output, &options, &|_, _| {
        if done.fetch_add(1, Ordering::Relaxed) + 1 >= stop_after {
            stop.store(true, Ordering::Relaxed);
        }
    })
}

const NEVER: usize = usize::MAX;

#[test]
fn a_list_stopped_at_any_training_ends_with_the_same_tables() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let whole = run(&recipe(&[]), &at("whole"), NEVER).unwrap();
    assert_eq!(whole, ListLeft::Whole(at("whole/table.parquet")));
    for stop_after in [0, 1, 3] {
        let left = run(&recipe(&[]), &at("stopped"), stop_after).unwrap();
        assert_eq!(left, ListLeft::ToBeContinued, "{stop_after}");
    }
    run(&recipe(&[]), &at("stopped"), NEVER).unwrap();
    for name in ["table.parquet", "curves.parquet"] {
        let bytes = |run: &str| fs::read(at(run).join(name)).unwrap();
        assert!(bytes("whole") == bytes("stopped"), "{name}");
    }
    let table = Table::open(&at("whole/table.parquet")).unwrap();
    assert_eq!(table.rows(), 3);
    assert_eq!(
        table.schema().accuracy_on(Some("noise")).unwrap().name,
        "noise_test_acc"
    );
    // Oracle: the layer graph's own costs.
    let costs = networks().archs()[1]
        .network(nbz_space::Task::new(8, 4).unwrap())
        .costs();
    let params = table.column_f64("noise_params").unwrap().get(1);
    assert_eq!(params, Some(costs.params.get() as f64));
    // Oracle: the definition, by the two seeds' own columns; one rounding each.
    let column = |name: &str| table.column_f64(name).unwrap();
    for row in 0..3 {
        let get = |name: &str| column(name).get(row).unwrap();
        let (a, b) = (get("noise_test_acc_seed5"), get("noise_test_acc_seed6"));
        assert!((get("noise_test_acc") - f64::midpoint(a, b)).abs() < 1e-12);
        assert!((get("noise_test_acc_sd") - (a - b).abs() / 2.0_f64.sqrt()).abs() < 1e-12);
    }
    let curves = Table::open(&at("whole/curves.parquet")).unwrap();
    assert_eq!(curves.rows(), 3 * 2 * 2);
}

#[test]
fn networks_that_diverged_have_no_accuracy_and_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("wild");
    run(&recipe(&["rate=1e30"]), &output, NEVER).unwrap();
    let table = Table::open(&output.join("table.parquet")).unwrap();
    for row in 0..3 {
        let get = |name: &str| table.column_f64(name).unwrap().get(row).unwrap();
        assert!(get("noise_test_acc").is_nan());
        assert!((get("diverged") - 2.0).abs() < 0.5);
    }
}

#[test]
fn a_folder_of_another_recipe_is_refused_by_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    run(&recipe(&[]), folder.path(), 1).unwrap();
    let error = run(&recipe(&["decay=0.001"]), folder.path(), NEVER).unwrap_err();
    let SweepError::Train(TrainError::OtherTraining { differences }) = &error else {
        panic!("{error}");
    };
    let decay = "recipe.decay: 0.0005 there, 0.001 here".to_owned();
    assert!(differences.contains(&decay), "{differences:?}");
}
