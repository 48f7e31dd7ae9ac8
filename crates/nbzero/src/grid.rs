//! A table of text cells that fits the terminal.
//!
//! Numbers stand to the right and are never broken; words stand to the left and may wrap. Where all
//! columns do not fit, the table is continued below itself in panels, each beginning with the first
//! column again, so that every row keeps its name.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words; may wrap.
    Left,
    /// Numbers; never broken.
    Right,
}

/// Words narrower than this are not wrapped.
const NARROWEST_WORDS: usize = 24;
/// Blanks between two columns.
const GAP: usize = 2;

/// A text from a file that can stand on a terminal: characters that command it, or turn the direction of what follows, are
/// shown as the sign of what cannot be shown.
pub(crate) fn plain(text: String) -> String {
    let commands = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(commands) {
        return text.replace(commands, "\u{fffd}");
    }
    text
}

/// Rows of cells under headings.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    headings: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    pub(crate) fn new<S: Into<String>>(headings: impl IntoIterator<Item = (S, Align)>) -> Self {
        let headings = headings
            .into_iter()
            .map(|(h, a)| (plain(h.into()), a))
            .collect();
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    /// Adds a row, one cell a heading.
    pub(crate) fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells: Vec<String> = cells.into_iter().map(Into::into).map(plain).collect();
        debug_assert_eq!(cells.len(), self.headings.len(), "one cell a heading");
        self.rows.push(cells);
    }

    /// The table as text, each line at most `width` characters where that is possible.
    pub(crate) fn text(&self, width: Option<usize>) -> String {
        let panels = match width {
            Some(width) => self.panels(width),
            None => vec![(0..self.headings.len()).collect()],
        };
        let blocks: Vec<String> = panels.iter().map(|p| self.panel(p, width)).collect();
        blocks.join("\n")
    }

    /// The widest cell of a column in characters.
    fn natural(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|r| r[column].chars().count());
        let heading = self.headings[column].0.chars().count();
        cells.fold(heading, usize::max)
    }

    /// The least width at which a column can be read.
    fn least(&self, column: usize) -> usize {
        match self.headings[column].1 {
            Align::Right => self.natural(column),
            Align::Left => self.natural(column).min(NARROWEST_WORDS),
        }
    }

    /// Which columns stand in which panel.
    fn panels(&self, width: usize) -> Vec<Vec<usize>> {
        let first = self.least(0);
        let mut panels = vec![vec![0]];
        let mut used = first;
        for column in 1..self.headings.len() {
            let wanted = GAP + self.least(column);
            let panel = panels.last_mut().expect("there is always a panel");
            if used + wanted > width && panel.len() > 1 {
                panels.push(vec![0, column]);
                used = first + wanted;
            } else {
                panel.push(column);
                used += wanted;
            }
        }
        panels
    }

    fn panel(&self, columns: &[usize], width: Option<usize>) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        match width {
            // A padding of `GAP` follows the last column too and is trimmed below.
            Some(width) => {
                table.set_content_arrangement(ContentArrangement::Dynamic);
                table.set_width(u16::try_from(width + GAP).unwrap_or(u16::MAX));
            }
            None => {
                table.set_content_arrangement(ContentArrangement::Disabled);
            }
        }
        table.set_header(columns.iter().map(|&c| self.headings[c].0.as_str()));
        table.add_rows(
            self.rows
                .iter()
                .map(|row| columns.iter().map(|&c| row[c].as_str())),
        );
        for (at, &column) in columns.iter().enumerate() {
            let shown = table.column_mut(at).expect("one column a heading");
            shown.set_padding((0, GAP as u16));
            if self.headings[column].1 == Align::Right {
                shown.set_cell_alignment(CellAlignment::Right);
                let least = u16::try_from(self.natural(column) + GAP).unwrap_or(u16::MAX);
                shown.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
            }
        }
        let mut text = table.trim_fmt();
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::new([
            ("proxy", Align::Left),
            ("kd", Align::Right),
            ("sr", Align::Right),
            ("meaning", Align::Left),
        ]);
        grid.row([
            "macs",
            "0.5461",
            "0.7377",
            "multiply-accumulates of one image",
        ]);
        grid.row(["params", "0.2155", "0.3146", "trainable numbers"]);
        grid
    }

    #[test]
    fn without_a_width_every_row_is_one_line() {
        let text = grid().text(None);
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().all(|l| l == l.trim_end()));
    }

    #[test]
    fn a_narrow_table_continues_below_and_repeats_the_names() {
        for width in [30, 40, 60] {
            let text = grid().text(Some(width));
            assert!(text.lines().all(|l| l.chars().count() <= width), "{text}");
            for number in ["0.5461", "0.7377", "0.2155", "0.3146"] {
                assert!(text.contains(number), "{number} at {width}:\n{text}");
            }
        }
        assert_eq!(grid().text(Some(30)).matches("params").count(), 2);
    }

    #[test]
    fn a_table_without_rows_shows_its_headings() {
        let empty = Grid::new([("a", Align::Left), ("b", Align::Right)]);
        assert_eq!(empty.text(None), "a  b\n");
    }
}
