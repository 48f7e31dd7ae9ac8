//! Whose the tables are, and what their columns mean.

use nbz_report::{Cell, Sheet};
use nbz_table::{Schema, short_version};
use serde::Serialize;

use crate::grid::Grid;

/// A benchmark table: whose it is.
#[derive(Debug, Serialize)]
pub(super) struct SourceView<'a> {
    title: &'a str,
    /// Headings, each with what stands below it; works that are to be cited stand apart.
    facts: Vec<(&'static str, Vec<&'a str>)>,
    columns: Grid,
}

/// What every column of a table means, and whose it is.
pub(super) fn source(schema: &Schema) -> SourceView<'_> {
    let header = [
        "column", "unit", "meaning", "made", "source", "version", "licence",
    ];
    let rows = schema.columns.iter().map(|column| {
        [
            &column.name,
            &column.unit.to_string(),
            &column.meaning,
            column.provenance.as_str(),
            &column.source,
            short_version(&column.version),
            &column.licence,
        ]
        .map(Cell::text)
        .to_vec()
    });
    let columns = Sheet {
        title: format!("Columns of {}", schema.name),
        header: header.map(str::to_owned).to_vec(),
        rows: rows.collect(),
        details: Vec::new(),
        notes: Vec::new(),
    };
    let id = format!("source-{}-columns", nbz_report::file_name(&schema.name));
    SourceView {
        title: if schema.title.is_empty() {
            &schema.name
        } else {
            &schema.title
        },
        facts: facts(schema),
        columns: Grid::of(id, &columns),
    }
}

/// What a schema says of the whole table.
fn facts(schema: &Schema) -> Vec<(&'static str, Vec<&str>)> {
    let facts = [
        ("Licence", vec![&*schema.licence]),
        ("Attribution", vec![&schema.attribution]),
        ("Cite", schema.citation.split(" | ").collect()),
        ("Notes", vec![&schema.notes]),
    ];
    let told = |(_, texts): &(_, Vec<&str>)| texts.iter().any(|text| !text.is_empty());
    facts.into_iter().filter(told).collect()
}
