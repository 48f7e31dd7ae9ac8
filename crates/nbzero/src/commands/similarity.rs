//! `nbzero similarity`: which proxies and costs rank alike, and which find the same best networks.

use std::path::PathBuf;

use nbz_report::{ALIKE, Lineup, ORACLE, OwnScore};
use nbz_study::{OVERLAP_SHARE, Similarity};
use serde::Serialize;

use crate::console::{Console, Form};
use crate::grid::{Align, Grid};
use crate::own_scores;
use crate::source::{Read, SourceArgs, grouped};

/// Show which proxies and costs rank alike, and which share their best networks
///
/// Spearman's correlation of all pairs on the networks for which every score is known, clustered by average linkage;
/// groups are those whose members correlate by more than 0.5 on average. The accuracy is among the scores as `oracle`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Scores of your own, as `evaluate` takes them: CSV, or Parquet as `nbzero score` writes it. A name that an
    /// earlier file has gets the file's behind it
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    source: SourceArgs,
    /// The columns of each file [default: every column but arch]
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',', requires = "files")]
    score: Vec<String>,
    /// Columns of which smaller values are better
    #[arg(long, value_name = "COLUMN", num_args = 1.., value_delimiter = ',', requires = "files")]
    smaller: Vec<String>,
    /// These proxies of the table only [default: all]
    #[arg(long, value_name = "PROXY", num_args = 1.., value_delimiter = ',')]
    against: Vec<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    read: Read,
    pool: usize,
    best: usize,
    scores: &'a [&'a str],
    spearman: &'a [Vec<Option<f64>>],
    overlap: &'a [Vec<Option<f64>>],
    order: Vec<&'a str>,
    groups: Vec<Vec<&'a str>>,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let source = args.source.resolve_bare(console)?;
    let mut own: Vec<OwnScore> = Vec::new();
    for file in &args.files {
        let joined = own_scores::join(file, &source, console)?;
        for mut score in own_scores::turned(file, &joined, &args.score, &args.smaller)? {
            if own.iter().any(|earlier| earlier.name == score.name) {
                let stem = file.file_stem().unwrap_or_default();
                score.name = format!("{} ({})", score.name, stem.display());
            }
            own.push(score);
        }
    }
    let source = source.with_own_scores()?;
    let against = own_scores::against(&args.against, &source, &own);
    let dataset = source.dataset.as_deref();
    let lineup = Lineup::of(&source.table, dataset, &own, Some(&against))?;
    let (names, values): (Vec<&str>, Vec<&[f64]>) = lineup.scores().unzip();
    console.note(format_args!(
        "comparing {} scores on the {} of {} networks for which every one is known",
        names.len(),
        grouped(lineup.pool().len() as u64),
        grouped(lineup.networks() as u64)
    ));
    let found = console.while_waiting("comparing", || Similarity::of(&values, OVERLAP_SHARE))?;
    match console.form() {
        Form::Json => console.json(&document(source.read(), &names, &found))?,
        Form::Text => {
            console.grid(&grid(&names, &found))?;
            console.note(format_args!(
                "SR: Spearman's correlation with the accuracy. Nearest: the score that ranks most alike, theirs, and \
                 the share of the best {} networks that both find.",
                found.best
            ));
        }
    }
    Ok(())
}

fn document<'a>(read: Read, names: &'a [&'a str], found: &'a Similarity) -> Document<'a> {
    let named = |places: &[usize]| places.iter().map(|&place| names[place]).collect();
    Document {
        read,
        pool: found.n,
        best: found.best,
        scores: names,
        spearman: &found.spearman,
        overlap: &found.overlap,
        order: named(&found.order),
        groups: found.groups(1.0 - ALIKE).iter().map(|g| named(g)).collect(),
    }
}

/// A row a score, groups one after the other in the clustered order.
fn grid(names: &[&str], found: &Similarity) -> Grid {
    let headings = [
        ("score", Align::Left),
        ("group", Align::Right),
        ("SR", Align::Right),
        ("nearest", Align::Left),
        ("SR", Align::Right),
        ("best shared", Align::Right),
    ];
    let mut grid = Grid::new(headings);
    let groups = found.groups(1.0 - ALIKE);
    let oracle = names.iter().position(|name| *name == ORACLE);
    let mut seen: Vec<usize> = Vec::new();
    for &place in &found.order {
        let group = groups.iter().position(|g| g.contains(&place));
        let group = group.unwrap_or_default();
        if !seen.contains(&group) {
            seen.push(group);
        }
        // Numbered as they come, so that the numbers rise down the page.
        let number = seen.iter().position(|g| *g == group).unwrap_or_default() + 1;
        let rho = |other: usize| found.spearman[place][other];
        let others = (0..names.len()).filter(|&other| other != place && Some(other) != oracle);
        let nearest = others
            .filter_map(|other| Some((other, rho(other)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        grid.row([
            names[place].to_owned(),
            number.to_string(),
            decimals(oracle.and_then(rho)),
            nearest.map_or_else(String::new, |(other, _)| names[other].to_owned()),
            decimals(nearest.map(|(_, rho)| rho)),
            decimals(nearest.and_then(|(other, _)| found.overlap[place][other])),
        ]);
    }
    grid
}

fn decimals(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"))
}
