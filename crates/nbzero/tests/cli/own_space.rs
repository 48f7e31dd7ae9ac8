//! Networks of a space of one's own are trained, planned and worked like those of a built-in one; networks that an
//! embedded table holds on another data set are told of.

use std::fmt::Write as _;
use std::fs;

use crate::run::{run, said};
use crate::train::folder;

/// The columns `arch` and `cifar10_test_acc` of a table.
fn accuracies(folder: &std::path::Path, table: &str) -> Vec<[String; 2]> {
    let csv = run(folder, &["export", table, "-q"]).stdout;
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let at = |name: &str| {
        let found = header.iter().position(|column| *column == name);
        found.unwrap_or_else(|| panic!("{name} in {header:?}"))
    };
    let (arch, accuracy) = (at("arch"), at("cifar10_test_acc"));
    lines
        .map(|line| [line[arch].to_owned(), line[accuracy].to_owned()])
        .collect()
}

/// Oracle: a plan's workers and `train --space` train the same networks alike, to equal accuracies.
#[test]
fn a_plan_and_a_list_of_a_space_of_ones_own_train_the_same() {
    let folder = folder();
    let folder = folder.path();
    let said = |arguments: &[&str]| said(folder, arguments);
    let space = said(&["space", "show-toml", "r1"]).replacen("name = \"r1\"", "name = \"mine\"", 1);
    fs::write(folder.join("mine.toml"), space).expect("a space is written");
    let lines = said(&["space", "sample", "mine.toml", "-n", "2"]);
    assert!(lines.starts_with("mine:"), "{lines}");
    fs::write(folder.join("lines.txt"), &lines).expect("a list is written");
    let how = [
        "--data",
        "cifar10:.",
        "--set",
        "epochs=1",
        "--set",
        "batch=16",
    ];
    let with = |before: &[&'static str], behind: &[&'static str]| {
        said(&[before, &how[..], behind].concat());
    };
    with(
        &["train", "--space", "mine.toml", "--list", "lines.txt"],
        &["-o", "listed"],
    );
    with(
        &[
            "plan",
            "--task",
            "train",
            "--spaces",
            "mine.toml",
            "--counts",
            "2",
        ],
        &["-o", "plan"],
    );
    said(&["work", "--plan", "plan", "-o", "runs"]);
    said(&["collect", "runs", "-o", "planned.parquet"]);
    let listed = accuracies(folder, "listed/table.parquet");
    assert_eq!(listed.len(), 2);
    assert_eq!(accuracies(folder, "planned.parquet"), listed);
    let arch = lines.lines().next().expect("a network");
    for table in ["listed/table.parquet", "planned.parquet"] {
        let shown = said(&["show", arch, "--table", table, "--json"]);
        assert!(shown.contains("test_acc"), "{table}: {shown}");
    }
    // Without its space nobody knows the network.
    let refused = run(folder, &["train", arch, "--data", "cifar10:.", "-o", "one"]);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
}

/// Oracle: the built-in space of the same definition, whose networks have the same stages, costs, accuracies and scores.
#[test]
fn a_table_brings_its_own_space_and_is_studied_like_one_of_a_built_in_space() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let said = |arguments: &[&str]| said(folder, arguments);
    let space = said(&["space", "show-toml", "r1"]);
    fs::write(folder.join("r1.toml"), &space).expect("a space is written");
    let renamed = space.replacen("name = \"r1\"", "name = \"mine\"", 1);
    fs::write(folder.join("mine.toml"), renamed).expect("a space is written");
    let lines = said(&["space", "sample", "r1", "-n", "60"]);
    for name in ["r1", "mine"] {
        let lines = lines.replace("r1:", &format!("{name}:"));
        let mut csv = "arch,test_acc,zen\n".to_owned();
        for (place, line) in lines.lines().enumerate() {
            let (accuracy, zen) = ((place * 7) % 60, (place * 11) % 60);
            writeln!(csv, "{line},{}.5,{zen}", 40 + accuracy / 2).expect("a string");
        }
        fs::write(folder.join(format!("{name}.csv")), csv).expect("a file is written");
        let (csv, toml) = (format!("{name}.csv"), format!("{name}.toml"));
        let table = format!("{name}.parquet");
        said(&[
            "import",
            &csv,
            "--space",
            &toml,
            "--dataset",
            "cifar10",
            "-o",
            &table,
        ]);
    }
    fs::remove_file(folder.join("mine.toml")).expect("the space goes: the table knows it");
    let asked: [&[&str]; 4] = [
        &["factors", "--draws", "4"],
        &["best"],
        &["pareto"],
        &["reproduce", "fig7", "fig8", "--draws", "4"],
    ];
    for arguments in asked {
        let of = |name: &str| {
            let (table, place) = (format!("{name}.parquet"), format!("report-{name}"));
            let more: &[&str] = match arguments[0] {
                "reproduce" => &["-q", "-o", &place],
                _ => &["--json"],
            };
            let said = said(&[arguments, &["--table", &table], more].concat());
            let drawn = fs::read_dir(folder.join(&place)).map_or(0, Iterator::count);
            (said.replace("mine", "r1"), drawn)
        };
        let (own, builtin) = (of("mine"), of("r1"));
        assert!(own == builtin, "{arguments:?}");
    }
    let figures = fs::read_dir(folder.join("report-mine/figures")).expect("figures");
    let names: Vec<String> = figures
        .map(|file| {
            file.expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    for figure in ["fig7", "fig8"] {
        assert!(
            names.iter().any(|name| name.starts_with(figure)),
            "{names:?}"
        );
    }
    // A name that another space has already would make one string two networks.
    fs::write(
        folder.join("odd.toml"),
        space.replacen("kernel = 3", "kernel = 5", 1),
    )
    .expect("a space is written");
    let refused = run(folder, &["space", "info", "odd.toml"]);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("called `r1`, which is built in"),
        "{}",
        refused.stderr
    );
}

