//! Figure 7: which parts of a network the accuracy and every score depend on, a panel each.
//!
//! Radars as in the paper, on one scale, the accuracy's shape behind every score's; and bars with intervals, for eyes
//! that dislike radars.

use nbz_factors::{Importance, Importances};
use nbz_report::{ACCURACY, Factors};

use crate::axis::Range;
use crate::chart::{Chart, Marks, Panel, Polygon};
use crate::figures::Made;
use crate::look::looks;

/// Behind the scores' shapes and bars.
const ACCURACY_GREY: &str = "#999999";

const GAIN: &str = "Gain: each factor's share of the squared error that the splits of boosted trees took away \
    (XGBoost's exact method, 100 trees of depth 6), which predict ranks from attributes. R\u{b2}: variance that they \
    explain on networks that they have not seen; where it is near 0 or below, the shape says nothing. S1 is stage 1, in \
    and out its widths, exp its expansion, ker its kernel; 0-1 is the edge from node 0 to node 1.";

/// The radars; a radar has three axes or more.
pub(crate) fn radars(found: &Factors) -> Made {
    let largest = gains(found).fold(0.0, f64::max);
    let most = ring_end(largest);
    let accuracy = found.target(ACCURACY).map(|accuracy| Polygon {
        values: shares(accuracy),
        colour: ACCURACY_GREY,
        dashed: true,
    });
    let panels = found
        .targets
        .iter()
        .zip(colours(found))
        .map(|(target, colour)| {
            let own = Polygon {
                values: shares(target),
                colour,
                dashed: false,
            };
            let behind = accuracy.clone().filter(|_| target.target != ACCURACY);
            panel(
                target,
                Marks::Radar {
                    axes: labels(target),
                    polygons: behind.into_iter().chain([own]).collect(),
                    most,
                },
                Range::around([]),
            )
        });
    let (beside, heading) = if accuracy.is_some() {
        (" Dashed: the accuracy.", "; dashed: the accuracy's")
    } else {
        ("", "")
    };
    let heading = format!("share of the gain of each attribute, rim {most}{heading}");
    let chart = chart(found, heading, panels.collect());
    let caption = format!("{GAIN} The rim is {most}.{beside} {}", found.note());
    (caption, found.sheet(), chart.svg())
}

/// The bars.
pub(crate) fn bars(found: &Factors) -> Made {
    let ends = found.targets.iter().flat_map(|target| &target.factors);
    let along = Range::from_zero(ends.map(|factor| factor.gain.high));
    let panels = found
        .targets
        .iter()
        .zip(colours(found))
        .map(|(target, colour)| {
            let values = shares(target);
            let bars = labels(target).into_iter().zip(values);
            let intervals = by_kind(target).map(|f| (f.gain.low, f.gain.high));
            panel(
                target,
                Marks::Bars {
                    bars: bars.map(|(label, share)| (label, share, colour)).collect(),
                    intervals: intervals.collect(),
                    level: None,
                },
                along,
            )
        });
    let heading = "share of the gain of each attribute; lines: 95 % intervals";
    let chart = chart(found, heading.to_owned(), panels.collect());
    let caption = format!(
        "{GAIN} Lines: 95 % intervals from the spread over random halves of the networks. {}",
        found.note()
    );
    (caption, found.sheet(), chart.svg())
}

fn chart(found: &Factors, heading: String, panels: Vec<Panel>) -> Chart {
    Chart {
        title: found.name(),
        heading,
        columns: panels.len().min(2),
        height: 0.0,
        panels,
        foot: None,
        legend: Vec::new(),
    }
}

fn panel(target: &Importances, marks: Marks, along: Range) -> Panel {
    Panel {
        title: target.target.clone(),
        note: format!("R\u{b2} of the trees {:.2}", target.explained.estimate),
        x_label: String::new(),
        y_label: String::new(),
        x: along,
        y: Range::around([]),
        marks: vec![marks],
        decimals: Some(2),
    }
}

/// One a target, in their order.
fn colours(found: &Factors) -> Vec<&'static str> {
    let name = |target: &Importances| match target.target.as_str() {
        ACCURACY => "accuracy".to_owned(),
        name => name.to_owned(),
    };
    let names: Vec<String> = found.targets.iter().map(name).collect();
    let looks = looks(names.iter().map(String::as_str));
    looks.into_iter().map(|look| look.colour).collect()
}

fn shares(target: &Importances) -> Vec<f64> {
    by_kind(target).map(|f| f.gain.estimate).collect()
}

/// Factors of one kind beside each other, so that depths and widths are sides of a shape and not every other spike.
fn by_kind(target: &Importances) -> impl Iterator<Item = &Importance> {
    let mut factors: Vec<&Importance> = target.factors.iter().collect();
    factors.sort_by_key(|factor| factor.kind);
    factors.into_iter()
}

fn labels(target: &Importances) -> Vec<String> {
    let label = |factor: &Importance| match factor.short.as_slice() {
        [one] => one.clone(),
        // Long labels are broken at blanks: none inside a name.
        several => several.join(" = ").replace(' ', "-").replace("-=-", " = "),
    };
    by_kind(target).map(label).collect()
}

fn gains(found: &Factors) -> impl Iterator<Item = f64> {
    let factors = found.targets.iter().flat_map(|target| &target.factors);
    factors.map(|factor| factor.gain.estimate)
}

/// The next tenth.
fn ring_end(largest: f64) -> f64 {
    ((largest * 10.0).ceil() / 10.0).clamp(0.1, 1.0)
}
