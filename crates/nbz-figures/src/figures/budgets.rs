//! Figures 4 to 6: the accuracy that each score finds under budgets of one cost, and its rank.

use nbz_report::{Cell, Estimate, Sheet};
use nbz_study::{AxisPicks, Interval, Statistic};

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::look::Look;
use crate::subject::Subject;

/// What one score finds under each budget.
struct Search {
    name: String,
    look: Look,
    found: Vec<Estimate>,
    /// True rank of the pick as a share of the feasible networks, ties averaged.
    rank: Vec<f64>,
}

pub(crate) fn draw(subject: &Subject, figure: Figure, cost: &str) -> Result<Made, Missing> {
    let axis = subject.random.axes.iter().find(|axis| axis.name == cost);
    let first = subject.comparison.rows().first();
    let picks = first.and_then(|row| row.measures.mbr.as_ref()?.axis(cost));
    let (Some(random), Some(picks)) = (axis, picks) else {
        return Err(figure.needs(&format!("the cost `{cost}`"), subject));
    };
    let searches = searches(subject, cost, picks, &random.found);
    let budgets = picks.picks.len();
    let shares: Vec<f64> = (1..=budgets)
        .map(|i| 100.0 * i as f64 / budgets as f64)
        .collect();
    let line = |search: &Search, values: &[f64]| Marks::Line {
        data: shares.iter().copied().zip(values.iter().copied()).collect(),
        look: search.look.clone(),
        interval: None,
    };
    let found = |search: &Search| -> Vec<f64> {
        search
            .found
            .iter()
            .map(|e| e.value.unwrap_or(f64::NAN))
            .collect()
    };
    let x = Range::new(0.0, 104.0);
    let unit = if cost == "macs" { "MACs" } else { cost };
    let x_label = format!("largest {unit} allowed, % of their range");
    let accuracies = Range::robust(searches.iter().flat_map(&found));
    let panels = vec![
        Panel {
            title: format!("accuracy of the pick under {unit} budgets"),
            note: String::new(),
            x_label: x_label.clone(),
            y_label: "test accuracy (%)".to_owned(),
            x,
            y: accuracies,
            marks: searches.iter().map(|s| line(s, &found(s))).collect(),
            decimals: None,
        },
        Panel {
            title: "rank of the pick: share of networks that are better".to_owned(),
            note: String::new(),
            x_label,
            y_label: "rank".to_owned(),
            x,
            y: Range::from_zero(searches.iter().flat_map(|s| s.rank.clone())),
            marks: searches.iter().map(|s| line(s, &s.rank)).collect(),
            decimals: Some(2),
        },
    ];
    let chart = Chart {
        title: subject.name(),
        heading: String::new(),
        columns: 1,
        height: 220.0,
        panels,
        foot: None,
        legend: searches
            .iter()
            .map(|s| (s.name.clone(), s.look.clone()))
            .collect(),
    };
    let caption = format!(
        "What a search by each score finds under {budgets} even {unit} budgets, ties of the score averaged; \
         the oracle knows the accuracies, random is the mean of the feasible networks.{}{} {}",
        beyond(
            accuracies,
            searches.iter().map(|s| (s.name.as_str(), found(s)))
        ),
        coinciding(&searches),
        subject.note()
    );
    Ok((caption, sheet(subject, cost, picks, &searches), chart.svg()))
}

/// What the axis of accuracies leaves out.
pub(crate) fn beyond<'a>(
    axis: Range,
    lines: impl IntoIterator<Item = (&'a str, Vec<f64>)>,
) -> String {
    let mut left_out = Vec::new();
    for (name, values) in lines {
        let outside: Vec<f64> = values
            .into_iter()
            .filter(|value| value.is_finite() && !axis.holds(*value))
            .collect();
        let low = outside.iter().copied().fold(f64::INFINITY, f64::min);
        let high = outside.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        match outside.len() {
            0 => {}
            1 => left_out.push(format!("{name} {low:.2} %")),
            count if high <= low => left_out.push(format!("{name} {low:.2} % ({count} points)")),
            count => left_out.push(format!("{name} {low:.2} to {high:.2} % ({count} points)")),
        }
    }
    match left_out.join(", ") {
        none if none.is_empty() => String::new(),
        some => format!(" Triangles at an end of the axis are points beyond it: {some}."),
    }
}

