//! Candidates: the networks of one table and data set on which every row of a report table is computed.
//!
//! All proxies, costs and the oracle of one report table see the same networks: those in which every
//! listed proxy has a value (be it NaN), the accuracy and every cost is a number, and each network counted once. What
//! was left out is counted. Which pools a table has is told by [`crate::pools_of`].

use std::collections::BTreeMap;

use nbz_space::Arch;
use nbz_table::{Column, ColumnInfo, Direction, Kind, Provenance, Role, Table, Unit};

use crate::error::{ReportError, Result};
use crate::left_out::Why;
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
        let Present {
            accuracy_info,
            accuracy,
            columns,
            costs,
            rows,
            distinct,
            ..
        } = Present::of(table, selection)?;
        if rows.is_empty() {
            return Err(ReportError::EmptyPool {
                pool: selection.id.clone(),
                table: table.name().to_owned(),
            });
        }
        let (schema, dataset) = (table.schema(), selection.dataset.as_deref());
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
            distinct,
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

/// The columns of a pool with the networks that it has, before anything is copied.
pub(crate) struct Present {
    accuracy_info: ColumnInfo,
    accuracy: Column<f64>,
    /// Costs, then proxies.
    columns: Vec<(ColumnInfo, Column<f64>)>,
    costs: usize,
    /// Distinct networks with a finite accuracy, finite costs and a value, be it NaN, of every proxy.
    pub(crate) rows: Vec<usize>,
    distinct: usize,
    /// What the costs kept out.
    pub(crate) left_out: Vec<Why>,
}

impl Present {
    /// A cost that is a number for no network is left out itself; elsewhere networks are whose cost is none.
    ///
    /// # Errors
    /// A column that the table lacks or that cannot be read.
    pub(crate) fn of(table: &Table, selection: &Selection) -> Result<Self> {
        let schema = table.schema();
        let dataset = selection.dataset.as_deref();
        let accuracy_info = schema.accuracy_on(dataset)?.clone();
        let accuracy = table.column_f64(&accuracy_info.name)?;
        let distinct = table.distinct_rows()?;
        let is_trained = |row: &usize| accuracy.get(*row).is_some_and(f64::is_finite);
        let trained: Vec<usize> = distinct.iter().copied().filter(is_trained).collect();
        let (mut columns, mut left_out) = (Vec::new(), Vec::new());
        for info in schema.with_role(Role::Cost, dataset) {
            let column = table.column_f64(&info.name)?;
            let is_number = |row: &usize| column.get(*row).is_some_and(f64::is_finite);
            if trained.is_empty() || trained.iter().any(is_number) {
                columns.push((info.clone(), column));
            } else {
                let cost = info.base_name().to_owned();
                left_out.push(Why::CostNeverFinite { cost });
            }
        }
        let costs = columns.len();
        for name in &selection.proxies {
            let info = schema.column_on(dataset, name)?.clone();
            let values = table.column_f64(&info.name)?;
            columns.push((info, values));
        }
        let has_all = |row: &usize| columns.iter().all(|(_, column)| column.get(*row).is_some());
        let mut rows: Vec<usize> = trained.into_iter().filter(has_all).collect();
        for (info, column) in &columns[..costs] {
            let value = |row: usize| column.get(row).unwrap_or(f64::NAN);
            let (finite, others): (Vec<usize>, Vec<usize>) =
                rows.iter().partition(|&&row| value(row).is_finite());
            if let Some(&row) = others.first() {
                left_out.push(Why::CostNotFinite {
                    cost: info.base_name().to_owned(),
                    networks: others.len(),
                    row,
                    value: value(row).to_string(),
                });
            }
            rows = finite;
        }
        Ok(Self {
            accuracy_info,
            accuracy,
            columns,
            costs,
            rows,
            distinct: distinct.len(),
            left_out,
        })
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
