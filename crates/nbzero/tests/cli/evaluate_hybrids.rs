//! `nbzero evaluate --hybrid`.
//!
//! Oracle: a hybrid of a score and itself orders as the score does; one of a score and its reverse tells nothing
//! apart. What hybrids compute is held against published code by nbz-study's golden cases.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Run, run};

/// Scores of the first networks of NAS-Bench-Macro: `s`, the same again, and its reverse.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut text = String::from("arch,s,again,reverse\n");
    for row in 0..40 {
        let score = (row * 17) % 40;
        writeln!(text, "nbmacro#{row},{score},{score},{}", -score).expect("a string");
    }
    fs::write(folder.path().join("s.csv"), text).expect("a file");
    folder
}

fn evaluate(folder: &Path, more: &[&str]) -> Run {
    let always = [
        "evaluate",
        "s.csv",
        "-t",
        "nas-bench-macro",
        "--draws",
        "0",
        "--json",
    ];
    run(folder, &[&always[..], more].concat())
}

#[test]
fn a_score_with_itself_orders_alike_and_with_its_reverse_tells_nothing_apart() {
    let folder = folder();
    let hybrids = [
        "--hybrid",
        "twice=logranksum:s,again",
        "--hybrid",
        "ranksum:s,reverse",
    ];
    let ended = evaluate(folder.path(), &hybrids);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let of = |name: &str| &document["scores"][name];
    assert!(of("s")["sr"].is_number(), "{document}");
    for measure in ["sr", "kd", "lc"] {
        if measure != "lc" {
            assert_eq!(of("twice")[measure], of("s")[measure], "{measure}");
        }
        assert!(of("ranksum(s,reverse)")[measure].is_null(), "{measure}");
    }
    assert_eq!(of("twice")["mbr"]["axes"], of("s")["mbr"]["axes"]);
    assert!(document["differences"]["twice"]["s"].is_object());
}

#[test]
fn hybrids_that_cannot_be_are_refused_by_name() {
    let folder = folder();
    for (hybrid, words) in [
        ("x=ranksum:s,zem", "column `zem` of the line-up"),
        ("macs=ranksum:s,again", "two scores are called `macs`"),
        ("x=sum:s,again", "`sum` is no hybrid"),
        ("x=vote:s", "at least two proxies"),
    ] {
        let ended = evaluate(folder.path(), &["--hybrid", hybrid]);
        assert_eq!(ended.code, Some(2), "{hybrid}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{hybrid}: {}", ended.stderr);
    }
}
