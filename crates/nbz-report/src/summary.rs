//! What a reader would first ask of a table: who is best, and does anything beat the costs.

use nbz_study::Undefined;
use serde::Serialize;

use crate::row::{Row, RowKind, Table1};

/// A row's name and the number for which it is named.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Named {
    /// The row.
    pub name: String,
    /// Its mBR or Spearman correlation.
    pub value: f64,
}

/// The answers, each made from the table's numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The cost with the smallest mBR over tied picks.
    pub best_cost: Option<Named>,
    /// The proxy with the smallest mBR over tied picks.
    pub best_proxy: Option<Named>,
    /// Proxies with a smaller mBR than the best cost.
    pub ahead_of_costs: usize,
    /// Proxies of the table.
    pub proxies: usize,
    /// The proxy with the largest Spearman correlation.
    pub highest_spearman: Option<Named>,
    /// The place of that proxy by mBR, from 1.
    pub its_place: Option<usize>,
    /// Why no row has an mBR, where none has.
    pub mbr_undefined: Option<Undefined>,
    /// Rows for which the order of the table's rows decides mBR by more than 0.01.
    pub decided_by_order: Vec<String>,
}

impl Table1 {
    /// Reads the answers off the rows.
    pub fn summary(&self) -> Summary {
        let (proxies, costs) = (self.by_mbr(RowKind::Proxy), self.by_mbr(RowKind::Cost));
        let known = || self.rows.iter().filter(|r| r.kind == RowKind::Proxy);
        let by_rank = known().filter_map(|row| Some((row, row.sr.value?)));
        let highest = by_rank.max_by(|a, b| a.1.total_cmp(&b.1));
        let place = |row: &Row| proxies.iter().position(|(r, _)| r.name == row.name);
        let limit = costs.first().map_or(f64::NEG_INFINITY, |c| c.1);
        let decided = self.rows.iter().filter(|row| row.ties_decide);
        Summary {
            best_cost: costs.first().map(named),
            best_proxy: proxies.first().map(named),
            ahead_of_costs: proxies.iter().filter(|(_, mbr)| *mbr < limit).count(),
            proxies: known().count(),
            highest_spearman: highest.as_ref().map(named),
            its_place: highest.and_then(|(row, _)| Some(place(row)? + 1)),
            mbr_undefined: self.mbr_undefined,
            decided_by_order: decided.map(|row| row.name.clone()).collect(),
        }
    }

    /// The rows of a kind that have an mBR, the smallest first.
    fn by_mbr(&self, kind: RowKind) -> Vec<(&Row, f64)> {
        let rows = self.rows.iter().filter(|row| row.kind == kind);
        let mut found: Vec<(&Row, f64)> = rows
            .filter_map(|row| Some((row, row.mbr_ties.value?)))
            .collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        found
    }
}

fn named((row, value): &(&Row, f64)) -> Named {
    Named {
        name: row.name.clone(),
        value: *value,
    }
}

impl Summary {
    /// The answers as sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(why) = self.mbr_undefined {
            out.push(format!("mBR is undefined: {why}."));
        }
        if let Some(Named { name, value }) = &self.best_cost {
            out.push(format!("Best cost by mBR: `{name}` with {value:.3}."));
        }
        if let (Some(Named { name, value }), Some(_)) = (&self.best_proxy, &self.best_cost) {
            out.push(format!(
                "Best of {} proxies by mBR: `{name}` with {value:.3}; {} have a smaller mBR than the \
                 best cost.",
                self.proxies, self.ahead_of_costs
            ));
        }
        if let (Some(Named { name, value }), Some(place)) = (&self.highest_spearman, self.its_place)
        {
            out.push(format!(
                "Highest Spearman: `{name}` with {value:.3}; by mBR it is number {place}."
            ));
        }
        if !self.decided_by_order.is_empty() {
            let names: Vec<String> = self
                .decided_by_order
                .iter()
                .map(|n| format!("`{n}`"))
                .collect();
            out.push(format!(
                "For {} the order of the rows decides mBR by more than 0.01; the table shows the mean \
                 over all tied picks.",
                names.join(", ")
            ));
        }
        out
    }
}
