//! From an architecture's name to its row, and from a row to the one that stands for its network.
//!
//! Names that are found here: the table's architecture strings; every id column (NASLib codes, official
//! indices); `space:NAME` and `space#INDEX` with the table's own space; `#ROW`; and NASLib's tuple
//! spelling `(2, 1, 0, 2, 1, 0)`. Strings win over ids where both read the same. Names that must be
//! parsed as architectures (other spellings, hashes) are the matter of [`crate::networks`].

use std::collections::HashMap;

use crate::column::{Column, Values};
use crate::column_info::Role;
use crate::error::{Error, Result};
use crate::networks::canonical_strings;
use crate::table::Table;

/// Spaces in which a network has several strings.
const SPACES_WITH_ALIASES: [&str; 1] = ["nbmacro"];

/// The names of a table's rows. Only looked up, never iterated, so hash order cannot leak.
#[derive(Debug)]
pub(crate) struct RowIndex {
    space: Option<String>,
    by_name: HashMap<String, u32>,
    by_number: HashMap<i64, u32>,
    rows: usize,
}

impl RowIndex {
    /// Reads the name columns of a table.
    ///
    /// # Errors
    /// [`Error::DuplicateArch`] if two rows have one string; a missing string is a schema error.
    pub(crate) fn build(table: &Table) -> Result<Self> {
        let archs = table.archs()?;
        let mut by_name: HashMap<String, u32> = HashMap::with_capacity(archs.len() * 3);
        for (row, arch) in archs.into_values().into_iter().enumerate() {
            let arch = arch.ok_or_else(|| Error::Schema {
                reason: format!("row {row} has no architecture"),
            })?;
            if let Some(first) = by_name.insert(arch.clone(), row as u32) {
                return Err(Error::DuplicateArch {
                    key: arch,
                    first: format!("row {first}"),
                    second: format!("row {row}"),
                });
            }
        }
        let mut by_number = HashMap::new();
        for column in table.columns().iter().filter(|c| c.role == Role::Id) {
            match table.column(&column.name)? {
                Values::Text(ids) => insert(&mut by_name, ids),
                Values::Int(ids) => insert(&mut by_number, ids),
                Values::Flag(_) | Values::Float(_) => {} // name nothing
            }
        }
        Ok(Self {
            space: table.schema().space.clone(),
            by_name,
            by_number,
            rows: table.rows(),
        })
    }

    /// The row of a name.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        let key = key.trim();
        self.named(key)
            .or_else(|| self.named(&tuple_digits(key)?))
            .or_else(|| {
                let rest = key.strip_prefix(self.space.as_deref()?)?;
                match rest.strip_prefix(':') {
                    Some(name) => self.named(name),
                    None => self.numbered(rest.strip_prefix('#')?),
                }
            })
            .or_else(|| self.numbered(key.strip_prefix('#')?))
            .or_else(|| self.official(key))
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|&row| row as usize)
    }

    fn official(&self, digits: &str) -> Option<usize> {
        let number = digits.parse().ok()?;
        self.by_number.get(&number).map(|&row| row as usize)
    }

    /// `#11472`: the official index if the table has one, otherwise the row.
    fn numbered(&self, digits: &str) -> Option<usize> {
        if self.by_number.is_empty() {
            return digits.parse().ok().filter(|&row| row < self.rows);
        }
        self.official(digits)
    }
}

/// For every row, the row whose string is its canonical form; the first of its kind if none is.
/// Empty if every row stands for itself.
pub(crate) fn representatives(table: &Table) -> Result<Vec<u32>> {
    let column = table.columns().iter().find(|c| c.role == Role::Canonical);
    let space = table.schema().space.as_deref();
    if column.is_none() && space.is_some_and(|s| !SPACES_WITH_ALIASES.contains(&s)) {
        return Ok(Vec::new());
    }
    let archs = table.archs()?;
    let canonical = match column {
        Some(column) => table.column_text(&column.name)?.into_values(),
        None => canonical_strings(table.spelling(), &archs).unwrap_or_default(),
    };
    let rows = archs.values().iter().enumerate();
    let by_arch: HashMap<&str, u32> = rows
        .filter_map(|(row, arch)| Some((arch.as_deref()?, row as u32)))
        .collect();
    let mut first: HashMap<String, u32> = HashMap::new();
    let stands_for = |(row, canonical): (usize, Option<String>)| match canonical {
        Some(name) => match by_arch.get(name.as_str()) {
            Some(&row) => row,
            None => *first.entry(name).or_insert(row as u32),
        },
        None => row as u32,
    };
    Ok(canonical.into_iter().enumerate().map(stands_for).collect())
}

/// Adds ids to an index; a name that is taken already keeps its row.
fn insert<T: Eq + std::hash::Hash>(index: &mut HashMap<T, u32>, ids: Column<T>) {
    for (row, id) in ids.into_values().into_iter().enumerate() {
        if let Some(id) = id {
            index.entry(id).or_insert(row as u32);
        }
    }
}

/// `(2, 1, 0, 2, 1, 0)`, as NASLib prints a cell, to `210210`.
pub(crate) fn tuple_digits(key: &str) -> Option<String> {
    let inner = key.strip_prefix('(')?.strip_suffix(')')?;
    inner
        .split(',')
        .map(str::trim)
        .filter(|digit| !digit.is_empty())
        .map(|digit| (digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit()).then_some(digit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::tuple_digits;

    #[test]
    fn a_tuple_becomes_its_digits_and_nothing_else_does() {
        assert_eq!(
            tuple_digits("(4, 0, 3, 1, 4, 3)").as_deref(),
            Some("403143")
        );
        assert_eq!(tuple_digits("(4,0,)").as_deref(), Some("40"));
        for wrong in ["", "(", "()x", "(10, 2)", "(a)", "4, 0", "(-1)"] {
            assert_eq!(tuple_digits(wrong), None, "{wrong}");
        }
    }
}
