//! `plan`, `check`, `work`, `status`, `retry`, `collect`: one machine's bytes, whatever happens on the way.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::run::{finish, nbzero, run};
use crate::train;

/// Small networks of one pass each.
const HOW: [&str; 4] = ["--proxies", "snip,params", "--batch", "2"];
/// Workers that are soon taken for dead.
const PACE: [&str; 4] = ["--heartbeat", "0.05", "--patience", "1"];

/// Plans so many networks into `plan`.
fn planned(folder: &Path, count: usize, parts: usize) {
    let (count, parts) = (count.to_string(), parts.to_string());
    let mut plan = nbzero(folder);
    plan.args([
        "plan", "--spaces", "nbmacro", "--counts", &count, "-o", "plan", "--parts", &parts,
    ]);
    let planned = finish(plan.args(HOW));
    assert_eq!(planned.code, Some(0), "{}", planned.stderr);
}

fn worker(folder: &Path, shard: &str) -> Command {
    let mut command = nbzero(folder);
    command.args([
        "work",
        "--plan",
        "plan",
        "-o",
        "runs",
        "--threads",
        "1",
        "--shard",
        shard,
    ]);
    command
        .args(PACE)
        .stderr(Stdio::piped())
        .stdout(Stdio::null());
    command
}

/// What `score` writes of the same networks.
fn scored(folder: &Path, count: usize) -> Vec<u8> {
    let mut score = nbzero(folder);
    score.args(["score", "--space", "nbmacro", "-q", "-o", "scored.parquet"]);
    let ended = finish(score.args(HOW).args(["--count", &count.to_string()]));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    fs::read(folder.join("scored.parquet")).expect("scores")
}

pub(crate) fn collected(folder: &Path) -> Vec<u8> {
    let ended = run(
        folder,
        &["collect", "runs", "-o", "collected.parquet", "-q"],
    );
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    fs::read(folder.join("collected.parquet")).expect("a table")
}

