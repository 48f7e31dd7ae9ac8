//! `score --proxy cmd:...`: the user's own proxy, whatever it does.
//!
//! The programs are shell scripts, so that nothing but a system with `sh` is needed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nbz_space::{Arch, Dataset, Op};
use nbz_table::Table;
use serde_json::Value;

use crate::run::{Run, finish, nbzero, rows_of, run};

const LIST: [&str; 6] = [
    "nbmacro:00000000",
    "nbmacro:10000000",
    "nbmacro:00100000",
    "nbmacro:10100000",
    "nbmacro:00100100",
    "nb201:212043",
];

/// Answers with the number of convolutions, once both files are there.
const CONVOLUTIONS: &str = r#"
field() { rest=${line#*\"$1\":}; rest=${rest#\"}; rest=${rest%%,*}; rest=${rest%%\}*}; echo "${rest%\"}"; }
while IFS= read -r line; do
  test -s "$(field weights)" && test -s "$(field batch)" || exit 9
  count=$(printf '%s' "$line" | grep -o '"op":"conv"' | wc -l)
  echo "{\"id\": $(field id), \"score\": $((count))}"
done
"#;

/// The same, but a branch for every arch that `cases` names.
fn with_cases(cases: &str) -> String {
    let looked = format!("read -r line; do\n  case $line in\n{cases}\n  esac");
    CONVOLUTIONS.replace("read -r line; do", &looked)
}

fn folder(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("list.txt"), LIST.join("\n")).expect("a list");
    fs::write(folder.path().join("own.sh"), script).expect("a script");
    fs::create_dir(folder.path().join("tmp")).expect("a folder for tensors");
    folder
}

/// `score` of the list by the script, ready for more arguments; its tensors go to `tmp`.
fn score(folder: &Path) -> Command {
    let mut command = nbzero(folder);
    command
        .env("TMPDIR", folder.join("tmp"))
        .args(["score", "--from", "list.txt", "--batch", "4"])
        .args(["--dataset", "cifar10", "--proxy", "cmd:sh own.sh"]);
    command
}

fn scored(folder: &Path, more: &[&str]) -> Run {
    let ended = finish(score(folder).args(more));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(tensors(folder), Vec::<PathBuf>::new());
    ended
}

/// What lies in the folder for tensors.
fn tensors(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("tmp")).expect("a folder");
    entries.map(|e| e.expect("an entry").path()).collect()
}

fn json(ended: &Run) -> Value {
    serde_json::from_str(&ended.stdout).expect("JSON")
}

/// Oracle: the convolutions of the layer graph.
fn convolutions(arch: &str) -> f64 {
    let arch: Arch = arch.parse().expect("an architecture");
    let network = arch.network(Dataset::Cifar10);
    let count = network.layers().iter();
    count.filter(|l| matches!(l.op, Op::Conv(_))).count() as f64
}

#[test]
fn its_scores_stand_beside_the_others_with_the_same_bytes_however_the_run_went() {
    let folder = folder(CONVOLUTIONS);
    let at = folder.path();
    let more = ["--proxies", "params", "--smaller", "own"];
    scored(
        at,
        &[&more[..], &["-o", "one.parquet", "--threads", "1"]].concat(),
    );
    scored(
        at,
        &[&more[..], &["-o", "two.parquet", "--threads", "3"]].concat(),
    );
    let bytes = |name: &str| fs::read(at.join(name)).expect("a file");
    assert!(bytes("one.parquet") == bytes("two.parquet"));
    for shard in ["1/2", "2/2"] {
        let output = format!("shard-{}.parquet", &shard[..1]);
        scored(
            at,
            &[&more[..], &["-o", &output, "--shard", shard]].concat(),
        );
    }
    let shards = [
        "merge",
        "shard-2.parquet",
        "shard-1.parquet",
        "-o",
        "merged.parquet",
    ];
    assert_eq!(run(at, &shards).code, Some(0));
    assert!(bytes("one.parquet") == bytes("merged.parquet"));

    let table = Table::open(&at.join("one.parquet")).expect("the scores");
    let column = table.column_f64("own").expect("a column");
    for (row, arch) in LIST.iter().enumerate() {
        assert_eq!(column.get(row), Some(convolutions(arch)), "{arch}");
    }
    let info = table.columns().iter().find(|c| c.name == "own");
    let info = info.expect("a column");
    assert_eq!(info.direction, nbz_table::Direction::Smaller);
    assert_eq!(info.meaning, "score by `sh own.sh`");
    assert!(table.column_f64("params").is_ok());

    let beside = [
        "evaluate",
        "one.parquet",
        "--table",
        "nas-bench-macro",
        "--draws",
        "9",
        "--json",
    ];
    let row = json(&run(at, &beside));
    assert!(row["scores"]["own"]["kd"].is_number());
    let report = [
        "reproduce",
        "table1",
        "--table",
        "nas-bench-macro",
        "--scores",
        "one.parquet",
    ];
    let ended = run(at, &[&report[..], &["--draws", "9", "--no-cache"]].concat());
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(rows_of("own", &at.join("nbzero-report/table1")).len(), 1);
}

