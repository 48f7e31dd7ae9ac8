//! The pools of a table: which networks and proxies are measured together, and what is left out of all of them.

use nbz_table::{Role, Table};

use crate::candidates::Selection;
use crate::error::Result;
use crate::file_name::file_name;
use crate::left_out::{LeftOut, Why};
use crate::present::Present;

/// The pools of a table, and what none of them holds.
#[derive(Debug, Clone, Default)]
pub struct Pools {
    /// Each has at least one network.
    pub selections: Vec<Selection>,
    /// Data sets without an accuracy, pools without a network, and networks whose costs are no numbers.
    pub left_out: Vec<LeftOut>,
}

/// Whether a table has anything to rank networks by.
pub fn has_accuracies(table: &Table) -> bool {
    let mut columns = table.schema().columns.iter();
    columns.any(|column| column.role == Role::Accuracy)
}

/// The pools of a table: for each data set, one for each set of networks that was scored alike.
///
/// Proxies of one data set are grouped by the networks that they cover, so that a proxy known for all
/// networks is not cut down to those of another; the larger set of proxies comes first, and includes
/// the proxies that cover more. Where no proxy is known for every network, as where there is none at all, one
/// pool more has the costs of all.
///
/// What has no network is left out; [`pools_of`] says what that is.
///
/// # Errors
/// A column that cannot be read.
pub fn selections_of(table: &Table) -> Result<Vec<Selection>> {
    Ok(pools_of(table)?.selections)
}

/// The same pools, and what is left out with its reason.
///
/// # Errors
/// As [`selections_of`].
pub fn pools_of(table: &Table) -> Result<Pools> {
    let mut pools = Pools::default();
    if !has_accuracies(table) {
        pools.leave_out(table.name().to_owned(), Why::NoAccuracies);
        return Ok(pools);
    }
    for selection in asked_of(table)? {
        let place = match &selection.dataset {
            Some(dataset) => format!("{} on {dataset}", table.name()),
            None => table.name().to_owned(),
        };
        if no_accuracy(table, selection.dataset.as_deref())? {
            pools.leave_out(place, Why::NoFiniteAccuracy);
            continue;
        }
        let present = Present::of(table, &selection)?;
        for why in present.left_out {
            pools.leave_out(place.clone(), why);
        }
        if present.rows.is_empty() {
            pools.leave_out(selection.title, Why::NoNetwork);
        } else {
            pools.selections.push(selection);
        }
    }
    Ok(pools)
}

impl Pools {
    /// What several pools of one data set leave out is said once, as the first of them has it.
    fn leave_out(&mut self, what: String, why: Why) {
        let same = |known: &LeftOut| {
            known.what == what
                && match (&known.why, &why) {
                    (Why::CostNotFinite { cost: a, .. }, Why::CostNotFinite { cost: b, .. }) => {
                        a == b
                    }
                    (a, b) => a == b,
                }
        };
        if !self.left_out.iter().any(same) {
            self.left_out.push(LeftOut { what, why });
        }
    }
}

/// Whether no network has a number for an accuracy on a data set.
fn no_accuracy(table: &Table, dataset: Option<&str>) -> Result<bool> {
    let accuracy = table.column_f64(&table.schema().accuracy_on(dataset)?.name)?;
    let mut values = accuracy.values().iter().flatten();
    Ok(!values.any(|value| value.is_finite()))
}

/// The pools as the proxies' values have them, those without a network included.
fn asked_of(table: &Table) -> Result<Vec<Selection>> {
    let schema = table.schema();
    let datasets: Vec<Option<&str>> = match schema.datasets() {
        found if found.is_empty() => vec![None],
        found => found.into_iter().map(Some).collect(),
    };
    let mut selections = Vec::new();
    for dataset in datasets {
        let mut groups: Vec<(Vec<bool>, Vec<String>)> = Vec::new();
        for info in schema.with_role(Role::Proxy, dataset) {
            let column = table.column_f64(&info.name)?;
            let present: Vec<bool> = column.values().iter().map(Option::is_some).collect();
            let name = info.base_name().to_owned();
            match groups.iter_mut().find(|(mask, _)| *mask == present) {
                Some((_, names)) => names.push(name),
                None => groups.push((present, vec![name])),
            }
        }
        groups.sort_by_key(|(mask, _)| mask.iter().filter(|&&p| p).count());
        let covers =
            |wide: &[bool], narrow: &[bool]| wide.iter().zip(narrow).all(|(w, n)| *w || !*n);
        for (i, (mask, names)) in groups.iter().enumerate() {
            let mut proxies = names.clone();
            for (wider, more) in &groups[i + 1..] {
                if covers(wider, mask) {
                    proxies.extend(more.iter().cloned());
                }
            }
            selections.push(selection_of(table, dataset, proxies));
        }
        let accuracy = table.column_f64(&schema.accuracy_on(dataset)?.name)?;
        let is_trained = |row: usize| accuracy.get(row).is_some_and(f64::is_finite);
        let covers_all = |mask: &[bool]| (0..mask.len()).all(|row| mask[row] || !is_trained(row));
        if !groups.iter().any(|(mask, _)| covers_all(mask)) {
            selections.push(selection_of(table, dataset, Vec::new()));
        }
    }
    tell_apart(&mut selections);
    Ok(selections)
}

/// Numbers those that are called as one before them: pools of as many proxies of other networks. Files are named by it.
fn tell_apart(selections: &mut [Selection]) {
    let mut seen: Vec<String> = Vec::new();
    for selection in selections {
        seen.push(selection.id.clone());
        let count = seen.iter().filter(|id| **id == selection.id).count();
        if count > 1 {
            selection.id = format!("{}-{count}", selection.id);
            selection.title = format!("{} ({count})", selection.title);
        }
    }
}

fn selection_of(table: &Table, dataset: Option<&str>, proxies: Vec<String>) -> Selection {
    let name = table.name();
    let on = dataset.map_or(String::new(), |d| format!(" on {d}"));
    let (tag, words) = match proxies.len() {
        0 => ("costs".to_owned(), "costs alone".to_owned()),
        1 => ("1-proxy".to_owned(), "1 proxy".to_owned()),
        n => (format!("{n}-proxies"), format!("{n} proxies")),
    };
    let file = file_name(name);
    let id = match dataset {
        Some(dataset) => format!("{file}__{}__{tag}", file_name(dataset)),
        None => format!("{file}__{tag}"),
    };
    Selection {
        id,
        title: format!("{name}{on}, {words}"),
        dataset: dataset.map(str::to_owned),
        proxies,
    }
}
