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
    let labels = placed(axes, radius);
    let highest = labels.iter().map(|l| l.top).fold(-radius, f64::min);
    let lowest = labels.iter().map(Label::bottom).fold(radius, f64::max);
    let centre = (width / 2.0, top - highest);
    let point = |at: usize, share: f64| {
        let (x, y) = direction(at, axes.len());
        let far = radius * share.clamp(0.0, 1.0);
        (centre.0 + far * x, centre.1 + far * y)
    };
    for share in [0.5, 1.0] {
        let ring: Vec<(f64, f64)> = (0..axes.len()).map(|at| point(at, share)).collect();
        ink::path(scene, ink::polygon(&ring), None, (GRID, 0.8), None);
    }
    for (at, label) in labels.iter().enumerate() {
        ink::line(scene, &[centre, point(at, 1.0)], (GRID, 0.8), None);
        label.draw(scene, centre);
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
    lowest - highest + GAP
}

/// Where an axis points: the first up, the others clockwise.
fn direction(at: usize, axes: usize) -> (f64, f64) {
    let angle = std::f64::consts::TAU * at as f64 / axes as f64 - std::f64::consts::FRAC_PI_2;
    (angle.cos(), angle.sin())
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

/// Words at the end of an axis; places are relative to the radar's centre.
struct Label {
    lines: Vec<String>,
    anchor: TextAnchor,
    x: f64,
    top: f64,
}

impl Label {
    /// Of the axis that points in a direction: below, above or beside its end.
    fn new(name: &str, radius: f64, (dx, dy): (f64, f64)) -> Self {
        let anchor = if dx > SIDEWAYS {
            ink::START
        } else if dx < -SIDEWAYS {
            ink::END
        } else {
            ink::MIDDLE
        };
        let lines = lines(name);
        let height = lines.len() as f64 * LINE;
        Self {
            anchor,
            x: (radius + AWAY) * dx,
            top: (radius + AWAY) * dy - height * (1.0 - dy) / 2.0,
            lines,
        }
    }

    fn bottom(&self) -> f64 {
        self.top + self.lines.len() as f64 * LINE
    }

    /// From left to right.
    fn span(&self) -> (f64, f64) {
        let widths = self.lines.iter().map(|line| text::width(line, TEXT));
        let width = widths.fold(0.0, f64::max);
        let left = match self.anchor {
            TextAnchor::Start => self.x,
            TextAnchor::Middle => self.x - width / 2.0,
            TextAnchor::End => self.x - width,
        };
        (left, left + width)
    }

    fn overlaps(&self, other: &Self) -> bool {
        let ((left, right), (from, to)) = (self.span(), other.span());
        let apart = |end: f64, start: f64| end <= start + 1e-6; // touching is not overlapping
        !(apart(to, left)
            || apart(right, from)
            || apart(other.bottom(), self.top)
            || apart(self.bottom(), other.top))
    }

    fn draw(&self, scene: &mut Scene, centre: (f64, f64)) {
        for (at, line) in self.lines.iter().enumerate() {
            let base = self.top + at as f64 * LINE + f64::from(TEXT);
            let place = (centre.0 + self.x, centre.1 + base);
            ink::words(scene, place, self.anchor, line);
        }
    }
}

/// The labels of all axes, in their order, none over another: those nearest to the radar's middle height stay, the
/// others give way up or down.
fn placed(axes: &[String], radius: f64) -> Vec<Label> {
    let direction = |at: usize| direction(at, axes.len());
    let mut labels: Vec<Label> = axes
        .iter()
        .enumerate()
        .map(|(at, name)| Label::new(name, radius, direction(at)))
        .collect();
    let mut order: Vec<usize> = (0..axes.len()).collect();
    order.sort_by(|&a, &b| direction(a).1.abs().total_cmp(&direction(b).1.abs()));
    for (done, &at) in order.iter().enumerate() {
        let is_up = direction(at).1 < 0.0;
        while let Some(&other) = order[..done]
            .iter()
            .find(|&&other| labels[at].overlaps(&labels[other]))
        {
            labels[at].top = if is_up {
                labels[other].top - labels[at].lines.len() as f64 * LINE
            } else {
                labels[other].bottom()
            };
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::{Label, placed};

    #[test]
    fn no_label_lies_over_another() {
        let merged = "S1-in = S1-out = S2-in";
        for names in [
            vec![
                merged,
                "S2-out = S3-in",
                "S3-out = S4-in",
                "S4-out",
                "S1-depth",
                "S2-depth",
                "S3-depth",
                "S4-depth",
                "S1-stride",
                "S2-stride",
                "S3-stride",
                "S4-stride",
            ],
            vec![merged; 16],
            vec!["a", "b", "c"],
        ] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            let labels = placed(&names, 60.0);
            for (at, label) in labels.iter().enumerate() {
                let over = |other: &&Label| label.overlaps(other);
                assert!(
                    labels[at + 1..].iter().find(over).is_none(),
                    "{}",
                    names[at]
                );
            }
        }
    }
}