#[test]
fn everything_that_is_no_score_is_nan_with_its_reason_and_the_next_network_is_scored() {
    let folder = folder(&with_cases(
        r#"    *nbmacro:10000000*) echo "{\"id\": $(field id), \"error\": \"not this one\"}"; continue;;
    *nbmacro:00100000*) echo 'a word of its own' >&2; echo 'loading'; continue;;
    *nbmacro:10100000*) exit 3;;
    *nbmacro:00100100*) echo '{"id": 77, "score": 1}'; continue;;
    *nbmacro:10100100*) echo "{\"id\": $(field id), \"score\": NaN}"; continue;;"#,
    ));
    let at = folder.path();
    let archs = [&LIST[..5], &["nbmacro:10100100", LIST[5]]].concat();
    fs::write(at.join("list.txt"), archs.join("\n")).expect("a list");
    let ended = scored(at, &["--threads", "1", "--json"]);
    let document = json(&ended);
    let reasons: Vec<&str> = (0..archs.len())
        .map(|at| {
            document["networks"][at]["reasons"]["own"]
                .as_str()
                .unwrap_or("none")
        })
        .collect();
    let expected = [
        "none",
        "program_error",
        "garbage",
        "died",
        "wrong_id",
        "not_finite",
        "none",
    ];
    assert_eq!(reasons, expected);
    for (at, (arch, reason)) in archs.iter().zip(expected).enumerate() {
        let found = document["networks"][at]["scores"]["own"].as_f64();
        assert_eq!(
            found,
            (reason == "none").then(|| convolutions(arch)),
            "{arch}"
        );
    }
    assert!(ended.stderr.contains("a word of its own"));
    assert!(
        ended
            .stderr
            .contains("warning: own on nbmacro:10000000: not this one\n"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("and on 1 more"), "{}", ended.stderr);

    scored(at, &["--threads", "1", "-o", "scores.parquet", "-q"]);
    let table = Table::open(&at.join("scores.parquet")).expect("the scores");
    let column = table.column_f64("own").expect("a column");
    let reasons = table.column_text("reasons").expect("a column");
    let runs = Table::open(&at.join("scores.runs.parquet")).expect("the runs");
    let messages = runs.column_text("messages").expect("a column");
    for (row, reason) in expected.iter().enumerate() {
        let is_nan = column.get(row).expect("no score is missing").is_nan();
        assert_eq!(is_nan, *reason != "none", "{row}: {:?}", messages.text(row));
        let said = reasons.text(row);
        assert_eq!(said, is_nan.then(|| format!("own:{reason}")).as_deref());
    }
    assert_eq!(messages.text(3), Some("own: exit status: 3"));
}

#[test]
fn silence_ends_at_the_limit_and_the_next_network_is_scored() {
    let folder = folder(
        r#"while IFS= read -r line; do
  case $line in *nbmacro:00000000*) sleep 60;; esac
  id=${line#*\"id\":}
  echo "{\"id\": ${id%%,*}, \"score\": 2}"
done"#,
    );
    let at = folder.path();
    fs::write(at.join("list.txt"), LIST[..2].join("\n")).expect("a list");
    // Long enough for any machine to answer what is answered at once.
    let more = ["--threads", "1", "--proxy-timeout", "10", "-o"];
    let ended = scored(at, &[&more[..], &["scores.parquet"]].concat());
    let words = "own on nbmacro:00000000: no answer in 10s";
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
    let table = Table::open(&at.join("scores.parquet")).expect("the scores");
    let column = table.column_f64("own").expect("a column");
    assert!(column.get(0).expect("no score is missing").is_nan());
    assert_eq!(column.get(1), Some(2.0));
    let reasons = table.column_text("reasons").expect("a column");
    assert_eq!(reasons.text(0), Some("own:timed_out"));
}

