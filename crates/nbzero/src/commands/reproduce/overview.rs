//! What was written, in short: a line a pool, or a document.

use std::path::{Path, PathBuf};

use nbz_report::{LeftOut, Named, Report, Summary, Table1};
use serde::Serialize;

use crate::grid::{Align, Grid};
use crate::source::grouped;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    version: &'a str,
    folder: String,
    files: Vec<String>,
    pools: Vec<PoolDocument<'a>>,
    left_out: &'a [LeftOut],
}

#[derive(Serialize)]
struct PoolDocument<'a> {
    id: &'a str,
    table: &'a str,
    dataset: Option<&'a str>,
    networks: usize,
    reading: &'a str,
    provenance: &'a str,
    summary: Summary,
}

/// A line a pool: how large it is, and who is best on it.
pub(super) fn overview(report: &Report) -> Grid {
    let mut grid = Grid::new([
        ("pool", Align::Left),
        ("networks", Align::Right),
        ("proxies", Align::Right),
        ("best cost", Align::Left),
        ("mBR", Align::Right),
        ("best proxy", Align::Left),
        ("mBR", Align::Right),
        ("highest Spearman", Align::Left),
        ("SR", Align::Right),
    ]);
    for pool in &report.table1 {
        let summary = pool.summary();
        let name = |n: &Option<Named>| {
            n.as_ref()
                .map_or_else(|| "-".to_owned(), |n| n.name.clone())
        };
        let value = |n: &Option<Named>| {
            n.as_ref()
                .map_or_else(|| "-".to_owned(), |n| format!("{:.3}", n.value))
        };
        grid.row([
            place(pool),
            grouped(pool.networks as u64),
            summary.proxies.to_string(),
            name(&summary.best_cost),
            value(&summary.best_cost),
            name(&summary.best_proxy),
            value(&summary.best_proxy),
            name(&summary.highest_spearman),
            value(&summary.highest_spearman),
        ]);
    }
    grid
}

fn place(pool: &Table1) -> String {
    match &pool.dataset {
        Some(dataset) => format!("{} {dataset}", pool.table),
        None => pool.table.clone(),
    }
}

pub(super) fn document<'a>(report: &'a Report, folder: &Path, files: &[PathBuf]) -> Document<'a> {
    let inside = |file: &PathBuf| {
        let file = file.strip_prefix(folder).unwrap_or(file);
        file.display().to_string()
    };
    let pool = |pool: &'a Table1| PoolDocument {
        id: &pool.id,
        table: &pool.table,
        dataset: pool.dataset.as_deref(),
        networks: pool.networks,
        reading: &pool.reading,
        provenance: &pool.provenance,
        summary: pool.summary(),
    };
    Document {
        version: &report.version,
        folder: folder.display().to_string(),
        files: files.iter().map(inside).collect(),
        pools: report.table1.iter().map(pool).collect(),
        left_out: &report.left_out,
    }
}
