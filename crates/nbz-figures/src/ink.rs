//! Lines, boxes and words, where the plotting library's own would not do.

use kuva::plot::scatter::MarkerShape;
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};

use crate::chart::TEXT;

/// Words at their left end.
pub(crate) const START: TextAnchor = TextAnchor::Start;
/// Words around their middle.
pub(crate) const MIDDLE: TextAnchor = TextAnchor::Middle;
/// Words at their right end.
pub(crate) const END: TextAnchor = TextAnchor::End;

/// Colour of words beside the point.
pub(crate) const GREY: &str = "#555555";
const BLACK: &str = "#000000";

/// Words of the usual size, black.
pub(crate) fn words(scene: &mut Scene, at: (f64, f64), anchor: TextAnchor, text: &str) {
    coloured(scene, at, anchor, text, BLACK);
}

/// Words of the usual size.
pub(crate) fn coloured(
    scene: &mut Scene,
    at: (f64, f64),
    anchor: TextAnchor,
    text: &str,
    colour: &str,
) {
    write(scene, at, anchor, text, (colour, TEXT, None));
}

/// Words of the usual size from bottom to top.
pub(crate) fn upright(scene: &mut Scene, at: (f64, f64), anchor: TextAnchor, text: &str) {
    write(scene, at, anchor, text, (BLACK, TEXT, Some(-90.0)));
}

/// Words of any colour, size and angle.
pub(crate) fn write(
    scene: &mut Scene,
    (x, y): (f64, f64),
    anchor: TextAnchor,
    text: &str,
    (colour, size, rotate): (&str, u32, Option<f64>),
) {
    if text.is_empty() {
        return;
    }
    scene.add(Primitive::Text {
        x: tenth(x),
        y: tenth(y),
        content: text.to_owned(),
        size,
        anchor,
        rotate,
        bold: false,
        color: Some(colour.into()),
    });
}

/// A line through points.
pub(crate) fn line(
    scene: &mut Scene,
    points: &[(f64, f64)],
    (colour, width): (&str, f64),
    dashes: Option<String>,
) {
    scene.add(Primitive::PolyLine {
        points: points.iter().map(|(x, y)| (tenth(*x), tenth(*y))).collect(),
        stroke: colour.into(),
        stroke_width: width,
        stroke_dasharray: dashes,
    });
}

/// A shape by its path: filled, outlined or both.
pub(crate) fn path(
    scene: &mut Scene,
    d: String,
    fill: Option<(&str, f64)>,
    (colour, width): (&str, f64),
    dashes: Option<String>,
) {
    scene.add(Primitive::Path(Box::new(PathData {
        d,
        fill: fill.map(|(fill, _)| fill.into()),
        stroke: colour.into(),
        stroke_width: width,
        opacity: fill.map(|(_, opacity)| opacity),
        stroke_dasharray: dashes,
    })));
}

/// A filled box.
pub(crate) fn filled(
    scene: &mut Scene,
    (x, y): (f64, f64),
    (width, height): (f64, f64),
    fill: &str,
) {
    scene.add(Primitive::Rect {
        x: tenth(x),
        y: tenth(y),
        width: tenth(width),
        height: tenth(height),
        fill: fill.into(),
        stroke: None,
        stroke_width: None,
        opacity: None,
    });
}

/// A white disc with an outline.
pub(crate) fn disc(scene: &mut Scene, (x, y): (f64, f64), radius: f64) {
    scene.add(Primitive::Circle {
        cx: tenth(x),
        cy: tenth(y),
        r: radius,
        fill: "#FFFFFF".into(),
        fill_opacity: None,
        stroke: Some(BLACK.into()),
        stroke_width: Some(1.2),
    });
}

/// The path through points and back.
pub(crate) fn polygon(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let step = if at == 0 { "M" } else { " L" };
        d += &format!("{step}{},{}", tenth(*x), tenth(*y));
    }
    d + " Z"
}

/// The mark of a series, as the plotting library draws it on lines.
pub(crate) fn marker(
    scene: &mut Scene,
    shape: MarkerShape,
    (x, y): (f64, f64),
    size: f64,
    colour: &str,
) {
    let at = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        let place = |(dx, dy): &(f64, f64)| (x + size * dx, y + size * dy);
        points.iter().map(place).collect()
    };
    let corners: Vec<(f64, f64)> = match shape {
        MarkerShape::Circle => {
            scene.add(Primitive::Circle {
                cx: x,
                cy: y,
                r: size,
                fill: colour.into(),
                fill_opacity: None,
                stroke: None,
                stroke_width: None,
            });
            return;
        }
        MarkerShape::Plus | MarkerShape::Cross => {
            let ends = match shape {
                MarkerShape::Plus => [[(-0.9, 0.0), (0.9, 0.0)], [(0.0, -0.9), (0.0, 0.9)]],
                _ => [[(-0.9, -0.9), (0.9, 0.9)], [(-0.9, 0.9), (0.9, -0.9)]],
            };
            for ends in ends {
                line(scene, &at(&ends), (colour, 1.5), None);
            }
            return;
        }
        MarkerShape::Triangle => at(&[(0.0, -1.02), (-1.0, 0.68), (1.0, 0.68)]),
        MarkerShape::TriangleDown => at(&[(0.0, 1.02), (-1.0, -0.68), (1.0, -0.68)]),
        MarkerShape::Diamond => at(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
        MarkerShape::Star => {
            let corner = |k: u32| {
                let angle = std::f64::consts::PI * (f64::from(k) / 5.0 - 0.5);
                let far = if k.is_multiple_of(2) { 1.25 } else { 0.5 };
                (far * angle.cos(), far * angle.sin())
            };
            at(&(0..10).map(corner).collect::<Vec<_>>())
        }
        _ => at(&[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]),
    };
    path(
        scene,
        polygon(&corners),
        Some((colour, 1.0)),
        (colour, 0.5),
        None,
    );
}

/// Tenths of a unit are finer than eyes, and keep files short.
pub(crate) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
