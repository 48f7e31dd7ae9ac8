//! A sheet as the page's template takes it: rounded words for people, full numbers for sorting.

use nbz_report::{Cell, Sheet};
use serde::Serialize;

/// A table of the page.
#[derive(Debug, Serialize)]
pub(crate) struct Grid {
    /// The element's name, unique in the page.
    id: String,
    /// What a reader who does not see it is told that it is.
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<GridCell>>,
    /// Sentences below.
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Column {
    name: String,
    numeric: bool,
}

#[derive(Debug, Serialize)]
struct GridCell {
    shown: String,
    /// The element of the page that says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<String>,
    /// The number in full; none for words and where it is undefined.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// The interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<String>,
    /// How a verdict is marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
}

impl Grid {
    /// A sheet as a table of that name.
    pub(crate) fn of(id: impl Into<String>, sheet: &Sheet) -> Self {
        let numeric = |at: usize| sheet.rows.iter().any(|row| row[at].is_numeric());
        let columns = sheet.header.iter().enumerate();
        Self {
            id: id.into(),
            caption: sheet.title.clone(),
            columns: columns
                .map(|(at, name)| Column {
                    name: name.clone(),
                    numeric: numeric(at),
                })
                .collect(),
            rows: sheet
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
            notes: sheet.notes.clone(),
        }
    }

    /// The same with the start of each row leading to the element of a name.
    pub(crate) fn leading_to(mut self, names: impl Iterator<Item = String>) -> Self {
        for (row, name) in self.rows.iter_mut().zip(names) {
            if let Some(first) = row.first_mut() {
                first.more = Some(name);
            }
        }
        self
    }
}

fn cell(cell: &Cell) -> GridCell {
    let number = |value: Option<f64>, digits: usize| Cell::Number(value, digits).shown();
    let plain = |value: Option<String>| GridCell {
        shown: cell.shown(),
        more: None,
        value,
        interval: None,
        verdict: None,
    };
    match cell {
        Cell::Text(text) => GridCell {
            verdict: verdict(text),
            ..plain(None)
        },
        Cell::Count(count) => plain(Some(count.to_string())),
        Cell::Number(value, _) => plain(value.map(|v| v.to_string())),
        Cell::Estimate(estimate, digits) => GridCell {
            shown: number(estimate.value, *digits),
            interval: match (estimate.low, estimate.high) {
                (Some(low), Some(high)) => Some(format!(
                    "{} to {}",
                    number(Some(low), *digits),
                    number(Some(high), *digits)
                )),
                _ => None,
            },
            ..plain(estimate.value.map(|v| v.to_string()))
        },
    }
}

/// The verdicts of claims and standings, by how they are marked; the words stand in the cell as well.
fn verdict(text: &str) -> Option<&'static str> {
    match text {
        "holds" | "ahead" => Some("yes"),
        "does not hold" | "behind" => Some("no"),
        "cannot be told" => Some("open"),
        _ => None,
    }
}
