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
                vec![Marks::Radar {
                    axes: labels(target),
                    polygons: behind.into_iter().chain([own]).collect(),
                    most,
                }],
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
    let factors = found.targets.iter().flat_map(|target| &target.factors);
    let along = Range::from_zero(factors.flat_map(|f| [f.gain.high, halved(f)]));
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
                vec![
                    Marks::Bars {
                        bars: bars.map(|(label, share)| (label, share, colour)).collect(),
                        intervals: intervals.collect(),
                        level: None,
                    },
                    permuted(target),
                ],
                along,
            )
        });
    let heading = "gain of each attribute; lines: 95 % intervals; dots: by shuffling";
    let chart = chart(found, heading.to_owned(), panels.collect());
    let caption = format!(
        "{GAIN} Lines: 95 % intervals from the spread over random halves of the networks. Dots: half of the permutation \
         importance, by how much of the variance less is explained on unseen networks once the attribute is shuffled; 1 is an \
         attribute that is the score. {}",
        found.note()
    );
    (caption, found.sheet(), chart.svg())
}

/// Half of a permutation importance: 1 where the factor is the score; chance's negative ones are drawn as 0.
fn halved(factor: &Importance) -> f64 {
    (factor.permuted.estimate / 2.0).max(0.0)
}

/// A dot on every bar.
fn permuted(target: &Importances) -> Marks {
    let count = target.factors.len();
    let dots = by_kind(target).enumerate();
    Marks::Points {
        // The first bar is on top.
        data: dots
            .map(|(at, f)| (halved(f), (count - at) as f64))
            .collect(),
        colour: "#000000".to_owned(),
        size: 3.0,
        opacity: 1.0,
    }
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

fn panel(target: &Importances, marks: Vec<Marks>, along: Range) -> Panel {
    Panel {
        title: target.target.clone(),
        note: format!("R\u{b2} of the trees {:.2}", target.explained.estimate),
        x_label: String::new(),
        y_label: String::new(),
        x: along,
        y: Range::around([]),
        marks,
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
    // Long labels are broken at blanks: none inside a name.
    let label = |factor: &Importance| {
        let names = factor.short.iter().map(|name| name.replace(' ', "-"));
        names.collect::<Vec<_>>().join(" = ")
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
