//! Figure 2: accuracy against each cost, in millions of MACs and params.

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel};
use crate::figure::{Figure, Missing};
use crate::figures::{Made, scatter};
use crate::subject::{Column, Subject};

const MILLION: f64 = 1e6;

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let shown: Vec<&Column> = subject
        .costs
        .iter()
        .filter(|cost| cost.name != "depth")
        .collect();
    if shown.is_empty() {
        return Err(Figure::Fig2.needs("the costs `macs` or `params`", subject));
    }
    let accuracy = subject.pool.accuracy();
    let panels: Vec<Panel> = shown
        .iter()
        .map(|cost| {
            let millions: Vec<f64> = cost.values.iter().map(|value| value / MILLION).collect();
            let name = if cost.name == "macs" {
                "MACs"
            } else {
                cost.name.as_str()
            };
            Panel {
                title: format!("accuracy against {name}"),
                note: String::new(),
                x_label: format!("{name}, millions"),
                y_label: "test accuracy (%)".to_owned(),
                x: Range::from_zero(millions.iter().copied()),
                y: Range::of_accuracies(accuracy),
                marks: vec![Marks::points(
                    millions.into_iter().zip(accuracy.iter().copied()).collect(),
                    "#332288",
                    1.6,
                )],
                decimals: None,
            }
        })
        .collect();
    let chart = Chart {
        title: subject.name(),
        heading: scatter::at_the_foot(subject),
        columns: panels.len(),
        height: 190.0,
        panels,
        foot: None,
        legend: Vec::new(),
    };
    let foot = if scatter::at_the_foot(subject).is_empty() {
        ""
    } else {
        " The few accuracies that would press the others together stand at the foot of the axis."
    };
    let caption = format!("A point a network.{foot} {}", subject.note());
    let sheet = scatter::sheet(subject, &shown, "accuracy against costs");
    Ok((caption, sheet, chart.svg()))
}
