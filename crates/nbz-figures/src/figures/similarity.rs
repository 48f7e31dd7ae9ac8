//! Which scores rank alike, as a map: all pairs in the clustered order, rank correlation below the diagonal, shared best
//! networks above it.
//!
//! Colours are Paul Tol's diverging BuRd and sequential YlOrBr (personal.sron.nl/~pault, 2021).

use kuva::render::render::Scene;
use nbz_report::Alike;
use nbz_study::OVERLAP_SHARE;

use crate::chart::{self, GAP, LINE, TEXT, WIDTH};
use crate::figure::{Figure, Missing};
use crate::figures::Made;
use crate::points::Drawn;
use crate::subject::Subject;
use crate::{ink, text};

/// From -1 to 1.
const DIVERGING: [&str; 9] = [
    "#2166AC", "#4393C3", "#92C5DE", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#F4A582", "#D6604D",
    "#B2182B",
];
/// From 0 to 1.
const SEQUENTIAL: [&str; 9] = [
    "#FFFFE5", "#FFF7BC", "#FEE391", "#FEC44F", "#FB9A29", "#EC7014", "#CC4C02", "#993404",
    "#662506",
];
/// Of a number that does not exist.
const UNDEFINED: &str = "#888888";
/// Room of the names at most.
const NAMES: f64 = 130.0;
/// A cell's sides at most, and what a line of names needs.
const CELL: (f64, f64) = (26.0, 14.0);

pub(crate) fn draw(subject: &Subject) -> Result<Made, Missing> {
    let found = Alike::of(&subject.candidates);
    let found = found.map_err(|error| Figure::SimilarityMap.needs(&error.to_string(), subject))?;
    let Some(alike) = found else {
        return Err(Figure::SimilarityMap.needs("proxies", subject));
    };
    let caption = format!(
        "Below the diagonal Spearman's correlation of two scores, each in the direction that its authors call good; \
         above it the share of the {} best networks by the one that are among the {} best by the other ({} of all \
         networks). Columns are in the order of the rows. Grey is undefined. Clustered by average linkage; black squares are groups. {} {}.",
        alike.best,
        alike.best,
        OVERLAP_SHARE,
        alike.sentences().join(" "),
        alike.provenance,
    );
    let drawn = map(subject, &alike);
    Ok((caption, alike.sheet(), drawn))
}

fn map(subject: &Subject, alike: &Alike) -> Drawn {
    let mut scene = Scene::new(WIDTH, 0.0);
    let heading = "which scores rank alike";
    let top = chart::head(&mut scene, &subject.name(), heading);
    let count = alike.scores.len();
    let names: Vec<String> = alike
        .scores
        .iter()
        .map(|name| text::shortened(name, TEXT, NAMES))
        .collect();
    let widest = names.iter().map(|name| text::width(name, TEXT));
    let widest = widest.fold(0.0, f64::max);
    let left = GAP + widest + GAP;
    // In tenths, so that no seams are left between cells.
    let wide = ((WIDTH - GAP - left) / count as f64 * 10.0).floor() / 10.0;
    let wide = wide.min(CELL.0);
    let high = wide.max(CELL.1);
    let corner = |row: usize, column: usize| (left + column as f64 * wide, top + row as f64 * high);
    for (row, name) in names.iter().enumerate() {
        for column in 0..count {
            let colour = if column > row {
                shade(alike.overlap[row][column], &SEQUENTIAL)
            } else {
                shade(alike.spearman[row][column].map(half), &DIVERGING)
            };
            ink::filled(&mut scene, corner(row, column), (wide, high), colour);
        }
        let at = (left - GAP / 2.0, corner(row, 0).1 + high / 2.0 + 4.5);
        ink::words(&mut scene, at, ink::END, name);
    }
    groups(&mut scene, &alike.groups, corner);
    let mut y = corner(count, 0).1;
    if wide >= CELL.1 - 2.0 {
        for (column, name) in names.iter().enumerate() {
            let at = (corner(0, column).0 + wide / 2.0 + 4.5, y + GAP / 2.0);
            ink::upright(&mut scene, at, ink::END, name);
        }
        y += widest + GAP;
    }
    y += GAP;
    let ends = ("-1", "1");
    y = key(&mut scene, y, "below: Spearman", &DIVERGING, ends);
    y = key(
        &mut scene,
        y,
        "above: best in common",
        &SEQUENTIAL,
        ("0", "1"),
    );
    chart::finish(scene, y + GAP)
}

/// From -1 to 1 into 0 to 1.
fn half(rho: f64) -> f64 {
    rho.midpoint(1.0)
}

/// The colour of a number from 0 to 1.
fn shade(value: Option<f64>, colours: &[&'static str; 9]) -> &'static str {
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return UNDEFINED;
    };
    let step = (value * colours.len() as f64).floor() as usize;
    colours[step.min(colours.len() - 1)]
}

/// A square around each group of several scores, which stand next to each other.
fn groups(scene: &mut Scene, groups: &[usize], corner: impl Fn(usize, usize) -> (f64, f64)) {
    let mut from = 0;
    while from < groups.len() {
        let to = from
            + groups[from..]
                .iter()
                .take_while(|group| **group == groups[from])
                .count();
        if to > from + 1 {
            let (a, b) = (corner(from, from), corner(to, to));
            let around = [a, (b.0, a.1), b, (a.0, b.1), a];
            ink::line(scene, &around, ("#000000", 1.5), None);
        }
        from = to;
    }
}

/// What the colours mean, in a line; answers with where the next begins.
fn key(
    scene: &mut Scene,
    y: f64,
    what: &str,
    colours: &[&'static str; 9],
    (low, high): (&str, &str),
) -> f64 {
    let base = y + LINE - 4.0;
    let (wide, middle) = (18.0, WIDTH / 2.0);
    ink::words(scene, (middle - 3.0 * GAP, base), ink::END, what);
    ink::words(scene, (middle - GAP / 2.0, base), ink::END, low);
    for (at, colour) in colours.iter().enumerate() {
        let corner = (middle + at as f64 * wide, base - 10.0);
        ink::filled(scene, corner, (wide, 12.0), colour);
    }
    let end = middle + colours.len() as f64 * wide + GAP / 2.0;
    ink::words(scene, (end, base), ink::START, high);
    y + LINE
}

#[cfg(test)]
mod tests {
    use super::{DIVERGING, SEQUENTIAL, UNDEFINED, half, shade};

    #[test]
    fn colours_follow_the_numbers_and_undefined_ones_have_their_own() {
        assert_eq!(shade(Some(half(-1.0)), &DIVERGING), DIVERGING[0]);
        assert_eq!(shade(Some(half(0.0)), &DIVERGING), DIVERGING[4]);
        assert_eq!(shade(Some(half(1.0)), &DIVERGING), DIVERGING[8]);
        assert_eq!(shade(Some(0.0), &SEQUENTIAL), SEQUENTIAL[0]);
        assert_eq!(shade(Some(1.0), &SEQUENTIAL), SEQUENTIAL[8]);
        for none in [None, Some(f64::NAN)] {
            assert_eq!(shade(none, &DIVERGING), UNDEFINED);
        }
    }
}
