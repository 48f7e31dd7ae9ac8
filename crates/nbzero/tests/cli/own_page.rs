//! `evaluate --html`: the numbers of `--json` as a page, on which nothing from a file is markup.

use std::fs;
use std::path::Path;

use crate::run::{Run, run};

/// The first layers of all networks of NAS-Bench-Macro decide the score: 0, 1, 2.
fn scores(folder: &Path, name: &str) {
    let mut csv = format!("arch,{name}\n");
    for code in 0..3_u32.pow(8) {
        let digits: String = (0..8)
            .rev()
            .map(|place| (code / 3_u32.pow(place) % 3).to_string())
            .collect();
        csv += &format!("{digits},{}\n", &digits[..1]);
    }
    fs::write(folder.join("mine.csv"), csv).expect("a file");
}

fn evaluate(folder: &Path, more: &[&str]) -> Run {
    let start = ["evaluate", "mine.csv", "--table", "nas-bench-macro"];
    run(folder, &[&start[..], &["--draws", "5"], more].concat())
}

#[test]
fn the_page_shows_what_json_says_and_where_the_score_errs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    scores(folder.path(), "mine");
    for page in ["one.html", "two.html"] {
        let ended = evaluate(folder.path(), &["--html", page]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(
            ended.stderr.contains(&format!("wrote {page}")),
            "{}",
            ended.stderr
        );
    }
    let read = |name| fs::read_to_string(folder.path().join(name)).expect("a page");
    let page = read("one.html");
    assert!(page == read("two.html"));
    let json = evaluate(folder.path(), &["--json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for (score, measure) in [("mine", "kd"), ("mine", "sr"), ("macs", "sr")] {
        let value = &json["scores"][score][measure];
        assert!(
            page.contains(&format!("<data value=\"{value}\">")),
            "{score} {measure}: {value}"
        );
    }
    for heading in [
        "mine less each other",
        "What ranks as mine does",
        "Where mine errs",
    ] {
        assert!(page.contains(&format!("<h3>{heading}</h3>")), "{heading}");
    }
    // Three drawings of numbers and one of networks; no file beside the page is promised.
    assert_eq!(page.matches("<figure id=").count(), 4);
    assert!(!page.contains("href=\"figures/"));
    // Whoever puts the first layer's largest operation first rates its networks higher than those without it.
    let excess = |choice: &str| {
        let row = format!("<th scope=\"row\">layer 1</th><td>{choice}</td>");
        let (_, row) = page.split_once(&row).expect("a row a choice");
        let (_, cell) = row.split_once("<data value=\"").expect("networks");
        let (_, cell) = cell.split_once("<data value=\"").expect("an error");
        let (value, _) = cell.split_once('"').expect("a number");
        value.parse::<f64>().expect("a number")
    };
    assert!(excess("expansion 6, kernel 5") > 0.1 && excess("identity") < -0.1);
}

#[test]
fn names_from_a_file_are_no_markup() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    scores(
        folder.path(),
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
    );
    let ended = evaluate(folder.path(), &["--html", "page.html"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let page = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    // The page's own: what sorts, the numbers of the charts, and what draws them.
    assert_eq!(page.matches("<script").count(), 3);
    assert!(!page.contains("<img") && page.contains("&lt;img src=x"));
}

#[test]
fn a_name_with_characters_that_command_a_terminal_is_drawn_and_printed_without_them() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    scores(folder.path(), "mi\u{1b}[31mne\u{202e}");
    let ended = evaluate(folder.path(), &["--html", "page.html"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(
        ended.stdout.contains("mi\u{fffd}[31mne\u{fffd}"),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn a_score_that_ranks_nothing_errs_nowhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let constant =
        "arch,mine\n00000000,1\n00000001,1\n10000000,1\n20000000,1\n21000000,1\n22000000,1\n";
    fs::write(folder.path().join("mine.csv"), constant).expect("a file");
    let ended = evaluate(folder.path(), &["--html", "page.html"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let page = fs::read_to_string(folder.path().join("page.html")).expect("a page");
    assert!(page.contains("ranks nothing") && !page.contains("<h3>Where mine errs</h3>"));
}

#[test]
fn a_page_replaces_a_page_and_no_other_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    scores(folder.path(), "mine");
    let before = fs::read(folder.path().join("mine.csv")).expect("a file");
    let refused = evaluate(folder.path(), &["--html", "mine.csv"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    let said = "`mine.csv` is not a page of scores";
    assert!(refused.stderr.contains(said), "{}", refused.stderr);
    assert!(refused.stderr.contains("--html"), "{}", refused.stderr);
    let after = fs::read(folder.path().join("mine.csv")).expect("a file");
    assert!(before == after, "the scores are gone");
    for _ in 0..2 {
        let ended = evaluate(folder.path(), &["--html", "page.html"]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
}

#[test]
fn two_scores_of_one_network_are_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // The last layers of a stage are in any order the same network: 00000001 and 00000010.
    for (second, is_told) in [("100", true), ("1", false)] {
        let csv = format!(
            "arch,mine\n00000001,1\n00000010,{second}\n10000000,2\n20000000,3\n21000000,4\n22000000,5\n"
        );
        fs::write(folder.path().join("mine.csv"), csv).expect("a file");
        let ended = evaluate(folder.path(), &[]);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let told = ended
            .stderr
            .contains("1 network with different scores under several names");
        assert_eq!(told, is_told, "{}", ended.stderr);
    }
}
