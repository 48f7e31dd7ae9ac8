//! A line-up as sheets: every score's row, one score less each other, and the scores nearest to one.

use nbz_study::{ComparedScore, Comparison, Intervals, OVERLAP_SHARE, Similarity, Statistic};

use crate::error::Result;
use crate::lineup::{Lineup, ORACLE};
use crate::row::Estimate;
use crate::sheet::{Cell, Sheet};

/// The axis of which mBR is shown: the first.
fn axis(comparison: &Comparison) -> Option<&str> {
    let mbr = comparison.rows().first()?.measures.mbr.as_ref()?;
    mbr.axes.first().map(|axis| axis.name.as_str())
}

fn shown(name: Option<&str>) -> Vec<(String, Statistic)> {
    let correlations = [
        ("LC", Statistic::Lc),
        ("KD", Statistic::Kd),
        ("SR", Statistic::Sr),
    ];
    let mut all: Vec<(String, Statistic)> = correlations
        .map(|(name, statistic)| (name.to_owned(), statistic))
        .to_vec();
    all.extend(name.map(|axis| (format!("mBR ({axis})"), Statistic::MbrTies(axis.to_owned()))));
    all
}

fn estimate(value: Option<f64>, intervals: &Intervals, statistic: &Statistic) -> Cell {
    let interval = intervals.get(statistic);
    let estimate = Estimate {
        value,
        low: interval.map(|i| i.low),
        high: interval.map(|i| i.high),
    };
    Cell::Estimate(estimate, 3)
}

/// A row a score, those of `own` marked.
pub fn rows_sheet(comparison: &Comparison, own: &[&str]) -> Sheet {
    let axis = axis(comparison);
    let mut header = vec!["score".to_owned()];
    header.extend(shown(axis).into_iter().map(|(name, _)| name));
    header.extend(["NaN", "yours"].map(str::to_owned));
    let row = |row: &ComparedScore| {
        let m = &row.measures;
        let mbr = axis.and_then(|axis| Some(m.mbr.as_ref()?.axis(axis)?.mean.mbr_ties));
        let mut cells = vec![Cell::text(&row.name)];
        let values = [m.lc, m.kd, m.sr, mbr.filter(|mbr| !mbr.is_nan())];
        for ((_, statistic), value) in shown(axis).iter().zip(values) {
            cells.push(estimate(value, &row.intervals, statistic));
        }
        cells.push(Cell::Count(m.n_nan));
        let yours = own.contains(&row.name.as_str());
        cells.push(Cell::text(if yours { "yours" } else { "" }));
        cells
    };
    let first = comparison.rows().first();
    let undefined = first.and_then(|row| row.measures.mbr_undefined);
    let undefined = undefined.map(|why| format!("mBR is undefined: {why}"));
    Sheet {
        title: "Every score".to_owned(),
        header,
        rows: comparison.rows().iter().map(row).collect(),
        details: Vec::new(),
        notes: undefined.into_iter().chain([
            "mBR: mean best rank under even budgets, ties averaged; 0 is the oracle, 0.5 about a blind choice".to_owned(),
            format!(
                "intervals are 95 % and speak of other networks of the same space: LC, KD, SR by the jackknife; mBR by {} \
                 half-samples without replacement, seed {}",
                comparison.recipe.draws, comparison.recipe.seed
            ),
        ]).collect(),
    }
}

/// The paired differences of one score from every other but the oracle.
pub fn differences_sheet(comparison: &Comparison, mine: &str) -> Sheet {
    let statistics = shown(axis(comparison));
    let mut header = vec!["other".to_owned()];
    header.extend(statistics.iter().map(|(name, _)| name.clone()));
    let others = comparison.rows().iter().map(|row| row.name.as_str());
    let rows = others
        .filter(|other| *other != mine && *other != ORACLE)
        .filter_map(|other| {
            let difference = comparison.difference(mine, other)?;
            let mut cells = vec![Cell::text(other)];
            for (_, statistic) in &statistics {
                let value = difference.get(statistic).map(|i| i.estimate);
                cells.push(estimate(value, &difference, statistic));
            }
            Some(cells)
        });
    Sheet {
        title: format!("{mine} less each other"),
        rows: rows.collect(),
        header,
        details: Vec::new(),
        notes: vec!["of mBR less is better, of the correlations more".to_owned()],
    }
}

/// The other scores, the one that ranks most alike first.
///
/// # Errors
/// Scores that cannot be compared.
pub fn nearest_sheet(lineup: &Lineup, mine: &str) -> Result<Sheet> {
    let (names, values): (Vec<&str>, Vec<&[f64]>) = lineup.scores().unzip();
    let found = Similarity::of(&values, OVERLAP_SHARE)?;
    let at = names
        .iter()
        .position(|name| *name == mine)
        .unwrap_or_default();
    let mut others: Vec<usize> = (0..names.len()).filter(|&other| other != at).collect();
    let rho = |other: usize| found.spearman[at][other].unwrap_or(f64::NEG_INFINITY);
    others.sort_by(|&a, &b| rho(b).total_cmp(&rho(a)));
    let row = |other: usize| {
        vec![
            Cell::text(names[other]),
            Cell::Number(found.spearman[at][other], 3),
            Cell::Number(found.overlap[at][other], 3),
        ]
    };
    Ok(Sheet {
        title: format!("What ranks as {mine} does"),
        header: ["score", "Spearman", "best shared"]
            .map(str::to_owned)
            .to_vec(),
        rows: others.into_iter().map(row).collect(),
        details: Vec::new(),
        notes: vec![format!(
            "Spearman: rank correlation of the two scores; best shared: of the best {} networks by the one, the share that \
             is among as many by the other; two unrelated scores share {OVERLAP_SHARE}; `oracle` is the accuracy",
            found.best
        )],
    })
}
