//! A user's scores beside those of a table: more rows of Table 1, with intervals and paired differences.

use std::collections::BTreeMap;

use nbz_report::{Lineup, OwnScore};
use nbz_study::{ComparedScore, Comparison, Intervals, RandomChoice, Recipe};
use nbz_table::{Column, Joined, Table, join_csv, join_scores};
use serde::Serialize;

use crate::commands::evaluate::Args;
use crate::commands::evaluate::alone::check_smaller;
use crate::commands::evaluate::page::page;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::names::nearest;
use crate::source::{Read, Source, grouped};

/// Unmatched lines that are named one by one.
const NAMED: usize = 5;

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
    let source = args.source.resolve(console)?;
    let is_table = args.file.extension().is_some_and(|e| e == "parquet");
    let joined = if is_table {
        let scores = Table::open(&args.file)?;
        join_scores(&source.table, source.dataset.as_deref(), &scores)?
    } else {
        join_csv(&source.table, &args.file)?
    };
    tell_join(&joined, args, console);
    let own = own_scores(&joined, args)?;
    let against = (!args.against.is_empty()).then_some(args.against.as_slice());
    let mut lineup = Lineup::of(&source.table, source.dataset.as_deref(), &own, against)?;
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
    match console.form() {
        Form::Json => console.json(&document(&source, &joined, &lineup, &comparison, &own))?,
        Form::Text => console.data(page(&lineup, &comparison, &own, &args.budget))?,
    }
    Ok(())
}

/// Says how many lines found their network, and names the first that did not.
fn tell_join(joined: &Joined, args: &Args, console: &Console) {
    console.note(format_args!(
        "read {}, {} lines matched, {} not",
        args.file.display(),
        grouped(joined.matched as u64),
        grouped(joined.unmatched.len() as u64)
    ));
    for line in joined.unmatched.iter().take(NAMED) {
        console.warn(format_args!(
            "line {} names no network: {}",
            line.line, line.key
        ));
    }
    if joined.unmatched.len() > NAMED {
        console.warn(format_args!(
            "and {} more; --json lists them all",
            grouped((joined.unmatched.len() - NAMED) as u64)
        ));
    }
}

/// The user's columns, turned so that larger is better.
fn own_scores(joined: &Joined, args: &Args) -> anyhow::Result<Vec<OwnScore>> {
    let headers: Vec<String> = joined.columns.iter().map(|(h, _)| h.clone()).collect();
    let names = if args.score.is_empty() {
        &headers
    } else {
        &args.score
    };
    if names.is_empty() {
        return Err(CommandError::Usage {
            problem: format!("`{}` has no column of scores", args.file.display()),
            hint: "put the scores into a column beside `arch`".to_owned(),
        }
        .into());
    }
    check_smaller(&args.smaller, names)?;
    names
        .iter()
        .map(|name| {
            let found = joined.columns.iter().find(|(header, _)| header == name);
            let (_, values) = found.ok_or_else(|| no_column(name, &headers))?;
            let sign = if args.smaller.contains(name) || joined.smaller.contains(name) {
                -1.0
            } else {
                1.0
            };
            let turned = values
                .values()
                .iter()
                .map(|v| v.map(|v| sign * v))
                .collect();
            Ok(OwnScore {
                name: name.clone(),
                values: Column::new(turned),
            })
        })
        .collect()
}

fn no_column(name: &str, headers: &[String]) -> CommandError {
    CommandError::Unknown {
        what: "column",
        name: name.to_owned(),
        hint: match nearest(name, headers.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the file has {}", headers.join(", ")),
        },
    }
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
