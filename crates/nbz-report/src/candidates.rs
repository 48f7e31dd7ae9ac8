//! Candidates: the networks of one table and data set on which every row of a report table is computed.
//!
//! All proxies, costs and the oracle of one report table see the same networks: those in which every
//! listed proxy has a value (be it NaN) and each network counted once. What was left out is counted.

use std::collections::BTreeMap;

use nbz_space::Arch;
use nbz_table::{ColumnInfo, Direction, Kind, Provenance, Role, Table, Unit};

use crate::error::{ReportError, Result};
use crate::lineup::Lineup;

/// Which columns of which table make a pool.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Short name used in file names, such as `nas-bench-201__cifar10__16-proxies`.
    pub id: String,
    /// What a reader sees above a table.
    pub title: String,
    /// The data set, if the table has several.
    pub dataset: Option<String>,
    /// Base names of the proxies; empty for costs alone.
    pub proxies: Vec<String>,
}

/// What is known of a score that no table has; in a line-up larger is better.
fn own_column(name: &str, dataset: Option<&str>) -> ColumnInfo {
    ColumnInfo {
        name: name.to_owned(),
        kind: Kind::Float,
        unit: Unit::None,
        meaning: "a score that was given".to_owned(),
        role: Role::Proxy,
        direction: Direction::Larger,
        dataset: dataset.map(str::to_owned),
        provenance: Provenance::Measured,
        source: String::new(),
        version: String::new(),
        licence: String::new(),
    }
}

/// One proxy or cost of a pool.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The column's base name.
    pub name: String,
    /// One value a network; NaN is undefined.
    pub values: Vec<f64>,
    /// What the table says of the column.
    pub info: ColumnInfo,
}

impl Scored {
    /// Whether small values are the good ones as the authors meant the score.
    pub fn smaller_is_better(&self) -> bool {
        self.info.role == Role::Proxy && self.info.direction == Direction::Smaller
    }
}

/// The networks of one report table, column by column.
#[derive(Debug, Clone)]
pub struct Candidates {
    /// What was asked for.
    pub selection: Selection,
    /// Name of the table.
    pub table: String,
    /// The prefix of its architectures' strings, if its space is a known one.
    pub space: Option<String>,
    /// The row of the table of each network.
    pub rows: Vec<usize>,
    /// The networks; `None` for those of an unknown space.
    pub archs: Vec<Option<Arch>>,
    /// What the accuracy is and where it comes from.
    pub accuracy_info: ColumnInfo,
    /// Accuracy of each network, percent.
    pub accuracy: Vec<f64>,
    /// Accuracies of each network's single trainings, from columns such as `acc_1` or `test_acc_seed0`; empty where
    /// none are known.
    pub trainings: Vec<Vec<f64>>,
    /// Costs (`params`, `macs`, `depth`), in the table's order.
    pub costs: Vec<Scored>,
    /// Proxies in the order of the specification.
    pub proxies: Vec<Scored>,
    /// Distinct networks of the table, those outside the pool included.
    pub distinct: usize,
}

impl Candidates {
    /// Reads a pool from a table.
    ///
    /// # Errors
    /// A column that the table lacks, a table that cannot be read, or [`ReportError::EmptyPool`].
    pub fn read(table: &Table, selection: &Selection) -> Result<Self> {
        let schema = table.schema();
        let dataset = selection.dataset.as_deref();
        let accuracy_info = schema.accuracy_on(dataset)?.clone();
        let distinct = table.distinct_rows()?;
        let accuracy = table.column_f64(&accuracy_info.name)?;
        let mut columns = Vec::new();
        for info in schema.with_role(Role::Cost, dataset) {
            columns.push((info.clone(), table.column_f64(&info.name)?));
        }
        let costs = columns.len();
        for name in &selection.proxies {
            let info = schema.column_on(dataset, name)?.clone();
            let values = table.column_f64(&info.name)?;
            columns.push((info, values));
        }
        let rows: Vec<usize> = distinct
            .iter()
            .copied()
            .filter(|&row| accuracy.get(row).is_some_and(f64::is_finite))
            .filter(|&row| columns.iter().all(|(_, column)| column.get(row).is_some()))
            .collect();
        if rows.is_empty() {
            return Err(ReportError::EmptyPool {
                pool: selection.id.clone(),
                table: table.name().to_owned(),
            });
        }
        // Every row above is present in every column, so `flatten` drops nothing.
        let mut scored: Vec<Scored> = columns
            .into_iter()
            .map(|(info, column)| Scored {
                name: info.base_name().to_owned(),
                values: column.at(&rows).into_iter().flatten().collect(),
                info,
            })
            .collect();
        let proxies = scored.split_off(costs);
        Ok(Self {
            selection: selection.clone(),
            table: table.name().to_owned(),
            space: schema.space.clone(),
            accuracy: accuracy.at(&rows).into_iter().flatten().collect(),
            trainings: trainings(table, dataset, &rows)?,
            accuracy_info,
            costs: scored,
            proxies,
            distinct: distinct.len(),
            archs: table.archs_at(&rows)?,
            rows,
        })
    }

