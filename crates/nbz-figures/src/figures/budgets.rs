//! Figures 4 to 6: the accuracy that each score finds under budgets of one cost, and its rank.

use nbz_report::{Cell, Estimate, Sheet};
use nbz_study::{AxisPicks, Interval, Statistic};

use crate::chart::{Chart, Marks, Panel, Range};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::look::{Look, look};
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
    let x = Range {
        low: 0.0,
        high: 104.0,
        log: false,
    };
    let unit = if cost == "macs" { "MACs" } else { cost };
    let x_label = format!("largest {unit} allowed, % of their range");
    let accuracies = searches.iter().flat_map(&found);
    let panels = vec![
        Panel {
            title: format!("accuracy under {unit} budgets"),
            x_label: x_label.clone(),
            y_label: "test accuracy of the pick (%)".to_owned(),
            x,
            y: Range::around(accuracies),
            marks: searches.iter().map(|s| line(s, &found(s))).collect(),
            y_decimals: None,
        },
        Panel {
            title: "rank of the pick".to_owned(),
            x_label,
            y_label: "share of feasible networks that are better".to_owned(),
            x,
            y: Range::from_zero(searches.iter().flat_map(|s| s.rank.clone())),
            marks: searches.iter().map(|s| line(s, &s.rank)).collect(),
            y_decimals: Some(2),
        },
    ];
    let chart = Chart {
        title: subject.name(),
        columns: 2,
        panel: (430.0, 380.0),
        panels,
        legend: searches
            .iter()
            .map(|s| (s.name.clone(), s.look.clone()))
            .collect(),
    };
    let caption = format!(
        "What a search by each score finds under {budgets} even {unit} budgets, ties of the score averaged; \
         the oracle knows the accuracies, random is the mean of the feasible networks.{} {}",
        coinciding(&searches),
        subject.note()
    );
    Ok((caption, sheet(subject, cost, picks, &searches), chart.svg()))
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
            look: look("oracle", 0),
            found: exact(oracle.picks.iter().map(|pick| pick.best_acc).collect()),
            rank: vec![0.0; oracle.picks.len()],
        },
        Search {
            name: "random".to_owned(),
            look: look("random", 0),
            found: exact(random.to_vec()),
            rank: oracle
                .picks
                .iter()
                .map(|pick| expected(pick.feasible))
                .collect(),
        },
    ];
    for (place, column) in subject.columns().enumerate() {
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
            look: look(&column.name, place),
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
