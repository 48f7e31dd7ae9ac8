//! Which colour, dash and marker a score has: the same in every figure of a table.
//!
//! Colours: Paul Tol's muted scheme (personal.sron.nl/~pault, 2021), distinct to the colour-blind and on paper. It has
//! nine; further series take them anew with another dash and another mark, so that no two look alike.

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
/// The dashes of the first nine series, the second nine and so on.
const DASHES: [&str; 4] = ["", "9 4", "2 3", "10 3 2 3"];
/// The marks of the first nine; later rounds begin elsewhere.
const MARKERS: [MarkerShape; 8] = [
    MarkerShape::Circle,
    MarkerShape::Square,
    MarkerShape::Triangle,
    MarkerShape::Diamond,
    MarkerShape::TriangleDown,
    MarkerShape::Cross,
    MarkerShape::Pentagon,
    MarkerShape::Plus,
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

/// The looks of the scores of one table, in their order. The paper's have the same in every table; the others take
/// what these leave, in the order of the table.
pub(crate) fn looks<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Look> {
    let names: Vec<&str> = names.into_iter().collect();
    let taken: Vec<usize> = names.iter().filter_map(|name| known(name)).collect();
    let mut free = (0..).filter(|slot| !taken.contains(slot));
    let mut of = |name: &&str| match (fixed(name), known(name)) {
        (Some(look), _) => look,
        (None, Some(slot)) => in_slot(slot),
        (None, None) => in_slot(free.next().unwrap_or_default()),
    };
    names.iter().map(&mut of).collect()
}

/// The look of a name that has the same everywhere; the first colour's for any other.
pub(crate) fn look(name: &str) -> Look {
    fixed(name).unwrap_or_else(|| in_slot(known(name).unwrap_or_default()))
}

/// The looks of what is no proxy.
pub(crate) fn fixed(name: &str) -> Option<Look> {
    let grey = |shade: usize, line, marker| Look {
        colour: GREYS[shade],
        line,
        marker,
        width: 1.6,
    };
    Some(match name {
        "oracle" | "accuracy" => Look {
            colour: BLACK,
            line: LineStyle::Solid,
            marker: MarkerShape::Star,
            width: 2.2,
        },
        "random" => grey(3, LineStyle::Dotted, MarkerShape::Plus),
        "retrained" => grey(3, LineStyle::Solid, MarkerShape::Cross),
        "macs" => grey(0, LineStyle::Dashed, MarkerShape::Square),
        "params" => grey(1, LineStyle::DashDot, MarkerShape::Triangle),
        "depth" => grey(2, LineStyle::Dotted, MarkerShape::Diamond),
        _ => return None,
    })
}

fn known(name: &str) -> Option<usize> {
    PROXIES.iter().position(|&proxy| proxy == name)
}

/// Colours change fastest, then dashes, then marks.
fn in_slot(slot: usize) -> Look {
    let (colour, round) = (slot % MUTED.len(), slot / MUTED.len());
    let marker = match round {
        0 => MARKERS[colour % 4],
        _ => MARKERS[(colour + 3 * round + round / DASHES.len()) % MARKERS.len()],
    };
    let line = match DASHES[round % DASHES.len()] {
        "" => LineStyle::Solid,
        dashes => LineStyle::Custom(dashes.to_owned()),
    };
    Look {
        colour: MUTED[colour],
        line,
        marker,
        width: 1.8,
    }
}

/// A colour mixed with as much white, `#RRGGBB`.
pub(crate) fn tint(colour: &str) -> String {
    let part = |at: usize| {
        let byte = colour
            .get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.unwrap_or(0) / 2 + 127
    };
    format!("#{:02X}{:02X}{:02X}", part(1), part(3), part(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_series_look_alike_however_many_there_are() {
        let others: Vec<String> = (0..60).map(|at| format!("mine_{at}")).collect();
        let names = [
            "oracle",
            "random",
            "retrained",
            "macs",
            "params",
            "depth",
            "zen",
            "grasp",
        ];
        let names = names.into_iter().chain(others.iter().map(String::as_str));
        let seen: Vec<_> = looks(names)
            .into_iter()
            .map(|look| {
                (
                    look.colour,
                    look.line.dasharray(),
                    format!("{:?}", look.marker),
                )
            })
            .collect();
        for (at, one) in seen.iter().enumerate() {
            assert!(!seen[..at].contains(one), "series {at}: {one:?}");
        }
        // The first four rounds differ in what is seen from afar.
        let afar: Vec<_> = seen
            .iter()
            .take(40)
            .map(|(colour, dash, _)| (colour, dash))
            .collect();
        for (at, one) in afar.iter().enumerate() {
            assert!(!afar[..at].contains(one), "series {at}: {one:?}");
        }
    }

    #[test]
    fn the_papers_proxies_keep_their_colours_beside_others() {
        let alone = looks(["zen"]);
        let beside = looks(["a", "b", "zen", "c"]);
        assert_eq!(alone[0].colour, beside[2].colour);
        assert!(
            [0, 1, 3]
                .iter()
                .all(|&at| beside[at].colour != alone[0].colour)
        );
    }

    #[test]
    fn a_tint_is_half_way_to_white() {
        assert_eq!(tint("#000000"), "#7F7F7F");
        assert_eq!(tint("#FFFFFF"), "#FEFEFE");
    }
}
