//! Figure 8: the networks that the accuracy and every score put first, drawn.
//!
//! Scores that put one network first share its drawing.

use std::fmt::Write as _;

use nbz_report::{Cell, Sheet};
use nbz_space::Drawing;

use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::points::Drawn;
use crate::subject::{Subject, best_by};

/// Drawings a row.
const COLUMNS: usize = 2;
const GAP: f64 = 12.0;

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let mut firsts: Vec<(usize, Vec<&str>)> = Vec::new();
    let oracle = ("accuracy", best_by(subject.pool.accuracy()));
    let scores = subject
        .columns()
        .map(|c| (c.name.as_str(), best_by(&c.oriented)));
    for (name, place) in std::iter::once(oracle).chain(scores) {
        match firsts.iter_mut().find(|(known, _)| *known == place) {
            Some((_, names)) => names.push(name),
            None => firsts.push((place, vec![name])),
        }
    }
    let mut drawings = Vec::new();
    let mut rows = Vec::new();
    for (place, names) in firsts {
        let Some(arch) = &subject.networks[place] else {
            return Err(Figure::Fig8.needs("networks of a known space", subject));
        };
        let accuracy = subject.pool.accuracy()[place];
        let title = format!("{}: {accuracy:.2} %", names.join(", "));
        let network = arch.network(subject.task());
        drawings.push(Drawing::new(title, &network).svg());
        rows.push(vec![
            Cell::text(names.join(", ")),
            Cell::text(arch.to_string()),
            Cell::Number(Some(accuracy), 2),
        ]);
    }
    let caption = format!(
        "Length is depth, thickness is width, dashed lines mark where the resolution falls. Each score puts the \
         network first among all, without a budget; the number is its test accuracy. {}",
        subject.note()
    );
    let sheet = Sheet {
        title: format!("{}, networks that scores put first", subject.name()),
        header: ["first by", "network", "accuracy"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        details: Vec::new(),
        notes: vec![subject.note()],
    };
    Ok((caption, sheet, side_by_side(&drawings)))
}

/// Drawings in rows of two, each in a cell of the largest one's size.
fn side_by_side(drawings: &[String]) -> Drawn {
    let size = |drawing: &String, name: &str| -> f64 {
        let start = drawing
            .find(&format!(" {name}=\""))
            .map(|at| at + name.len() + 3);
        let rest = start.map_or("", |start| &drawing[start..]);
        rest.split('"')
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0.0)
    };
    let largest = |name: &str| drawings.iter().map(|d| size(d, name)).fold(0.0, f64::max);
    let (width, height) = (largest("width"), largest("height"));
    let columns = COLUMNS.min(drawings.len()).max(1);
    let whole = (
        columns as f64 * (width + GAP) + GAP,
        drawings.len().div_ceil(columns) as f64 * (height + GAP) + GAP,
    );
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.1}\" height=\"{1:.1}\" viewBox=\"0 0 {0:.1} {1:.1}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        whole.0, whole.1
    );
    for (at, drawing) in drawings.iter().enumerate() {
        let (column, row) = ((at % columns) as f64, (at / columns) as f64);
        let (x, y) = (GAP + column * (width + GAP), GAP + row * (height + GAP));
        let placed = drawing.replacen("<svg ", &format!("<svg x=\"{x:.1}\" y=\"{y:.1}\" "), 1);
        let placed = placed.replacen(
            "font-family=\"sans-serif\"",
            "font-family=\"DejaVu Sans\"",
            1,
        );
        // Writing to a string cannot fail.
        let _ = out.write_str(&placed);
    }
    out.push_str("</svg>\n");
    Drawn::of_vector(out)
}
