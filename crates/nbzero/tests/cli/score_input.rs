//! `score` on bad input and in bad circumstances: every refusal names the thing, and what was done is kept.

use std::fs;
use std::path::Path;

use nbz_data::cifar::PIXEL_BYTES;
use safetensors::tensor::{Dtype, TensorView, serialize};
use serde_json::Value;

use crate::run::run;

const NETWORK: &str = "nbmacro:00000000";

/// A file of eight images of a pattern, or of eight times the first of them.
fn write_images(path: &Path, labels: &[i64; 8], are_identical: bool) {
    let size = 3 * 32 * 32;
    let pixel = |i: usize| {
        let i = if are_identical { i % size } else { i };
        // A pseudo-random pattern: the lowest bits of squares modulo a prime.
        ((i % 10_007) * (i % 10_007) % 10_007) as f32 / 5000.0 - 1.0
    };
    let pixels: Vec<u8> = (0..8 * size).flat_map(|i| pixel(i).to_le_bytes()).collect();
    let labels: Vec<u8> = labels.iter().flat_map(|l| l.to_le_bytes()).collect();
    let images = TensorView::new(Dtype::F32, vec![8, 3, 32, 32], &pixels).expect("a tensor");
    let labels = TensorView::new(Dtype::I64, vec![8], &labels).expect("a tensor");
    let bytes = serialize([("images", images), ("labels", labels)], None).expect("bytes");
    fs::write(path, bytes).expect("a file");
}

/// `score` of one network by some proxies, on images of a source.
fn score(folder: &Path, proxies: &str, data: &str, more: &[&str]) -> crate::run::Run {
    let arguments = [
        &["score", NETWORK, "--batch", "8", "--ntk-batch", "8"][..],
        &[
            "--classes",
            "10",
            "--proxies",
            proxies,
            "--data",
            data,
            "-q",
        ],
        more,
    ];
    run(folder, &arguments.concat())
}

#[track_caller]
fn refuses(folder: &Path, proxies: &str, data: &str, code: i32, words: &[&str]) {
    let ended = score(folder, proxies, data, &[]);
    assert_eq!(ended.code, Some(code), "{}", ended.stderr);
    for words in words {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
    assert!(ended.stdout.is_empty());
}

#[test]
fn an_unknown_proxy_names_the_nearest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (typed, meant) in [
        ("jacobcov", "jacob_cov"),
        ("zenn", "zen"),
        ("snip,NTK", "ntk"),
    ] {
        let words = format!("did you mean {meant}?");
        refuses(folder.path(), typed, "noise", 4, &["unknown proxy", &words]);
    }
}

#[test]
fn a_batch_that_is_too_small_names_the_proxy_and_what_it_needs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (proxies, batch, words) in [
        (
            "snip,jacob_cov",
            "1",
            "jacob_cov needs at least 2 images, the batch has 1",
        ),
        (
            "snip,nwot,swap",
            "7",
            "swap needs at least 8 images, the batch has 7",
        ),
    ] {
        let ended = run(
            folder.path(),
            &[
                &["score", NETWORK, "--batch", batch, "--ntk-batch", "8"][..],
                &["--proxies", proxies],
            ]
            .concat(),
        );
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
}

#[test]
fn labels_of_one_class_are_refused_by_the_proxies_that_read_them() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_images(&folder.path().join("one.safetensors"), &[4; 8], false);
    let words = "snip needs labels of two classes, all are 4";
    refuses(
        folder.path(),
        "nwot,snip",
        "one.safetensors",
        3,
        &[words, "several classes"],
    );
    let ended = score(
        folder.path(),
        "nwot,jacob_cov,zen,ntk",
        "one.safetensors",
        &[],
    );
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn identical_images_and_dead_networks_are_nan_or_infinite_with_a_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let labels = [0, 1, 2, 3, 4, 5, 6, 7];
    write_images(&folder.path().join("same.safetensors"), &labels, true);
    let ended = score(
        folder.path(),
        "nwot,ntk,jacob_cov",
        "same.safetensors",
        &["--json"],
    );
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let network = &document["networks"][0];
    assert_eq!(network["scores"]["nwot"], "-inf");
    assert_eq!(network["reasons"]["nwot"], "singular_kernel");
    assert_eq!(network["scores"]["ntk"], Value::Null);
    assert_eq!(network["reasons"]["ntk"], "singular_gram");
    // Oracle: equal rows are perfectly correlated, so seven eigenvalues are 0 and one is 8:
    // -[7 (ln k + 1 / k) + ln(8 + k) + 1 / (8 + k)] with k = 1e-5.
    let jacob_cov = network["scores"]["jacob_cov"].as_f64().expect("a score");
    assert!((jacob_cov / -699_921.6 - 1.0).abs() < 1e-6, "{network}");

    // A cell without edges is dead: no image moves its logits, so there is no correlation.
    let dead = [
        "score",
        "nb201:111111",
        "--proxies",
        "jacob_cov,epe_nas",
        "--batch",
        "8",
    ];
    let ended = run(folder.path(), &[&dead[..], &["--json", "-q"]].concat());
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let network = &document["networks"][0];
    for name in ["jacob_cov", "epe_nas"] {
        assert_eq!(network["scores"][name], Value::Null);
        assert_eq!(network["reasons"][name], "degenerate_correlation");
    }
}

