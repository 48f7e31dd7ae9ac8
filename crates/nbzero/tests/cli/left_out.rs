//! One bad network, data set or table costs `reproduce` only itself: the rest is written, and what is missing is named.

use std::fs;
use std::path::Path;

use nbz_table::export::write_parquet;
use nbz_table::{Column, ColumnInfo, Embedded, Frame, Kind, Role, Schema, Values};

use crate::run::run;

const ROWS: usize = 60;
/// What [`folder`] holds.
const FILES: [&str; 6] = [
    "good.parquet",
    "inf.parquet",
    "nan.parquet",
    "bare.parquet",
    "tied.parquet",
    "costless.parquet",
];

/// The first networks of NAS-Bench-Macro under another name, numbers altered by column and row; None leaves a column out.
fn write(path: &Path, name: &str, alter: impl Fn(&ColumnInfo, usize, f64) -> Option<f64>) {
    let table = Embedded::NasBenchMacro.open();
    let schema = Schema {
        name: name.to_owned(),
        ..table.schema().clone()
    };
    let mut frame = Frame::new(schema, ROWS);
    for info in table.columns() {
        let mut info = info.clone();
        let values = match table.column(&info.name).expect("a column") {
            Values::Text(column) => {
                Values::Text(Column::new(column.into_values()[..ROWS].to_vec()))
            }
            values => {
                let floats = values.into_floats().expect("numbers");
                let rows = floats.into_values().into_iter().take(ROWS).enumerate();
                let altered = |(row, value): (usize, Option<f64>)| alter(&info, row, value?);
                let altered: Vec<Option<f64>> = rows.map(altered).collect();
                if altered.iter().all(Option::is_none) {
                    continue;
                }
                info.kind = Kind::Float;
                Values::Float(Column::new(altered))
            }
        };
        frame.push(info, values).expect("a sound column");
    }
    write_parquet(&frame, path).expect("a file");
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    write(&path("good.parquet"), "good", |_, _, value| Some(value));
    write(&path("inf.parquet"), "inf", |info, row, value| {
        Some(match (info.base_name(), row) {
            ("macs", 3) => f64::INFINITY,
            ("params", 7 | 9) => f64::NAN,
            _ => value,
        })
    });
    let without = |role: Role, other: Option<f64>| {
        move |info: &ColumnInfo, _: usize, value: f64| {
            if info.role == role {
                other
            } else {
                Some(value)
            }
        }
    };
    let nan = without(Role::Accuracy, Some(f64::NAN));
    write(&path("nan.parquet"), "nan", nan);
    write(&path("bare.parquet"), "bare", without(Role::Accuracy, None));
    let tied = without(Role::Accuracy, Some(90.0));
    write(&path("tied.parquet"), "tied", tied);
    let costless = without(Role::Cost, Some(f64::NAN));
    write(&path("costless.parquet"), "costless", costless);
    folder
}

#[test]
fn the_rest_of_a_report_is_made_and_what_is_left_out_is_said_everywhere() {
    let folder = folder();
    let tables = FILES.into_iter().flat_map(|file| ["--table", file]);
    let start = ["reproduce", "all", "--draws", "4", "-o", "out"];
    let arguments: Vec<&str> = start.into_iter().chain(tables).collect();
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).expect(name);
    let (readme, page) = (read("README.md"), read("index.html"));
    for why in [
        "1 network of inf on cifar10: its cost `macs` is no number, first inf in row 3",
        "2 networks of inf on cifar10: their cost `params` is no number, first NaN in row 7",
        "nan on cifar10: no network has an accuracy",
        "bare: it has no accuracies, so at most Figure 7 and claims on scores can be made of it",
        "`macs` of costless on cifar10: it is a number for no network",
    ] {
        assert!(
            ended.stderr.contains(&format!("left out {why}")),
            "{why}\n{}",
            ended.stderr
        );
        assert!(readme.contains(&format!("- {why}.\n")), "{why}\n{readme}");
        let escaped = why.replace("`macs`", "<code>macs</code>");
        let escaped = escaped.replace("`params`", "<code>params</code>");
        assert!(page.contains(&escaped), "{escaped}");
    }
    for whole in ["good", "inf", "tied", "costless"] {
        read(&format!("table1/{whole}__cifar10__costs.csv"));
    }
    for figure in ["fig1_mbr__good.svg", "fig4_accuracy_under_macs__inf.svg"] {
        read(&format!("figures/{figure}"));
    }
    // The three networks without a cost are in no pool; all others are.
    let json = read("table1/inf__cifar10__costs.json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let count = |key: &str| json[key].as_u64().expect("a count");
    assert_eq!(count("networks") + 3, count("distinct"));
}