pub(crate) fn status(folder: &Path) -> Value {
    let ended = run(folder, &["status", "runs", "--json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).expect("JSON")
}

#[test]
fn the_journey_ends_with_the_bytes_of_score() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, 12, 5);
    let checked = run(at, &["check", "plan", "--seconds", "0.1", "--json"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    let checked: Value = serde_json::from_str(&checked.stdout).expect("JSON");
    assert_eq!(checked["units"], 12);
    assert!(
        checked["core_hours"]
            .as_f64()
            .is_some_and(|hours| hours > 0.0)
    );
    assert!(
        checked["memory_bytes"]
            .as_u64()
            .is_some_and(|bytes| bytes > 100_000)
    );
    assert!(!at.join("runs").exists(), "check has written");
    // N differs from start to start.
    for shard in ["2/3", "1/5"] {
        let mut own = worker(at, shard);
        let ended = finish(own.arg("--own-only"));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let halfway = status(at);
    let done = halfway["done"].as_u64().expect("a number");
    assert!((1..12).contains(&done), "{halfway}");
    assert_eq!(halfway["missing"].as_u64(), Some(12 - done));
    let early = run(at, &["collect", "runs", "-o", "early.parquet"]);
    assert_eq!(early.code, Some(3));
    assert!(
        early.stderr.contains("of 5 parts are there"),
        "{}",
        early.stderr
    );
    assert_eq!(finish(&mut worker(at, "1/1")).code, Some(0));
    assert_eq!(status(at)["done"], 12);
    assert!(collected(at) == scored(at, 12));
}

/// Oracle: the bytes of `train --list`.
#[test]
fn trainings_stopped_and_killed_end_with_the_bytes_of_train() {
    let folder = train::folder();
    let at = folder.path();
    fs::write(at.join("list.txt"), "nbmacro:00000000\nnbmacro:10000000\n").expect("a list");
    let recipe = ["--set", "epochs=2", "--set", "batch=16"];
    let mut alone = nbzero(at);
    alone.args([
        "train",
        "--list",
        "list.txt",
        "--data",
        "cifar10:.",
        "-q",
        "--repeats",
        "2",
    ]);
    let alone = finish(alone.args(recipe).args(["-o", "alone"]));
    assert_eq!(alone.code, Some(0), "{}", alone.stderr);
    let mut plan = nbzero(at);
    plan.args([
        "plan",
        "--task",
        "train",
        "--from",
        "list.txt",
        "--data",
        "cifar10:.",
    ]);
    let plan = finish(plan.args(recipe).args(["--seeds", "2", "-o", "plan"]));
    assert_eq!(plan.code, Some(0), "{}", plan.stderr);
    let checked = run(at, &["check", "plan", "--seconds", "0.1"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    let mut kills = 0;
    for _ in 0..6 {
        let mut command = worker(at, "1/1");
        let mut child = command
            .args(["--checkpoint-every", "0"])
            .spawn()
            .expect("a worker");
        let before = files(&at.join("runs/trainings"));
        while files(&at.join("runs/trainings")) == before
            && child.try_wait().expect("a worker").is_none()
        {
            moment();
        }
        kills += u32::from(child.try_wait().expect("a worker").is_none());
        kill(&mut child);
    }
    assert!(kills > 2, "{kills} kills");
    let ended = finish(&mut worker(at, "1/1"));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let whole = fs::read(at.join("alone/table.parquet")).expect("a table");
    assert!(collected(at) == whole);
    let curves = fs::read(at.join("collected.curves.parquet")).expect("curves");
    assert!(curves == fs::read(at.join("alone/curves.parquet")).expect("curves"));
    // A damaged file of a training is found, and the training done again.
    let trained = at.join("runs/trainings/000001.1");
    for name in ["weights.safetensors", "result.json"] {
        fs::write(trained.join(name), "no more").expect("a file");
        let refused = run(at, &["collect", "runs", "-o", "no.parquet"]);
        assert_eq!(refused.code, Some(3), "{}", refused.stderr);
        assert!(refused.stderr.contains(name), "{}", refused.stderr);
        let again = run(at, &["retry", "runs", "--missing"]);
        assert!(
            again.stderr.contains("1 unit is to be done again"),
            "{}",
            again.stderr
        );
        assert_eq!(finish(&mut worker(at, "1/1")).code, Some(0));
        assert!(collected(at) == whole);
    }
}

/// Names and sizes below a folder.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, u64)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((path, entry.metadata().map_or(0, |m| m.len())));
        }
    }
    all.sort();
    all
}

/// Leaves the processor to the workers between two looks at the disk.
pub(crate) fn moment() {
    std::thread::park_timeout(std::time::Duration::from_millis(2));
}

fn kill(child: &mut Child) {
    child.kill().expect("SIGKILL");
    child.wait().expect("the worker ends");
}

/// 200 kills of three workers, two of them on one shard, N drawn anew each time.
#[test]
fn two_hundred_kills_lose_nothing_and_do_nothing_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, 300, 90);
    let parts = at.join("runs");
    let mut workers: Vec<Child> = Vec::new();
    // A linear congruence: the test's own dice (Knuth's MMIX).
    let mut dice = 7_u64;
    let mut roll = |below: u64| {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % below
    };
    let (mut kills, mut ended) = (0, 0);
    while kills < 200 && ended < 20 {
        while workers.len() < 3 {
            let of = 1 + roll(9);
            let shard = format!("{}/{of}", 1 + roll(of));
            let twice = workers.is_empty();
            workers.push(worker(at, &shard).spawn().expect("a worker"));
            if twice {
                workers.push(worker(at, &shard).spawn().expect("a worker"));
            }
        }
        // A moment: until something has changed so many times.
        let mut seen = files(&parts);
        for _ in 0..=roll(3) {
            while files(&parts) == seen
                && workers
                    .iter_mut()
                    .all(|w| w.try_wait().expect("a worker").is_none())
            {
                moment();
            }
            seen = files(&parts);
        }
        let mut victim = workers.swap_remove(roll(3) as usize);
        if let Some(status) = victim.try_wait().expect("a worker") {
            assert_eq!(status.code(), Some(0));
            ended += 1;
        } else {
            kill(&mut victim);
            kills += 1;
        }
    }
    workers.iter_mut().for_each(kill);
    assert!(kills >= 100, "the work was done after {kills} kills");
    let last = finish(&mut worker(at, "1/1"));
    assert_eq!(last.code, Some(0), "{}", last.stderr);
    assert_eq!(status(at)["done"], 300);
    assert_eq!(files(&at.join("runs/claims")), []);
    assert!(collected(at) == scored(at, 300));
}

