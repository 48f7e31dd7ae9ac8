//! Writing the score JSON of NAS-Bench-Suite-Zero, as NASLib reads it.
//!
//! `{data set: {architecture: {proxy: {"score": x, "time": s}, "val_accuracy": percent}}}`, times only
//! where the table has them. The suite's own columns (`nbsz_zen`) go under the suite's names (`zen`); a
//! proxy of another source that has the same name (`synflow`) has its source in front (`freerea_synflow`). Missing scores are left
//! out, -infinity is the suite's -1e8, and NaN is written bare, as Python does and reads.

use std::io::{self, Write};
use std::path::Path;

use crate::atomic;
use crate::column::{Column, Values};
use crate::column_info::{ColumnInfo, Role};
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::import::UNDEFINED;

/// Writes a score file, whole or not at all.
///
/// # Errors
/// [`Error::NoScores`] if nothing would stand in it, [`Error::Write`].
pub fn write_suite_zero(frame: &Frame, path: &Path) -> Result<()> {
    atomic::write_bytes(path, &suite_zero_bytes(frame)?)
}

/// A score file in memory.
///
/// # Errors
/// [`Error::NoScores`] if nothing would stand in it.
///
/// # Panics
/// Never: memory takes every byte.
pub fn suite_zero_bytes(frame: &Frame) -> Result<Vec<u8>> {
    if datasets(frame).iter().all(|d| fields(frame, d).is_empty()) {
        return Err(Error::NoScores {
            name: frame.schema().name.clone(),
        });
    }
    let mut out = Vec::new();
    write_to(frame, &mut out).expect("memory takes every byte");
    Ok(out)
}

fn write_to(frame: &Frame, out: &mut dyn Write) -> io::Result<()> {
    let keys = keys(frame);
    out.write_all(b"{")?;
    for (at, dataset) in datasets(frame).into_iter().enumerate() {
        let separator = if at == 0 { "" } else { ", " };
        write!(out, "{separator}{}: {{", string(naslib_name(dataset)))?;
        let fields = fields(frame, dataset);
        let mut first = true;
        for (row, key) in keys.iter().enumerate() {
            let record = record(&fields, row);
            if record.is_empty() {
                continue;
            }
            let separator = if first { "" } else { ", " };
            write!(out, "{separator}{}: {{{record}}}", string(key))?;
            first = false;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"}\n")
}

/// A proxy or accuracy with the name that it has in the file.
struct Field<'a> {
    name: String,
    values: &'a Column<f64>,
    time: Option<&'a Column<f64>>,
}

fn floats<'a>(
    (info, values): (&'a ColumnInfo, &'a Values),
) -> Option<(&'a ColumnInfo, &'a Column<f64>)> {
    match values {
        Values::Float(column) => Some((info, column)),
        _ => None,
    }
}

fn datasets(frame: &Frame) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (info, _) in frame.columns() {
        if let Some(dataset) = info.dataset.as_deref()
            && matches!(info.role, Role::Proxy | Role::Accuracy)
            && !names.contains(&dataset)
        {
            names.push(dataset);
        }
    }
    names
}

fn fields<'a>(frame: &'a Frame, dataset: &str) -> Vec<Field<'a>> {
    let here = || {
        let columns = frame.columns().filter_map(floats);
        // A column that names no data set holds for all of them.
        columns.filter(|(info, _)| info.dataset.as_deref().is_none_or(|d| d == dataset))
    };
    let time_of = |base: &str| {
        let name = format!("{base}_time_s");
        here()
            .find(|(info, _)| info.base_name() == name)
            .map(|(_, column)| column)
    };
    let mut fields: Vec<Field<'a>> = Vec::new();
    // The suite's own columns first, so that they keep their names.
    let mut proxies: Vec<_> = here()
        .filter(|(info, _)| info.role == Role::Proxy)
        .collect();
    proxies.sort_by_key(|(info, _)| !info.base_name().starts_with("nbsz_"));
    for (info, values) in proxies {
        let base = info.base_name();
        let name = match base.strip_prefix("nbsz_") {
            Some(name) => name.to_owned(),
            // A name means one proxy in every data set of the file.
            None if of_the_suite(frame, base) => format!("{}_{base}", short_source(info)),
            None => base.to_owned(),
        };
        if fields.iter().all(|f| f.name != name) {
            let time = time_of(base);
            fields.push(Field { name, values, time });
        }
    }
    if let Some((_, values)) = here().find(|(info, _)| info.base_name() == "val_acc") {
        fields.push(Field {
            name: "val_accuracy".to_owned(),
            values,
            time: None,
        });
    }
    fields
}

