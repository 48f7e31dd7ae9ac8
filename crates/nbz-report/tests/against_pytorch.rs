//! docs/training.md says how our trainings lie beside PyTorch's by the same recipe, and how a short recipe ranks networks
//! whose accuracy was published; this holds its numbers to the committed trainings.
//!
//! Oracle: `scores/whole` and `scores/rank`, tables that `nbzero train --list` wrote and CSV of
//! `nbz-train/examples/pytorch_train.py`, to the digits printed. `NBZERO_WRITE=1 cargo test --test against_pytorch`
//! writes the blocks.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

mod trained;

use std::fmt::Write as _;

use nbz_study::{NoiseBound, Spread, spearman};
use nbz_table::{Embedded, Table};
use trained::{Trainings, hold_blocks, mean, of_pytorch, of_table, root};

fn ours(file: &str) -> Trainings {
    of_table(&Table::open(&root().join("scores").join(file)).unwrap())
}

/// Variance of one network's trainings.
fn variance(of: &[f64]) -> f64 {
    let mean = mean(of);
    of.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (of.len() - 1) as f64
}

/// Three networks by nbz12 with five seeds.
fn whole() -> String {
    let ours = ours("whole/nbzero.parquet");
    let theirs = of_pytorch("whole/pytorch.csv", &["nbz12"]);
    assert!(ours.keys().eq(theirs.keys()));
    let mut out = String::from(
        "| network | nbzero: mean | deviation | PyTorch: mean | deviation | difference | standard error |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for ((arch, a), b) in ours.iter().zip(theirs.values()) {
        let error = (variance(a) / a.len() as f64 + variance(b) / b.len() as f64).sqrt();
        writeln!(
            out,
            "| `{arch}` | {:.2} | {:.2} | {:.2} | {:.2} | {:+.2} | {error:.2} |",
            mean(a),
            variance(a).sqrt(),
            mean(b),
            variance(b).sqrt(),
            mean(a) - mean(b),
        )
        .unwrap();
    }
    out
}

/// The runs of trainings that have all networks: one vector a seed, in the order of the keys.
fn runs(of: &Trainings) -> Vec<Vec<f64>> {
    let count = of.values().map(Vec::len).min().unwrap();
    (0..count)
        .map(|seed| of.values().map(|t| t[seed]).collect())
        .collect()
}

/// Mean of some correlations, and where there are several, the least and the largest.
fn range(of: &[f64]) -> String {
    let least = of.iter().copied().fold(f64::INFINITY, f64::min);
    let most = of.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match of.len() {
        0 => "-".to_owned(),
        1 => format!("{least:.2}"),
        _ => format!("{:.2} ({least:.2} to {most:.2})", mean(of)),
    }
}

/// Spearman correlations of every two runs.
fn pairs(of: &[Vec<f64>]) -> Vec<f64> {
    let mut found = Vec::new();
    for (at, a) in of.iter().enumerate() {
        found.extend(of[at + 1..].iter().map(|b| spearman(a, b).unwrap()));
    }
    found
}

/// The published trainings of the networks that `of` has.
fn published(of: &Trainings) -> Trainings {
    let table = Embedded::NasBenchMacro.open();
    let archs = table.archs().unwrap();
    let runs = ["acc_1", "acc_2", "acc_3"].map(|name| table.column_f64(name).unwrap());
    let rows = (0..table.rows()).map(|row| (row, format!("nbmacro:{}", archs.text(row).unwrap())));
    rows.filter(|(_, arch)| of.contains_key(arch))
        .map(|(row, arch)| {
            let values = runs.each_ref().map(|run| run.get(row).unwrap());
            (arch, values.to_vec())
        })
        .collect()
}

/// Forty networks of NAS-Bench-Macro by short recipes, beside the accuracies that were published.
fn rank() -> String {
    let ours = ours("rank/nbzero.parquet");
    let published = published(&ours);
    let truth: Vec<f64> = published.values().map(|t| mean(t)).collect();
    let of_pytorch = |recipe| of_pytorch("rank/pytorch.csv", &[recipe]);
    let mut out = String::from(
        "| trained by | epochs | seeds | accuracy | SR of one seed with what was published | SR of the seeds' mean | SR of two seeds |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let short = of_pytorch("mini2");
    for (name, epochs, trainings) in [
        ("nbzero", 2, &ours),
        ("PyTorch", 2, &short),
        ("PyTorch", 6, &of_pytorch("mini6")),
        ("PyTorch", 12, &of_pytorch("mini12")),
    ] {
        assert!(trainings.keys().eq(published.keys()), "{name} {epochs}");
        let runs = runs(trainings);
        let each: Vec<f64> = runs.iter().map(|r| spearman(r, &truth).unwrap()).collect();
        let means: Vec<f64> = trainings.values().map(|t| mean(t)).collect();
        writeln!(
            out,
            "| {name} | {epochs} | {} | {:.1} | {} | {:.2} | {} |",
            runs.len(),
            mean(&means),
            range(&each),
            spearman(&means, &truth).unwrap(),
            range(&pairs(&runs)),
        )
        .unwrap();
    }
    let (own, others) = (runs(&ours), runs(&short));
    let beside: Vec<f64> = own
        .iter()
        .flat_map(|a| others.iter().map(|b| spearman(a, b).unwrap()))
        .collect();
    let slices: Vec<&[f64]> = published.values().map(|t| &t[..]).collect();
    let bound = NoiseBound::of(&slices).unwrap().unwrap();
    let slices: Vec<&[f64]> = short.values().map(|t| &t[..]).collect();
    let spread = Spread::of(&slices).unwrap().unwrap();
    let means = |of: &Trainings| mean(&of.values().map(|t| mean(t)).collect::<Vec<_>>());
    write!(
        out,
        "\n\
         One of our trainings correlates with one of PyTorch's by {} (Spearman); two of PyTorch's by {}. The means differ by \
         {:+.2} points, one network's trainings by {:.2} (PyTorch's deviation between seeds). Of what was published the noise \
         bound is {:.3}; one training of two epochs knows its own expectation by {:.2} at most, so that chance alone keeps it \
         below {:.2}.\n",
        range(&beside),
        range(&pairs(&others)),
        means(&ours) - means(&short),
        spread.chance.sqrt(),
        bound.sr,
        mean(&pairs(&others)).sqrt(),
        mean(&pairs(&others)).sqrt() * bound.sr,
    )
    .unwrap();
    out
}

#[test]
fn the_page_has_the_numbers_of_the_trainings() {
    hold_blocks("docs/training.md", &[("whole", whole()), ("rank", rank())]);
}

/// Oracle: the table; none was picked by hand.
#[test]
fn the_ranked_networks_are_at_equal_steps_of_rank() {
    const COUNT: usize = 40;
    let table = Embedded::NasBenchMacro.open();
    let archs = table.archs().unwrap();
    let accuracy = table.column_f64("acc_mean").unwrap();
    let rows = (0..table.rows()).filter(|&row| table.representative(row).unwrap() == row);
    let mut networks: Vec<(f64, &str)> = rows
        .map(|row| (accuracy.get(row).unwrap(), archs.text(row).unwrap()))
        .collect();
    networks.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let steps = (0..COUNT).map(|k| networks[(2 * k + 1) * networks.len() / (2 * COUNT)].1);
    let expected: Vec<String> = steps.map(|arch| format!("nbmacro:{arch}")).collect();
    let listed = std::fs::read_to_string(root().join("scores/rank/networks.txt")).unwrap();
    assert_eq!(listed.lines().collect::<Vec<_>>(), expected);
}
