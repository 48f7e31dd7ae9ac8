//! docs/mini.md says why the table `mini` is trained as it is and what came of it; this holds its numbers to the committed
//! trainings.
//!
//! Oracle: `scores/mini/pilot.parquet` and the embedded tables (trained here) and `scores/mini/pytorch.csv` (trained in
//! PyTorch), by the analysis of variance of `nbz_study::Spread`, to the digits printed. `NBZERO_WRITE=1 cargo test
//! --test pilot` writes the blocks.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

mod trained;

use std::fmt::Write as _;

use nbz_study::{Spread, pearson, spearman};
use nbz_table::{Embedded, Table};
use trained::{Trainings, hold_blocks, mean, of_pytorch, of_table, root};

const SPACES: [&str; 3] = ["r1", "r2", "mb"];

/// Trained here: 24 networks, three seeds.
fn ours() -> Trainings {
    of_table(&Table::open(&root().join("scores/mini/pilot.parquet")).unwrap())
}

/// The tables inside the program: each network by its trainings.
fn mini() -> Trainings {
    let tables = [Embedded::MiniR1, Embedded::MiniR2, Embedded::MiniMb].map(Embedded::open);
    tables.iter().flat_map(of_table).collect()
}

/// Trained in PyTorch: that set of networks by that recipe.
fn theirs(networks: &str, recipe: &str) -> Trainings {
    of_pytorch("mini/pytorch.csv", &[networks, recipe])
}

/// A row of the table of recipes: of each space mean accuracy and the share of chance.
fn row(name: &str, trainings: &Trainings) -> String {
    let mut out = format!("| {name} | {} |", trainings.len() / SPACES.len());
    for space in SPACES {
        let of: Vec<&[f64]> = trainings
            .iter()
            .filter(|(arch, _)| arch.starts_with(&format!("{space}:")))
            .map(|(_, accuracies)| &accuracies[..])
            .collect();
        let spread = Spread::of(&of).unwrap().unwrap();
        let all: Vec<f64> = of.iter().flat_map(|t| t.iter().copied()).collect();
        write!(out, " {:.1} | {:.2} |", mean(&all), spread.share()).unwrap();
    }
    out + "\n"
}

fn recipes() -> String {
    let mut out = String::from(
        "| trained by | networks a space | r1: mean | share | r2: mean | share | mb: mean | share |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    out += &row("nbzero, 2 epochs", &ours());
    for (set, recipe, name) in [
        ("pilot", "plain2", "PyTorch, 2 epochs"),
        ("pilot", "plain3", "PyTorch, 3 epochs"),
        ("pilot", "plain4", "PyTorch, 4 epochs"),
        ("sixty", "plain2", "PyTorch, 2 epochs"),
        ("sixty", "plain3", "PyTorch, 3 epochs"),
        ("sixty", "uncropped2", "PyTorch, 2 epochs, no crop, no flip"),
        ("sixty", "slow2", "PyTorch, 2 epochs, rate 0.02"),
        (
            "sixty",
            "smoothed2",
            "PyTorch, 2 epochs, label smoothing 0.1",
        ),
    ] {
        out += &row(name, &theirs(set, recipe));
    }
    out
}

/// The same 24 networks by the same recipe, here and in PyTorch.
fn parity() -> String {
    let (ours, theirs) = (ours(), theirs("pilot", "plain2"));
    assert!(ours.keys().eq(theirs.keys()));
    let means = |of: &Trainings| -> Vec<f64> { of.values().map(|t| mean(t)).collect() };
    let (a, b) = (means(&ours), means(&theirs));
    let apart = |of: &Trainings| {
        let slices: Vec<&[f64]> = of.values().map(|t| &t[..]).collect();
        Spread::of(&slices).unwrap().unwrap().chance
    };
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
    let squares = differences.iter().map(|d| d * d).sum::<f64>() / differences.len() as f64;
    let expected = (apart(&ours) + apart(&theirs)) / 3.0;
    format!(
        "| | nbzero | PyTorch |\n|---|---|---|\n\
         | mean test accuracy of 72 trainings | {:.2} | {:.2} |\n\
         | deviation between seeds of one network | {:.2} | {:.2} |\n\
         \n\
         The networks' means correlate by {:.3} (Pearson). They differ by {:.2} (root mean square); seeds alone would \
         make it {:.2}.\n",
        mean(&a),
        mean(&b),
        apart(&ours).sqrt(),
        apart(&theirs).sqrt(),
        pearson(&a, &b).unwrap(),
        squares.sqrt(),
        expected.sqrt(),
    )
}

/// The table by space: how much of it is chance, and how it lies beside the same recipe in PyTorch.
fn in_the_tables() -> String {
    let (ours, theirs) = (mini(), theirs("sixty", "smoothed2"));
    let mut out = String::from(
        "| space | networks | accuracy | with two seeds | share | also in PyTorch | Pearson | Spearman | difference |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for space in SPACES {
        let of_space = || {
            let all = ours.iter();
            all.filter(move |(arch, _)| arch.starts_with(&format!("{space}:")))
        };
        let means: Vec<f64> = of_space().map(|(_, t)| mean(t)).collect();
        let twice: Vec<&[f64]> = of_space()
            .filter(|(_, t)| t.len() == 2)
            .map(|(_, t)| &t[..])
            .collect();
        let share = Spread::of(&twice).unwrap();
        let share = share.map_or_else(|| "-".to_owned(), |spread| format!("{:.2}", spread.share()));
        let both = of_space().filter_map(|(arch, t)| Some((mean(t), mean(theirs.get(arch)?))));
        let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
        let difference = mean(&a) - mean(&b);
        let least = means.iter().copied().fold(f64::INFINITY, f64::min);
        let most = means.iter().copied().fold(0.0, f64::max);
        writeln!(
            out,
            "| {space} | {} | {least:.1} to {most:.1}, mean {:.1} | {} | {share} | {} | {:.3} | {:.3} | {difference:+.2} |",
            means.len(),
            mean(&means),
            twice.len(),
            a.len(),
            pearson(&a, &b).unwrap(),
            spearman(&a, &b).unwrap(),
        )
        .unwrap();
    }
    out
}

#[test]
fn the_page_has_the_numbers_of_the_trainings() {
    hold_blocks(
        "docs/mini.md",
        &[
            ("recipes", recipes()),
            ("parity", parity()),
            ("trained", in_the_tables()),
        ],
    );
}