#[test]
fn a_program_that_ends_between_networks_is_started_again() {
    // It answers one request and ends.
    let folder = folder(&CONVOLUTIONS.replace("\ndone", "\n  exit 0\ndone"));
    let ended = scored(folder.path(), &["--threads", "1", "--json"]);
    let document = json(&ended);
    for (at, arch) in LIST.iter().enumerate() {
        let found = document["networks"][at]["scores"]["own"].as_f64();
        assert_eq!(found, Some(convolutions(arch)));
    }
    assert!(
        ended.stderr.contains("was started again"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_program_that_never_works_is_an_error_that_leaves_nothing_in_the_way() {
    let folder = folder("echo 'no module named torch' >&2\nexit 1\n");
    let at = folder.path();
    let ended = finish(score(at).args(["-o", "scores.parquet"]));
    assert_eq!(ended.code, Some(1));
    for words in [
        "no module named torch",
        "before it ever answered",
        "exit status: 1",
    ] {
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    }
    assert!(!at.join("scores.parquet").exists());
    let missing = [
        "score",
        LIST[0],
        "--proxy",
        "cmd:./missing",
        "-o",
        "scores.parquet",
    ];
    let ended = run(at, &missing);
    assert_eq!(ended.code, Some(4));
    assert!(
        ended.stderr.contains("cannot start `./missing`"),
        "{}",
        ended.stderr
    );
    // Mended, it begins anew although both have begun a journal.
    fs::write(at.join("own.sh"), CONVOLUTIONS).expect("a script");
    scored(at, &["-o", "scores.parquet"]);
}

#[test]
fn another_command_or_a_changed_script_is_another_recipe() {
    let folder = folder(CONVOLUTIONS);
    let at = folder.path();
    scored(at, &["-o", "scores.parquet"]);
    scored(at, &["-o", "scores.parquet", "--proxy-timeout", "60"]);
    let refused = |command: &mut Command| {
        let ended = finish(command.args(["-o", "scores.parquet"]));
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("programs: (command sh own.sh"),
            "{}",
            ended.stderr
        );
    };
    refused(score(at).args(["--smaller", "own"]));
    fs::write(at.join("own.sh"), format!("{CONVOLUTIONS}# changed")).expect("a script");
    refused(&mut score(at));
    let other = [
        "score",
        "--from",
        "list.txt",
        "--batch",
        "4",
        "--dataset",
        "cifar10",
    ];
    refused(
        nbzero(at)
            .args(other)
            .args(["--proxy", "cmd:sh own.sh --more"]),
    );
}

#[test]
fn repeats_ask_again_with_the_seed_of_each_draw() {
    let seeds = CONVOLUTIONS.replace("$((count))", "$(field seed)");
    let folder = folder(&seeds);
    let more = ["--repeats", "2", "--seed", "4", "--json", "-q"];
    let document = json(&scored(folder.path(), &more));
    let network = &document["networks"][0];
    // Oracle: mean and deviation of 4 and 5.
    assert_eq!(network["scores"]["own"].as_f64(), Some(4.5));
    assert_eq!(network["deviations"]["own"].as_f64(), Some(0.5_f64.sqrt()));
}

#[test]
fn ctrl_c_kills_the_program_and_what_it_started_and_keeps_no_score_of_it() {
    let folder = folder(&with_cases(
        "    *nbmacro:10000000*) echo busy > busy; sleep 20; echo alive > survived;;",
    ));
    let at = folder.path();
    let mut child = score(at)
        .args(["-o", "scores.parquet", "--threads", "1"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    while !at.join("busy").exists() {
        assert!(
            child.try_wait().expect("a status").is_none(),
            "it ended early"
        );
        std::thread::yield_now();
    }
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.expect("kill starts").success());
    // Standard error closes only when nothing that inherited it lives.
    let ended = child.wait_with_output().expect("an end");
    assert_eq!(ended.status.code(), Some(130));
    assert!(
        !at.join("survived").exists(),
        "the program outlived its user"
    );
    assert_eq!(tensors(at), Vec::<PathBuf>::new());
    let journal = fs::read_to_string(at.join("scores.parquet.journal")).expect("a journal");
    assert_eq!(journal.matches("\"place\":").count(), 1, "{journal}");
}

#[test]
fn names_that_clash_or_are_unknown_are_refused() {
    let folder = folder(CONVOLUTIONS);
    let at = folder.path();
    for (arguments, code, words) in [
        (
            &["--proxy", "cmd:sh own.sh"][..],
            2,
            "cannot be called `own`",
        ),
        (
            &["--proxy", "snip=cmd:sh own.sh"],
            2,
            "cannot be called `snip`",
        ),
        (&["--proxy", "sh own.sh"], 2, "no `cmd:`"),
        (&["--smaller", "mine"], 4, "unknown program `mine`"),
        (&["--proxy-timeout", "0"], 2, "a time limit of 0 s"),
    ] {
        let ended = finish(score(at).args(arguments));
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains(words),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(ended.stdout.is_empty());
    }
}

/// Oracle: PyTorch's own gradients; `grad_norm` in f32 within the tolerance of the golden cases.
#[test]
#[expect(clippy::print_stdout, reason = "a skipped test says why")]
fn the_example_in_pytorch_gives_our_grad_norm() {
    let python = std::env::var("NBZERO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let modules = Command::new(&python)
        .args(["-c", "import torch, safetensors"])
        .stderr(Stdio::null())
        .status();
    if !modules.is_ok_and(|status| status.success()) {
        println!("skipped: {python} has no torch and safetensors; NBZERO_PYTHON may name another");
        return;
    }
    let folder = folder("");
    let script = crate::run::root().join("examples/my_proxy.py");
    let program = format!("cmd:'{python}' '{}'", script.display());
    let ended = run(
        folder.path(),
        &[
            &[
                "score",
                "nb201:212043",
                "mb:16s1x1-24s2x2-48s2x2-96s2x1",
                "nbmacro:12021020",
            ][..],
            &[
                "--dataset",
                "cifar10",
                "--batch",
                "8",
                "--proxies",
                "grad_norm",
            ],
            &["--proxy", &program, "--threads", "1", "--json", "-q"],
        ]
        .concat(),
    );
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document = json(&ended);
    for network in document["networks"].as_array().expect("a list") {
        let score = |name: &str| network["scores"][name].as_f64().expect("a score");
        let (ours, theirs) = (score("grad_norm"), score("my_proxy"));
        assert!(
            (ours / theirs - 1.0).abs() < 1e-3,
            "{ours} and {theirs} of {network}"
        );
    }
}

/// The contents of its files are part of the plan: scores of two versions never come into one table.
#[test]
fn a_plan_is_not_worked_on_with_an_edited_program() {
    let folder = folder(CONVOLUTIONS);
    let command = |arguments: &[&str]| {
        let mut command = nbzero(folder.path());
        finish(
            command
                .args(arguments)
                .env("TMPDIR", folder.path().join("tmp")),
        )
    };
    let plan = [
        "plan",
        "--from",
        "list.txt",
        "--batch",
        "4",
        "--dataset",
        "cifar10",
    ];
    let planned = command(&[&plan[..], &["--proxy", "cmd:sh own.sh", "-o", "plan"]].concat());
    assert_eq!(planned.code, Some(0), "{}", planned.stderr);
    let work = ["work", "--plan", "plan", "-o", "runs", "-q"];
    let edited = CONVOLUTIONS.replace("$((count))", "$((count + 1))");
    fs::write(folder.path().join("own.sh"), edited).expect("a script");
    for arguments in [&work[..], &["check", "plan", "--seconds", "0.1"]] {
        let refused = command(arguments);
        assert_eq!(refused.code, Some(3), "{arguments:?}: {}", refused.stderr);
        assert!(refused.stderr.contains("programs"), "{}", refused.stderr);
    }
    fs::write(folder.path().join("own.sh"), CONVOLUTIONS).expect("a script");
    let done = command(&work);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
}
