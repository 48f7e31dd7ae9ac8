//! `nbzero evaluate --hybrid` and `nbzero similarity`: several scores together.
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

/// Oracle: by construction. Ranks of `s` and itself order every part of the networks as `s` does, and so does their vote; of
/// `s` and its reverse always one says that a network is better, which half of all ordered pairs are.
#[test]
fn a_hybrid_is_read_with_ranks_taken_anew_and_by_votes_on_pairs() {
    let folder = folder();
    let hybrids = [
        "--hybrid",
        "twice=ranksum:s,again",
        "--hybrid",
        "turned=logranksum:s,reverse",
    ];
    let ended = evaluate(folder.path(), &hybrids);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let (twice, turned) = (
        &document["hybrids"]["twice"],
        &document["hybrids"]["turned"],
    );
    assert_eq!(twice["ranked_anew"], document["scores"]["s"]["mbr"]);
    assert_eq!(
        (&twice["hybrid"], &twice["parts"][1]),
        (&"ranksum".into(), &"again".into())
    );
    assert_eq!(turned["pairs_right"], 0.5);
    // tau-a of `s` by hand: no two of its scores are equal, so right pairs are (1 + tau) / 2 of those with two accuracies.
    let kd = document["scores"]["s"]["kd"].as_f64().expect("tau-b");
    let pairs = |key: &str| twice["pairs"][key].as_f64().expect("a count");
    let n = document["pool"].as_f64().expect("a count");
    let concordance = 2.0 * pairs("right") / pairs("total") - 1.0;
    let tau_b = concordance * (pairs("total") / (n * (n - 1.0))).sqrt();
    assert!((tau_b - kd).abs() < 1e-12, "{tau_b} {kd}");
    // The page says the same to four decimals.
    let shown = run(
        folder.path(),
        &[
            &["evaluate", "s.csv", "-t", "nas-bench-macro", "--draws", "0"][..],
            &hybrids,
        ]
        .concat(),
    )
    .stdout;
    let right = twice["pairs_right"].as_f64().expect("a share");
    assert!(shown.contains(&format!("{right:.4}")), "{shown}");
    let noise = document["noise_bound"]["sr"].as_f64().expect("a bound");
    assert!(
        shown.contains(&format!(
            "noise bound, what a perfect predictor could reach: SR {noise:.3}"
        )),
        "{shown}"
    );
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

/// Oracle: by construction `s` and `again` rank alike, `reverse` the other way round.
#[test]
fn scores_that_rank_alike_stand_in_one_group_and_their_reverse_in_another() {
    let folder = folder();
    let arguments = ["similarity", "s.csv", "-t", "nas-bench-macro", "--json"];
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let names = document["scores"].as_array().expect("names");
    let at = |name: &str| names.iter().position(|n| n == name).expect("the score");
    let rho = |a, b| {
        document["spearman"][at(a)][at(b)]
            .as_f64()
            .expect("a number")
    };
    assert_eq!((rho("s", "again"), rho("s", "reverse")), (1.0, -1.0));
    // Some strings of the table are one network, which counts once.
    let pool = document["pool"].as_u64().expect("a count");
    assert!((31..=40).contains(&pool), "{pool}");
    assert_eq!(document["best"], pool / 20);
    let overlap = |a, b| &document["overlap"][at(a)][at(b)];
    assert_eq!(
        (overlap("s", "again"), overlap("s", "reverse")),
        (&1.0.into(), &0.0.into())
    );
    let groups = document["groups"].as_array().expect("groups");
    let group = |name: &str| {
        let holds = |g: &Value| g.as_array().is_some_and(|g| g.iter().any(|n| n == name));
        groups.iter().position(holds).expect("a group")
    };
    assert_eq!(group("s"), group("again"));
    assert_ne!(group("s"), group("reverse"));
}

/// Oracle: the second file is the first, so a score and its namesake are one.
#[test]
fn scores_of_two_files_are_told_apart_by_the_files_name() {
    let folder = folder();
    fs::copy(folder.path().join("s.csv"), folder.path().join("other.csv")).expect("a copy");
    let arguments = [
        "similarity",
        "s.csv",
        "other.csv",
        "-t",
        "nas-bench-macro",
        "--score",
        "s",
        "--json",
    ];
    let ended = run(folder.path(), &arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(document["scores"][0], "s");
    assert_eq!(document["scores"][1], "s (other)");
    assert_eq!(document["spearman"][0][1], 1.0);
}
