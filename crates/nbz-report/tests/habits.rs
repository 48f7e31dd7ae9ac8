//! docs/proxies.md says what a batch for each network and augmented images do to ranks; this holds it to the files.
//!
//! Oracle: the committed scores and the embedded accuracies, by the measures and intervals of `nbz-study`, to the
//! digits printed. `NBZERO_WRITE=1 cargo test -p nbz-report --test habits` writes the block.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use nbz_study::{Pool, Recipe, Score, Statistic, spearman};
use nbz_table::{Embedded, Role, Table};

const HABITS: [&str; 3] = ["own", "augmented", "seed1"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn scores(habit: &str) -> Table {
    let file = format!("scores/nbmacro-habits/{habit}.parquet");
    Table::open(&root().join(file)).unwrap()
}

fn column(table: &Table, name: &str) -> Vec<f64> {
    let column = table.column_f64(name).unwrap();
    column.values().iter().map(|value| value.unwrap()).collect()
}

/// Spearman's correlation of two scores with its interval over networks, and tau-b.
fn agreement(plain: &[f64], other: &[f64]) -> String {
    if plain == other {
        return "as it is".to_owned();
    }
    let pool = Pool::new(plain).unwrap(); // the plain batch's score in the place of the accuracy
    let compared = pool.compare(&[Score::new("other", other)], Recipe { seed: 0, draws: 0 });
    let compared = compared.unwrap();
    let row = compared.row("other").unwrap();
    let sr = row.intervals.get(&Statistic::Sr).unwrap();
    let kd = row.measures.kd.unwrap();
    format!(
        "{:.3} [{:.2}, {:.2}]; {kd:.2}",
        sr.estimate, sr.low, sr.high
    )
}

fn block() -> String {
    let plain = scores("plain");
    let others = HABITS.map(scores);
    let archs = plain.archs().unwrap();
    for other in &others {
        assert_eq!(other.archs().unwrap().values(), archs.values());
    }
    let table = Embedded::NasBenchMacro.open();
    let accuracy = table.column_f64("acc_mean").unwrap();
    let accuracy: Vec<f64> = (0..plain.rows())
        .map(|row| {
            accuracy
                .get(table.find(archs.text(row).unwrap()).unwrap())
                .unwrap()
        })
        .collect();
    let mut out = String::from(
        "| proxy | own batch | augmented | another seed | SR: shared | own | augmented | seed |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for info in plain.columns().iter().filter(|c| c.role == Role::Proxy) {
        let name = &info.name;
        if name == "ln_synflow" {
            continue; // the ranks of synflow
        }
        let shared = column(&plain, name);
        let others = others.each_ref().map(|other| column(other, name));
        let agree = others.each_ref().map(|other| agreement(&shared, other));
        let with = |scores: &Vec<f64>| format!("{:.2}", spearman(scores, &accuracy).unwrap());
        let accuracies: Vec<String> = std::iter::once(&shared).chain(&others).map(with).collect();
        let (agree, accuracies) = (agree.join(" | "), accuracies.join(" | "));
        writeln!(out, "| {name} | {agree} | {accuracies} |").unwrap();
    }
    out
}

#[test]
fn the_page_prints_what_the_habits_do_to_ranks() {
    let path = root().join("docs/proxies.md");
    let mut page = std::fs::read_to_string(&path).unwrap();
    let committed = page.clone();
    let (start, end) = ("<!-- habits -->\n\n", "\n<!-- end of habits -->");
    let from = page.find(start).unwrap() + start.len();
    let to = from + page[from..].find(end).unwrap();
    page.replace_range(from..to, &block());
    if page != committed && std::env::var_os("NBZERO_WRITE").is_some() {
        std::fs::write(&path, &page).unwrap();
        return;
    }
    assert_eq!(page, committed, "NBZERO_WRITE=1 writes docs/proxies.md");
}