#[test]
fn images_that_are_missing_cut_off_or_mislabelled_are_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let file = at.join("data_batch_1.bin");
    refuses(at, "snip", "cifar10:nowhere", 5, &["cannot read nowhere"]);
    let empty = [
        ". holds no data_batch_1.bin of cifar10",
        "the binary release of cifar10",
    ];
    refuses(at, "snip", "cifar10:.", 4, &empty);
    let record = |label: u8| [vec![label], vec![7; PIXEL_BYTES]].concat();
    let two = [record(1), record(2)].concat();
    fs::write(&file, &two[..PIXEL_BYTES + 900]).expect("a file");
    let cut = [
        "data_batch_1.bin has 3972 bytes, 899 more than 1 whole records",
        "fetch it again",
    ];
    refuses(at, "snip", "cifar10:.", 3, &cut);
    fs::write(&file, [record(1), record(10)].concat()).expect("a file");
    let label = ["data_batch_1.bin: record 1 has label 10, but there are 10 classes"];
    refuses(at, "snip", "cifar10:.", 3, &label);
    fs::write(&file, two).expect("a file");
    let few = [
        "a batch of 8 images was asked for, but there are 2",
        "ask for at most 2",
    ];
    refuses(at, "snip", "cifar10:.", 2, &few);
    fs::write(&file, "").expect("a file");
    refuses(at, "snip", "cifar10:.", 3, &["data_batch_1.bin is empty"]);
    fs::write(at.join("x.safetensors"), "no tensors").expect("a file");
    refuses(
        at,
        "snip",
        "x.safetensors",
        3,
        &["x.safetensors is not a safetensors file"],
    );
}

#[test]
fn an_output_or_a_journal_of_another_recipe_is_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let output = ["-o", "scores.parquet"];
    assert_eq!(score(at, "params", "noise", &output).code, Some(0));
    let bytes = fs::read(at.join("scores.parquet")).expect("the scores");
    for (proxies, more, words) in [
        (
            "depth",
            &["--seed", "0"][..],
            "proxies: params there, depth here",
        ),
        ("params", &["--seed", "3"], "seed: 0 there, 3 here"),
        (
            "params",
            &["--winograd"],
            "device: none there, cpu-winograd here",
        ),
        (
            "params",
            &["--shard", "1/1", "--resolution", "16"],
            "resolution: 32 there, 16 here",
        ),
    ] {
        let ended = score(at, proxies, "noise", &[&output[..], more].concat());
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("write another file, or remove"),
            "{}",
            ended.stderr
        );
    }
    assert!(fs::read(at.join("scores.parquet")).expect("the scores") == bytes);
    fs::write(at.join("table.parquet"), "no table").expect("a file");
    let ended = score(at, "params", "noise", &["-o", "table.parquet"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    let ended = score(at, "params", "noise", &["-o", "nowhere/scores.parquet"]);
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("nowhere/scores.parquet.journal"),
        "{}",
        ended.stderr
    );
}

