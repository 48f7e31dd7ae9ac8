//! CSV files: a header, then one architecture a line.
//!
//! The column that names the architecture is called `arch` or one of its synonyms. Every other column
//! holds numbers, except known names and codes. An empty cell is missing; `nan`, `inf` and `-inf` are
//! values. A header may carry the unit: `latency [ms]`.

use std::collections::HashMap;
use std::path::Path;

use nbz_space::Arch;

use crate::column::Values;
use crate::column_info::{ColumnInfo, Kind, Provenance, Role};
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::import::csv_text::{CsvText, excerpt};
use crate::published::{direction_of, role_of, split_dataset};
use crate::schema::{SCHEMA_VERSION, Schema};
use crate::unit::Unit;

/// Reads a CSV file as a table named `name`; `source` says in every column where the numbers are from.
///
/// # Errors
/// [`Error::Csv`] with the line, [`Error::DuplicateArch`] with both lines, [`Error::DuplicateColumn`].
pub fn import_csv(path: &Path, name: &str, source: &str) -> Result<Frame> {
    frame(&CsvText::read(path)?, name, source)
}

/// As [`import_csv`], from bytes.
///
/// # Errors
/// As [`import_csv`].
pub fn import_csv_bytes(bytes: &[u8], name: &str, source: &str) -> Result<Frame> {
    frame(&CsvText::parse(name, bytes)?, name, source)
}

fn frame(csv: &CsvText, name: &str, source: &str) -> Result<Frame> {
    let key = csv.key_column()?;
    check_keys(csv, key)?;
    let schema = Schema {
        version: SCHEMA_VERSION,
        name: name.to_owned(),
        title: String::new(),
        space: None,
        own_spaces: Vec::new(),
        accuracy: main_accuracy(&csv.header),
        licence: String::new(),
        attribution: String::new(),
        citation: String::new(),
        notes: String::new(),
        recipe: None,
        columns: Vec::new(),
    };
    let mut frame = Frame::new(schema, csv.rows.len());
    for column in 0..csv.header.len() {
        let mut info = describe(&csv.header[column], column == key, source);
        let values = match info.role {
            Role::Arch | Role::Canonical => {
                Values::Text(csv.cells(column, "text", |c| Some(c.to_owned()))?)
            }
            Role::Id if info.name != "index" => {
                Values::Text(csv.cells(column, "text", |c| Some(c.to_owned()))?)
            }
            _ => csv.numbers(column)?,
        };
        if info.role == Role::Accuracy {
            csv.refuse_absurd(column)?;
        }
        info.kind = values.kind();
        frame.push(info, values)?;
    }
    Ok(frame)
}

/// Every line names an architecture, and none twice.
fn check_keys(csv: &CsvText, key: usize) -> Result<()> {
    let mut lines: HashMap<&str, u64> = HashMap::with_capacity(csv.rows.len());
    let mut spelled: HashMap<Arch, u64> = HashMap::new();
    for (line, cells) in &csv.rows {
        let arch = cells[key].as_str();
        if arch.is_empty() {
            return Err(Error::Csv {
                name: csv.name.clone(),
                line: *line,
                reason: "the line names no architecture".to_owned(),
            });
        }
        if let Some(first) = lines.insert(arch, *line) {
            return Err(twice(arch, first, *line));
        }
        // Two spellings of one string; different strings of one network may stand in a table.
        if let Ok(network) = arch.parse::<Arch>()
            && let Some(first) = spelled.insert(network, *line)
        {
            return Err(twice(arch, first, *line));
        }
    }
    Ok(())
}

fn twice(arch: &str, first: u64, second: u64) -> Error {
    Error::DuplicateArch {
        key: excerpt(arch),
        first: format!("line {first}"),
        second: format!("line {second}"),
    }
}

fn main_accuracy(header: &[String]) -> String {
    let bases: Vec<&str> = header
        .iter()
        .map(|h| split_dataset(split_unit(h).0).1)
        .collect();
    let usual = ["test_acc", "acc_mean", "acc", "test_accuracy", "accuracy"];
    let mut usual = usual.into_iter().filter(|name| bases.contains(name));
    let mut other = bases
        .iter()
        .copied()
        .filter(|base| role_of(base) == Role::Accuracy);
    let main = usual.next().or_else(|| other.next());
    main.unwrap_or_default().to_owned()
}

/// `latency [ms]` to its name and unit.
fn split_unit(header: &str) -> (&str, Option<Unit>) {
    let split = || {
        let (name, unit) = header.strip_suffix(']')?.rsplit_once('[')?;
        Some((name.trim(), Unit::from_published(unit.trim())?))
    };
    split().map_or((header, None), |(name, unit)| (name, Some(unit)))
}

fn describe(header: &str, is_key: bool, source: &str) -> ColumnInfo {
    let (name, unit) = split_unit(header);
    let (dataset, base) = split_dataset(name);
    let role = if is_key { Role::Arch } else { role_of(base) };
    let usual = match (role, base) {
        (Role::Arch | Role::Canonical | Role::Id | Role::Other, _) => Unit::None,
        (Role::Accuracy, _) => Unit::Percent,
        (Role::Spread, _) => Unit::PercentagePoints,
        (Role::Cost, "macs") => Unit::Macs,
        (Role::Cost, "depth") => Unit::Layers,
        (Role::Cost, _) => Unit::Count,
        (Role::Latency, _) => Unit::Milliseconds,
        (Role::Energy, _) => Unit::Millijoules,
        (Role::Proxy, _) => Unit::Score,
    };
    ColumnInfo {
        name: name.to_owned(),
        kind: Kind::Float,
        unit: unit.unwrap_or(usual),
        meaning: format!("column `{header}` of the imported file"),
        role,
        direction: direction_of(role),
        dataset: dataset.map(str::to_owned),
        provenance: Provenance::Imported,
        source: source.to_owned(),
        version: String::new(),
        licence: String::new(),
    }
}
