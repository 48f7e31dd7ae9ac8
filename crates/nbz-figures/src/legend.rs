//! Which line is which: a sample of colour, dash and mark beside every name, in columns below the panels.

use kuva::render::render::Scene;

use crate::chart::{GAP, LINE, TEXT};
use crate::look::Look;
use crate::{ink, text};

/// Of a sample: two of the longest dashes.
const SAMPLE: f64 = 36.0;
/// Half the size of a mark.
pub(crate) const MARK: f64 = 3.5;
/// Longer names are shortened where many entries need more than one column.
const LONGEST: f64 = 170.0;
/// Entries that may have a line each.
const FEW: usize = 6;

/// Draws it and answers with its height.
pub(crate) fn draw(
    scene: &mut Scene,
    entries: &[(String, Look)],
    (left, top): (f64, f64),
    room: f64,
) -> f64 {
    let longest = if entries.len() > FEW {
        LONGEST
    } else {
        room - SAMPLE - 2.0 * GAP
    };
    let names: Vec<String> = entries
        .iter()
        .map(|(name, _)| text::shortened(name, TEXT, longest))
        .collect();
    let widest = names
        .iter()
        .map(|name| text::width(name, TEXT))
        .fold(0.0, f64::max);
    let step = SAMPLE + 2.0 * GAP + widest;
    let columns = ((room / step) as usize).clamp(1, entries.len().max(1));
    let rows = entries.len().div_ceil(columns);
    for (at, ((_, look), name)) in entries.iter().zip(&names).enumerate() {
        let (column, row) = (at / rows.max(1), at % rows.max(1));
        let x = left + column as f64 * room / columns as f64;
        let y = top + (row as f64 + 0.5) * LINE;
        sample(scene, look, (x, y));
        ink::words(scene, (x + SAMPLE + 6.0, y + 4.5), ink::START, name);
    }
    let height = rows as f64 * LINE;
    if rows == 0 { 0.0 } else { height + GAP }
}

fn sample(scene: &mut Scene, look: &Look, (x, y): (f64, f64)) {
    let ends = [(x, y), (x + SAMPLE, y)];
    ink::line(
        scene,
        &ends,
        (look.colour, look.width),
        look.line.dasharray(),
    );
    ink::marker(scene, look.marker, (x + SAMPLE / 2.0, y), MARK, look.colour);
}

#[cfg(test)]
mod tests {
    use kuva::render::render::Primitive;

    use super::*;
    use crate::look::looks;

    #[test]
    fn every_sample_of_a_long_legend_has_its_own_colour_and_dash_and_its_name_beside_it() {
        let names: Vec<String> = (0..30).map(|at| format!("mine_{at}")).collect();
        let looks = looks(names.iter().map(String::as_str));
        let entries: Vec<(String, Look)> = names.into_iter().zip(looks).collect();
        let mut scene = Scene::new(464.0, 0.0);
        let height = draw(&mut scene, &entries, (0.0, 0.0), 464.0);
        let (mut samples, mut words) = (Vec::new(), 0);
        for element in &scene.elements {
            match element {
                Primitive::PolyLine {
                    stroke,
                    stroke_dasharray,
                    points,
                    ..
                } if points[1].0 - points[0].0 == SAMPLE => {
                    samples.push(format!("{stroke:?} {stroke_dasharray:?}"));
                }
                Primitive::Text { y, .. } => {
                    words += 1;
                    assert!(*y < height, "within the legend");
                }
                _ => {}
            }
        }
        assert_eq!((samples.len(), words), (30, 30));
        samples.sort();
        samples.dedup();
        assert_eq!(samples.len(), 30);
    }
}