#[cfg(unix)]
#[test]
fn told_to_stop_a_worker_ends_with_85_and_the_next_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, 60, 3);
    for signal in ["USR1", "TERM"] {
        let mut child = worker(at, "1/1").spawn().expect("a worker");
        let before = files(&at.join("runs/open"));
        while files(&at.join("runs/open")) == before {
            assert!(child.try_wait().expect("a worker").is_none(), "it ended");
        }
        let id = child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        assert_eq!(child.wait().expect("a worker").code(), Some(85), "{signal}");
        assert_eq!(files(&at.join("runs/claims")), [], "a claim is held");
    }
    assert_eq!(finish(&mut worker(at, "1/1")).code, Some(0));
    assert!(collected(at) == scored(at, 60));
}

/// Needs a file system of its own, which only root may mount.
#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says why")]
fn a_full_disk_loses_nothing_and_a_vanished_folder_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, 24, 6);
    fs::create_dir(at.join("runs")).expect("a mount point");
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=32k", "tmpfs", "runs"])
        .current_dir(at)
        .stderr(Stdio::null())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        println!("skipped: no file system can be mounted here");
        return;
    }
    let full = finish(&mut worker(at, "1/1"));
    let grown = Command::new("mount")
        .args(["-o", "remount,size=4m", "runs"])
        .current_dir(at)
        .status();
    let ended = finish(&mut worker(at, "1/1"));
    let copied = Command::new("cp")
        .args(["-r", "runs", "saved"])
        .current_dir(at)
        .status();
    let unmounted = Command::new("umount").arg("runs").current_dir(at).status();
    for done in [grown, copied, unmounted] {
        assert!(done.is_ok_and(|status| status.success()));
    }
    assert_eq!(full.code, Some(5), "{}", full.stderr);
    assert!(full.stderr.contains("the disk is full"), "{}", full.stderr);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    fs::remove_dir(at.join("runs")).expect("the mount point");
    fs::rename(at.join("saved"), at.join("runs")).expect("a folder");
    assert!(collected(at) == scored(at, 24));
    // The folder goes while a worker is at work.
    fs::remove_dir_all(at.join("runs")).expect("a folder");
    let mut child = worker(at, "1/1").spawn().expect("a worker");
    while files(&at.join("runs/open")).is_empty() {
        assert!(child.try_wait().expect("a worker").is_none(), "it ended");
    }
    fs::rename(at.join("runs"), at.join("gone")).expect("a folder");
    assert_eq!(child.wait().expect("a worker").code(), Some(5));
    fs::rename(at.join("gone"), at.join("runs")).expect("a folder");
    assert_eq!(finish(&mut worker(at, "1/1")).code, Some(0));
    assert!(collected(at) == scored(at, 24));
}

