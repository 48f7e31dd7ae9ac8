//! The page's first table: what was run on what, and who came first.

use nbz_report::{Cell, Named, Report, Sheet};

/// A line a pool.
pub(crate) fn glance(report: &Report) -> Sheet {
    let header = [
        "pool",
        "networks",
        "of distinct",
        "proxies",
        "best cost",
        "its mBR",
        "best proxy",
        "its mBR",
        "highest Spearman",
        "its SR",
    ];
    let named = |named: Option<Named>| match named {
        Some(named) => [Cell::text(named.name), Cell::Number(Some(named.value), 3)],
        None => [Cell::text("-"), Cell::Number(None, 3)],
    };
    let rows = report.table1.iter().map(|table| {
        let summary = table.summary();
        let pool = match &table.dataset {
            Some(dataset) => format!("{} on {dataset}", table.table),
            None => table.table.clone(),
        };
        let counts = [table.networks, table.distinct, summary.proxies].map(Cell::Count);
        let mut cells = vec![Cell::Text(pool)];
        cells.extend(counts);
        cells.extend(named(summary.best_cost));
        cells.extend(named(summary.best_proxy));
        cells.extend(named(summary.highest_spearman));
        cells
    });
    Sheet {
        title: "What was run on what, and who came first".to_owned(),
        header: header.map(str::to_owned).to_vec(),
        rows: rows.collect(),
        details: Vec::new(),
        notes: vec![
            "mBR is the mean best rank under even MACs budgets, ties averaged: 0 is perfect, 0.5 a blind choice. SR is \
             Spearman's correlation with the accuracy."
                .to_owned(),
        ],
    }
}
