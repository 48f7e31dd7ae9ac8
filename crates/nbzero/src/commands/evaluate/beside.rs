//! A user's scores beside those of a table: more rows of Table 1, with intervals and paired differences.

use std::collections::BTreeMap;

use nbz_report::{Lineup, Settings};
use nbz_study::{ComparedScore, Comparison, Intervals, RandomChoice, Recipe};
use nbz_table::Joined;
use serde::Serialize;

use crate::commands::evaluate::page::page;
use crate::commands::evaluate::{Args, html};
use crate::console::{Console, Form};
use crate::own_scores;
use crate::source::{Read, Source, grouped};

#[derive(Serialize)]
struct Document<'a> {
    read: Read,
    matched: usize,
    unmatched: Vec<UnmatchedDocument>,
    networks: usize,
    pool: usize,
    recipe: Recipe,
    scores: BTreeMap<&'a str, ScoreDocument<'a>>,
    random: RandomChoice,
    differences: BTreeMap<&'a str, BTreeMap<&'a str, Intervals>>,
}

#[derive(Serialize)]
struct UnmatchedDocument {
    line: u64,
    name: String,
}

#[derive(Serialize)]
struct ScoreDocument<'a> {
    #[serde(flatten)]
    measures: &'a nbz_study::Measures,
    intervals: &'a Intervals,
}

pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let source = args.source.resolve_bare(console)?;
    let joined = own_scores::join(&args.file, &source, console)?;
    let source = source.with_own_scores()?;
    let own = own_scores::turned(&args.file, &joined, &args.score, &args.smaller)?;
    let against = own_scores::against(&args.against, &source, &own);
    let dataset = source.dataset.as_deref();
    let mut lineup = Lineup::of(&source.table, dataset, &own, Some(&against))?;
    // Each goes before the others.
    for hybrid in args.hybrid.iter().rev() {
        lineup = lineup.with_hybrid(&hybrid.name, hybrid.kind, &hybrid.parts)?;
    }
    let lineup = lineup.under(&args.budget.on_table(&source)?, args.budget.count)?;
    console.note(format_args!(
        "measuring on the {} of {} networks for which every score is known",
        grouped(lineup.pool().len() as u64),
        grouped(lineup.networks() as u64)
    ));
    let recipe = Recipe {
        seed: args.seed,
        draws: args.draws,
    };
    let comparison = console.while_waiting("measuring", || lineup.compare(recipe))?;
    let hybrids = args.hybrid.iter().map(|hybrid| hybrid.name.as_str());
    let own: Vec<&str> = hybrids.chain(own.iter().map(|o| o.name.as_str())).collect();
    if let Some(path) = &args.html {
        let settings = Settings {
            recipe,
            budgets: args.budget.count,
            ..Settings::default()
        };
        let seen = html::Seen {
            source: &source,
            lineup: &lineup,
            comparison: &comparison,
            own: &own,
        };
        console.while_waiting("drawing", || seen.write(&settings, path))?;
        console.note(format_args!("wrote {}", path.display()));
    }
    match console.form() {
        Form::Json => console.json(&document(&source, &joined, &lineup, &comparison, &own))?,
        Form::Text => console.data(page(&lineup, &comparison, &own, &args.budget))?,
    }
    Ok(())
}

fn document<'a>(
    source: &Source,
    joined: &Joined,
    lineup: &Lineup,
    comparison: &'a Comparison,
    own: &[&'a str],
) -> Document<'a> {
    let score = |row: &'a ComparedScore| {
        let document = ScoreDocument {
            measures: &row.measures,
            intervals: &row.intervals,
        };
        (row.name.as_str(), document)
    };
    let differences = own.iter().map(|&mine| {
        let others = comparison.rows().iter().map(|row| row.name.as_str());
        let pairs = others.filter(|other| *other != mine);
        let to_each = pairs.filter_map(|other| Some((other, comparison.difference(mine, other)?)));
        (mine, to_each.collect())
    });
    Document {
        read: source.read(),
        matched: joined.matched,
        unmatched: joined
            .unmatched
            .iter()
            .map(|u| UnmatchedDocument {
                line: u.line,
                name: u.key.clone(),
            })
            .collect(),
        networks: lineup.networks(),
        pool: lineup.pool().len(),
        recipe: comparison.recipe,
        scores: comparison.rows().iter().map(score).collect(),
        random: lineup.pool().random_choice(),
        differences: differences.collect(),
    }
}
