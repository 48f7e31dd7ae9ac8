//! Who is in a subset, and which networks it puts first.

use nbz_study::{Subset, SubsetResult};

use crate::subject::{ADDED, Column, Subject};

/// The proxies' values, larger is better.
pub(super) fn proxies(subject: &Subject) -> Vec<&[f64]> {
    subject
        .proxies
        .iter()
        .map(|column| column.oriented.as_slice())
        .collect()
}

/// Proxies and behind them the costs that Figure 10 adds.
pub(super) fn with_costs(subject: &Subject) -> Vec<&Column> {
    let costs = subject.costs.iter();
    let added = costs.filter(|cost| ADDED.contains(&cost.name.as_str()));
    subject.proxies.iter().chain(added).collect()
}

/// Members of a subset of the proxies and, behind them, the costs.
pub(super) fn names(subject: &Subject, subset: Subset) -> String {
    let all = with_costs(subject);
    let members: Vec<&str> = subset.members().map(|at| all[at].name.as_str()).collect();
    members.join(" + ")
}

/// Budgets of the first axis, whose picks come first.
fn budgets(subject: &Subject, axis: &str) -> usize {
    let row = subject.comparison.row(axis);
    let found = row.and_then(|row| row.measures.mbr.as_ref()?.axis(axis));
    found.map_or(0, |axis| axis.picks.len())
}

/// The networks that a subset puts first under each budget of the first axis.
pub(super) fn picks(subject: &Subject, axis: &str, result: &SubsetResult) -> String {
    let picks = result.picks.iter().take(budgets(subject, axis));
    networks(subject, picks.map(|pick| pick.row))
}

/// Networks by their rows.
pub(super) fn networks(subject: &Subject, rows: impl Iterator<Item = usize>) -> String {
    let network = |row: usize| match &subject.candidates.archs[row] {
        Some(arch) => arch.to_string(),
        None => format!("#{row}"),
    };
    rows.map(network).collect::<Vec<_>>().join(" ")
}
