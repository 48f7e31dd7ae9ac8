//! `train`: the same bytes however the run went, weights that `score` reads, and refusals that name the thing.

use std::fs;
#[cfg(unix)]
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::run::{Run, finish, nbzero};

/// Three epochs of three steps of the smallest network.
const TRAIN: [&str; 11] = [
    "train",
    "nbmacro:00000000",
    "--data",
    "cifar10:.",
    "--set",
    "epochs=3",
    "--set",
    "batch=16",
    "--threads",
    "2",
    "-q",
];

/// A folder with sixty training and twenty test images in CIFAR-10's form, bright where their class says.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_images(folder.path());
    folder
}

/// Writes these images into a folder.
pub(crate) fn write_images(folder: &Path) {
    for (name, count) in [("data_batch_2.bin", 60), ("test_batch.bin", 20)] {
        let mut bytes = Vec::new();
        for image in 0..count {
            let label = image % 10;
            bytes.push(label as u8);
            let value =
                |at: usize| ((at * 7 + image * 31) % 90 + 16 * (at / 96 % 10 * label) % 160) as u8;
            bytes.extend((0..3072).map(value));
        }
        fs::write(folder.join(name), bytes).expect("images");
    }
}

fn train(folder: &Path, more: &[&str]) -> Run {
    finish(nbzero(folder).args(TRAIN).args(more))
}

/// The bytes of everything that the training promises.
fn promised(folder: &Path, run: &str) -> Vec<Vec<u8>> {
    let names = [
        "weights.safetensors",
        "curve.parquet",
        "curve.svg",
        "curve.png",
        "result.json",
    ];
    let read = |name| fs::read(folder.join(run).join(name)).expect("a file of the training");
    names.map(read).to_vec()
}

fn result(folder: &Path, run: &str) -> Value {
    let bytes = fs::read(folder.join(run).join("result.json")).expect("a result");
    serde_json::from_slice(&bytes).expect("JSON")
}

