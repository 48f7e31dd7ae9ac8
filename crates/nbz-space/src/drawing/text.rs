//! The picture in a terminal: half-block characters, one to four columns a layer.
//!
//! A dotted line stands where the resolution falls. Below the picture a line of widths and a line of
//! resolutions; a label that has no room is left out, never cut.

use super::profile::{Drawing, Segment};

/// Rows of characters; each shows two rows of the picture.
const ROWS: usize = 8;
const COLUMNS_PER_LAYER: usize = 4;
const MIN_COLUMNS: usize = 20;

/// A segment's place in the picture.
struct Placed<'a> {
    segment: &'a Segment,
    columns: std::ops::Range<usize>,
    /// Whether a mark stands in the column before it.
    marked: bool,
}

impl Drawing {
    /// The picture in lines of at most `columns` characters (20 if it is less), with a final newline.
    pub fn text(&self, columns: usize) -> String {
        let columns = columns.max(MIN_COLUMNS);
        let placed = self.place(columns);
        let mut lines = wrap(self.title(), columns);
        lines.extend(wrap(&self.caption(), columns));
        lines.push(String::new());
        lines.extend((0..ROWS).map(|row| self.row(&placed, row)));
        lines.push(labels(&placed, columns, |s| s.width.to_string()));
        let mut side = 0;
        lines.push(labels(&placed, columns, |s| {
            let label = if s.side == side {
                String::new()
            } else {
                format!("{}px", s.side)
            };
            side = s.side;
            label
        }));
        let mut out = String::new();
        for line in lines {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    fn place(&self, columns: usize) -> Vec<Placed<'_>> {
        let halvings = self
            .segments()
            .windows(2)
            .filter(|w| w[0].side != w[1].side)
            .count();
        let room = columns.saturating_sub(halvings);
        let layers = self.layers().max(1);
        let used = room.min(layers * COLUMNS_PER_LAYER);
        let (mut before, mut marks, mut side) = (0, 0, None);
        let mut placed = Vec::new();
        for segment in self.segments() {
            let marked = side.is_some_and(|side| side != segment.side);
            marks += usize::from(marked);
            side = Some(segment.side);
            let start = before * used / layers + marks;
            before += segment.layers;
            placed.push(Placed {
                segment,
                columns: start..before * used / layers + marks,
                marked,
            });
        }
        placed
    }

    fn row(&self, placed: &[Placed<'_>], row: usize) -> String {
        let mut line = String::new();
        for place in placed {
            if place.marked {
                line.push('┊');
            }
            let half_rows = 2 * ROWS;
            let share = self.thickness(place.segment) * half_rows as f64;
            let thick = (share.round() as usize).clamp(1, half_rows);
            let first = (half_rows - thick) / 2;
            let filled = |half: usize| (first..first + thick).contains(&half);
            let character = match (filled(2 * row), filled(2 * row + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            };
            line.extend(std::iter::repeat_n(character, place.columns.len()));
        }
        line
    }
}

/// One line with a label under the start of each segment that has room for one.
fn labels(
    placed: &[Placed<'_>],
    columns: usize,
    mut label: impl FnMut(&Segment) -> String,
) -> String {
    let mut line = String::new();
    let mut len = 0;
    for place in placed {
        let text = label(place.segment);
        let start = place.columns.start;
        // One blank between labels.
        let free = len == 0 || start > len;
        if text.is_empty() || !free || start + text.len() > columns {
            continue;
        }
        line.extend(std::iter::repeat_n(' ', start - len));
        line.push_str(&text);
        len = start + text.len();
    }
    line
}

/// The text in lines of at most so many characters, broken at spaces and hyphens where it can be.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut len = 0;
    for word in text.split_inclusive([' ', '-']) {
        let letters = word.trim_end().chars().count();
        if len > 0 && len + letters > columns {
            lines.push(String::new());
            len = 0;
        }
        for c in word.chars() {
            if len == columns {
                lines.push(String::new());
                len = 0;
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
            len += 1;
        }
    }
    lines
}