    /// The networks of a line-up, with those of its scores that are named as the only proxies.
    ///
    /// # Errors
    /// As [`Candidates::read`].
    pub fn of_lineup(
        table: &Table,
        dataset: Option<&str>,
        lineup: &Lineup,
        names: &[&str],
    ) -> Result<Self> {
        let selection = Selection {
            id: file_name(table.name()),
            title: table.name().to_owned(),
            dataset: dataset.map(str::to_owned),
            proxies: Vec::new(),
        };
        let mut read = Self::read(table, &selection)?;
        let places: BTreeMap<usize, usize> = read.rows.iter().copied().zip(0..).collect();
        let both = lineup.rows().iter().enumerate();
        let (ours, theirs): (Vec<usize>, Vec<usize>) = both
            .filter_map(|(ours, row)| Some((ours, *places.get(row)?)))
            .unzip();
        let take = |values: &[f64], at: &[usize]| at.iter().map(|&i| values[i]).collect();
        read.rows = theirs.iter().map(|&i| read.rows[i]).collect();
        read.archs = theirs.iter().map(|&i| read.archs[i].clone()).collect();
        read.accuracy = take(&read.accuracy, &theirs);
        read.trainings = theirs.iter().map(|&i| read.trainings[i].clone()).collect();
        for cost in &mut read.costs {
            cost.values = take(&cost.values, &theirs);
        }
        let named = lineup.scores().filter(|(name, _)| names.contains(name));
        read.proxies = named
            .map(|(name, values)| Scored {
                name: name.to_owned(),
                values: take(values, &ours),
                info: own_column(name, dataset),
            })
            .collect();
        Ok(read)
    }

    /// Number of networks.
    pub fn len(&self) -> usize {
        self.accuracy.len()
    }

    /// Whether the pool holds no network; [`Candidates::read`] never returns such a pool.
    pub fn is_empty(&self) -> bool {
        self.accuracy.is_empty()
    }

    /// A cost by its base name.
    pub fn cost(&self, name: &str) -> Option<&Scored> {
        self.costs.iter().find(|c| c.name == name)
    }

    /// The line that every file of the report carries.
    pub fn provenance(&self) -> String {
        let info = &self.accuracy_info;
        let version = if info.version.is_empty() {
            String::new()
        } else {
            format!(", version {}", info.version)
        };
        let licence = match info.licence.as_str() {
            "" => "not stated",
            licence => licence,
        };
        format!(
            "accuracies: {} from {}{version} ({}), licence {licence}",
            info.provenance.as_str(),
            info.source,
            info.meaning,
        )
    }
}

/// The accuracies of single trainings, from columns numbered at their end, by row: those that are finite.
fn trainings(table: &Table, dataset: Option<&str>, rows: &[usize]) -> Result<Vec<Vec<f64>>> {
    let mut trainings = vec![Vec::new(); rows.len()];
    for info in table.schema().with_role(Role::Accuracy, dataset) {
        let Some((_, end)) = info.base_name().rsplit_once('_') else {
            continue;
        };
        let number = end.strip_prefix("seed").unwrap_or(end);
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let accuracies = table.column_f64(&info.name)?;
        for (training, &row) in trainings.iter_mut().zip(rows) {
            training.extend(accuracies.get(row).filter(|a| a.is_finite()));
        }
    }
    Ok(trainings)
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
/// # Errors
/// A column that cannot be read.
pub fn selections_of(table: &Table) -> Result<Vec<Selection>> {
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
    Ok(selections)
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

/// A name as part of a file's name: a table's own name may hold anything, a path too.
pub fn file_name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let safe = name.chars().map(|c| if plain(c) { c } else { '-' });
    let safe: String = safe.take(80).collect();
    safe.trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn no_table_can_name_a_file_outside_the_report() {
        assert_eq!(file_name("nas-bench-201"), "nas-bench-201");
        assert_eq!(file_name("../../evil"), "-..-evil");
        assert_eq!(file_name("a/b c\n"), "a-b-c-");
        assert_eq!(file_name("/etc/x"), "-etc-x");
    }
}
