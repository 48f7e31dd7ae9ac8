//! `score` and `merge`: the same bytes however the run went, and refusals that name the thing.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::run::{Run, finish, nbzero, rows_of, run};

/// Twelve small networks, and the fewest images that let every pass run.
const LIST: &str = "nbmacro:00000000\nnbmacro:10000000\nnbmacro:00100000\nnbmacro:00000100
nbmacro:10100000\nnbmacro:10000100\nnbmacro:00100100\nnbmacro:10100100
nb201:111111\nnb201:000000\nnb201:111110\nnb201:101010\n";
const SCORE: [&str; 9] = [
    "score",
    "--from",
    "list.txt",
    "--proxies",
    "snip,synflow,jacob_cov,params",
    "--batch",
    "4",
    "--ntk-batch",
    "4",
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("list.txt"), LIST).expect("a list");
    folder
}

/// Scores the list into a file and gives its bytes.
fn scored(folder: &Path, more: &[&str], output: &str) -> Vec<u8> {
    let ended = finish(nbzero(folder).args(SCORE).args(more).args(["-o", output]));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.is_empty());
    assert!(!folder.join(format!("{output}.journal")).exists());
    fs::read(folder.join(output)).expect("the output")
}

#[test]
fn the_same_bytes_for_any_number_of_threads_and_from_shards_of_any_number() {
    let folder = folder();
    let whole = scored(folder.path(), &["--threads", "1"], "one.parquet");
    assert!(scored(folder.path(), &["--threads", "3"], "three.parquet") == whole);
    for of in [2, 5] {
        let mut merge = nbzero(folder.path());
        merge.args(["merge", "-o", "merged.parquet", "-q"]);
        // In any order of the arguments.
        for index in (1..=of).rev() {
            let name = format!("shard-{index}-{of}.parquet");
            let shard = format!("{index}/{of}");
            scored(folder.path(), &["--shard", &shard], &name);
            merge.arg(name);
        }
        let ended = finish(&mut merge);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let merged = fs::read(folder.path().join("merged.parquet")).expect("the merged file");
        assert!(merged == whole, "{of} shards");
    }
    let missing = run(
        folder.path(),
        &["merge", "shard-1-2.parquet", "-o", "m.parquet"],
    );
    assert_eq!(missing.code, Some(3));
    assert!(
        missing.stderr.contains("2/2 is missing"),
        "{}",
        missing.stderr
    );
    let mixed = [
        "merge",
        "shard-1-2.parquet",
        "shard-2-5.parquet",
        "-o",
        "m.parquet",
    ];
    assert_eq!(run(folder.path(), &mixed).code, Some(3));
    assert!(!folder.path().join("m.parquet").exists());
}

#[cfg(unix)]
#[test]
fn killed_at_any_moment_the_same_command_ends_with_the_same_bytes() {
    let folder = folder();
    let whole = scored(folder.path(), &[], "whole.parquet");
    let journal = folder.path().join("killed.parquet.journal");
    let lines = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    let mut killed = 0;
    for wanted in [2, 4, 7, 9, 14, 99] {
        let mut command = nbzero(folder.path());
        command
            .args(SCORE)
            .args(["-o", "killed.parquet", "--threads", "2"])
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let ended = loop {
            match child.try_wait().expect("the program can be asked") {
                Some(status) => break Some(status),
                None if lines() >= wanted => break None,
                None => std::thread::yield_now(),
            }
        };
        match ended {
            None => {
                child.kill().expect("SIGKILL");
                child.wait().expect("the program ends");
                killed += 1;
            }
            Some(status) => assert_eq!(status.code(), Some(0)),
        }
        if folder.path().join("killed.parquet").exists() {
            break;
        }
    }
    assert!(killed > 0, "no run was killed");
    assert!(scored(folder.path(), &[], "killed.parquet") == whole);
}

#[test]
fn a_journal_cut_or_damaged_anywhere_is_believed_up_to_that_place() {
    let folder = folder();
    let whole = scored(folder.path(), &[], "whole.parquet");
    let journal = folder.path().join("cut.parquet.journal");
    let begun = run_until_journal(folder.path(), &journal);
    for (at, byte) in [
        (begun.len() / 3, None),
        (begun.len() / 2, Some(b'#')),
        (40, None),
        (0, None),
    ] {
        let mut bytes = begun.clone();
        match byte {
            Some(byte) => bytes[at] = byte,
            None => bytes.truncate(at),
        }
        fs::write(&journal, bytes).expect("a journal");
        assert!(scored(folder.path(), &[], "cut.parquet") == whole, "{at}");
        fs::remove_file(folder.path().join("cut.parquet")).expect("the output");
    }
}

/// The last journal that was seen while the program ran; its output is removed.
fn run_until_journal(folder: &Path, journal: &Path) -> Vec<u8> {
    let mut child = nbzero(folder)
        .args(SCORE)
        .args(["-o", "cut.parquet", "--threads", "1"])
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut last = Vec::new();
    while child
        .try_wait()
        .expect("the program can be asked")
        .is_none()
    {
        last = fs::read(journal)
            .ok()
            .filter(|b| b.len() >= last.len())
            .unwrap_or(last);
    }
    let _ = fs::remove_file(folder.join("cut.parquet"));
    assert!(
        last.split(|&b| b == b'\n').count() > 4,
        "a journal was seen"
    );
    last
}

