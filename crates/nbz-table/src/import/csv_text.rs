//! The text of a CSV file: a header, and lines of its length, with the line numbers for messages.

use std::fs;
use std::path::Path;

use crate::column::{Column, Values};
use crate::error::{Error, Result};

/// Headers under which people put the architecture, most specific first.
pub(crate) const KEY_HEADERS: [&str; 6] =
    ["arch", "architecture", "arch_str", "id", "index", "hash"];

/// A CSV file whose lines all have the header's length.
#[derive(Debug)]
pub(crate) struct CsvText {
    pub(crate) name: String,
    pub(crate) header: Vec<String>,
    /// The line on which each row starts, from 1, and its cells, trimmed.
    pub(crate) rows: Vec<(u64, Vec<String>)>,
}

impl CsvText {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&path.display().to_string(), &bytes)
    }

    pub(crate) fn parse(name: &str, bytes: &[u8]) -> Result<Self> {
        let fault = |line, reason| Error::Csv {
            name: name.to_owned(),
            line,
            reason,
        };
        // A byte order mark, as spreadsheets write it, is not part of the first header.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut records = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes)
            .into_records();
        let mut next = || -> Result<Option<(u64, Vec<String>)>> {
            let Some(record) = records.next() else {
                return Ok(None);
            };
            let record = record.map_err(|e| {
                let line = e.position().map_or(0, |p| line_of(bytes, p));
                fault(line, "the line is not UTF-8 text".to_owned())
            })?;
            let line = record.position().map_or(0, |p| line_of(bytes, p));
            Ok(Some((line, record.iter().map(str::to_owned).collect())))
        };
        let empty = || Error::Empty {
            name: name.to_owned(),
        };
        let (_, header) = next()?.ok_or_else(empty)?;
        let mut rows = Vec::new();
        while let Some((line, cells)) = next()? {
            if cells.len() != header.len() {
                let reason = format!(
                    "{} cells where the header has {}",
                    cells.len(),
                    header.len()
                );
                return Err(fault(line, reason));
            }
            rows.push((line, cells));
        }
        if rows.is_empty() {
            return Err(empty());
        }
        Ok(Self {
            name: name.to_owned(),
            header,
            rows,
        })
    }

    /// The position of the column that names the architecture.
    pub(crate) fn key_column(&self) -> Result<usize> {
        KEY_HEADERS
            .iter()
            .find_map(|key| self.header.iter().position(|h| h.eq_ignore_ascii_case(key)))
            .ok_or_else(|| Error::Csv {
                name: self.name.clone(),
                line: 1,
                reason: format!(
                    "no column names the architecture: none of {}",
                    KEY_HEADERS.join(", ")
                ),
            })
    }

    /// A column of numbers.
    pub(crate) fn floats(&self, column: usize) -> Result<Column<f64>> {
        self.cells(column, "a number", |cell| cell.parse::<f64>().ok())
    }

    pub(super) fn cells<T>(
        &self,
        column: usize,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Column<T>> {
        let read = |(line, cells): &(u64, Vec<String>)| {
            let cell = cells[column].as_str();
            if cell.is_empty() {
                return Ok(None);
            }
            parse(cell).map(Some).ok_or_else(|| Error::Csv {
                name: self.name.clone(),
                line: *line,
                reason: format!(
                    "`{}` in column `{}` is not {what}",
                    excerpt(cell),
                    self.header[column]
                ),
            })
        };
        self.rows
            .iter()
            .map(read)
            .collect::<Result<_>>()
            .map(Column::new)
    }

    /// NaN is a training that failed; an accuracy that is no percentage is a mistake.
    pub(super) fn refuse_absurd(&self, column: usize) -> Result<()> {
        let absurd = |cell: &str| {
            let value = cell.parse::<f64>();
            value.is_ok_and(|v| !v.is_nan() && !(0.0..=100.0).contains(&v))
        };
        let mut lines = self.rows.iter();
        match lines.find(|(_, cells)| absurd(&cells[column])) {
            None => Ok(()),
            Some((line, cells)) => Err(Error::Csv {
                name: self.name.clone(),
                line: *line,
                reason: format!(
                    "the accuracy `{}` in column `{}` is no percentage",
                    excerpt(&cells[column]),
                    self.header[column]
                ),
            }),
        }
    }

    /// The type that holds every cell: flags, whole numbers, or real numbers.
    pub(super) fn numbers(&self, column: usize) -> Result<Values> {
        let all = |test: fn(&str) -> bool| {
            let mut cells = self.rows.iter().map(|(_, cells)| cells[column].as_str());
            let mut any = false;
            cells.all(|c| {
                c.is_empty()
                    || test(c) && {
                        any = true;
                        true
                    }
            }) && any
        };
        if all(|c| matches!(c, "true" | "false")) {
            return self
                .cells(column, "true or false", |c| c.parse().ok())
                .map(Values::Flag);
        }
        if all(|c| c.parse::<i64>().is_ok()) {
            return self
                .cells(column, "a whole number", |c| c.parse().ok())
                .map(Values::Int);
        }
        self.floats(column).map(Values::Float)
    }
}

/// The line of a record, from 1. The reader's position stands before blank lines that it then skips.
fn line_of(bytes: &[u8], position: &csv::Position) -> u64 {
    let rest = bytes.get(position.byte() as usize..).unwrap_or_default();
    let breaks = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    position.line() + breaks.filter(|&&b| b == b'\n').count() as u64
}

/// The beginning of a text that may be very long.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
