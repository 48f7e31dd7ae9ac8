//! The score files of NAS-Bench-Suite-Zero: NASLib's `zc_*.json`.
//!
//! Shape: `{data set: {architecture: {proxy: {"score": x, "time": s}, "val_accuracy": percent}}}`, or the
//! inner object alone for one data set. A NAS-Bench-201 architecture is the tuple that Python prints,
//! `(4, 0, 3, 1, 4, 3)`; it becomes the NASLib code `403143`. The suite marks a score that it could not
//! compute with -1e8; as in its later copies that becomes -infinity. Python writes `NaN` and `Infinity`
//! bare, which JSON does not know; they are accepted.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::column::{Column, Values};
use crate::column_info::{ColumnInfo, Kind, Provenance, Role, dataset_prefix};
use crate::error::{Error, Result};
use crate::frame::Frame;
use crate::import::json::{Node, Object};
use crate::lookup::tuple_digits;
use crate::published::direction_of;
use crate::schema::{SCHEMA_VERSION, Schema};
use crate::unit::Unit;

/// What the suite writes where a proxy failed.
pub(crate) const UNDEFINED: f64 = -1e8;

/// Reads a score file as a table named `name`. A file without data sets in it needs `dataset`.
///
/// # Errors
/// [`Error::Json`] with the place, also for a key that stands twice in one object.
pub fn import_suite_zero(path: &Path, name: &str, dataset: Option<&str>) -> Result<Frame> {
    let bytes = fs::read(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    frame(&bytes, &path.display().to_string(), name, dataset)
}

/// As [`import_suite_zero`], from bytes.
///
/// # Errors
/// As [`import_suite_zero`].
pub fn import_suite_zero_bytes(bytes: &[u8], name: &str, dataset: Option<&str>) -> Result<Frame> {
    frame(bytes, name, name, dataset)
}

/// Reads the bytes of a `file` as a table named `name`.
fn frame(bytes: &[u8], file: &str, name: &str, dataset: Option<&str>) -> Result<Frame> {
    let fault = |reason: String| Error::Json {
        name: file.to_owned(),
        reason,
    };
    let root = match Node::parse(bytes) {
        Ok(Node::Object(root)) => root,
        Ok(_) => return Err(fault("the document is not an object".to_owned())),
        Err(e) => return Err(fault(e.to_string())),
    };
    let mut scores = Scores::default();
    if root.iter().any(|(_, node)| is_record(node)) {
        let dataset = dataset.ok_or_else(|| {
            fault(
                "the file does not say its data set, so it must be named (`--dataset`)".to_owned(),
            )
        })?;
        scores.read(&dataset_name(dataset), &root).map_err(fault)?;
    } else {
        for (key, node) in &root {
            let Node::Object(archs) = node else {
                return Err(fault(format!(
                    "`{key}` is neither a data set nor an architecture"
                )));
            };
            scores.read(&dataset_name(key), archs).map_err(fault)?;
        }
    }
    if scores.archs.is_empty() {
        return Err(Error::Empty {
            name: file.to_owned(),
        });
    }
    scores.into_frame(name)
}

/// Whether a node holds one architecture's scores.
fn is_record(node: &Node) -> bool {
    let Node::Object(fields) = node else {
        return false;
    };
    fields.iter().any(|(key, value)| match value {
        Node::Object(inner) => inner.iter().any(|(key, _)| key == "score"),
        _ => key == "val_accuracy",
    })
}

/// `ImageNet16-120` to `imagenet16-120`.
fn dataset_name(key: &str) -> String {
    key.to_lowercase().replace('_', "-")
}

/// One column of the file on its way into a frame.
struct Scored {
    info: ColumnInfo,
    /// Value by row; shorter than the table while rows are still found.
    values: Vec<Option<f64>>,
}

#[derive(Default)]
struct Scores {
    archs: Vec<String>,
    rows: HashMap<String, usize>,
    columns: Vec<Scored>,
    by_name: HashMap<String, usize>,
}

impl Scores {
    fn read(&mut self, dataset: &str, archs: &Object) -> Result<(), String> {
        for (key, node) in archs {
            let Node::Object(fields) = node else {
                return Err(format!(
                    "architecture `{key}` on {dataset} is not an object"
                ));
            };
            let row = self.row(key);
            for (field, value) in fields {
                let place = || format!("`{field}` of architecture `{key}` on {dataset}");
                match value {
                    Node::Object(score) => self
                        .read_score(dataset, field, row, score)
                        .map_err(|what| format!("{what} in {}", place()))?,
                    Node::Number(percent) if field == "val_accuracy" => {
                        let info = column(dataset, "val_acc", Role::Accuracy, Unit::Percent);
                        self.set(info, row, *percent);
                    }
                    _ if field == "val_accuracy" => {
                        return Err(format!("{} is not a number", place()));
                    }
                    _ => {} // other facts, such as `id`, are not scores
                }
            }
        }
        Ok(())
    }

    fn read_score(
        &mut self,
        dataset: &str,
        proxy: &str,
        row: usize,
        fields: &Object,
    ) -> Result<(), &'static str> {
        let number = |name: &str| match fields.iter().find(|(key, _)| key == name) {
            Some((_, Node::Number(value))) => Ok(Some(*value)),
            Some((_, Node::Null)) | None => Ok(None),
            Some(_) => Err("a score or time is not a number"),
        };
        let score = number("score")?.ok_or("there is no score")?;
        let failed = score.total_cmp(&UNDEFINED).is_eq();
        let score = if failed { f64::NEG_INFINITY } else { score };
        self.set(column(dataset, proxy, Role::Proxy, Unit::Score), row, score);
        if let Some(time) = number("time")? {
            let name = format!("{proxy}_time_s");
            self.set(
                column(dataset, &name, Role::Other, Unit::Seconds),
                row,
                time,
            );
        }
        Ok(())
    }

    fn row(&mut self, key: &str) -> usize {
        let arch = tuple_digits(key).unwrap_or_else(|| key.to_owned());
        *self.rows.entry(arch).or_insert_with_key(|arch| {
            self.archs.push(arch.clone());
            self.archs.len() - 1
        })
    }

    fn set(&mut self, info: ColumnInfo, row: usize, value: f64) {
        let at = *self.by_name.entry(info.name.clone()).or_insert_with(|| {
            self.columns.push(Scored {
                info,
                values: Vec::new(),
            });
            self.columns.len() - 1
        });
        let values = &mut self.columns[at].values;
        if values.len() <= row {
            values.resize(row + 1, None);
        }
        values[row] = Some(value);
    }

    fn into_frame(self, name: &str) -> Result<Frame> {
        let rows = self.archs.len();
        let is_cell = |a: &String| a.len() == 6 && a.bytes().all(|b| (b'0'..=b'4').contains(&b));
        let schema = Schema {
            version: SCHEMA_VERSION,
            name: name.to_owned(),
            title: "scores in the format of NAS-Bench-Suite-Zero".to_owned(),
            space: self.archs.iter().all(is_cell).then(|| "nb201".to_owned()),
            own_spaces: Vec::new(),
            accuracy: "val_acc".to_owned(),
            licence: String::new(),
            attribution: String::new(),
            citation:
                "Krishnakumar, White, Zela, Tu, Safari, Hutter. NAS-Bench-Suite-Zero. NeurIPS 2022."
                    .to_owned(),
            notes: String::new(),
            recipe: None,
            columns: Vec::new(),
        };
        let mut frame = Frame::new(schema, rows);
        let mut info = column("", "arch", Role::Arch, Unit::None);
        info.kind = Kind::Text;
        info.dataset = None;
        let archs = self.archs.into_iter().map(Some).collect();
        frame.push(info, Values::Text(Column::new(archs)))?;
        for Scored { info, mut values } in self.columns {
            values.resize(rows, None);
            frame.push(info, Values::Float(Column::new(values)))?;
        }
        Ok(frame)
    }
}

fn column(dataset: &str, base: &str, role: Role, unit: Unit) -> ColumnInfo {
    let name = match role {
        Role::Arch => base.to_owned(),
        _ => format!("{}{base}", dataset_prefix(dataset)),
    };
    ColumnInfo {
        name,
        kind: Kind::Float,
        unit,
        meaning: format!("`{base}` of the score file"),
        role,
        direction: direction_of(role),
        dataset: Some(dataset.to_owned()),
        provenance: Provenance::Imported,
        source: "score file in the format of NAS-Bench-Suite-Zero".to_owned(),
        version: String::new(),
        licence: String::new(),
    }
}
