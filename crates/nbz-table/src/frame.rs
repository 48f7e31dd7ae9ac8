//! A table in memory, on its way into a file: a schema and the values of every column.

use crate::column::Values;
use crate::column_info::{ColumnInfo, Direction, Role, dataset_prefix};
use crate::error::{Error, Result};
use crate::export::{Effort, parquet_bytes_with};
use crate::schema::Schema;
use crate::table::Table;
use crate::unit::Unit;

/// A whole table in memory; columns and schema agree in number, order, type and length.
#[derive(Debug, Clone)]
pub struct Frame {
    schema: Schema,
    columns: Vec<Values>,
    rows: usize,
}

impl Frame {
    /// An empty frame of a number of rows; columns are added with [`Frame::push`].
    pub fn new(schema: Schema, rows: usize) -> Self {
        let schema = Schema {
            columns: Vec::new(),
            ..schema
        };
        Self {
            schema,
            columns: Vec::new(),
            rows,
        }
    }

    /// Reads every column of a table.
    ///
    /// # Errors
    /// As [`Table::column`].
    pub fn read(table: &Table) -> Result<Self> {
        let mut frame = Self::new(table.schema().clone(), table.rows());
        for info in table.columns() {
            frame.push(info.clone(), table.column(&info.name)?)?;
        }
        Ok(frame)
    }

    /// Adds a column behind the others.
    ///
    /// # Errors
    /// [`Error::DuplicateColumn`], or [`Error::Schema`] if the type or the number of rows differs.
    pub fn push(&mut self, info: ColumnInfo, values: Values) -> Result<()> {
        self.insert(self.columns.len(), info, values)
    }

    /// Adds a column before the column at `position`.
    ///
    /// # Errors
    /// As [`Frame::push`].
    pub fn insert(&mut self, position: usize, info: ColumnInfo, values: Values) -> Result<()> {
        if self.schema.columns.iter().any(|c| c.name == info.name) {
            return Err(Error::DuplicateColumn { column: info.name });
        }
        if values.len() != self.rows || values.kind() != info.kind {
            return Err(Error::Schema {
                reason: format!(
                    "column `{}` has {} {} values where the table needs {} {}",
                    info.name,
                    values.len(),
                    values.kind().as_str(),
                    self.rows,
                    info.kind.as_str(),
                ),
            });
        }
        self.schema.columns.insert(position, info);
        self.columns.insert(position, values);
        Ok(())
    }

    /// What the columns mean.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Makes a column of numbers the accuracy by which the table ranks, in percent.
    ///
    /// # Errors
    /// [`Error::NoColumn`].
    pub fn set_accuracy(&mut self, name: &str) -> Result<()> {
        self.schema.column(name)?;
        for info in self.schema.columns.iter_mut().filter(|c| c.name == name) {
            info.role = Role::Accuracy;
            info.direction = Direction::Larger;
            info.unit = Unit::Percent;
            self.schema.accuracy = info.base_name().to_owned();
        }
        Ok(())
    }

    /// Says on which data set accuracies, scores and costs are; depth and names belong to none.
    pub fn set_dataset(&mut self, dataset: &str) {
        for info in &mut self.schema.columns {
            let is_named = matches!(
                info.role,
                Role::Arch | Role::Canonical | Role::Id | Role::Other
            );
            if info.dataset.is_none() && !is_named && info.name != "depth" {
                info.name = format!("{}{}", dataset_prefix(dataset), info.name);
                info.dataset = Some(dataset.to_owned());
            }
        }
    }

    /// Says of which space all architectures are, unless the schema says it already.
    pub(crate) fn set_space(&mut self, space: &str) {
        self.schema.space.get_or_insert_with(|| space.to_owned());
    }

    /// Brings along the definitions (TOML) of the networks' spaces that are not built in.
    pub fn define_spaces(&mut self, own: &[String]) {
        self.schema.own_spaces = own.to_vec();
    }

    /// The columns' meanings and values, in order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = (&ColumnInfo, &Values)> {
        self.schema.columns.iter().zip(&self.columns)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The frame as an open table, through the bytes of its file.
    ///
    /// # Errors
    /// A fault of the schema, such as no architecture column.
    pub fn into_table(self) -> Result<Table> {
        let bytes = parquet_bytes_with(&self, Effort::Least)?;
        Table::from_bytes(&self.schema.name, bytes)
    }
}
