//! How wide words are in the figures' font, and how they are made to fit.
//!
//! The plotting library measures with another font and shortens nothing, so a long name would push a chart out of
//! its own drawing.

use std::collections::VecDeque;

/// Units of the font to its size.
const UNITS: f64 = 2048.0;
/// Advances of DejaVu Sans from the blank to the tilde (`hmtx` of font/DejaVuSans-subset.ttf).
const ADVANCES: [u16; 95] = [
    651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303,
    1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048,
    1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604, 604, 1343, 1141, 1767, 1532, 1612, 1235,
    1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690, 799, 1716, 1024, 1024,
    1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569, 1995, 1298, 1253, 1300,
    1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
];
/// What stands for the letters that are left out.
const ELLIPSIS: char = '\u{2026}';

/// The width of a line of text, without kerning, which only narrows. Letters that the font has not count as its
/// widest.
pub(crate) fn width(text: &str, size: u32) -> f64 {
    let units: f64 = text.chars().map(advance).sum();
    units * f64::from(size) / UNITS
}

fn advance(letter: char) -> f64 {
    let place = (letter as usize).checked_sub(usize::from(b' '));
    let known = place.and_then(|place| ADVANCES.get(place));
    known.map_or(UNITS, |&advance| f64::from(advance))
}

/// The text, or its beginning and its end where it has no room: names that differ tend to differ there.
pub(crate) fn shortened(text: &str, size: u32, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut head: VecDeque<char> = text.chars().collect();
    let mut tail = head.split_off(head.len() / 2);
    loop {
        // The longer half gives way, so that both ends stay.
        if head.len() > tail.len() {
            head.pop_back();
        } else {
            tail.pop_front();
        }
        let cut: String = head.iter().chain([&ELLIPSIS]).chain(&tail).collect();
        if width(&cut, size) <= room || (head.is_empty() && tail.is_empty()) {
            return cut;
        }
    }
}

/// The text in lines that have room, broken at blanks and behind hyphens; a word without room is shortened.
pub(crate) fn wrapped(text: &str, size: u32, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        for (at, piece) in word.split_inclusive('-').enumerate() {
            let piece = shortened(piece, size, room);
            let joint = if at == 0 { " " } else { "" };
            match lines.last_mut() {
                Some(line) if width(&format!("{line}{joint}{piece}"), size) <= room => {
                    line.push_str(joint);
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: the advances that the rasteriser's shaper gives the embedded font. Tolerance: three units of a drawing,
    /// for kerning and the side bearings that a bounding box leaves out.
    #[test]
    fn words_are_as_wide_as_they_are_drawn() {
        for text in [
            "grad_norm",
            "MACs, % of their range",
            "Ill (91.07 %)",
            "0123456789",
        ] {
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"40\" \
                 font-family=\"DejaVu Sans\"><text y=\"20\" font-size=\"13\">{text}</text></svg>"
            );
            let drawn = crate::picture::extent(&svg);
            let told = width(text, 13);
            assert!((told - drawn).abs() < 3.0, "{text}: {told} against {drawn}");
        }
    }

    #[test]
    fn a_long_name_keeps_both_ends_and_never_passes_its_room() {
        let name = "my_proxy_of_a_very_long_name_version_2";
        for room in [0.0, 20.0, 60.0, 120.0, 200.0] {
            let cut = shortened(name, 13, room);
            assert!(width(&cut, 13) <= room.max(width("\u{2026}", 13)), "{cut}");
        }
        let cut = shortened(name, 13, 120.0);
        assert!(cut.starts_with("my_pro") && cut.ends_with("on_2"), "{cut}");
        assert_eq!(shortened("zen", 13, 120.0), "zen");
    }

    #[test]
    fn lines_break_at_blanks_and_have_room() {
        let text = "macs, params, synflow, an_unusually_long_name_that_no_line_has_room_for";
        let lines = wrapped(text, 13, 110.0);
        assert!(
            lines.iter().all(|line| width(line, 13) <= 110.0),
            "{lines:?}"
        );
        assert_eq!(lines[0], "macs, params,");
        assert!(wrapped("", 13, 110.0).is_empty());
    }
}