#[test]
fn what_does_not_fit_into_the_memory_allowed_is_refused_before_it_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let within = |limit: &str| {
        let arguments = [
            "score",
            NETWORK,
            "--classes",
            "10",
            "--proxies",
            "snip",
            "--max-memory",
            limit,
        ];
        run(
            folder.path(),
            &[&arguments[..], &["-o", "scores.parquet"]].concat(),
        )
    };
    // A batch of 64 needs 68 MiB, and less only by whole groups of 8 images.
    for (limit, words) in [
        ("1MiB", ["the limit is 1048576", "not even one image"]),
        ("20MiB", ["the limit is 20971520", "a batch of 8 would fit"]),
    ] {
        let ended = within(limit);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        for words in words {
            assert!(ended.stderr.contains(words), "{}", ended.stderr);
        }
    }
    assert!(!folder.path().join("scores.parquet.journal").exists());
    assert_eq!(within("80%").code, Some(0));
}

#[cfg(unix)]
mod unix {
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};

    use super::*;
    use crate::run::{finish, nbzero};

    const LIST: [&str; 3] = ["nbmacro:00000000", "nbmacro:10000000", "nbmacro:00100000"];

    /// Scores the list by params and by a program that waits at the second network until `go` is there.
    fn waiting(folder: &Path) -> Command {
        let script = r#"while IFS= read -r line; do
  case $line in *nbmacro:10000000*) until [ -e go ]; do echo waiting >&2; sleep 0.1; done;; esac
  id=${line#*\"id\":}
  echo "{\"id\": ${id%%,*}, \"score\": 2}"
done"#;
        fs::write(folder.join("wait.sh"), script).expect("a script");
        let mut command = nbzero(folder);
        command
            .arg("score")
            .args(LIST)
            .args(["--proxies", "params", "--batch", "2", "--threads", "1"])
            .args(["--proxy", "cmd:sh wait.sh", "-o", "scores.parquet"]);
        command
    }

    /// Starts it and comes back once it waits.
    fn started(folder: &Path) -> Child {
        let mut child = waiting(folder)
            .stderr(Stdio::piped())
            .spawn()
            .expect("a start");
        let words = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut lines = words.lines().map(|l| l.expect("a line"));
        assert!(lines.any(|line| line == "waiting"));
        // Whoever writes to a pipe that nobody reads fails: read on.
        std::thread::spawn(move || lines.for_each(drop));
        child
    }

    #[test]
    fn two_processes_on_one_output_do_not_meet() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut first = started(folder.path());
        let second = finish(&mut waiting(folder.path()));
        assert_eq!(second.code, Some(5), "{}", second.stderr);
        let words = "another process is writing `scores.parquet`";
        assert!(second.stderr.contains(words), "{}", second.stderr);
        fs::write(folder.path().join("go"), "").expect("a file");
        assert_eq!(first.wait().expect("an end").code(), Some(0));
        let again = finish(&mut waiting(folder.path()));
        assert_eq!(again.code, Some(0), "{}", again.stderr);
        assert!(
            again.stderr.contains("holds these 3 networks already"),
            "{}",
            again.stderr
        );
    }

    #[test]
    fn after_ctrl_c_the_same_command_ends_with_the_same_bytes() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = folder.path();
        let mut first = started(at);
        let kill = Command::new("kill")
            .args(["-INT", &first.id().to_string()])
            .status();
        assert!(kill.expect("kill runs").success());
        assert_eq!(first.wait().expect("an end").code(), Some(130));
        assert!(!at.join("scores.parquet").exists());
        fs::write(at.join("go"), "").expect("a file");
        let ended = finish(&mut waiting(at));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("scored 2 networks"),
            "{}",
            ended.stderr
        );
        let resumed = fs::read(at.join("scores.parquet")).expect("the scores");
        fs::remove_file(at.join("scores.parquet")).expect("the file can go");
        assert_eq!(finish(&mut waiting(at)).code, Some(0));
        assert!(fs::read(at.join("scores.parquet")).expect("the scores") == resumed);
    }

    /// Needs a file system of its own, which only root may mount.
    #[cfg(target_os = "linux")]
    #[test]
    #[expect(clippy::print_stdout, reason = "a skipped test says why")]
    fn on_a_full_disk_what_was_scored_is_kept_and_the_same_command_goes_on() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let disk = folder.path().join("disk");
        fs::create_dir(&disk).expect("a mount point");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(&disk)
            .stderr(Stdio::null())
            .status();
        if !mount.is_ok_and(|status| status.success()) {
            println!("skipped: no file system can be mounted here");
            return;
        }
        let ballast = disk.join("ballast");
        fs::write(&ballast, vec![0; 60 << 10]).expect("a file");
        let arguments = [
            "score",
            "--space",
            "nbmacro",
            "--count",
            "60",
            "--proxies",
            "params",
        ];
        let more = ["--batch", "2", "-o", "disk/scores.parquet"];
        let score = || run(folder.path(), &[&arguments[..], &more].concat());
        let full = score();
        let journal = fs::read_to_string(disk.join("scores.parquet.journal"));
        let removed = fs::remove_file(&ballast);
        let ended = score();
        let whole = fs::read(disk.join("scores.parquet"));
        let unmounted = Command::new("umount").arg(&disk).status();
        assert!(unmounted.is_ok_and(|status| status.success()));
        removed.expect("the ballast can go");
        assert_eq!(full.code, Some(5), "{}", full.stderr);
        assert!(
            full.stderr.contains("the disk is full: make room"),
            "{}",
            full.stderr
        );
        let kept = journal.expect("a journal").matches("\"place\":").count();
        assert!((1..60).contains(&kept), "{kept} networks were kept");
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let elsewhere = [&arguments[..], &["--batch", "2", "-o", "elsewhere.parquet"]].concat();
        assert_eq!(run(folder.path(), &elsewhere).code, Some(0));
        let elsewhere = fs::read(folder.path().join("elsewhere.parquet"));
        assert!(whole.expect("the scores") == elsewhere.expect("the scores"));
    }
}

