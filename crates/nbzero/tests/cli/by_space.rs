//! Scores of networks of several spaces, as `nbzero score` writes those of three lists: Figure 7 space by space.

use std::fs;
use std::path::Path;

use nbz_table::Embedded;

use crate::run::run;

/// The figures that a report in `out` has.
fn drawn(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder.join("out/figures")).expect("figures");
    let names = files.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter_map(|name| name.strip_suffix(".svg").map(str::to_owned))
        .collect()
}

#[test]
fn figure_7_and_factors_of_several_spaces_are_made_space_by_space() {
    // Oracle: the spaces and the number of networks of each, counted from the strings of the file.
    let table = Embedded::PaperLists.open();
    let archs = table.archs().expect("strings");
    let count = |space: &str| {
        let strings = archs.values().iter().flatten();
        strings
            .filter(|s| s.starts_with(&format!("{space}:")))
            .count()
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = "paper-lists";
    let start = [
        "factors", "--table", path, "--draws", "2", "--target", "snip",
    ];
    let ended = run(folder.path(), &[&start[..], &["--json"]].concat());
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let json: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let others = json["others"].as_array().expect("the other spaces");
    let mut spaces: Vec<&str> = Vec::new();
    for found in std::iter::once(&json).chain(others) {
        let space = found["space"].as_str().expect("a space");
        assert_eq!(found["networks"], count(space), "{space}");
        assert_eq!(found["targets"][0]["target"], "snip");
        let factors = found["targets"][0]["factors"].as_array().expect("factors");
        let kinds: Vec<&str> = factors.iter().filter_map(|f| f["kind"].as_str()).collect();
        assert!(
            kinds.contains(&"width") && kinds.contains(&"depth"),
            "{kinds:?}"
        );
        spaces.push(space);
    }
    spaces.sort_unstable();
    assert_eq!(spaces, ["mb", "r1", "r2"]);
    let text = run(folder.path(), &start);
    for space in spaces {
        assert!(
            text.stdout.contains(&format!("{space}:\n")),
            "{}",
            text.stdout
        );
    }
    let arguments = [
        "reproduce",
        "fig7",
        "fig1",
        "--table",
        path,
        "--draws",
        "2",
        "-o",
        "out",
    ];
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("fig1 needs accuracies"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("several spaces"), "{}", ended.stderr);
    let claims = [
        "reproduce",
        "claims",
        "--table",
        path,
        "--draws",
        "2",
        "-o",
        "said",
    ];
    let ended = run(folder.path(), &claims);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!ended.stderr.contains("left out"), "{}", ended.stderr);
    let said = fs::read(folder.path().join("said/claims.json")).expect("claims");
    let said: serde_json::Value = serde_json::from_slice(&said).expect("JSON");
    let verdicts = said["findings"][13]["verdicts"].as_object();
    let pools: Vec<&String> = verdicts.expect("of claim 14").keys().collect();
    assert_eq!(
        pools,
        [
            "paper-lists of mb",
            "paper-lists of r1",
            "paper-lists of r2"
        ]
    );
    let drawn = drawn(folder.path());
    assert_eq!(drawn.len(), 3, "{drawn:?}");
    for space in ["of-r1", "of-r2", "of-mb"] {
        assert!(drawn.iter().any(|name| name.contains(space)), "{drawn:?}");
    }
}

#[test]
fn figure_7_of_several_spaces_needs_no_data_set() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut csv = "arch,test_acc\n".to_owned();
    for space in ["r1", "mb"] {
        let sampled = run(folder.path(), &["space", "sample", space, "-n", "40"]);
        assert_eq!(sampled.code, Some(0), "{}", sampled.stderr);
        for (at, arch) in sampled.stdout.lines().enumerate() {
            csv += &format!("{arch},{}\n", 50 + at * 13 % 40);
        }
    }
    fs::write(folder.path().join("two.csv"), csv).expect("a file");
    let import = run(folder.path(), &["import", "two.csv", "-o", "two.parquet"]);
    assert_eq!(import.code, Some(0), "{}", import.stderr);
    let arguments = [
        "reproduce",
        "fig7",
        "--table",
        "two.parquet",
        "--draws",
        "2",
        "-o",
        "out",
    ];
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let drawn = drawn(folder.path());
    assert_eq!(drawn.len(), 2, "{drawn:?}");
}

/// Oracle: the embedded table.
#[test]
fn a_network_of_the_lists_is_shown_with_its_scores() {
    let table = Embedded::PaperLists.open();
    let archs = table.archs().expect("networks");
    let ntk = table.column_f64("ntk").expect("a column");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for row in [0, table.rows() - 1] {
        let arch = archs.text(row).expect("a network");
        let shown = run(folder.path(), &["show", arch, "--json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown.stdout).expect("JSON");
        assert_eq!(shown["table"], "paper-lists");
        let known = shown["known"].as_array().expect("what is known");
        let found = known.iter().find(|known| known["column"] == "ntk");
        let found = found.and_then(|found| found["value"].as_f64());
        assert!(found.is_some(), "{arch}");
        assert_eq!(found, ntk.get(row), "{arch}");
    }
}
