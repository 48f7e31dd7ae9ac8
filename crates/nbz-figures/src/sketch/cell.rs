//! The cell of NAS-Bench-201 as a graph: nodes from input (0) to output (3), an arc for every edge that passes something.

use kuva::render::render::Scene;
use nbz_space::public::{Cell, EdgeOp};

use crate::chart::TEXT;
use crate::{ink, text};

pub(super) const KEY: &str = "the cell, stacked three times five: nodes from input (0) to output (3), an arc an operation. \
    3\u{d7}3 and 1\u{d7}1: convolutions; pool: averages of 3\u{d7}3; skip: the input itself; none is not drawn";

/// Source and target of the edges in the order of the digits.
const EDGES: [(usize, usize); 6] = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
/// Of a node.
const RADIUS: f64 = 10.0;
/// How far the arcs over one and over two nodes rise.
const RISES: [f64; 2] = [44.0, 82.0];
/// Height of a capital.
const CAPITAL: f64 = 9.5;
/// Around a label.
const PAD: f64 = 2.0;

/// Label, colour, width and dashes of an operation; none for the one through which nothing passes.
fn style(op: EdgeOp) -> Option<(&'static str, &'static str, f64, Option<&'static str>)> {
    match op {
        EdgeOp::Conv3x3 => Some(("3\u{d7}3", "#332288", 3.2, None)),
        EdgeOp::Conv1x1 => Some(("1\u{d7}1", "#66AADD", 2.6, None)),
        EdgeOp::AvgPool3x3 => Some(("pool", "#CC6677", 2.4, Some("7 4"))),
        EdgeOp::Skip => Some(("skip", "#777777", 1.6, Some("2 3"))),
        EdgeOp::None => None,
    }
}

/// Draws it and answers with its height.
pub(super) fn draw(scene: &mut Scene, cell: Cell, top: f64, width: f64) -> f64 {
    let middle = top + RISES[1] + f64::from(TEXT);
    let edge = RADIUS + 4.0;
    let x = |node: usize| edge + node as f64 * (width - 2.0 * edge) / 3.0;
    let mut labels = Vec::new();
    for (op, (from, to)) in cell.edges().into_iter().zip(EDGES) {
        let Some((label, colour, thickness, dashes)) = style(op) else {
            continue;
        };
        // The arc over node 1 and the one over both rise, the one under node 2 falls: no two meet.
        let rise = match (from, to) {
            (0, 3) => RISES[1],
            (0, 2) => RISES[0],
            (1, 3) => -RISES[0],
            _ => 0.0,
        };
        let centre = f64::midpoint(x(from), x(to));
        // A quadratic curve's middle is half way to its control point.
        let control = ink::tenth(middle - 2.0 * rise);
        let [start, end, turn] = [x(from), x(to), centre].map(ink::tenth);
        let level = ink::tenth(middle);
        let d = format!("M{start},{level} Q{turn},{control} {end},{level}");
        ink::path(
            scene,
            d,
            None,
            (colour, thickness),
            dashes.map(str::to_owned),
        );
        // Beside straight lines, on the side where no arc ends; in arcs, on white.
        let base = match (from, to) {
            (0, 1) => middle + 7.0 + CAPITAL,
            _ if rise == 0.0 => middle - 7.0,
            _ => middle - rise + 0.5 * CAPITAL,
        };
        labels.push((label, (centre, base), rise != 0.0));
    }
    for (label, (x, base), white) in labels {
        if white {
            let half = text::width(label, TEXT) / 2.0 + PAD;
            let box_top = base - f64::from(TEXT) + 1.0;
            let size = (2.0 * half, f64::from(TEXT) + 2.0);
            ink::filled(scene, (x - half, box_top), size, "#FFFFFF");
        }
        ink::words(scene, (x, base), ink::MIDDLE, label);
    }
    for node in 0..4 {
        ink::disc(scene, (x(node), middle), RADIUS);
        ink::words(
            scene,
            (x(node), middle + 4.5),
            ink::MIDDLE,
            &node.to_string(),
        );
    }
    RISES[0] + RISES[1] + 2.0 * f64::from(TEXT)
}
