//! Lists of trainings: what a table says of networks that diverged, stopping, going on, and other recipes.

#![expect(clippy::unwrap_used, reason = "a failed training must stop the test")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use nbz_data::{Pictures, Stream};
use nbz_engine::cpu::Path as Kernels;
use nbz_sweep::training::{DEVICE, Folder, Left, List, ListLeft, ListOptions, Schedule, device};
use nbz_sweep::{Networks, Shard, SweepError};
use nbz_table::Table;
use nbz_train::{Material, Recipe, TrainError, Training};

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
    run_list(&networks(), recipe, output, stop_after)
}

fn run_list(
    networks: &Networks,
    recipe: &Recipe,
    output: &Path,
    stop_after: usize,
) -> Result<ListLeft, SweepError> {
    let (stop, done) = (AtomicBool::new(stop_after == 0), AtomicUsize::new(0));
    let list = List {
        networks,
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
    list.run(output, &options, &|_| {
        if done.fetch_add(1, Ordering::Relaxed) + 1 >= stop_after {
            stop.store(true, Ordering::Relaxed);
        }
    })
}

const NEVER: usize = usize::MAX;

/// Trains the first network of the list in a folder.
fn alone(path: &Path) -> Result<Left, SweepError> {
    let mut schedule = Schedule {
        every: Duration::from_hours(1),
        threads: 1,
        stop: &|| false,
        watch: &mut |_| {},
    };
    train_first(path, &mut schedule)
}

fn train_first(path: &Path, schedule: &mut Schedule<'_>) -> Result<Left, SweepError> {
    let (material, recipe) = (material(), recipe(&[]));
    let network = networks().archs()[0].network(nbz_space::Task::new(8, 4).unwrap());
    let training = Training::new("nbmacro:00000000", &network, &material, &recipe, 5, DEVICE)?;
    let device = device(Kernels::fastest(), 1)?;
    let folder = Folder::open(path)?;
    folder.run(&training, &device, schedule)
}

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

/// Oracle: the tables of the new list trained alone; and that what is done is not done again, for its weights, of which
/// nobody asks, do not come back.
#[test]
fn a_list_may_grow_and_change_its_order_and_what_is_trained_stays() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    run(&recipe(&[]), &at("grown"), NEVER).unwrap();
    let trained: Vec<_> = fs::read_dir(at("grown/trainings"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("weights.safetensors"))
        .collect();
    assert_eq!(trained.len(), 3 * 2);
    for weights in &trained {
        fs::remove_file(weights).unwrap();
    }
    let archs = [
        "nbmacro:10000000",
        "nbmacro:00000001",
        "nb201:000000",
        "nbmacro:00000000",
    ];
    let list = |archs: &[&str]| {
        let archs = archs.iter().map(|a| a.parse().unwrap());
        Networks::listed("a test", archs.collect()).unwrap()
    };
    run_list(&list(&archs), &recipe(&[]), &at("grown"), NEVER).unwrap();
    assert!(trained.iter().all(|weights| !weights.exists()));
    run_list(&list(&archs), &recipe(&[]), &at("alone"), NEVER).unwrap();
    let bytes = |run: &str, name: &str| fs::read(at(run).join(name)).unwrap();
    for name in ["table.parquet", "curves.parquet"] {
        assert!(bytes("grown", name) == bytes("alone", name), "{name}");
    }
    // Shorter again: the table is of the list, the trainings stay.
    run_list(&list(&archs[1..2]), &recipe(&[]), &at("grown"), NEVER).unwrap();
    assert_eq!(Table::open(&at("grown/table.parquet")).unwrap().rows(), 1);
    assert_eq!(fs::read_dir(at("grown/trainings")).unwrap().count(), 4 * 2);
}

#[test]
fn another_recipe_is_refused_before_anything_of_a_longer_list_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    run(&recipe(&[]), folder.path(), NEVER).unwrap();
    let archs = ["nbmacro:00000001", "nbmacro:00000000"];
    let archs = archs.map(|a| a.parse().unwrap()).to_vec();
    let longer = Networks::listed("a test", archs).unwrap();
    let other = recipe(&["rate=0.5"]);
    let refused = run_list(&longer, &other, folder.path(), NEVER).unwrap_err();
    assert!(
        matches!(refused, SweepError::OtherTraining { .. }),
        "{refused}"
    );
    let trainings = fs::read_dir(folder.path().join("trainings")).unwrap();
    assert_eq!(trainings.count(), 3 * 2, "the new network has no folder");
}

