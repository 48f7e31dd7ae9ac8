//! Figure 9: the best subset of proxies of every size, and how the choice fares elsewhere.
//!
//! (a) On the networks on which the subsets were compared, of the proxies alone and with the costs of Figure 10 among
//! them; beside it, chosen on one half and measured on the other, which a reader should believe. (b, c) Subsets of the
//! proxies that both have, on another data set or table: the two nearest of those at hand.
//!
//! Both sums are searched, tested and moved, and the best subsets voted on; what would crowd the picture is listed in
//! its numbers alone: the log rank sum of subsets with costs, its moves, votes, and all split tests but one. Subsets
//! are compared under budgets of MACs, or of the first cost that a pool has.

mod elsewhere;
mod here;
mod members;
mod resampled;
mod rows;
mod votes;

use nbz_study::{Hybrid, MOST_PROXIES, SplitTests, Subset, SubsetResult};

use self::members::{names, proxies, with_costs};
use self::rows::Rows;
use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::look::{Look, look};
use crate::subject::Subject;

pub(crate) fn draw(subject: &Subject, all: &[Subject]) -> Result<Made, Missing> {
    let axis = subject.pool.axis_names().next().map(str::to_owned);
    let (true, Some(axis)) = (subject.proxies.len() > 1, axis) else {
        let needs = "two proxies and a cost: `macs`, `params` or `depth`";
        return Err(Figure::Fig9.needs(needs, subject));
    };
    if subject.pool.mbr_undefined().is_some() {
        return Err(Figure::Fig9.needs("accuracies that differ", subject));
    }
    let columns = proxies(subject);
    let mut rows = Rows::new();
    let with_costs = with_costs(subject);
    let values: Vec<&[f64]> = with_costs.iter().map(|c| c.oriented.as_slice()).collect();
    let mut found = vec![
        here::Found::of(subject, Hybrid::RankSum, &columns, Some(0))?,
        here::Found::of(subject, Hybrid::LogRankSum, &columns, Some(1))?,
    ];
    if (columns.len() + 1..=MOST_PROXIES).contains(&values.len()) {
        found.push(here::Found::of(
            subject,
            Hybrid::RankSum,
            &values,
            Some(COSTLY),
        )?);
        found.push(here::Found::of(subject, Hybrid::LogRankSum, &values, None)?);
    }
    let here = here::Here {
        subject,
        axis: &axis,
        found: &found,
    };
    let mut panels = vec![here.draw(&mut rows)];
    let mut remarks = String::new();
    let mut others: Vec<elsewhere::Shared<'_>> = all
        .iter()
        .filter_map(|other| elsewhere::Shared::of(subject, other, &axis))
        .collect();
    others.sort_by_key(elsewhere::Shared::distance);
    for (letter, shared) in ["b", "c"].into_iter().zip(others) {
        let (panel, remark) = shared.draw(letter, &found[..2], &mut rows)?;
        panels.push(panel);
        remarks += &remark;
    }
    votes::list(subject, &axis, &columns, &found[0], &mut rows)?;
    let chart = Chart {
        title: subject.name(),
        heading: String::new(),
        columns: 1,
        height: 200.0,
        legend: legend(&panels, &axis),
        panels: panels.into_iter().map(|(panel, _)| panel).collect(),
        foot: None,
    };
    let tested = found[0].tests.as_ref().map_or_else(String::new, |tests| {
        format!(
            " The tested line chooses on one half of the networks and measures on the other: mean and 95 % of {} \
             splits.{}",
            tests.recipe.draws,
            optimism(tests)
        )
    });
    let caption = format!(
        "Of all {} subsets of {}, the best of each size by mBR under budgets of {}.{tested}{remarks} {}",
        found[0].search.results().len(),
        names(subject, Subset::of(0..subject.proxies.len())),
        cost(&axis),
        subject.note()
    );
    Ok((caption, rows.sheet(subject), chart.svg()))
}

/// A cost in words.
fn cost(axis: &str) -> &str {
    match axis {
        "macs" => "MACs",
        other => other,
    }
}

/// How much a choice among all subsets flatters itself, in words.
fn optimism(tests: &SplitTests) -> String {
    let whole = tests.tests.iter().find(|test| test.size.is_none());
    whole.map_or_else(String::new, |test| {
        let by = test.optimism;
        format!(
            " For having looked at so many, the best of any size seems better by {:.3} [{:.3}, {:.3}] where it was \
             chosen than where it is tested.",
            by.estimate, by.low, by.high
        )
    })
}

/// What lines are called and whose colour they have; the one alone is called by its cost.
const LINES: [(&str, &str); 6] = [
    ("rank sum, best on these networks", "zen"),
    ("log rank sum, best on these", "jacob_cov"),
    ("rank sum, tested on the other half", "fisher"),
    ("rank sum, chosen on (a)", "synflow"),
    ("alone", "macs"),
    ("rank sum, costs among them", "snip"),
];

/// The line of subsets with costs among them.
const COSTLY: usize = 5;

/// A panel and which of [`LINES`] it has.
type Lines = (Panel, Vec<usize>);

fn line(at: usize) -> Look {
    look(LINES[at].1)
}

/// The lines that some panel has.
fn legend(panels: &[Lines], axis: &str) -> Vec<(String, Look)> {
    let drawn = |at: &usize| panels.iter().any(|(_, lines)| lines.contains(at));
    let named = |at: usize| match LINES[at].0 {
        "alone" => format!("{} alone", cost(axis)),
        name => name.to_owned(),
    };
    (0..LINES.len())
        .filter(drawn)
        .map(|at| (named(at), line(at)))
        .collect()
}

fn panel(
    letter: &str,
    axis: &str,
    sizes: usize,
    subject: &Subject,
    lines: Vec<(usize, Marks)>,
) -> Lines {
    // A line without points is none.
    let some =
        |(_, marks): &(usize, Marks)| !matches!(marks, Marks::Line { data, .. } if data.is_empty());
    let (mut drawn, mut marks): (Vec<usize>, Vec<Marks>) = lines.into_iter().filter(some).unzip();
    let alone = subject.comparison.row(axis);
    if let Some(found) = alone.and_then(|row| row.measures.mbr.as_ref()?.axis(axis)) {
        let mbr = found.mean.mbr_ties;
        let (at, line) = curve(vec![(1.0, mbr), (sizes as f64, mbr)], 4, None);
        drawn.push(at);
        marks.push(line);
    }
    let values = marks.iter().flat_map(|marks| match marks {
        Marks::Line { data, interval, .. } => {
            let band = interval.iter().flatten().map(|(_, high)| *high);
            data.iter().map(|point| point.1).chain(band).collect()
        }
        _ => Vec::new(),
    });
    let panel = Panel {
        title: format!("({letter}) {}", subject.name()),
        note: String::new(),
        x_label: "proxies combined".to_owned(),
        y_label: format!("best mBR ({})", cost(axis)),
        x: Range::new(0.5, sizes as f64 + 0.5),
        y: Range::from_zero(values),
        marks,
        decimals: Some(2),
    };
    (panel, drawn)
}

fn curve(data: Vec<(f64, f64)>, at: usize, interval: Option<Vec<(f64, f64)>>) -> (usize, Marks) {
    let look = line(at);
    let marks = Marks::Line {
        data,
        look,
        interval,
    };
    (at, marks)
}

fn mbr(result: &SubsetResult, axis: Option<usize>) -> f64 {
    axis.map_or(result.mbr_all, |axis| result.mbr[axis])
}
