//! Columns in which a value may be missing, and the one pool of rows that a table's columns share.
//!
//! *Missing* (null) means that nothing was computed; *undefined* (NaN) means that a computation had no
//! value. A missing score takes its row out of the pool for every proxy of the table, because rows of
//! one table compare only on the same networks. An undefined score stays in the pool and ranks last.

use crate::error::{StudyError, check_length};

/// A borrowed column, with a mask that tells the missing values from the undefined ones.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    values: &'a [f64],
    present: Option<&'a [bool]>,
}

impl<'a> Column<'a> {
    /// A column without missing values; NaN in it is undefined.
    pub fn complete(values: &'a [f64]) -> Self {
        Self {
            values,
            present: None,
        }
    }

    /// A column whose row `i` is missing where `present[i]` is false, whatever the value there.
    pub fn masked(values: &'a [f64], present: &'a [bool]) -> Result<Self, StudyError> {
        check_length("mask", values.len(), present.len())?;
        Ok(Self {
            values,
            present: Some(present),
        })
    }

    /// Whether row `row` holds a value, be it NaN.
    pub fn is_present(&self, row: usize) -> bool {
        self.present.is_none_or(|present| present[row])
    }

    /// Rows, missing ones included.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the column has no row at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The raw values; those of missing rows mean nothing.
    pub fn values(&self) -> &'a [f64] {
        self.values
    }
}

/// The rows in which every column of a table holds a value: the pool of all its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonRows {
    rows: Vec<usize>,
    total: usize,
}

impl CommonRows {
    /// Intersects the present rows of all columns; no column leaves no row.
    ///
    /// ```
    /// use nbz_study::{Column, CommonRows};
    ///
    /// let accuracy = [70.0, 71.0, 72.0];
    /// let (score, scored) = ([f64::NAN, 0.0, 5.0], [true, false, true]);
    /// let columns = [Column::complete(&accuracy), Column::masked(&score, &scored)?];
    /// let common = CommonRows::of(&columns)?;
    /// assert_eq!(common.rows(), [0, 2]); // row 0 is undefined but was scored; row 1 never was
    /// assert_eq!(common.take(&accuracy), [70.0, 72.0]);
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    pub fn of(columns: &[Column<'_>]) -> Result<Self, StudyError> {
        let total = columns.first().map_or(0, Column::len);
        for (index, column) in columns.iter().enumerate() {
            check_length(&format!("column {index}"), total, column.len())?;
        }
        let rows = (0..total)
            .filter(|&row| columns.iter().all(|column| column.is_present(row)))
            .collect();
        Ok(Self { rows, total })
    }

    /// The 0-based rows, ascending.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Rows of the columns, those outside the pool included.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The values of the common rows of one column.
    ///
    /// # Panics
    ///
    /// If the column is shorter than those that the pool was made of.
    pub fn take(&self, values: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|&row| values[row]).collect()
    }
}
