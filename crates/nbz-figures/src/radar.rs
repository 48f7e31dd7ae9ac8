//! A radar: axes in a circle, shapes over them.
//!
//! Drawn here because the plotting library's leaves two thirds of a panel to white and writes its numbers smaller
//! than [`TEXT`].

use kuva::render::render::{Scene, TextAnchor};

use crate::chart::{GAP, LINE, Polygon, TEXT};
use crate::{ink, text};

/// Colour of the axes.
const GRID: &str = "#BBBBBB";
/// From the rim to the words.
const AWAY: f64 = 7.0;

/// Draws it; answers with its height.
pub(crate) fn draw(
    scene: &mut Scene,
    (axes, polygons, most): (&[String], &[Polygon], f64),
    top: f64,
    width: f64,
) -> f64 {
    let side = side_room(axes);
    let radius = ((width / 2.0 - side - AWAY) / widest_axis(axes.len())).clamp(40.0, 80.0);
    let count = axes.len() as f64;
    // The lowest axis reaches the rim's lowest point, or nearly; words hang below it.
    let (above, below) = (lines_of(axes, 0), lines_of(axes, axes.len() / 2));
    let centre = (width / 2.0, top + above * LINE + AWAY + radius);
    let direction = |at: usize| {
        // The first axis points up, the others follow clockwise.
        let angle = std::f64::consts::TAU * at as f64 / count - std::f64::consts::FRAC_PI_2;
        (angle.cos(), angle.sin())
    };
    let point = |at: usize, share: f64| {
        let (x, y) = direction(at);
        let far = radius * share.clamp(0.0, 1.0);
        (centre.0 + far * x, centre.1 + far * y)
    };
    for share in [0.5, 1.0] {
        let ring: Vec<(f64, f64)> = (0..axes.len()).map(|at| point(at, share)).collect();
        ink::path(scene, ink::polygon(&ring), None, (GRID, 0.8), None);
    }
    for (at, name) in axes.iter().enumerate() {
        ink::line(scene, &[centre, point(at, 1.0)], (GRID, 0.8), None);
        let (x, y) = direction(at);
        let rim = point(at, 1.0);
        label(scene, name, (rim.0 + AWAY * x, rim.1 + AWAY * y), (x, y));
    }
    for polygon in polygons {
        let share = |value: f64| if most > 0.0 { value / most } else { 0.0 };
        let corners = polygon.values.iter().take(axes.len()).enumerate();
        let corners: Vec<(f64, f64)> = corners.map(|(at, v)| point(at, share(*v))).collect();
        let (fill, stroke, dashes) = if polygon.dashed {
            (None, 1.4, Some("5 3".to_owned()))
        } else {
            (Some((polygon.colour, 0.2)), 1.2, None)
        };
        let shape = ink::polygon(&corners);
        ink::path(scene, shape.clone(), fill, (polygon.colour, stroke), dashes);
        if !polygon.dashed {
            // The outline once more: the first is as pale as the filling.
            ink::path(scene, shape, None, (polygon.colour, 1.8), None);
        }
    }
    (above + below) * LINE + 2.0 * (AWAY + radius) + GAP
}

/// Lines of words at an axis's end.
fn lines_of(axes: &[String], at: usize) -> f64 {
    axes.get(at).map_or(0, |name| lines(name).len()) as f64
}

/// Room for words beside the axes that point sideways.
fn side_room(axes: &[String]) -> f64 {
    let count = axes.len() as f64;
    let sideways = axes.iter().enumerate().filter(|(at, _)| {
        let angle = std::f64::consts::TAU * *at as f64 / count;
        angle.sin().abs() > SIDEWAYS
    });
    let lines = sideways.flat_map(|(_, name)| lines(name));
    lines
        .map(|line| text::width(&line, TEXT))
        .fold(0.0, f64::max)
}

/// How far the widest axis reaches sideways for a radius of 1.
fn widest_axis(axes: usize) -> f64 {
    let angles = (0..axes).map(|at| std::f64::consts::TAU * at as f64 / axes as f64);
    angles.map(|angle| angle.sin().abs()).fold(0.5, f64::max)
}

/// Axes that lean less than this are labelled above or below their ends.
const SIDEWAYS: f64 = 0.2;

/// Two names of one factor on a line each.
fn lines(name: &str) -> Vec<String> {
    let parts: Vec<&str> = name.split(" = ").collect();
    let last = parts.len() - 1;
    let line = |(at, part): (usize, &&str)| {
        let joint = if at < last { " =" } else { "" };
        format!("{}{joint}", text::shortened(part, TEXT, LONGEST))
    };
    parts.iter().enumerate().map(line).collect()
}

/// Longer names are shortened.
const LONGEST: f64 = 80.0;

fn label(scene: &mut Scene, name: &str, (x, y): (f64, f64), (dx, dy): (f64, f64)) {
    let anchor: TextAnchor = if dx > SIDEWAYS {
        ink::START
    } else if dx < -SIDEWAYS {
        ink::END
    } else {
        ink::MIDDLE
    };
    let lines = lines(name);
    let height = lines.len() as f64 * LINE;
    // The block of lines hangs where the axis points: below, above or beside its end.
    let top = y - height * (1.0 - dy) / 2.0;
    for (at, line) in lines.iter().enumerate() {
        let base = top + at as f64 * LINE + f64::from(TEXT);
        ink::words(scene, (x, base), anchor, line);
    }
}
