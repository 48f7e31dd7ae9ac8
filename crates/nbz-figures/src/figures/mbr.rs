//! Figure 1: mBR under MACs budgets of the oracle, costs, proxies and random choice.

use nbz_report::{Cell, Estimate, Sheet};
use nbz_study::Statistic;

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::subject::Subject;

const RETRAINED_NOTE: &str = " Retrained: the accuracy in one training as the score of the mean of the others, \
     so what a copy of the truth would find in the noise of training.";
/// One other training of every network as the score.
const RETRAINED: &str = "retrained";

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let Some(random) = subject.random.axes.iter().find(|axis| axis.name == "macs") else {
        return Err(Figure::Fig1.needs("the cost `macs`", subject));
    };
    if subject.pool.mbr_undefined().is_some() {
        return Err(Figure::Fig1.needs("accuracies that differ", subject));
    }
    let mut rows = vec![
        ("oracle".to_owned(), Estimate::exact(Some(0.0))),
        ("random".to_owned(), Estimate::exact(Some(random.mbr))),
    ];
    if let Some((_, mbr)) = subject.retrained.iter().find(|(axis, _)| axis == "macs") {
        rows.push((RETRAINED.to_owned(), Estimate::exact(Some(*mbr))));
    }
    for column in subject.columns() {
        let Some(row) = subject.comparison.row(&column.name) else {
            continue;
        };
        let Some(axis) = row.measures.mbr.as_ref().and_then(|mbr| mbr.axis("macs")) else {
            continue;
        };
        let interval = row.intervals.get(&Statistic::MbrTies("macs".to_owned()));
        let number = Estimate {
            value: Some(axis.mean.mbr_ties),
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
        };
        rows.push((column.name.clone(), number));
    }
    rows.sort_by(|a, b| {
        let value = |row: &(String, Estimate)| row.1.value.unwrap_or(f64::NAN);
        value(a).total_cmp(&value(b))
    });
    let value = |e: &Estimate| e.value.unwrap_or(f64::NAN);
    let bars = rows
        .iter()
        .map(|(name, number)| (name.clone(), value(number), subject.look(name).colour));
    let ends = |e: &Estimate| (e.low.unwrap_or(value(e)), e.high.unwrap_or(value(e)));
    let intervals: Vec<(f64, f64)> = rows.iter().map(|(_, e)| ends(e)).collect();
    let panel = Panel {
        title: String::new(),
        note: String::new(),
        x_label: "mBR".to_owned(),
        y_label: String::new(),
        x: Range::from_zero(intervals.iter().map(|interval| interval.1)),
        y: Range::around([]),
        marks: vec![Marks::Bars {
            bars: bars.collect(),
            intervals,
            level: None,
        }],
        decimals: Some(2),
    };
    let chart = Chart {
        title: subject.name(),
        heading: "mean best rank under MACs budgets, smaller is better".to_owned(),
        columns: 1,
        height: 0.0,
        panels: vec![panel],
        foot: None,
        legend: Vec::new(),
    };
    let caption = format!(
        "mBR with ties averaged, and as lines its 95 % intervals over halves of the networks; 0 is the oracle, \
         which knows the accuracies.{} {}",
        if subject.retrained.is_empty() {
            ""
        } else {
            RETRAINED_NOTE
        },
        subject.note()
    );
    let sheet = Sheet {
        title: format!("{}, mBR under MACs budgets", subject.name()),
        header: vec!["score".to_owned(), "mbr".to_owned()],
        rows: rows
            .into_iter()
            .map(|(name, number)| vec![Cell::text(name), Cell::Estimate(number, 3)])
            .collect(),
        details: Vec::new(),
        notes: vec![subject.note()],
    };
    Ok((caption, sheet, chart.svg()))
}