#[test]
fn a_table_is_not_written_under_the_name_of_another_format() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    fs::write(at.join("in.csv"), "arch,acc\nnbmacro:00000000,90\n").expect("a table");
    for (name, code) in [
        ("out.csv", Some(2)),
        ("out.json", Some(2)),
        ("out", Some(2)),
        ("out.PARQUET", Some(0)),
    ] {
        let scored = score(at, "params", "noise", &["-o", name]);
        assert_eq!(scored.code, code, "{name}: {}", scored.stderr);
        assert_eq!(at.join(name).exists(), code == Some(0), "{name}");
    }
    for arguments in [
        &["score", NETWORK, "--proxies", "params", "-o", "out.csv"][..],
        &["merge", "out.PARQUET", "-o", "out.csv"],
        &["import", "in.csv", "--name", "mine", "-o", "out.csv"],
        &["collect", "runs", "-o", "out.csv"],
    ] {
        let refused = run(at, arguments);
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.stderr);
        for words in [
            "error: a table is written as Parquet, `out.csv` is not named so",
            "hint: write out.parquet; `nbzero export out.parquet -o FILE.csv` makes CSV of it",
        ] {
            assert!(
                refused.stderr.contains(words),
                "{arguments:?}: {}",
                refused.stderr
            );
        }
        assert!(!at.join("out.csv").exists());
    }
    let device = run(
        at,
        &["import", "in.csv", "--name", "mine", "-o", "/dev/null"],
    );
    assert_eq!(
        device.code,
        Some(0),
        "devices are called as they are: {}",
        device.stderr
    );
}

#[test]
fn counts_of_one_and_lists_of_none_are_told_in_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let arguments = [
        "score",
        NETWORK,
        "--proxies",
        "params",
        "--batch",
        "1",
        "-o",
        "one.parquet",
    ];
    let scored = run(at, &arguments);
    assert_eq!(scored.code, Some(0), "{}", scored.stderr);
    for words in ["with 1 proxy, 1 image of noise", "scored 1 network in"] {
        assert!(scored.stderr.contains(words), "{}", scored.stderr);
    }
    let again = run(at, &arguments);
    let words = "one.parquet holds this 1 network already";
    assert!(again.stderr.contains(words), "{}", again.stderr);
    let merged = run(at, &["merge", "one.parquet", "-o", "merged.parquet"]);
    let words = "wrote merged.parquet, 1 network of 1 shard\n";
    assert!(merged.stderr.contains(words), "{}", merged.stderr);

    fs::write(at.join("none.txt"), "# nothing\n\n").expect("a list");
    for arguments in [
        &["score", "--space", "nbmacro", "--count", "0"][..],
        &[
            "train", "--list", "none.txt", "--data", "noise", "-o", "trained",
        ],
    ] {
        let refused = run(at, arguments);
        assert_eq!(refused.code, Some(2), "{arguments:?}: {}", refused.stderr);
        for words in [
            "error: no networks are named",
            "hint: name at least one: the count may be 0",
        ] {
            assert!(refused.stderr.contains(words), "{}", refused.stderr);
        }
    }
}
