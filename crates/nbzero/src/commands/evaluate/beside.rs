//! A user's scores beside those of a table: more rows of Table 1, with intervals and paired differences.

use std::collections::BTreeMap;

use nbz_report::{HybridReadings, Lineup, Settings};
use nbz_study::{ComparedScore, Comparison, Intervals, NoiseBound, RandomChoice, Recipe};
use nbz_table::Joined;
use serde::Serialize;

use crate::commands::evaluate::Args;
use crate::console::{Console, Form};
use crate::hybrid::NamedHybrid;
use crate::own_scores;
use crate::page::{BEGINNING, refuse_foreign};
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
    noise_bound: Option<NoiseBound>,
    hybrids: BTreeMap<&'a str, &'a HybridReadings>,
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
    if let Some(page) = &args.html {
        refuse_foreign(
            page,
            BEGINNING,
            "a page of scores",
            "name another file with --html",
        )?;
    }
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
    let hybrids = console.while_waiting("voting", || read_otherwise(&lineup, &args.hybrid))?;
    let names = hybrids.iter().map(|(name, _)| *name);
    let own: Vec<&str> = names.chain(own.iter().map(|o| o.name.as_str())).collect();
    let seen = Seen {
        source: &source,
        joined: &joined,
        lineup: &lineup,
        comparison: &comparison,
        own: &own,
        hybrids: &hybrids,
    };
    if let Some(path) = &args.html {
        let settings = Settings {
            recipe,
            budgets: args.budget.count,
            ..Settings::default()
        };
        console.while_waiting("drawing", || seen.write(&settings, path))?;
        console.note(format_args!("wrote {}", path.display()));
    }
    match console.form() {
        Form::Json => console.json(&seen.document())?,
        Form::Text => console.data(seen.page(&args.budget))?,
    }
    Ok(())
}

fn read_otherwise<'h>(
    lineup: &Lineup,
    hybrids: &'h [NamedHybrid],
) -> nbz_report::Result<Vec<(&'h str, HybridReadings)>> {
    let read = |hybrid: &'h NamedHybrid| {
        let readings = lineup.read_otherwise(hybrid.kind, &hybrid.parts)?;
        Ok((hybrid.name.as_str(), readings))
    };
    hybrids.iter().map(read).collect()
}

/// What the command found.
pub(super) struct Seen<'a> {
    pub(super) source: &'a Source,
    pub(super) joined: &'a Joined,
    pub(super) lineup: &'a Lineup,
    pub(super) comparison: &'a Comparison,
    /// Names of the scores that were brought, and of the hybrids before them.
    pub(super) own: &'a [&'a str],
    /// The hybrids in their other readings.
    pub(super) hybrids: &'a [(&'a str, HybridReadings)],
}

impl Seen<'_> {
    fn document(&self) -> Document<'_> {
        let unmatched = self.joined.unmatched.iter();
        Document {
            read: self.source.read(),
            matched: self.joined.matched,
            unmatched: unmatched
                .map(|u| UnmatchedDocument {
                    line: u.line,
                    name: u.key.clone(),
                })
                .collect(),
            networks: self.lineup.networks(),
            pool: self.lineup.pool().len(),
            recipe: self.comparison.recipe,
            scores: self.comparison.rows().iter().map(score_of).collect(),
            random: self.lineup.pool().random_choice(),
            noise_bound: self.lineup.noise(),
            hybrids: self
                .hybrids
                .iter()
                .map(|(name, found)| (*name, found))
                .collect(),
            differences: self.own.iter().map(|mine| self.differences(mine)).collect(),
        }
    }

    /// The paired differences of one score from every other.
    fn differences<'s>(&'s self, mine: &'s str) -> (&'s str, BTreeMap<&'s str, Intervals>) {
        let others = self.comparison.rows().iter().map(|row| row.name.as_str());
        let pairs = others.filter(|other| *other != mine);
        let less = |other| Some((other, self.comparison.difference(mine, other)?));
        (mine, pairs.filter_map(less).collect())
    }
}

fn score_of(row: &ComparedScore) -> (&str, ScoreDocument<'_>) {
    let document = ScoreDocument {
        measures: &row.measures,
        intervals: &row.intervals,
    };
    (row.name.as_str(), document)
}