#[test]
fn equal_accuracies_give_no_mbr_in_any_file_and_a_reason() {
    let folder = folder();
    let arguments = [
        "reproduce",
        "all",
        "--table",
        "tied.parquet",
        "--draws",
        "4",
        "-o",
        "out",
    ];
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).expect(name);
    let why = "mBR is undefined: all accuracies are equal, so no network ranks before another.";
    for file in ["README.md", "index.html", "table1/tied__cifar10__costs.md"] {
        assert!(read(file).contains(why), "{file}: {}", read("README.md"));
    }
    let json = read("table1/tied__cifar10__costs.json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["mbr_undefined"], "tied_accuracies");
    for figure in ["fig1", "fig9"] {
        assert!(
            !read("README.md").contains(&format!("{figure}_")),
            "a figure of no mBR"
        );
    }
    assert!(
        ended.stderr.contains("fig1 needs accuracies that differ"),
        "{}",
        ended.stderr
    );
    for row in json["rows"].as_array().expect("rows") {
        for key in ["mbr", "mbr_pool", "mbr_all"] {
            assert!(row[key].is_null(), "{row}");
        }
        assert!(row["mbr_ties"]["value"].is_null(), "{row}");
        // What is found is known: the only accuracy there is.
        assert_eq!(row["accuracy"][0]["value"], 90.0);
    }
    fs::write(
        folder.path().join("mine.csv"),
        "a,b,c\n90,1,5\n90,2,4\n90,3,3\n",
    )
    .expect("a file");
    let alone = [
        "evaluate",
        "mine.csv",
        "--accuracy",
        "a",
        "--score",
        "b",
        "--cost",
        "c",
    ];
    let text = run(folder.path(), &alone);
    assert_eq!(text.code, Some(0), "{}", text.stderr);
    assert!(
        text.stderr.contains(why.trim_end_matches('.')),
        "{}",
        text.stderr
    );
    assert!(!text.stdout.contains("NaN"), "{}", text.stdout);
    let json = run(folder.path(), &[&alone[..], &["--json"]].concat()).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["scores"]["b"]["mbr_undefined"], "tied_accuracies");
    assert!(json["scores"]["b"]["mbr"]["all"]["mbr_ties"].is_null());
}

#[test]
fn nothing_at_all_to_measure_is_an_error_that_names_the_table() {
    let folder = folder();
    for (table, words) in [
        ("nan.parquet", "nan on cifar10: no network has an accuracy"),
        ("bare.parquet", "bare: it has no accuracies"),
    ] {
        let ended = run(
            folder.path(),
            &["reproduce", "--table", table, "--draws", "0"],
        );
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
        assert!(ended.stderr.contains("hint: "), "{}", ended.stderr);
        assert!(!folder.path().join("nbzero-report").exists());
    }
}

