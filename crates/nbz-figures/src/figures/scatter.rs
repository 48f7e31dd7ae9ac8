//! Figure 3: accuracy against every score, a panel each.
//!
//! Scores differ by tens of decades in range. A positive one of more than three decades stands on a logarithmic
//! axis; of the others, the axis shows the middle 99 % and points beyond stand at its ends, unless all are
//! near. NaN and infinite scores are not drawn; the caption counts them.

use nbz_report::{Cell, Sheet};
use nbz_study::Statistic;

use crate::chart::{Chart, Marks, Panel, Range};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::look::look;
use crate::subject::{Column, Subject};

/// The share of the networks at either end that may stand at the axis's end.
const TAIL: f64 = 0.005;

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let shown: Vec<&Column> = subject.columns().collect();
    if shown.is_empty() {
        return Err(Figure::Fig3.needs("a score", subject));
    }
    let mut panels: Vec<Panel> = shown
        .iter()
        .enumerate()
        .map(|(place, column)| panel(subject, column, place))
        .collect();
    panels.push(correlations(subject, &shown));
    let columns = if panels.len() > 3 { 4 } else { panels.len() };
    let chart = Chart {
        title: subject.name(),
        columns,
        panel: (260.0, 240.0),
        panels,
        legend: Vec::new(),
    };
    let undrawn: Vec<String> = shown
        .iter()
        .filter_map(|column| {
            let lost = column
                .values
                .iter()
                .filter(|value| !value.is_finite())
                .count();
            (lost > 0).then(|| format!("{} of {} without a finite value", lost, column.name))
        })
        .collect();
    let undrawn = match undrawn.join(", ") {
        none if none.is_empty() => String::new(),
        some => format!(" Not drawn: {some}."),
    };
    let caption = format!(
        "A point a network; \u{3c1} is Spearman's correlation. Points beyond the middle 99 % of a wide score stand at \
         the ends of its axis.{undrawn}{} {}",
        bound(subject),
        subject.note()
    );
    let sheet = sheet(subject, &shown, "accuracy against scores");
    Ok((caption, sheet, chart.svg()))
}

/// What a perfect predictor could reach.
fn bound(subject: &Subject) -> String {
    match subject.noise {
        Some(noise) => {
            let all = noise.networks == subject.pool.len();
            let of = if all {
                "each network".to_owned()
            } else {
                format!("each of {} networks", noise.networks)
            };
            format!(
                " The line at \u{3c1} = {:.3} is what a perfect predictor could reach, from the spread between {} trainings \
                 of {of}.",
                noise.sr, noise.runs
            )
        }
        None => {
            " What a perfect predictor could reach is not known: the table has no single trainings."
                .to_owned()
        }
    }
}

/// All correlations side by side, below what a perfect predictor could reach.
fn correlations(subject: &Subject, shown: &[&Column]) -> Panel {
    let rho = |column: &Column| {
        let row = subject.comparison.row(&column.name)?;
        row.measures
            .sr
            .map(|rho| (rho, row.intervals.get(&Statistic::Sr)))
    };
    let (mut bars, mut intervals) = (Vec::new(), Vec::new());
    for (place, column) in shown.iter().enumerate() {
        if let Some((rho, interval)) = rho(column) {
            bars.push((column.name.clone(), rho, look(&column.name, place).colour));
            intervals.push(interval.map_or((rho, rho), |i| (i.low, i.high)));
        }
    }
    let lowest = intervals.iter().fold(0.0, |least: f64, i| least.min(i.0));
    let mut marks = Vec::new();
    if let Some(noise) = subject.noise {
        marks.push(Marks::Level {
            at: noise.sr,
            bars: bars.len(),
        });
    }
    marks.insert(0, Marks::Bars { bars, intervals });
    Panel {
        title: "Spearman's \u{3c1} of each".to_owned(),
        x_label: String::new(),
        y_label: String::new(),
        x: Range::around([]),
        y: Range {
            low: (lowest * 5.0).floor() / 5.0,
            high: 1.0,
            log: false,
        },
        marks,
        y_decimals: Some(2),
    }
}

fn panel(subject: &Subject, column: &Column, place: usize) -> Panel {
    let accuracy = subject.pool.accuracy();
    let x = range(&column.values);
    let data = column
        .values
        .iter()
        .zip(accuracy)
        .filter(|(score, _)| score.is_finite() && (!x.log || **score > 0.0))
        .map(|(score, accuracy)| (score.clamp(x.low, x.high), *accuracy))
        .collect();
    let rho = subject
        .comparison
        .row(&column.name)
        .and_then(|row| row.measures.sr);
    let rho = rho.map_or_else(String::new, |rho| format!("  \u{3c1} = {rho:.2}"));
    Panel {
        title: format!("{}{rho}", column.name),
        x_label: String::new(),
        y_label: if place.is_multiple_of(4) {
            "accuracy (%)"
        } else {
            ""
        }
        .to_owned(),
        x,
        y: Range::around(accuracy.iter().copied()),
        marks: vec![Marks::Points {
            data,
            colour: look(&column.name, place).colour.to_owned(),
            size: 1.3,
            opacity: 0.25,
        }],
        y_decimals: None,
    }
}

fn range(values: &[f64]) -> Range {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else {
        return Range::around([]);
    };
    if least > 0.0 && most / least > 1e3 {
        return Range::decades([least, most]);
    }
    let cut = (TAIL * sorted.len() as f64) as usize;
    let (low, high) = (sorted[cut], sorted[sorted.len() - 1 - cut]);
    let wide = most - least > 3.0 * (high - low);
    Range::around(if wide { [low, high] } else { [least, most] })
}

/// The network, its accuracy and the columns shown, a row a network.
pub(crate) fn sheet(subject: &Subject, shown: &[&Column], what: &str) -> Sheet {
    let number = |value: f64| Cell::Number(Some(value), 6);
    let rows = subject
        .pool
        .accuracy()
        .iter()
        .enumerate()
        .map(|(row, &accuracy)| {
            let name = subject.networks[row].as_ref().map(ToString::to_string);
            let first = [Cell::text(name.unwrap_or_default()), number(accuracy)];
            let scores = shown.iter().map(|column| number(column.values[row]));
            first.into_iter().chain(scores).collect()
        });
    let names = shown.iter().map(|column| column.name.clone());
    Sheet {
        title: format!("{}, {what}", subject.name()),
        header: ["network", "accuracy"]
            .map(str::to_owned)
            .into_iter()
            .chain(names)
            .collect(),
        rows: rows.collect(),
        details: Vec::new(),
        notes: vec![subject.note()],
    }
}