/// Which lines hide each other, since a reader could not see it.
fn coinciding(searches: &[Search]) -> String {
    let mut groups: Vec<(&[Estimate], Vec<&str>)> = Vec::new();
    for search in searches {
        let same = |found: &[Estimate]| {
            let pairs = found.iter().zip(&search.found);
            pairs.map(|(a, b)| (a.value, b.value)).all(|(a, b)| a == b)
        };
        match groups.iter_mut().find(|(found, _)| same(found)) {
            Some((_, names)) => names.push(&search.name),
            None => groups.push((&search.found, vec![&search.name])),
        }
    }
    let several = groups.iter().filter(|(_, names)| names.len() > 1);
    let lists: Vec<String> = several.map(|(_, names)| names.join(", ")).collect();
    match lists.join("; ") {
        none if none.is_empty() => String::new(),
        lists => format!(" Lines that coincide: {lists}."),
    }
}

fn searches(subject: &Subject, cost: &str, oracle: &AxisPicks, random: &[f64]) -> Vec<Search> {
    let exact = |values: Vec<f64>| {
        values
            .into_iter()
            .map(|v| Estimate::exact(Some(v)))
            .collect()
    };
    let expected = |n: usize| (n as f64 - 1.0) / (2.0 * n as f64);
    let mut searches = vec![
        Search {
            name: "oracle".to_owned(),
            look: subject.look("oracle"),
            found: exact(oracle.picks.iter().map(|pick| pick.best_acc).collect()),
            rank: vec![0.0; oracle.picks.len()],
        },
        Search {
            name: "random".to_owned(),
            look: subject.look("random"),
            found: exact(random.to_vec()),
            rank: oracle
                .picks
                .iter()
                .map(|pick| expected(pick.feasible))
                .collect(),
        },
    ];
    for column in subject.columns() {
        let Some(row) = subject.comparison.row(&column.name) else {
            continue;
        };
        let Some(axis) = row.measures.mbr.as_ref().and_then(|mbr| mbr.axis(cost)) else {
            continue;
        };
        let interval = |index| {
            let axis = cost.to_owned();
            row.intervals.get(&Statistic::Found { axis, index })
        };
        let found = axis.picks.iter().enumerate();
        searches.push(Search {
            name: column.name.clone(),
            look: subject.look(&column.name),
            found: found
                .map(|(i, p)| estimate(p.pick_acc_ties, interval(i)))
                .collect(),
            rank: axis
                .picks
                .iter()
                .map(|p| p.r_ties / p.feasible as f64)
                .collect(),
        });
    }
    searches
}

fn estimate(value: f64, interval: Option<Interval>) -> Estimate {
    Estimate {
        value: Some(value),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
    }
}

fn sheet(subject: &Subject, cost: &str, picks: &AxisPicks, searches: &[Search]) -> Sheet {
    let header = [
        "score",
        "budget",
        "limit",
        "feasible",
        "accuracy",
        "rank_share",
    ];
    let mut rows = Vec::new();
    for search in searches {
        for (index, pick) in picks.picks.iter().enumerate() {
            rows.push(vec![
                Cell::text(&search.name),
                Cell::Count(index + 1),
                Cell::Number(pick.budget.upper_limit(), 0),
                Cell::Count(pick.feasible),
                Cell::Estimate(search.found[index], 2),
                Cell::Number(Some(search.rank[index]), 4),
            ]);
        }
    }
    Sheet {
        title: format!("{}, accuracy found under {cost} budgets", subject.name()),
        header: header.map(str::to_owned).to_vec(),
        rows,
        details: Vec::new(),
        notes: vec![subject.note()],
    }
}
