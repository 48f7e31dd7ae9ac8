//! Sentences about a table, each made from its numbers.

use crate::row::{Row, RowKind, Table1};

/// What a reader would first ask of a table: who is best, and does anything beat the costs.
pub(crate) fn sentences(table: &Table1) -> Vec<String> {
    let mbr = |row: &Row| row.mbr_ties.value;
    let of_kind = |kind: RowKind| -> Vec<(&Row, f64)> {
        let rows = table.rows.iter().filter(|row| row.kind == kind);
        let mut found: Vec<(&Row, f64)> = rows.filter_map(|row| Some((row, mbr(row)?))).collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found
    };
    let (proxies, costs) = (of_kind(RowKind::Proxy), of_kind(RowKind::Cost));
    let mut out = Vec::new();
    if let Some((best, value)) = costs.first() {
        out.push(format!(
            "Best cost by mBR: `{}` with {value:.3}.",
            best.name
        ));
    }
    if let (Some((best, value)), Some((_, cost))) = (proxies.first(), costs.first()) {
        let ahead = proxies.iter().filter(|(_, v)| v < cost).count();
        out.push(format!(
            "Best of {} proxies by mBR: `{}` with {value:.3}; {ahead} have a smaller mBR than the \
             best cost.",
            proxies.len(),
            best.name
        ));
        let by_rank = proxies
            .iter()
            .filter_map(|(row, _)| Some((row, row.sr.value?)));
        if let Some((row, sr)) = by_rank.max_by(|a, b| a.1.total_cmp(&b.1)) {
            let place = proxies
                .iter()
                .position(|(r, _)| r.name == row.name)
                .map_or(0, |p| p + 1);
            out.push(format!(
                "Highest Spearman: `{}` with {sr:.3}; by mBR it is number {place}.",
                row.name
            ));
        }
    }
    let decided: Vec<String> = table
        .rows
        .iter()
        .filter(|row| row.ties_decide)
        .map(|row| format!("`{}`", row.name))
        .collect();
    if !decided.is_empty() {
        out.push(format!(
            "For {} the order of the rows decides mBR by more than 0.01; the table shows the mean \
             over all tied picks.",
            decided.join(", ")
        ));
    }
    out
}
