//! Which networks of a table have everything that a pool asks for, and the accuracies of their single trainings.

use nbz_table::{Column, ColumnInfo, Role, Table};

use crate::candidates::Selection;
use crate::error::Result;
use crate::left_out::Why;

/// The columns of a pool with the networks that it has, before anything is copied.
pub(crate) struct Present {
    pub(crate) accuracy_info: ColumnInfo,
    pub(crate) accuracy: Column<f64>,
    /// Costs, then proxies.
    pub(crate) columns: Vec<(ColumnInfo, Column<f64>)>,
    pub(crate) costs: usize,
    /// Distinct networks with a finite accuracy, finite costs and a value, be it NaN, of every proxy.
    pub(crate) rows: Vec<usize>,
    pub(crate) distinct: usize,
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
pub(crate) fn trainings(
    table: &Table,
    dataset: Option<&str>,
    rows: &[usize],
) -> Result<Vec<Vec<f64>>> {
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
