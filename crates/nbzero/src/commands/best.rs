//! `nbzero best`: the best network within limits, what each proxy would pick, and the distance.

use nbz_report::{Best, Pick};
use nbz_table::{Column, Constraint, Direction, Query};
use serde::Serialize;

use crate::console::{self, Console, Form};
use crate::grid::{Align, Grid};
use crate::limits::{LimitArgs, LimitDocument};
use crate::number::Real;
use crate::source::{Read, Source, SourceArgs, counted, grouped};

/// Find the best network within limits: the true best, what each proxy picks, and the distance
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: SourceArgs,
    #[command(flatten)]
    limits: LimitArgs,
    /// Only what this column picks: test_acc, a proxy or a cost [default: every proxy and cost]
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Document {
    read: Read,
    limits: Vec<LimitDocument>,
    networks: usize,
    feasible: usize,
    accuracy_column: String,
    oracle: PickDocument,
    random_accuracy: Real,
    picks: Vec<PickDocument>,
}

#[derive(Serialize)]
struct PickDocument {
    by: String,
    arch: String,
    row: usize,
    direction: Direction,
    score: Real,
    accuracy: Real,
    rank: usize,
    distance: Real,
    shared: usize,
    shared_accuracy: Real,
    shared_rank: Real,
    scored: usize,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let source = args.source.resolve(console)?;
    let limits = args.limits.resolve(&source)?;
    let columns = columns(args.by.as_deref(), &source)?;
    let dataset = source.dataset.as_deref();
    let answer = nbz_report::best(&source.table, dataset, &limits, &columns)?;
    let archs = source.table.archs()?;
    let known = Query {
        dataset: source.dataset.clone(),
        constraints: limits.clone(),
        by: None,
    };
    let unknown = known.run(&source.table)?.unknown;
    if unknown > 0 {
        console.warn(format_args!(
            "without a value in a limited column, and left out: {}",
            counted(unknown, "network")
        ));
    }
    match console.form() {
        Form::Json => console.json(&document(&answer, &limits, &source, &archs)?)?,
        Form::Text => console.data(text(&answer, &limits, &source, &archs))?,
    }
    Ok(())
}

/// The columns that rank: the one asked for, or all that can. The accuracy itself always stands first.
fn columns<'a>(by: Option<&str>, source: &'a Source) -> anyhow::Result<Vec<&'a str>> {
    let dataset = source.dataset.as_deref();
    let Some(by) = by else {
        let all = nbz_report::rankings(&source.table, dataset);
        return Ok(all.into_iter().map(|c| c.name.as_str()).collect());
    };
    let column = source.column(by)?;
    let oracle = source.table.schema().accuracy_on(dataset)?;
    Ok(if column.name == oracle.name {
        Vec::new()
    } else {
        vec![column.name.as_str()]
    })
}

fn document(
    answer: &Best,
    limits: &[Constraint],
    source: &Source,
    archs: &Column<String>,
) -> anyhow::Result<Document> {
    let pick = |p: &Pick| PickDocument {
        by: p.column.clone(),
        arch: source.arch(archs, p.row),
        row: p.row,
        direction: p.direction,
        score: Real(p.score),
        accuracy: Real(p.accuracy),
        rank: p.rank,
        distance: Real(answer.oracle.accuracy - p.accuracy),
        shared: p.shared,
        shared_accuracy: Real(p.shared_accuracy),
        shared_rank: Real(p.shared_rank),
        scored: p.scored,
    };
    Ok(Document {
        read: source.read(),
        limits: limits
            .iter()
            .map(|l| LimitDocument::new(l, source))
            .collect::<anyhow::Result<_>>()?,
        networks: answer.networks,
        feasible: answer.feasible,
        accuracy_column: answer.accuracy_column.clone(),
        oracle: pick(&answer.oracle),
        random_accuracy: Real(answer.random_accuracy),
        picks: answer.picks.iter().map(pick).collect(),
    })
}

fn text(answer: &Best, limits: &[Constraint], source: &Source, archs: &Column<String>) -> String {
    let mut grid = Grid::new([
        ("ranked by", Align::Left),
        ("accuracy", Align::Right),
        ("distance", Align::Right),
        ("rank", Align::Right),
        ("shared", Align::Right),
        ("mean rank", Align::Right),
        ("scored", Align::Right),
        ("network", Align::Left),
    ]);
    let mut picks: Vec<&Pick> = answer.picks.iter().collect();
    picks.sort_by(|a, b| a.shared_rank.total_cmp(&b.shared_rank));
    for pick in std::iter::once(&answer.oracle).chain(picks) {
        grid.row([
            ranked_by(pick, source),
            format!("{:.2}", pick.accuracy),
            format!("{:.2}", answer.oracle.accuracy - pick.accuracy),
            pick.rank.to_string(),
            pick.shared.to_string(),
            format!("{:.1}", pick.shared_rank),
            pick.scored.to_string(),
            source.arch(archs, pick.row),
        ]);
    }
    let limits: Vec<String> = limits.iter().map(ToString::to_string).collect();
    let within = if limits.is_empty() {
        String::new()
    } else {
        format!(" within {}", limits.join(" and "))
    };
    let random = answer.oracle.accuracy - answer.random_accuracy;
    format!(
        "{} of {} networks{within}; accuracy: {}\n\n{}\n\
         A blind choice finds {:.2} on average, {random:.2} below the best.\n\
         rank: truly better feasible networks, 0 is the best; shared: feasible networks with the same best \
         score, mean rank: over those.\n",
        grouped(answer.feasible as u64),
        grouped(answer.networks as u64),
        answer.accuracy_column,
        grid.text(console::width()),
        answer.random_accuracy,
    )
}

/// The column, and its direction where that is not the usual one.
fn ranked_by(pick: &Pick, source: &Source) -> String {
    let info = source.table.schema().column(&pick.column);
    let name = info.map_or(pick.column.as_str(), |c| c.base_name());
    match pick.direction {
        Direction::Smaller => format!("{name} (smallest)"),
        _ => name.to_owned(),
    }
}
