//! A user's scores, `arch,score`, set beside the rows of a table.
//!
//! Each line names its architecture in any way that [`Table::find`] knows. A network has one score, so
//! a row without a line of its own takes the score of the first other string of its network. Lines that
//! name nothing in the table are returned, not dropped silently.

use std::path::Path;

use crate::column::{Column, Values};
use crate::column_info::{ColumnInfo, Direction, Role, dataset_prefix};
use crate::error::{Error, Result};
use crate::frame::Frame;
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
    /// Columns that their file says are better when smaller.
    pub smaller: Vec<String>,
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
    for (at, header) in csv.header.iter().enumerate() {
        if csv.header[..at].contains(header) {
            return Err(Error::DuplicateColumn {
                column: header.clone(),
            });
        }
    }
    let keys = csv
        .rows
        .iter()
        .map(|(line, cells)| (*line, cells[key].as_str()));
    let Places { line_of, unmatched } = places(table, keys, "line")?;
    let mut columns = Vec::new();
    for (column, header) in csv.header.iter().enumerate().filter(|&(c, _)| c != key) {
        columns.push((header.clone(), spread(&csv.floats(column)?, &line_of)));
    }
    Ok(Joined {
        columns,
        smaller: Vec::new(),
        matched: csv.rows.len() - unmatched.len(),
        unmatched,
    })
}

/// Joins the proxies of a file of scores to a table on a data set; costs are the table's own.
///
/// A proxy whose name the table has already on that data set is called `nbz_NAME`.
///
/// # Errors
/// As [`Table::column`]; [`Error::DuplicateArch`] if two rows of the file are one network.
pub fn join_scores(table: &Table, dataset: Option<&str>, scores: &Table) -> Result<Joined> {
    let archs = scores.archs()?;
    let keys = (0..scores.rows()).map(|row| (row as u64, archs.text(row).unwrap_or_default()));
    let Places { line_of, unmatched } = places(table, keys, "row")?;
    let mut columns = Vec::new();
    let mut smaller = Vec::new();
    for info in scores.columns().iter().filter(|c| c.role == Role::Proxy) {
        let taken = table.schema().column_on(dataset, &info.name).is_ok();
        let name = if taken {
            format!("nbz_{}", info.name)
        } else {
            info.name.clone()
        };
        if info.direction == Direction::Smaller {
            smaller.push(name.clone());
        }
        let values = scores.column_f64(&info.name)?;
        columns.push((name, spread(&values, &line_of)));
    }
    Ok(Joined {
        columns,
        smaller,
        matched: scores.rows() - unmatched.len(),
        unmatched,
    })
}

/// A table with the proxies of a file of scores behind its columns, and how they were joined.
///
/// # Errors
/// As [`join_scores`].
pub fn with_scores(
    table: &Table,
    dataset: Option<&str>,
    scores: &Table,
) -> Result<(Table, Joined)> {
    let joined = join_scores(table, dataset, scores)?;
    let extended = extended(table, dataset, scores, &joined, |_, _| true)?;
    Ok((extended, joined))
}

/// As [`with_scores`], without the proxies whose name the table has already on that data set.
///
/// # Errors
/// As [`join_scores`].
pub fn with_further_scores(
    table: &Table,
    dataset: Option<&str>,
    scores: &Table,
) -> Result<(Table, Joined)> {
    let joined = join_scores(table, dataset, scores)?;
    let extended = extended(table, dataset, scores, &joined, |own, given| own == given)?;
    Ok((extended, joined))
}

/// The table with those joined columns of which `keep` says so, by their own name and the one given to them.
fn extended(
    table: &Table,
    dataset: Option<&str>,
    scores: &Table,
    joined: &Joined,
    keep: impl Fn(&str, &str) -> bool,
) -> Result<Table> {
    let mut frame = Frame::read(table)?;
    let mut own_spaces = table.schema().own_spaces.clone();
    let theirs = scores.schema().own_spaces.iter();
    own_spaces.extend(
        theirs
            .filter(|s| !table.schema().own_spaces.contains(s))
            .cloned(),
    );
    frame.define_spaces(&own_spaces);
    let proxies = scores.columns().iter().filter(|c| c.role == Role::Proxy);
    for (info, (name, values)) in proxies.zip(&joined.columns) {
        if !keep(&info.name, name) {
            continue;
        }
        let info = ColumnInfo {
            name: match dataset {
                Some(dataset) => format!("{}{name}", dataset_prefix(dataset)),
                None => name.clone(),
            },
            dataset: dataset.map(str::to_owned),
            ..info.clone()
        };
        frame.push(info, Values::Float(values.clone()))?;
    }
    Ok(frame.into_table()?.with_origin_of(table))
}

/// For each row of a table the line that names it, and the lines that name none.
struct Places {
    line_of: Vec<Option<usize>>,
    unmatched: Vec<Unmatched>,
}

fn places<'a>(
    table: &Table,
    keys: impl Iterator<Item = (u64, &'a str)>,
    what: &str,
) -> Result<Places> {
    let mut line_of: Vec<Option<usize>> = vec![None; table.rows()];
    let mut unmatched = Vec::new();
    let mut lines = Vec::new();
    for (at, (line, key)) in keys.enumerate() {
        lines.push(line);
        let row = match table.find(key) {
            Ok(row) => row,
            Err(Error::NoArch { .. }) => {
                let key = excerpt(key);
                unmatched.push(Unmatched { line, key });
                continue;
            }
            Err(other) => return Err(other),
        };
        if let Some(first) = line_of[row].replace(at) {
            return Err(Error::DuplicateArch {
                key: excerpt(key),
                first: format!("{what} {}", lines[first]),
                second: format!("{what} {line}"),
            });
        }
    }
    spread_over_networks(table, &mut line_of)?;
    Ok(Places { line_of, unmatched })
}

/// Values of lines in the row order of the table.
fn spread(values: &Column<f64>, line_of: &[Option<usize>]) -> Column<f64> {
    Column::new(line_of.iter().map(|at| values.get((*at)?)).collect())
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