/// Oracle: one run of all networks; whatever wrote the file, it names them.
#[test]
fn files_of_scores_bring_their_space_along_however_they_were_made() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let said = |arguments: &[&str]| said(folder, arguments);
    let space = said(&["space", "show-toml", "r1"]).replacen("name = \"r1\"", "name = \"mine\"", 1);
    fs::write(folder.join("mine.toml"), &space).expect("a space is written");
    let how = ["--proxies", "l2_norm", "--data", "noise", "--batch", "2"];
    let score =
        |of: &[&str], output: &str| said(&[&["score"], of, &how[..], &["-o", output]].concat());
    let of_space = ["--space", "mine.toml", "--count", "3"];
    score(&of_space, "whole.parquet");
    for shard in ["1/2", "2/2"] {
        score(
            &[&of_space[..], &["--shard", shard]].concat(),
            &format!("{}.parquet", &shard[..1]),
        );
    }
    said(&["merge", "1.parquet", "2.parquet", "-o", "merged.parquet"]);
    let plan = ["plan", "--spaces", "mine.toml", "--counts", "3"];
    said(&[&plan[..], &how, &["-o", "plan"]].concat());
    said(&["work", "--plan", "plan", "-o", "runs"]);
    said(&["collect", "runs", "-o", "collected.parquet"]);
    // A table of ones own is scored again without the file of the space.
    fs::write(folder.join("moved.toml"), &space).expect("a space is written");
    fs::remove_file(folder.join("mine.toml")).expect("the space goes");
    score(&["--table", "whole.parquet"], "again.parquet");
    let arch = said(&["export", "whole.parquet", "-q"]);
    let arch = arch
        .lines()
        .nth(1)
        .and_then(|line| line.split(',').find(|cell| cell.starts_with("mine:")));
    let arch = arch.expect("a network");
    for table in ["whole", "merged", "collected", "again"] {
        said(&["show", arch, "--table", &format!("{table}.parquet")]);
    }
    let bytes = |name: &str| fs::read(folder.join(name)).expect("a file");
    assert!(bytes("merged.parquet") == bytes("whole.parquet"));
    assert!(bytes("collected.parquet") == bytes("whole.parquet"));
    // Another definition under the same name is another list of networks: what is there is not taken for its own.
    fs::write(
        folder.join("moved.toml"),
        space.replacen("kernel = 3", "kernel = 5", 1),
    )
    .expect("a space is written");
    let other = [
        &["score", "--space", "moved.toml", "--count", "3"],
        &how[..],
        &["-o", "whole.parquet"],
    ]
    .concat();
    let refused = run(folder, &other);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("networks_digest"),
        "{}",
        refused.stderr
    );
}

/// Oracle: the table itself; CIFAR-100 is what the paper's spaces are costed for where nothing else is named.
#[test]
fn a_network_of_mini_is_shown_for_cifar100_and_its_accuracies_are_told_of() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = nbz_table::Embedded::MiniR1.open();
    let archs = table.archs().expect("networks");
    let arch = archs.text(0).expect("a network");
    let usual = run(folder.path(), &["show", arch]);
    assert_eq!(usual.code, Some(0), "{}", usual.stderr);
    assert!(
        usual
            .stderr
            .contains("mini-r1 has it on cifar10: name --dataset cifar10"),
        "{}",
        usual.stderr
    );
    assert!(!usual.stdout.contains("test_acc"), "{}", usual.stdout);
    let named = run(folder.path(), &["show", arch, "--dataset", "cifar10"]);
    assert!(named.stdout.contains("test_acc_seed0"), "{}", named.stdout);
    let other = run(folder.path(), &["show", "r1:16s1x1-32s1x1-64s2x1-128s2x1"]);
    assert!(!other.stderr.contains("mini"), "{}", other.stderr);
}
