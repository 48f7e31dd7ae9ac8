//! The lines of a panel, and what they are called.

use crate::axis::Range;
use crate::chart::{Marks, Panel};
use crate::look::{Look, look};
use crate::subject::Subject;

/// A line of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    RankSum,
    LogRankSum,
    /// Chosen by rank sum on one half of the networks and measured on the other.
    Tested,
    /// Chosen by rank sum in panel (a).
    Moved,
    CostAlone,
    /// By rank sum, costs among the proxies.
    WithCosts,
}

impl Line {
    /// In the order of the legend.
    const ALL: [Self; 6] = [
        Self::RankSum,
        Self::LogRankSum,
        Self::Tested,
        Self::Moved,
        Self::CostAlone,
        Self::WithCosts,
    ];

    fn name(self, axis: &str) -> String {
        let name = match self {
            Self::RankSum => "rank sum, best on these networks",
            Self::LogRankSum => "log rank sum, best on these",
            Self::Tested => "rank sum, tested on the other half",
            Self::Moved => "rank sum, chosen on (a)",
            Self::CostAlone => return format!("{} alone", cost(axis)),
            Self::WithCosts => "rank sum, costs among them",
        };
        name.to_owned()
    }

    /// That of some score of the other figures.
    fn look(self) -> Look {
        look(match self {
            Self::RankSum => "zen",
            Self::LogRankSum => "jacob_cov",
            Self::Tested => "fisher",
            Self::Moved => "synflow",
            Self::CostAlone => "macs",
            Self::WithCosts => "snip",
        })
    }
}

/// A panel and which lines it has.
pub(super) type Lined = (Panel, Vec<Line>);

/// The lines that some panel has.
pub(super) fn legend(panels: &[Lined], axis: &str) -> Vec<(String, Look)> {
    let drawn = |line: &Line| panels.iter().any(|(_, lines)| lines.contains(line));
    Line::ALL
        .into_iter()
        .filter(drawn)
        .map(|line| (line.name(axis), line.look()))
        .collect()
}

/// A panel of lines, and the cost alone where it has an mBR.
pub(super) fn panel(
    letter: &str,
    axis: &str,
    sizes: usize,
    subject: &Subject,
    lines: Vec<(Line, Marks)>,
) -> Lined {
    // A line without points is none.
    let some =
        |(_, marks): &(Line, Marks)| !matches!(marks, Marks::Line { data, .. } if data.is_empty());
    let (mut drawn, mut marks): (Vec<Line>, Vec<Marks>) = lines.into_iter().filter(some).unzip();
    let alone = subject.comparison.row(axis);
    if let Some(found) = alone.and_then(|row| row.measures.mbr.as_ref()?.axis(axis)) {
        let mbr = found.mean.mbr_ties;
        let ends = vec![(1.0, mbr), (sizes as f64, mbr)];
        let (line, mark) = curve(ends, Line::CostAlone, None);
        drawn.push(line);
        marks.push(mark);
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

pub(super) fn curve(
    data: Vec<(f64, f64)>,
    line: Line,
    interval: Option<Vec<(f64, f64)>>,
) -> (Line, Marks) {
    let marks = Marks::Line {
        data,
        look: line.look(),
        interval,
    };
    (line, marks)
}

/// A cost in words.
pub(super) fn cost(axis: &str) -> &str {
    match axis {
        "macs" => "MACs",
        other => other,
    }
}
