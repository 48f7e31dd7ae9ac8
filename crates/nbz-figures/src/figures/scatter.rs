//! Figure 3: accuracy against every score, a panel each.
//!
//! Scores differ by tens of decades in range. One of more than three decades that is positive but for a few networks
//! stands on a logarithmic axis, the few at its lower end; one that is wide on both sides of zero on a symmetric one.
//! Of the others, the axis shows the middle 99 % and points beyond stand at its ends, unless all are near. Every panel
//! counts what stands at its ends; the heading counts the few accuracies at the foot of all. NaN and infinite scores are
//! not drawn; the caption counts them.

use nbz_report::{Cell, Sheet};
use nbz_study::Statistic;

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::subject::{Column, Subject};

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let shown: Vec<&Column> = subject.columns().collect();
    if shown.is_empty() {
        return Err(Figure::Fig3.needs("a score", subject));
    }
    let panels: Vec<Panel> = shown.iter().map(|column| panel(subject, column)).collect();
    let heading = "test accuracy (%) against each score";
    let chart = Chart {
        title: subject.name(),
        heading: match at_the_foot(subject) {
            none if none.is_empty() => heading.to_owned(),
            some => format!("{heading}; {some}"),
        },
        columns: panels.len().min(3),
        height: 95.0,
        panels,
        foot: Some(correlations(subject, &shown)),
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
        "A point a network; \u{3c1} is Spearman's correlation. Points for which an axis has no place stand at its end, \
         where the panel or the heading counts them: those at or under 0 of a logarithmic axis, those beyond the \
         middle 99 % of a wide linear one, and the few accuracies that would press the others together.{undrawn}{} {}",
        bound(subject),
        subject.note()
    );
    let sheet = sheet(subject, &shown, "accuracy against scores");
    Ok((caption, sheet, chart.svg()))
}

/// How many networks stand at the foot of an axis of accuracies instead of below it; nothing if none.
pub(crate) fn at_the_foot(subject: &Subject) -> String {
    let accuracy = subject.pool.accuracy();
    let range = Range::of_accuracies(accuracy);
    match accuracy
        .iter()
        .filter(|value| !range.holds(**value))
        .count()
    {
        0 => String::new(),
        1 => "the lowest one at the foot".to_owned(),
        more => format!("the lowest {more} at the foot"),
    }
}

/// What a perfect predictor could reach.
fn bound(subject: &Subject) -> String {
    match subject.noise {
        Some(noise) => format!(" The line at \u{3c1} = {:.3} is the noise bound.", noise.sr),
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
    for column in shown {
        if let Some((rho, interval)) = rho(column) {
            bars.push((column.name.clone(), rho, subject.look(&column.name).colour));
            intervals.push(interval.map_or((rho, rho), |i| (i.low, i.high)));
        }
    }
    let lowest = intervals.iter().fold(0.0, |least: f64, i| least.min(i.0));
    let marks = vec![Marks::Bars {
        bars,
        intervals,
        level: subject.noise.map(|noise| noise.sr),
    }];
    Panel {
        title: "Spearman's \u{3c1} of each".to_owned(),
        note: match subject.noise {
            Some(noise) => format!("dashed: the noise bound, {:.3}", noise.sr),
            None => String::new(),
        },
        x_label: String::new(),
        y_label: String::new(),
        x: Range::new((lowest * 5.0).floor() / 5.0, 1.0),
        y: Range::around([]),
        marks,
        decimals: Some(2),
    }
}

fn panel(subject: &Subject, column: &Column) -> Panel {
    let accuracy = subject.pool.accuracy();
    let x = Range::of_scores(&column.values);
    let data = column
        .values
        .iter()
        .zip(accuracy)
        .filter(|(score, _)| score.is_finite())
        .map(|(score, accuracy)| (*score, *accuracy))
        .collect();
    let rho = subject
        .comparison
        .row(&column.name)
        .and_then(|row| row.measures.sr);
    let rho = rho.map_or_else(String::new, |rho| format!("\u{3c1} {rho:.2}"));
    Panel {
        title: column.name.clone(),
        note: rho,
        x_label: String::new(),
        y_label: String::new(),
        x,
        y: Range::of_accuracies(accuracy),
        marks: vec![Marks::points(data, subject.look(&column.name).colour, 1.3)],
        decimals: None,
    }
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
            let name = subject.candidates.archs[row]
                .as_ref()
                .map(ToString::to_string);
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