#[test]
fn a_training_gives_weights_that_score_reads_a_curve_and_a_result() {
    let folder = folder();
    let ended = train(folder.path(), &["-o", "run"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let result = result(folder.path(), "run");
    assert_eq!(result["test"]["images"], 20);
    assert_eq!(result["curve"].as_array().map(Vec::len), Some(3));
    assert_eq!(result["curve"][0]["training"]["images"], 48);
    assert_eq!(result["curve"][2]["validation"]["images"], 6);
    assert_eq!(result["training"]["recipe"]["epochs"], 3);
    assert!(!folder.path().join("run/checkpoint.safetensors").exists());
    // The last line of the table holds the test's percentage.
    let percent = format!("{:.2}", result["test_percent"].as_f64().expect("a number"));
    assert!(
        ended.stdout.trim_end().ends_with(&percent),
        "{}",
        ended.stdout
    );

    let mut score = nbzero(folder.path());
    score.args([
        "score",
        "nbmacro:00000000",
        "--dataset",
        "cifar10",
        "--weights",
    ]);
    score.args([
        "run/weights.safetensors",
        "--proxies",
        "l2_norm",
        "--batch",
        "2",
        "--json",
    ]);
    let scored = finish(&mut score);
    assert_eq!(scored.code, Some(0), "{}", scored.stderr);

    let before = promised(folder.path(), "run");
    let again = train(folder.path(), &["-o", "run"]);
    assert_eq!((again.code, again.stdout), (Some(0), ended.stdout));
    assert!(promised(folder.path(), "run") == before);
}

#[test]
fn absent_batches_are_told_and_other_trainings_are_refused_by_what_differs() {
    let folder = folder();
    let mut loud = nbzero(folder.path());
    loud.args(&TRAIN[..10]).args(["-o", "run"]);
    let ended = finish(&mut loud);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let told = "warning: cifar10: 60 images in 1 of 5 files (data_batch_2.bin)";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    assert!(ended.stderr.contains("epoch 3: loss "), "{}", ended.stderr);

    let other = train(folder.path(), &["-o", "run", "--seed", "1"]);
    assert_eq!(other.code, Some(3));
    assert!(
        other
            .stderr
            .contains("`run` holds another training: seed: 0 there, 1 here"),
        "{}",
        other.stderr
    );
    for (more, code, words) in [
        (["--recipe", "nbz13"], 4, "no recipe `nbz13`"),
        (["--set", "epochs=0"], 2, "epochs is 0"),
        (["--set", "colour=1"], 3, "colour"),
        (
            ["--set", "batch=64"],
            2,
            "a batch is 64 images, but there are 54",
        ),
        (["--max-memory", "64k"], 2, "the limit is 64000"),
        (["--images", "1"], 3, "all training images are of class"),
        (
            ["--images", "0"],
            2,
            "cannot take the first 0 of 60 training images",
        ),
        (
            ["--images", "61"],
            2,
            "cannot take the first 61 of 60 training images",
        ),
    ] {
        let refused = train(folder.path(), &[&more[..], &["-o", "other"]].concat());
        assert_eq!(refused.code, Some(code), "{more:?}: {}", refused.stderr);
        assert!(
            refused.stderr.contains(words),
            "{more:?}: {}",
            refused.stderr
        );
        assert!(!folder.path().join("other").exists(), "{more:?}");
    }

    let own = folder.path().join("own");
    fs::create_dir(&own).expect("a folder");
    fs::write(own.join("curve.png"), "mine").expect("a file");
    let refused = train(folder.path(), &["-o", "own"]);
    assert_eq!(refused.code, Some(5), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("`own/curve.png` is there"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("hint: "), "{}", refused.stderr);
    assert_eq!(fs::read(own.join("curve.png")).expect("a file"), b"mine");
}

/// Starts a training with a checkpoint behind every step and waits for the first.
#[cfg(unix)]
fn begun(folder: &Path, run: &str) -> (Child, bool) {
    let mut child = nbzero(folder)
        .args(TRAIN)
        .args(["-o", run, "--checkpoint-every", "0"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let checkpoint = folder.join(run).join("checkpoint.safetensors");
    while !checkpoint.exists() {
        if child
            .try_wait()
            .expect("the program can be asked")
            .is_some()
        {
            return (child, false);
        }
        std::thread::yield_now();
    }
    (child, true)
}

#[cfg(unix)]
#[test]
fn killed_a_training_goes_on_and_ends_with_the_same_bytes() {
    let folder = folder();
    assert_eq!(train(folder.path(), &["-o", "whole"]).code, Some(0));
    let whole = promised(folder.path(), "whole");
    let mut killed = 0;
    for run in ["one", "two", "three"] {
        let (mut child, caught) = begun(folder.path(), run);
        child.kill().expect("SIGKILL");
        child.wait().expect("the program ends");
        killed += i32::from(caught && !folder.path().join(run).join("result.json").exists());
        assert_eq!(train(folder.path(), &["-o", run]).code, Some(0));
        assert!(promised(folder.path(), run) == whole, "{run}");
    }
    assert!(killed > 0, "no training was killed on its way");
}

#[cfg(unix)]
fn send(signal: &str, child: &Child) {
    let sent = std::process::Command::new("kill")
        .args(["-s", signal, &child.id().to_string()])
        .status();
    assert!(sent.is_ok(), "kill is a command of every Unix");
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_a_checkpoint_where_none_was_due_and_says_so() {
    let folder = folder();
    // Far more epochs than pass until the signal; a checkpoint is due in ten minutes.
    let mut child = nbzero(folder.path())
        .args(&TRAIN[..10])
        .args(["--set", "epochs=2000", "-o", "run"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let first = lines.find(|line| line.as_ref().is_ok_and(|l| l.starts_with("epoch 1: ")));
    assert!(first.is_some(), "no epoch was told of");
    assert!(!folder.path().join("run/checkpoint.safetensors").exists());
    send("INT", &child);
    let rest: Vec<String> = lines.map(|line| line.expect("words")).collect();
    let code = child.wait().expect("the program ends").code();
    assert_eq!(code, Some(130), "{rest:?}");
    for words in [
        "keeping a checkpoint behind this step; Ctrl-C again ends at once",
        "error: interrupted, to be continued",
        "hint: the same command goes on",
    ] {
        assert!(rest.iter().any(|line| line == words), "{rest:?}");
    }
    assert!(folder.path().join("run/checkpoint.safetensors").exists());
    assert!(!folder.path().join("run/result.json").exists());

    // A list does the same.
    fs::write(folder.path().join("list.txt"), "nbmacro:00000000\n").expect("a list");
    let mut child = nbzero(folder.path())
        .args(["train", "--list", "list.txt"])
        .args(&TRAIN[2..])
        .args(["--set", "epochs=2000", "-o", "runs"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let training = folder.path().join("runs/trainings/nbmacro_00000000.0");
    while !training.exists() && child.try_wait().expect("a child").is_none() {
        std::thread::yield_now();
    }
    send("INT", &child);
    let code = child.wait().expect("the program ends").code();
    assert_eq!(code, Some(130));
    assert!(training.join("checkpoint.safetensors").exists());
}

#[cfg(unix)]
#[test]
fn told_to_stop_a_training_ends_with_its_own_code_and_goes_on() {
    let folder = folder();
    assert_eq!(train(folder.path(), &["-o", "whole"]).code, Some(0));
    let mut stopped = 0;
    for (run, signal, own) in [
        ("one", "TERM", 85),
        ("two", "USR1", 85),
        ("three", "INT", 130),
        ("four", "TERM", 85),
        ("five", "USR1", 85),
        ("six", "INT", 130),
    ] {
        let (mut child, _) = begun(folder.path(), run);
        send(signal, &child);
        let code = child.wait().expect("the program ends").code();
        // A training that had reached its last step ends as ever.
        assert!(code == Some(own) || code == Some(0), "{signal}: {code:?}");
        stopped += i32::from(code == Some(own));
        assert_eq!(train(folder.path(), &["-o", run]).code, Some(0));
        assert!(
            promised(folder.path(), run) == promised(folder.path(), "whole"),
            "{run}"
        );
    }
    assert!(stopped > 0, "no training was stopped on its way");
}

#[test]
fn a_list_in_shards_gives_the_table_of_one_run_and_of_single_trainings() {
    let folder = folder();
    let list = "nbmacro:00000000\nnbmacro:10000000\nnb201:000000\n";
    fs::write(folder.path().join("list.txt"), list).expect("a list");
    let run = |more: &[&str]| {
        let mut command = nbzero(folder.path());
        command.args(["train", "--list", "list.txt", "--repeats", "2"]);
        finish(command.args(&TRAIN[2..]).args(more))
    };
    let whole = run(&["-o", "whole"]);
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
    let first = run(&["-o", "shards", "--shard", "2/2", "--json"]);
    let document: Value = serde_json::from_str(&first.stdout).expect("JSON");
    assert_eq!(
        (&document["missing"], &document["written"]),
        (&4.into(), &Value::Null)
    );
    let second = run(&["-o", "shards", "--shard", "1/2"]);
    assert_eq!(second.code, Some(0), "{}", second.stderr);
    for name in ["table.parquet", "curves.parquet"] {
        let read = |run: &str| fs::read(folder.path().join(run).join(name)).expect("a table");
        assert!(read("whole") == read("shards"), "{name}");
    }

    assert_eq!(
        train(folder.path(), &["-o", "alone", "--seed", "1"]).code,
        Some(0)
    );
    let path = folder
        .path()
        .join("whole/trainings/nbmacro_00000000.1/weights.safetensors");
    let listed = fs::read(path).expect("weights");
    assert!(promised(folder.path(), "alone")[0] == listed);

    let table =
        nbz_table::Table::open(&folder.path().join("whole/table.parquet")).expect("a table");
    let numbers = |name: &str| -> Vec<Option<f64>> {
        let column = table.column_f64(name).expect("a column");
        (0..3).map(|row| column.get(row)).collect()
    };
    let test = result(folder.path(), "alone")["test_percent"].as_f64();
    assert_eq!(numbers("cifar10_test_acc_seed1")[0], test);
    let (zero, one) = (
        numbers("cifar10_test_acc_seed0"),
        numbers("cifar10_test_acc_seed1"),
    );
    for (row, mean) in numbers("cifar10_test_acc").into_iter().enumerate() {
        let sum = zero[row].expect("a number") + one[row].expect("a number");
        assert_eq!(mean, Some(sum / 2.0));
    }
    assert_eq!(numbers("diverged"), [Some(0.0); 3]);
}

#[test]
fn a_list_tells_of_trainings_that_diverged_and_refuses_none_at_all() {
    let folder = folder();
    fs::write(folder.path().join("list.txt"), "nbmacro:00000000\n").expect("a list");
    let run = |more: &[&str]| {
        let mut command = nbzero(folder.path());
        command.args(["train", "--list", "list.txt"]);
        finish(command.args(&TRAIN[2..10]).args(more))
    };
    let wild = run(&["--set", "rate=1e30", "-o", "wild"]);
    assert_eq!(wild.code, Some(0), "{}", wild.stderr);
    let words = "warning: nbmacro:00000000, seed 0, diverged: no finite loss at step ";
    assert!(wild.stderr.contains(words), "{}", wild.stderr);
    let none = run(&["--repeats", "0", "-o", "none"]);
    assert_eq!(none.code, Some(2), "{}", none.stderr);
    assert!(none.stderr.contains("--repeats"), "{}", none.stderr);
    assert!(!folder.path().join("none").exists());
}

#[test]
fn data_info_counts_what_is_there() {
    let folder = folder();
    let mut info = nbzero(folder.path());
    let ended = finish(info.args(["data", "info", ".", "--json"]));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let [training, test] = &document["sets"].as_array().expect("a list")[..] else {
        panic!("training and test images of CIFAR-10, and no CIFAR-100: {document}");
    };
    assert_eq!(
        (&training["images"], &test["images"]),
        (&60.into(), &20.into())
    );
    assert_eq!(training["per_class"], serde_json::json!(vec![6; 10]));
    assert_eq!(training["files"][0]["released"], Value::Null);
    assert_eq!(test["files"][0]["released"], false);
    // Oracle: the bytes themselves.
    let bytes = fs::read(folder.path().join("test_batch.bin")).expect("images");
    let red = bytes.chunks(3073).flat_map(|record| &record[1..1025]);
    let mean = red.map(|&b| f64::from(b)).sum::<f64>() / (20.0 * 1024.0 * 255.0);
    assert!((test["mean"][0].as_f64().expect("a number") - mean).abs() < 1e-12);

    let empty = tempfile::tempdir().expect("a temporary folder");
    let ended = finish(nbzero(empty.path()).args(["data", "info", "."]));
    assert_eq!(ended.code, Some(4));
    assert!(
        ended
            .stderr
            .contains("holds no data_batch_1.bin of cifar10"),
        "{}",
        ended.stderr
    );
}
