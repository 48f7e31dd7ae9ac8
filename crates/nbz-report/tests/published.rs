//! docs/proxies.md sets our scores on NAS-Bench-201 beside published ones: its table and the numbers of its zen.
//!
//! Oracle: the committed scores and the embedded table, by Spearman's correlation of `nbz-study`, to the three
//! digits printed. `NBZERO_WRITE=1 cargo test -p nbz-report --test published` writes the block.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use nbz_study::spearman;
use nbz_table::{Column, Table, join_scores};

const SCORES: &str = "nb201-cifar10-1000.parquet";
const HABITS: &str = "nb201-cifar10-habits.parquet";
/// Four draws of our own.
const DRAWS: [&str; 4] = [
    SCORES,
    HABITS,
    "nb201-cifar10-habits-seed2.parquet",
    "nb201-cifar10-seed1.parquet",
];

/// Our name, and the column of the published scores on CIFAR-10.
const PAIRS: [(&str, &str); 15] = [
    ("grad_norm", "nbsz_grad_norm"),
    ("snip", "nbsz_snip"),
    ("fisher", "nbsz_fisher"),
    ("grasp", "nbsz_grasp"),
    ("synflow", "nbsz_synflow"),
    ("synflow", "synflow"),
    ("logsynflow", "logsynflow"),
    ("jacob_cov", "nbsz_jacov"),
    ("epe_nas", "nbsz_epe_nas"),
    ("nwot", "nbsz_nwot"),
    ("nwot", "naswot"),
    ("l2_norm", "nbsz_l2_norm"),
    ("plain", "nbsz_plain"),
    ("zen", "nbsz_zen"),
    ("zen_residual", "nbsz_zen"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Our scores in the rows of the table, by our names.
fn ours(table: &Table, file: &str) -> impl Fn(&str) -> Option<Column<f64>> {
    let scores = Table::open(&root().join("scores").join(file)).unwrap();
    let joined = join_scores(table, Some("cifar10"), &scores).unwrap();
    assert_eq!(joined.unmatched, []);
    move |name| {
        let named = |(known, _): &&(String, _)| known.strip_prefix("nbz_").unwrap_or(known) == name;
        joined.columns.iter().find(named).map(|(_, c)| c.clone())
    }
}

/// Spearman's correlation over the rows of `on` in which both are numbers.
fn correlation(a: &Column<f64>, b: &Column<f64>, on: &[usize]) -> f64 {
    let pairs = on
        .iter()
        .filter_map(|&row| Some((a.get(row)?, b.get(row)?)));
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.filter(|(a, b)| !a.is_nan() && !b.is_nan()).unzip();
    spearman(&a, &b).unwrap()
}

/// Rows in which both columns have something.
fn common(a: &Column<f64>, b: &Column<f64>) -> Vec<usize> {
    (0..a.len())
        .filter(|&row| a.get(row).is_some() && b.get(row).is_some())
        .collect()
}

fn beside_published(table: &Table) -> String {
    let (ours, habits) = (ours(table, SCORES), ours(table, HABITS));
    let published = |name: &str| table.column_f64(&format!("cifar10_{name}")).unwrap();
    let accuracy = published("test_acc");
    let mut out = String::from(
        "| proxy | published as | cells | ours with theirs | ours with accuracy | theirs with accuracy | ours, other draws |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for (name, column) in PAIRS {
        let (own, theirs) = (ours(name).unwrap(), published(column));
        let on = common(&own, &theirs);
        let habit = habits(name).map(|habit| format!("{:.3}", correlation(&own, &habit, &on)));
        writeln!(
            out,
            "| {name} | `{column}` | {} | {:.3} | {:.3} | {:.3} | {} |",
            on.len(),
            correlation(&own, &theirs, &on),
            correlation(&own, &accuracy, &on),
            correlation(&theirs, &accuracy, &on),
            habit.unwrap_or_default()
        )
        .unwrap();
    }
    out
}

/// How far four draws of our own agree with one another, and with the published one.
fn between_draws(table: &Table) -> String {
    let draws = DRAWS.map(|file| ours(table, file));
    let mut out = String::from(
        "| proxy | our draws with one another | our draws with the published |\n|---|---|---|\n",
    );
    let range = |values: &[f64]| {
        let least = values.iter().copied().fold(f64::MAX, f64::min);
        let most = values.iter().copied().fold(f64::MIN, f64::max);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        format!("{least:.3} to {most:.3}, mean {mean:.3}")
    };
    for (name, column) in PAIRS {
        let found: Vec<Column<f64>> = draws.iter().filter_map(|draw| draw(name)).collect();
        if found.len() < DRAWS.len() {
            continue;
        }
        let theirs = table.column_f64(&format!("cifar10_{column}")).unwrap();
        let on = common(&found[0], &theirs);
        let (mut among, mut beside) = (Vec::new(), Vec::new());
        for (at, a) in found.iter().enumerate() {
            beside.push(correlation(a, &theirs, &on));
            among.extend(found[at + 1..].iter().map(|b| correlation(a, b, &on)));
        }
        writeln!(out, "| {name} | {} | {} |", range(&among), range(&beside)).unwrap();
    }
    out
}

/// Whether a cell's input comes to its output by skips and poolings alone: edges 0-1, 0-2, 0-3, 1-2, 1-3, 2-3.
fn has_free_path(code: &str) -> bool {
    let free: Vec<bool> = code.chars().map(|op| matches!(op, '0' | '4')).collect();
    free[2] || free[0] && free[4] || free[1] && free[5] || free[0] && free[3] && free[5]
}

fn zen_by_path(table: &Table) -> String {
    let ours = ours(table, SCORES);
    let (zen, residual) = (ours("zen").unwrap(), ours("zen_residual").unwrap());
    let accuracy = table.column_f64("cifar10_test_acc").unwrap();
    let published = table.column_f64("cifar10_nbsz_zen").unwrap();
    let codes = table.column_text("naslib_code").unwrap();
    let mut out = String::from(
        "| cells | number | zen_residual less zen, mean | zen with accuracy | zen_residual with accuracy |\n\
         |---|---|---|---|---|\n",
    );
    for (words, free) in [
        ("input reaches output by skips and poolings alone", true),
        ("a convolution or nothing on every path", false),
    ] {
        let rows = common(&zen, &published);
        let is_kind = |row: &usize| has_free_path(codes.text(*row).unwrap()) == free;
        let rows: Vec<usize> = rows.into_iter().filter(is_kind).collect();
        let more = rows
            .iter()
            .map(|&row| residual.get(row).unwrap() - zen.get(row).unwrap());
        let more: Vec<f64> = more.filter(|more| more.is_finite()).collect();
        writeln!(
            out,
            "| {words} | {} | {:.1} | {:.3} | {:.3} |",
            rows.len(),
            more.iter().sum::<f64>() / more.len() as f64,
            correlation(&zen, &accuracy, &rows),
            correlation(&residual, &accuracy, &rows)
        )
        .unwrap();
    }
    out
}

#[test]
fn the_page_prints_what_the_committed_scores_say() {
    let table = Table::nas_bench_201();
    let path = root().join("docs/proxies.md");
    let mut page = std::fs::read_to_string(&path).unwrap();
    let committed = page.clone();
    for (marker, block) in [
        ("published", beside_published(&table)),
        ("draws", between_draws(&table)),
        ("zen by path", zen_by_path(&table)),
    ] {
        let (start, end) = (
            format!("<!-- {marker} -->\n\n"),
            format!("\n<!-- end of {marker} -->"),
        );
        let from = page.find(&start).unwrap() + start.len();
        let to = from + page[from..].find(&end).unwrap();
        page.replace_range(from..to, &block);
    }
    if page != committed && std::env::var_os("NBZERO_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
        return;
    }
    assert_eq!(page, committed, "NBZERO_WRITE=1 writes docs/proxies.md");
}