#[test]
fn a_start_that_is_killed_is_known_from_its_first_checkpoint_on() {
    let folder = tempfile::tempdir().unwrap();
    let starts = || -> Vec<serde_json::Value> {
        let bytes = fs::read(folder.path().join("machine.json"));
        bytes.map_or_else(
            |_| Vec::new(),
            |bytes| serde_json::from_slice(&bytes).unwrap(),
        )
    };
    let count = |key: &str| {
        let counts = starts();
        counts.iter().map(|s| s[key].as_u64().unwrap()).sum::<u64>()
    };
    // A panic in the middle of a step is a kill that a test survives.
    let killed = |every: Duration, at_step: u64| {
        let mut schedule = Schedule {
            every,
            threads: 1,
            stop: &|| false,
            watch: &mut |progress| assert!(progress.step < at_step, "killed"),
        };
        let run = || train_first(folder.path(), &mut schedule);
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_err();
    };
    // Oracle: 36 images in batches of 12, two epochs; a checkpoint behind every step.
    killed(Duration::from_hours(1), 2);
    assert_eq!((starts().len(), count("steps")), (0, 0));
    killed(Duration::ZERO, 3);
    assert_eq!((starts().len(), count("steps")), (1, 2));
    assert!(starts()[0]["seconds"].as_f64().unwrap() > 0.0);
    killed(Duration::ZERO, 6);
    assert_eq!((starts().len(), count("steps")), (2, 5));
    assert!(matches!(alone(folder.path()), Ok(Left::Done(_))));
    assert_eq!((starts().len(), count("steps")), (3, 6));
    assert_eq!(count("images"), 6 * 12);
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
    // The two threads find a result and a checkpoint.
    let (SweepError::OtherTraining { differences, .. }
    | SweepError::Train(TrainError::OtherTraining { differences })) = &error
    else {
        panic!("{error}");
    };
    let decay = "recipe.decay: 0.0005 there, 0.001 here".to_owned();
    assert!(differences.contains(&decay), "{differences:?}");
}

#[test]
fn a_folder_says_what_it_holds_of_another_training() {
    let folder = tempfile::tempdir().unwrap();
    run(&recipe(&[]), folder.path(), NEVER).unwrap();
    let error = run(&recipe(&["patience=3"]), folder.path(), NEVER).unwrap_err();
    let SweepError::OtherTraining { path, differences } = &error else {
        panic!("{error}");
    };
    assert!(path.starts_with(folder.path().join("trainings")));
    let patience = "recipe.patience: absent there, 3 here".to_owned();
    assert!(differences.contains(&patience), "{differences:?}");
    assert!(
        error.to_string().contains("` holds another training: "),
        "{error}"
    );
}

#[test]
fn images_that_fill_no_batch_are_refused_before_a_folder_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("none");
    let error = run(&recipe(&["batch=40"]), &output, NEVER).unwrap_err();
    assert!(
        matches!(
            error,
            SweepError::Train(TrainError::BatchTooLarge { batch: 40, .. })
        ),
        "{error}"
    );
    assert!(!output.exists());
}

#[test]
fn a_folder_with_somebodys_own_files_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["weights.safetensors", "curve.png", "machine.json"] {
        let at = folder.path().join(name);
        fs::create_dir(&at).unwrap();
        let own = at.join(name);
        fs::write(&own, "mine").unwrap();
        let error = alone(&at).unwrap_err();
        assert!(
            matches!(&error, SweepError::NotOurs { path } if *path == own),
            "{error}"
        );
        assert_eq!(error.hint().as_deref(), Some("name another folder"));
        assert_eq!(fs::read(&own).unwrap(), b"mine");
        assert_eq!(fs::read_dir(&at).unwrap().count(), 1, "{name}");
    }
    // A lock, and files of other names, say nothing.
    let at = folder.path().join("free");
    fs::create_dir(&at).unwrap();
    fs::write(at.join(".lock"), "").unwrap();
    fs::write(at.join("notes.txt"), "mine").unwrap();
    assert!(matches!(alone(&at), Ok(Left::Done(_))));
}

#[test]
fn what_kills_leave_in_a_folder_goes_and_the_training_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("run");
    // Killed while it wrote a checkpoint.
    fs::create_dir(&at).unwrap();
    let half = at.join(".checkpoint.safetensorsa1B2c3.tmp");
    let own = at.join(".notes.tmp");
    fs::write(&half, "half").unwrap();
    fs::write(&own, "mine").unwrap();
    let whole = alone(&at).unwrap();
    assert!(!half.exists());
    assert!(own.exists());
    let weights = fs::read(at.join("weights.safetensors")).unwrap();
    // Killed between the weights and the result.
    fs::remove_file(at.join("result.json")).unwrap();
    assert_eq!(alone(&at).unwrap(), whole);
    assert!(fs::read(at.join("weights.safetensors")).unwrap() == weights);
    // Killed between the result and the end of the checkpoint; in a list as well.
    let checkpoint = at.join("checkpoint.safetensors");
    fs::write(&checkpoint, "old").unwrap();
    assert_eq!(alone(&at).unwrap(), whole);
    assert!(!checkpoint.exists());
    let list = folder.path().join("list");
    run(&recipe(&[]), &list, NEVER).unwrap();
    let checkpoint = list.join("trainings/nbmacro_00000000.5/checkpoint.safetensors");
    fs::write(&checkpoint, "old").unwrap();
    run(&recipe(&[]), &list, NEVER).unwrap();
    assert!(!checkpoint.exists());
}

#[test]
fn a_done_training_whose_files_are_gone_says_so_and_can_be_had_again() {
    let folder = tempfile::tempdir().unwrap();
    let whole = alone(folder.path()).unwrap();
    for name in ["weights.safetensors", "curve.parquet"] {
        let path = folder.path().join(name);
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let error = alone(folder.path()).unwrap_err();
        assert!(
            matches!(&error, SweepError::Gone { path: gone } if *gone == path),
            "{error}"
        );
        // What the hint says.
        fs::remove_file(folder.path().join("result.json")).unwrap();
        assert_eq!(alone(folder.path()).unwrap(), whole);
        assert!(fs::read(&path).unwrap() == bytes, "{name}");
    }
}
