//! A user's scores, `arch,score`, set beside the rows of a table.
//!
//! Each line names its architecture in any way that [`Table::find`] knows. A network has one score, so
//! a row without a line of its own takes the score of the first other string of its network. Lines that
//! name nothing in the table are returned, not dropped silently.

use std::path::Path;

use crate::column::Column;
use crate::error::{Error, Result};
use crate::import::{CsvText, excerpt};
use crate::table::Table;

/// A line that names no row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The line of the file, from 1.
    pub line: u64,
    /// What it names.
    pub key: String,
}

/// Columns of a user's file in the row order of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// Headers and values, in the file's order; rows without a line are missing.
    pub columns: Vec<(String, Column<f64>)>,
    /// Number of lines that name a row.
    pub matched: usize,
    /// The lines that name none, in order.
    pub unmatched: Vec<Unmatched>,
}

/// Reads a CSV file of scores and joins it to a table.
///
/// # Errors
/// [`Error::Csv`] with the line; [`Error::DuplicateArch`] if two lines name one row.
pub fn join_csv(table: &Table, path: &Path) -> Result<Joined> {
    join(table, &CsvText::read(path)?)
}

/// As [`join_csv`], from bytes; `name` is used in messages.
///
/// ```
/// use nbz_table::{Table, join_csv_bytes};
///
/// let table = Table::nas_bench_201();
/// let csv = b"arch,mine\nnb201:210210,1.5\n#0,\n11111,nan\nunknown,2\n";
/// let joined = join_csv_bytes(&table, "mine.csv", csv)?;
/// let (name, mine) = &joined.columns[0];
/// assert_eq!((name.as_str(), mine.get(11_472), mine.get(0)), ("mine", Some(1.5), None));
/// assert_eq!((joined.matched, mine.undefined(), joined.unmatched[0].line), (3, 1, 5));
/// # Ok::<(), nbz_table::Error>(())
/// ```
///
/// # Errors
/// As [`join_csv`].
pub fn join_csv_bytes(table: &Table, name: &str, bytes: &[u8]) -> Result<Joined> {
    join(table, &CsvText::parse(name, bytes)?)
}

fn join(table: &Table, csv: &CsvText) -> Result<Joined> {
    let key = csv.key_column()?;
    let mut line_of: Vec<Option<usize>> = vec![None; table.rows()];
    let mut unmatched = Vec::new();
    for (at, (line, cells)) in csv.rows.iter().enumerate() {
        let row = match table.find(&cells[key]) {
            Ok(row) => row,
            Err(Error::NoArch { .. }) => {
                unmatched.push(Unmatched {
                    line: *line,
                    key: excerpt(&cells[key]),
                });
                continue;
            }
            Err(other) => return Err(other),
        };
        if let Some(first) = line_of[row].replace(at) {
            return Err(Error::DuplicateArch {
                key: excerpt(&cells[key]),
                first: format!("line {}", csv.rows[first].0),
                second: format!("line {line}"),
            });
        }
    }
    spread_over_networks(table, &mut line_of)?;
    let mut columns = Vec::new();
    for (column, header) in csv.header.iter().enumerate().filter(|&(c, _)| c != key) {
        let scores = csv.floats(column)?;
        let rows = line_of.iter().map(|at| scores.get((*at)?)).collect();
        columns.push((header.clone(), Column::new(rows)));
    }
    Ok(Joined {
        columns,
        matched: csv.rows.len() - unmatched.len(),
        unmatched,
    })
}

/// Gives rows without a line the line of their network's first row that has one.
fn spread_over_networks(table: &Table, line_of: &mut [Option<usize>]) -> Result<()> {
    let representatives = (0..line_of.len())
        .map(|row| table.representative(row))
        .collect::<Result<Vec<_>>>()?;
    let mut of_network: Vec<Option<usize>> = vec![None; line_of.len()];
    for (row, &network) in representatives.iter().enumerate() {
        of_network[network] = of_network[network].or(line_of[row]);
    }
    for (row, &network) in representatives.iter().enumerate() {
        line_of[row] = line_of[row].or(of_network[network]);
    }
    Ok(())
}