/// A user without the right to write, where the tests run as one who may become another.
#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says why")]
fn without_permission_to_write_the_folder_is_named_and_nothing_is_begun() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, 4, 2);
    fs::create_dir(at.join("runs")).expect("a folder");
    for name in [".", "runs", "plan"] {
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(at.join(name), mode).expect("a mode");
    }
    let nobody = |arguments: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(env!("CARGO_BIN_EXE_nbzero")).args(arguments);
        finish(command.current_dir(at))
    };
    if nobody(&["--version"]).code != Some(0) {
        println!("skipped: the tests cannot start the program as another user");
        return;
    }
    let work = ["work", "--plan", "plan", "-o", "runs", "-q"];
    for arguments in [
        &work[..],
        &[
            "plan", "--spaces", "nbmacro", "--counts", "4", "-o", "other",
        ],
        &[
            "submit", "--plan", "plan", "-o", "runs", "--engine", "local",
        ],
    ] {
        let ended = nobody(arguments);
        assert_eq!(ended.code, Some(5), "{arguments:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("ermission denied"),
            "{arguments:?}: {}",
            ended.stderr
        );
    }
    assert!(files(&at.join("runs")).is_empty());
    // Runs that others have made can be looked at.
    assert_eq!(run(at, &work).code, Some(0));
    let looked = nobody(&["status", "runs", "--json"]);
    assert_eq!(looked.code, Some(0), "{}", looked.stderr);
    let ended = nobody(&["retry", "runs", "--missing"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn what_is_wrong_is_named_with_its_code() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    planned(at, 4, 2);
    let refused = |arguments: &[&str], code: i32, words: &str| {
        let ended = run(at, arguments);
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains(words),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(ended.stdout.is_empty());
    };
    let work =
        |more: &[&'static str]| [&["work", "--plan", "plan", "-o", "runs"][..], more].concat();
    refused(
        &["work", "--plan", "nothing", "-o", "runs"],
        4,
        "`nothing` holds no plan",
    );
    refused(&work(&["--shard", "5/4"]), 2, "`5/4` is not a shard");
    refused(&work(&["--patience", "0"]), 2, "patience of 0 s");
    refused(&["status", "plan"], 4, "is no folder of runs");
    refused(
        &["plan", "--spaces", "nbmakro", "-o", "p"],
        4,
        "did you mean `nbmacro`?",
    );
    refused(&["retry", "runs"], 2, "--failed|--missing");
    refused(
        &[
            "submit", "--plan", "plan", "-o", "runs", "--engine", "slrum",
        ],
        4,
        "did you mean `slurm`?",
    );
    refused(
        &["plan", "--spaces", "r1", "--counts", "1,2", "-o", "p"],
        2,
        "2 counts for 1 spaces",
    );
    refused(
        &["plan", "--spaces", "r1", "--recipe", "nbz12", "-o", "p"],
        2,
        "--recipe is of trainings",
    );
    refused(
        &["plan", "--spaces", "r1,r1", "--counts", "3,3", "-o", "p"],
        3,
        "stands twice",
    );
    refused(
        &[
            "plan", "--spaces", "nbmacro", "--counts", "4", "--parts", "9", "-o", "p",
        ],
        2,
        "1 up to the number of units",
    );
    refused(
        &["plan", "--task", "train", "--spaces", "nbmacro", "-o", "p"],
        2,
        "no source of training",
    );
    // Other images than the plan's.
    fs::write(at.join("other.safetensors"), two_images()).expect("images");
    refused(&work(&["--data", "other.safetensors"]), 3, "batch_digest");
    // Runs of another plan.
    let other = run(
        at,
        &[
            "plan", "--spaces", "nbmacro", "--counts", "3", "-o", "other",
        ],
    );
    assert_eq!(other.code, Some(0), "{}", other.stderr);
    assert_eq!(run(at, &work(&["-q"])).code, Some(0));
    refused(
        &["work", "--plan", "other", "-o", "runs"],
        3,
        "is of another plan",
    );
    // A plan that was edited.
    let path = at.join("plan/plan.toml");
    let text = fs::read_to_string(&path).expect("a plan");
    fs::write(&path, text.replace("batch = 2", "batch = 3")).expect("a plan");
    refused(&work(&[]), 3, "was changed after it was made");
}

/// Two grey images of CIFAR-10's form as a safetensors file.
fn two_images() -> Vec<u8> {
    use safetensors::tensor::{Dtype, TensorView};
    let pixels = vec![0; 2 * 3072 * 4];
    let labels: Vec<u8> = [0_i64, 1]
        .iter()
        .flat_map(|label| label.to_le_bytes())
        .collect();
    let images = TensorView::new(Dtype::F32, vec![2, 3, 32, 32], &pixels).expect("a tensor");
    let labels = TensorView::new(Dtype::I64, vec![2], &labels).expect("a tensor");
    safetensors::serialize([("images", images), ("labels", labels)], None).expect("a file")
}