/// Claims of scores without accuracies: what is missing is said, and nothing is left behind.
#[test]
fn scores_that_no_claim_can_be_tested_on_say_why() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sampled = run(folder.path(), &["space", "sample", "r1", "-n", "10"]);
    let archs: Vec<&str> = sampled.stdout.lines().collect();
    let cells = ["|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|nor_conv_1x1~2|"];
    let unknown = ["a", "b"];
    for (name, score, archs, why) in [
        (
            "few",
            "zen",
            &archs[..],
            "few of r1, of claims: 10 networks",
        ),
        (
            "other",
            "mine",
            &archs,
            "other, of claims: it has none of the paper's proxies",
        ),
        ("cells", "zen", &cells, "cells of nb201"),
        (
            "unknown",
            "zen",
            &unknown,
            "no network of unknown is of a known space",
        ),
    ] {
        let rows = archs
            .iter()
            .zip(1..)
            .map(|(arch, at)| format!("{arch},{at}\n"));
        let csv = format!("arch,{score}\n{}", rows.collect::<String>());
        fs::write(folder.path().join(format!("{name}.csv")), csv).expect("a file");
        let file = format!("{name}.parquet");
        let import = run(
            folder.path(),
            &["import", &format!("{name}.csv"), "-o", &file],
        );
        assert_eq!(import.code, Some(0), "{}", import.stderr);
        let ended = run(folder.path(), &["reproduce", "claims", "--table", &file]);
        assert_eq!(ended.code, Some(3), "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(why), "{name}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("claims on scores"),
            "{}",
            ended.stderr
        );
        assert!(!folder.path().join("nbzero-report").exists(), "{name}");
    }
}

#[test]
fn what_was_refused_leaves_no_folder_and_figures_alone_are_refused_too() {
    let folder = folder();
    for parts in [&["claims"][..], &["all"], &["fig4"]] {
        let start = ["reproduce", "--table", "bare.parquet", "--draws", "0"];
        let ended = run(folder.path(), &[&start[..], parts].concat());
        assert_eq!(ended.code, Some(3), "{parts:?}: {}", ended.stderr);
        assert!(!folder.path().join("nbzero-report").exists(), "{parts:?}");
    }
}

#[test]
fn pools_of_as_many_proxies_of_other_networks_have_files_of_their_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = Embedded::NasBenchMacro.open();
    let (archs, macs) = (
        table.archs().expect("strings"),
        table.column_f64("macs").expect("macs"),
    );
    let mut csv = "arch,test_acc,macs,synflow,zen\n".to_owned();
    for (at, row) in table
        .distinct_rows()
        .expect("rows")
        .into_iter()
        .take(40)
        .enumerate()
    {
        let (arch, macs) = (
            archs.text(row).expect("a string"),
            macs.get(row).expect("macs"),
        );
        let scores = if at % 2 == 0 {
            format!("{at},")
        } else {
            format!(",{at}")
        };
        csv += &format!(
            "nbmacro:{arch},{},{macs},{scores}\n",
            80.0 + (at * 7 % 40) as f64 / 10.0
        );
    }
    fs::write(folder.path().join("halves.csv"), csv).expect("a file");
    let import = [
        "import",
        "halves.csv",
        "--dataset",
        "cifar10",
        "-o",
        "halves.parquet",
    ];
    assert_eq!(run(folder.path(), &import).code, Some(0));
    let start = [
        "reproduce",
        "table1",
        "--table",
        "halves.parquet",
        "--draws",
        "0",
        "-o",
        "out",
    ];
    let ended = run(folder.path(), &start);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let read = |tag: &str| {
        let file = format!("out/table1/halves__cifar10__1-proxy{tag}.csv");
        fs::read_to_string(folder.path().join(&file)).expect(&file)
    };
    let (first, second) = (read(""), read("-2"));
    assert!(
        first.contains("synflow") != first.contains("zen"),
        "{first}"
    );
    assert!(
        second.contains("synflow") != second.contains("zen"),
        "{second}"
    );
    assert!(
        first.contains("synflow") != second.contains("synflow"),
        "one each"
    );
}

#[test]
fn figures_alone_print_no_table_of_pools() {
    let folder = folder();
    let start = [
        "reproduce",
        "fig4",
        "--table",
        "good.parquet",
        "--draws",
        "0",
        "-o",
        "out",
    ];
    let ended = run(folder.path(), &start);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ended.stderr
    );
    let with = run(folder.path(), &[&start[..], &["table1"]].concat());
    assert!(with.stdout.contains("best cost"), "{}", with.stdout);
}
