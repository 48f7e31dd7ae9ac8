//! Tables 2 and 3 of the paper: the same rows on several data sets, or on several spaces.
//!
//! Two criteria a pool: mBR under MAC budgets (`mbr_ties`) and the accuracy of the pick from the whole
//! pool, which is that of the last budget. Rows are the scores that every pool knows, in the order of the
//! first; `nbsz_snip` of one table is `snip` of another.

use serde::Serialize;

use crate::{
    paper::plain_name,
    row::{Estimate, Row, Table1},
    sheet::{Cell, Sheet},
};

/// One criterion on one pool, a number for each name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AcrossRow {
    /// The pool's data set or table.
    pub pool: String,
    /// Networks in the pool.
    pub networks: usize,
    /// `mbr` or `accuracy`.
    pub criterion: &'static str,
    /// In the order of [`Across::names`].
    pub values: Vec<Estimate>,
}

/// The names that all tables know, by which publisher's column ever: in the order of the first.
pub(crate) fn shared_names(tables: &[&Table1]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for row in tables.first().iter().flat_map(|first| &first.rows) {
        // Of several columns of one score the one of that very name speaks, as in `named`.
        let name = if tables.iter().all(|t| t.row(&row.name).is_some()) {
            &row.name
        } else {
            plain_name(&row.name)
        };
        let everywhere = tables.iter().all(|table| named(table, name).is_some());
        if everywhere && names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The row of a score: of that very name, or the first that means the same.
fn named<'a>(table: &'a Table1, name: &str) -> Option<&'a Row> {
    let same = |row: &&Row| plain_name(&row.name) == name;
    table.row(name).or_else(|| table.rows.iter().find(same))
}

/// Several pools side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Across {
    /// File name stem.
    pub id: String,
    /// Heading.
    pub title: String,
    /// The proxies and costs that every pool knows.
    pub names: Vec<String>,
    /// Budgets over which mBR is a mean.
    pub budgets: usize,
    /// Two rows a pool.
    pub rows: Vec<AcrossRow>,
    /// Where the accuracies of each pool come from.
    pub provenance: Vec<String>,
}

impl Across {
    /// Sets tables beside each other; `label` names a pool.
    pub fn of(
        id: &str,
        title: &str,
        tables: &[&Table1],
        label: impl Fn(&Table1) -> String,
    ) -> Self {
        let names = shared_names(tables);
        let mut rows = Vec::new();
        for table in tables {
            let values = |of: &dyn Fn(&Row) -> Estimate| {
                names
                    .iter()
                    .filter_map(|name| named(table, name))
                    .map(of)
                    .collect()
            };
            let pool = label(table);
            let whole = |row: &Row| {
                row.accuracy
                    .last()
                    .copied()
                    .unwrap_or(Estimate::exact(None))
            };
            for (criterion, values) in [
                ("mbr", values(&|row| row.mbr_ties)),
                ("accuracy", values(&whole)),
            ] {
                let networks = table.networks;
                rows.push(AcrossRow {
                    pool: pool.clone(),
                    networks,
                    criterion,
                    values,
                });
            }
        }
        let provenance = tables
            .iter()
            .map(|t| format!("{}: {}", label(t), t.provenance))
            .collect();
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            names,
            budgets: tables.first().map_or(0, |table| table.limits.len()),
            rows,
            provenance,
        }
    }

    /// The tables as a grid, a line a pool and criterion.
    pub fn sheet(&self) -> Sheet {
        let mut header = vec![
            "pool".to_owned(),
            "networks".to_owned(),
            "criterion".to_owned(),
        ];
        header.extend(self.names.iter().cloned());
        let rows = self.rows.iter().map(|row| {
            let digits = if row.criterion == "mbr" { 3 } else { 2 };
            let start = [
                Cell::text(&row.pool),
                Cell::Count(row.networks),
                Cell::text(row.criterion),
            ];
            start
                .into_iter()
                .chain(row.values.iter().map(|e| Cell::Number(e.value, digits)))
                .collect()
        });
        let accuracies = self.rows.iter().map(|row| {
            let of_pool = self.provenance.iter();
            let mut found = of_pool.filter_map(|p| p.strip_prefix(&format!("{}: ", row.pool)));
            Cell::text(found.next().unwrap_or_default())
        });
        let mut notes = vec![
            "mbr: mean best rank under five even MAC budgets, ties averaged; smaller is better"
                .to_owned(),
            "accuracy: percent, of the pick from the whole pool, ties averaged".to_owned(),
        ];
        notes.extend(self.provenance.iter().cloned());
        Sheet {
            title: self.title.clone(),
            header,
            rows: rows.collect(),
            details: vec![("accuracies".to_owned(), accuracies.collect())],
            notes,
        }
    }
}
