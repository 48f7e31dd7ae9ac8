//! A sheet: a titled grid of text and numbers that prints as Markdown and as CSV.
//!
//! The Markdown is for eyes: rounded numbers, intervals in brackets. The CSV is for programs: every
//! number in full (Rust's shortest form that reads back to the same bits), each interval in two columns
//! of its own, an undefined number as an empty cell.

use serde_json::{Map, Value, json};

use crate::row::Estimate;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words, a name.
    Text(String),
    /// A count.
    Count(usize),
    /// A number that people read with so many decimals; `None` is undefined.
    Number(Option<f64>, usize),
    /// A number with its interval.
    Estimate(Estimate, usize),
}

impl Cell {
    /// A cell of words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The cell as people read it; `-` where a number is undefined.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Number(value, digits) => rounded(*value, *digits),
            Self::Estimate(estimate, digits) => shown(*estimate, *digits),
        }
    }

    fn markdown(&self) -> String {
        match self {
            Self::Text(text) => text.replace('|', "\\|").replace(['\n', '\r'], " "),
            number => number.shown(),
        }
    }

    /// Whether it holds a number, or the place of one.
    pub fn is_numeric(&self) -> bool {
        !matches!(self, Self::Text(_))
    }
}

/// A number for people, its interval in brackets.
pub(crate) fn shown(estimate: Estimate, digits: usize) -> String {
    let value = rounded(estimate.value, digits);
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => {
            format!("{value} [{}, {}]", round(low, digits), round(high, digits))
        }
        _ => value,
    }
}

fn rounded(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |v| round(v, digits))
}

/// Rounded for people; a zero never shows a sign.
fn round(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    if text.starts_with('-') && text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
        text[1..].to_owned()
    } else {
        text
    }
}

/// A titled grid with notes below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Heading.
    pub title: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// As many cells a row as the header has names.
    pub rows: Vec<Vec<Cell>>,
    /// Columns that only the CSV has, behind the others: a name, and a cell a row.
    pub details: Vec<(String, Vec<Cell>)>,
    /// Sentences below the grid.
    pub notes: Vec<String>,
}

impl Sheet {
    /// The sheet as a section of Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n", self.title);
        out += &self.grid();
        for note in &self.notes {
            out += &format!("\n- {note}");
        }
        if !self.notes.is_empty() {
            out.push('\n');
        }
        out
    }

    /// The grid alone.
    pub fn grid(&self) -> String {
        let cells: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(Cell::markdown).collect())
            .collect();
        let width = |column: usize| {
            let head = self.header[column].chars().count();
            cells
                .iter()
                .map(|row| row[column].chars().count())
                .fold(head.max(3), usize::max)
        };
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let numeric = |column: usize| self.rows.iter().any(|row| row[column].is_numeric());
        let line = |row: &[String]| {
            let mut out = String::from("|");
            for (column, text) in row.iter().enumerate() {
                let width = widths[column];
                out += &if numeric(column) {
                    format!(" {text:>width$} |")
                } else {
                    format!(" {text:<width$} |")
                };
            }
            out + "\n"
        };
        let mut out = line(&self.header);
        out.push('|');
        for (column, width) in widths.iter().enumerate() {
            out += &"-".repeat(width + 1);
            out += if numeric(column) { ":|" } else { "-|" };
        }
        out.push('\n');
        for row in &cells {
            out += &line(row);
        }
        out
    }

    /// The grid and the details as CSV, numbers in full.
    ///
    /// # Panics
    /// If a row has not as many cells as the header has names, or a detail not one a row.
    pub fn csv(&self) -> Vec<u8> {
        let mut names = self.header.clone();
        let mut rows = self.rows.clone();
        for (name, cells) in &self.details {
            assert_eq!(cells.len(), rows.len(), "a detail has a cell a row");
            names.push(name.clone());
            for (row, cell) in rows.iter_mut().zip(cells) {
                row.push(cell.clone());
            }
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Asked of every cell: once a column, not once a cell.
        let is_wide = |column: usize| {
            let mut cells = rows.iter().map(|row| &row[column]);
            cells.any(|cell| matches!(cell, Cell::Estimate(..)))
        };
        let wide: Vec<bool> = (0..names.len()).map(is_wide).collect();
        let mut header = Vec::new();
        for (column, name) in names.iter().enumerate() {
            header.push(name.clone());
            if wide[column] {
                header.extend([format!("{name}_low"), format!("{name}_high")]);
            }
        }
        let full = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
        let mut write = |record: &[String]| {
            writer
                .write_record(record)
                .expect("memory takes every record of one length");
        };
        write(&header);
        for row in &rows {
            let mut record = Vec::new();
            for (column, cell) in row.iter().enumerate() {
                let (value, low, high) = match cell {
                    Cell::Text(text) => (text.clone(), None, None),
                    Cell::Count(count) => (count.to_string(), None, None),
                    Cell::Number(value, _) => (full(*value), None, None),
                    Cell::Estimate(e, _) => (full(e.value), e.low, e.high),
                };
                record.push(value);
                if wide[column] {
                    record.extend([full(low), full(high)]);
                }
            }
            write(&record);
        }
        writer
            .into_inner()
            .expect("memory is flushed without failing")
    }
}

impl Sheet {
    /// The grid as JSON: title, notes, and a map from heading to value for every row.
    ///
    /// # Panics
    /// Never: plain data has a JSON form.
    pub fn json(&self) -> Vec<u8> {
        let value = |cell: &Cell| match cell {
            Cell::Text(text) => json!(text),
            Cell::Count(count) => json!(count),
            Cell::Number(value, _) => json!(value),
            Cell::Estimate(estimate, _) => json!(estimate),
        };
        let row = |row: &Vec<Cell>| -> Map<String, Value> {
            let cells = self.header.iter().cloned().zip(row.iter().map(value));
            cells.collect()
        };
        let rows: Vec<_> = self.rows.iter().map(row).collect();
        let document = json!({"title": self.title, "notes": self.notes, "rows": rows});
        let mut text = serde_json::to_vec_pretty(&document).expect("plain data has a JSON form");
        text.push(b'\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_rounds_for_people_and_is_exact_for_programs() {
        let sheet = Sheet {
            title: "T".to_owned(),
            header: vec!["proxy".to_owned(), "sr".to_owned()],
            rows: vec![
                vec![
                    Cell::text("a|b"),
                    Cell::Estimate(
                        Estimate {
                            value: Some(1.0 / 3.0),
                            low: Some(0.25),
                            high: Some(0.5),
                        },
                        2,
                    ),
                ],
                vec![Cell::text("x,\"y\""), Cell::Number(None, 2)],
                vec![Cell::text("z"), Cell::Number(Some(-0.001), 2)],
            ],
            details: vec![("n".to_owned(), vec![Cell::Count(3); 3])],
            notes: vec!["n = 3".to_owned()],
        };
        let markdown = "# T\n\n\
            | proxy |                sr |\n|-------|------------------:|\n\
            | a\\|b  | 0.33 [0.25, 0.50] |\n| x,\"y\" |                 - |\n\
            | z     |              0.00 |\n\n- n = 3\n";
        assert_eq!(sheet.markdown(), markdown);
        let csv = "proxy,sr,sr_low,sr_high,n\na|b,0.3333333333333333,0.25,0.5,3\n\
            \"x,\"\"y\"\"\",,,,3\nz,-0.001,,,3\n";
        assert_eq!(String::from_utf8(sheet.csv()).unwrap(), csv);
    }
}