#[test]
fn scores_are_json_by_the_proxies_names() {
    let folder = folder();
    let arguments = [
        "score",
        "nbmacro:00000000",
        "--proxies",
        "snip,depth",
        "--batch",
        "4",
        "--json",
        "-q",
        "--repeats",
        "2",
    ];
    let Run {
        stdout,
        code,
        stderr,
    } = run(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{stderr}");
    let document: Value = serde_json::from_str(&stdout).expect("JSON");
    let network = &document["networks"][0];
    assert_eq!(network["arch"], "nbmacro:00000000");
    // By hand: the stem, three strided convolutions, the head, the classifier.
    assert_eq!(network["scores"]["depth"].as_f64(), Some(6.0));
    assert!(network["scores"]["snip"].as_f64().expect("a score") > 0.0);
    assert!(network["deviations"]["snip"].as_f64().expect("a deviation") > 0.0);
    assert_eq!(document["recipe"]["data"], "noise");
}

#[test]
fn refusals_name_the_thing_and_write_nothing() {
    let folder = folder();
    scored(folder.path(), &[], "there.parquet");
    fs::write(folder.path().join("twice.txt"), "nb201#0\nnb201#0\n").expect("a list");
    for (arguments, code, words) in [
        (&["score"][..], 2, "no networks named"),
        (
            &["score", "nb201#0", "--proxies", "snipp"],
            4,
            "did you mean snip?",
        ),
        (&["score", "nb201#0", "--proxies", ""], 2, "name some"),
        (
            &["score", "nb201#0", "--data", "cifar12:x"],
            2,
            "no source of images",
        ),
        (
            &["score", "nb201#0", "--data", "cifar10:missing"],
            5,
            "missing",
        ),
        (
            &["score", "nb201#0", "--data", "x.safetensors"],
            5,
            "x.safetensors",
        ),
        (&["score", "nb201#0", "--batch", "0"], 2, "the batch is 0"),
        (
            &["score", "nb201#0", "--batch", "1"],
            2,
            "at least 2 images",
        ),
        (
            &["score", "nb201#0", "--batch", "8"],
            2,
            "at least 16 images",
        ),
        (
            &["score", "nb201#0", "--shard", "1/2"],
            2,
            "a shard is of a file",
        ),
        (&["score", "nb201#0", "--shard", "3/2"], 2, "I/N"),
        (&["score", "--from", "twice.txt"], 3, "stands twice"),
        (
            &["score", "--space", "nb201", "--count", "20000"],
            2,
            "15625",
        ),
        (&["score", "nb201#0", "--threads", "0"], 2, "0 threads"),
        (
            &["score", "nb201#0", "--augment"],
            2,
            "the source of augmented images is noise",
        ),
        (
            &["score", "nb201#0", "--weights", "w.safetensors"],
            5,
            "w.safetensors",
        ),
    ] {
        let ended = run(folder.path(), arguments);
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains(words),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(ended.stdout.is_empty(), "{arguments:?}");
    }
    let other =
        finish(
            nbzero(folder.path())
                .args(SCORE)
                .args(["--seed", "1", "-o", "there.parquet"]),
        );
    assert_eq!(other.code, Some(3));
    assert!(
        other.stderr.contains("seed: 0 there, 1 here"),
        "{}",
        other.stderr
    );
    let mut own = nbzero(folder.path());
    own.args(SCORE)
        .args(["--batch-per-network", "-o", "there.parquet"]);
    let own = finish(&mut own);
    assert_eq!(own.code, Some(3));
    let words = "batch_per_network: none there, drawn here";
    assert!(own.stderr.contains(words), "{}", own.stderr);
}

#[test]
fn a_file_of_scores_is_a_row_of_table_1_at_once() {
    let folder = folder();
    scored(folder.path(), &[], "mine.parquet");
    let beside = run(
        folder.path(),
        &[
            "evaluate",
            "mine.parquet",
            "--table",
            "nas-bench-macro",
            "--draws",
            "9",
            "--json",
        ],
    );
    assert_eq!(beside.code, Some(0), "{}", beside.stderr);
    let document: Value = serde_json::from_str(&beside.stdout).expect("JSON");
    // Eight networks of the list are of this table, four are not.
    assert_eq!(
        (&document["matched"], &document["pool"]),
        (&8.into(), &8.into())
    );
    assert_eq!(document["unmatched"].as_array().map(Vec::len), Some(4));
    assert!(document["scores"]["jacob_cov"]["kd"].is_number());

    let arguments = [
        "reproduce",
        "table1",
        "--table",
        "nas-bench-macro",
        "--scores",
        "mine.parquet",
        "--draws",
        "9",
        "--no-cache",
    ];
    let report = run(folder.path(), &arguments);
    assert_eq!(report.code, Some(0), "{}", report.stderr);
    // The embedded scores of the same names give way to these, so the pool is the eight networks.
    for name in ["snip", "synflow", "jacob_cov", "macs"] {
        let rows = rows_of(name, &folder.path().join("nbzero-report/table1"));
        let of_eight = |row: &String| row.contains(",8,\"raw values");
        assert!(rows.iter().any(of_eight), "{name}: {rows:?}");
    }

    let nowhere = [
        "reproduce",
        "--table",
        "nas-bench-macro",
        "--scores",
        "other.parquet",
    ];
    fs::write(
        folder.path().join("list.txt"),
        "nb201:111111\nnb201:000000\n",
    )
    .expect("a list");
    scored(folder.path(), &[], "other.parquet");
    let refused = run(folder.path(), &nowhere);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("has no network of any table"),
        "{}",
        refused.stderr
    );
}
