//! Which colour, dash and marker a score has: the same in every figure.
//!
//! Colours: Paul Tol's muted scheme (personal.sron.nl/~pault, 2021), distinct to the colour-blind and on paper.

use kuva::plot::line::LineStyle;
use kuva::plot::scatter::MarkerShape;

/// The colours of proxies.
const MUTED: [&str; 9] = [
    "#CC6677", "#332288", "#DDAA33", "#117733", "#66AADD", "#882255", "#44AA99", "#777733",
    "#AA4499",
];
/// The paper's proxies in the order of their colours.
const PROXIES: [&str; 9] = [
    "fisher",
    "zen",
    "grad_norm",
    "synflow",
    "jacob_cov",
    "snip",
    "ntk",
    "grasp",
    "plain",
];
const BLACK: &str = "#000000";
/// Costs and random choice are greys, so that colours are left to proxies.
const GREYS: [&str; 4] = ["#444444", "#777777", "#999999", "#BBBBBB"];

/// How one score is drawn.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) colour: &'static str,
    pub(crate) line: LineStyle,
    pub(crate) marker: MarkerShape,
    pub(crate) width: f64,
}

/// The look of a score; `place` tells apart those that the paper does not know.
pub(crate) fn look(name: &str, place: usize) -> Look {
    let grey = |shade: usize, line, marker| Look {
        colour: GREYS[shade],
        line,
        marker,
        width: 1.6,
    };
    match name {
        "oracle" => Look {
            colour: BLACK,
            line: LineStyle::Solid,
            marker: MarkerShape::Star,
            width: 2.2,
        },
        "random" | "retrained" => grey(3, LineStyle::Dotted, MarkerShape::Plus),
        "macs" => grey(0, LineStyle::Dashed, MarkerShape::Square),
        "params" => grey(1, LineStyle::DashDot, MarkerShape::Triangle),
        "depth" => grey(2, LineStyle::Dotted, MarkerShape::Diamond),
        _ => proxy(name, place),
    }
}

fn proxy(name: &str, place: usize) -> Look {
    let known = PROXIES.iter().position(|&proxy| proxy == name);
    let markers = [
        MarkerShape::Circle,
        MarkerShape::Square,
        MarkerShape::Triangle,
        MarkerShape::Diamond,
    ];
    let at = known.unwrap_or(place);
    Look {
        colour: MUTED[at % MUTED.len()],
        line: if known.is_some() {
            LineStyle::Solid
        } else {
            LineStyle::Dashed
        },
        marker: markers[at % markers.len()],
        width: 1.8,
    }
}