/// Whether the table has the suite's own proxy of that name, on any data set.
fn of_the_suite(frame: &Frame, name: &str) -> bool {
    let columns = &frame.schema().columns;
    columns
        .iter()
        .any(|c| c.base_name().strip_prefix("nbsz_") == Some(name))
}

/// The last part of a source's address, in plain letters: `freerea`.
fn short_source(info: &ColumnInfo) -> String {
    let tail = info.source.trim_end_matches('/').rsplit('/').next();
    let plain = tail
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric);
    let plain: String = plain.collect::<String>().to_ascii_lowercase();
    if plain.is_empty() {
        "other".to_owned()
    } else {
        plain
    }
}

/// The columns of scores and accuracies that the suite's JSON has no place for.
pub fn left_out_of_suite_zero(frame: &Frame) -> Vec<&str> {
    let left_out = |info: &&ColumnInfo| match info.role {
        Role::Accuracy => info.base_name() != "val_acc",
        Role::Proxy => false,
        role => !matches!(role, Role::Arch | Role::Canonical | Role::Id | Role::Other),
    };
    let columns = frame.schema().columns.iter().filter(left_out);
    columns.map(|c| c.name.as_str()).collect()
}

fn record(fields: &[Field<'_>], row: usize) -> String {
    let mut parts = Vec::new();
    for field in fields {
        let Some(value) = field.values.get(row) else {
            continue;
        };
        let name = string(&field.name);
        if field.name == "val_accuracy" {
            parts.push(format!("{name}: {}", number(value)));
            continue;
        }
        let time = field.time.and_then(|t| t.get(row));
        let time = time.map_or_else(String::new, |t| format!(", \"time\": {}", number(t)));
        parts.push(format!("{name}: {{\"score\": {}{time}}}", number(value)));
    }
    parts.join(", ")
}

/// The key of every row: NASLib's tuple for NAS-Bench-201, otherwise the architecture string.
fn keys(frame: &Frame) -> Vec<String> {
    let text = |wanted: &dyn Fn(&ColumnInfo) -> bool| {
        frame.columns().find_map(|(info, values)| match values {
            Values::Text(column) if wanted(info) => Some(column),
            _ => None,
        })
    };
    let is_cell = frame.schema().space.as_deref() == Some("nb201");
    let codes = text(&|info| info.name == "naslib_code").filter(|_| is_cell);
    let archs = codes.or_else(|| text(&|info| info.role == Role::Arch));
    let archs = archs.map(Column::values).unwrap_or_default();
    archs
        .iter()
        .map(|arch| match arch.as_deref().unwrap_or_default() {
            code if is_cell && code.bytes().all(|b| b.is_ascii_digit()) => tuple(code),
            arch => arch.to_owned(),
        })
        .collect()
}

/// `210210` to `(2, 1, 0, 2, 1, 0)`.
fn tuple(code: &str) -> String {
    let digits: Vec<String> = code.chars().map(String::from).collect();
    format!("({})", digits.join(", "))
}

fn naslib_name(dataset: &str) -> &str {
    match dataset {
        "imagenet16-120" => "ImageNet16-120",
        other => other,
    }
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    match value {
        f64::NEG_INFINITY => format!("{UNDEFINED:?}"),
        f64::INFINITY => "Infinity".to_owned(),
        _ => format!("{value:?}"),
    }
}
