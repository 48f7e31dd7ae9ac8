//! A user's scores from a file, beside a table: joined by network, turned so that larger is better.

use std::collections::BTreeSet;
use std::path::Path;

use nbz_report::OwnScore;
use nbz_table::{Column, ColumnInfo, Joined, Provenance, Role, Table, join_csv, join_scores};

use crate::console::Console;
use crate::failure::CommandError;
use crate::names::nearest;
use crate::source::{Source, counted, grouped};

/// Unmatched lines that are named one by one.
const NAMED: usize = 5;

/// Reads a CSV or what `score` wrote, finds the row of each network, and tells what was found.
pub(crate) fn join(file: &Path, source: &Source, console: &Console) -> anyhow::Result<Joined> {
    let is_table = file.extension().is_some_and(|e| e == "parquet");
    let joined = if is_table {
        let scores = Table::open(file)?;
        join_scores(&source.table, source.dataset.as_deref(), &scores)?
    } else {
        join_csv(&source.table, file)?
    };
    tell_join(&joined, file, console);
    tell_disagreement(&joined, &source.table, console)?;
    Ok(joined)
}

/// Says how many lines found their network, and names the first that did not.
fn tell_join(joined: &Joined, file: &Path, console: &Console) {
    console.note(format_args!(
        "read {}, {} matched, {} not",
        file.display(),
        counted(joined.matched, "line"),
        grouped(joined.unmatched.len() as u64)
    ));
    for line in joined.unmatched.iter().take(NAMED) {
        console.warn(format_args!(
            "line {} names no network: {}",
            line.line, line.key
        ));
    }
    if joined.unmatched.len() > NAMED {
        console.warn(format_args!(
            "and {} more; --json lists them all",
            grouped((joined.unmatched.len() - NAMED) as u64)
        ));
    }
}

/// Warns of networks that lines under several names give different scores.
fn tell_disagreement(joined: &Joined, table: &Table, console: &Console) -> anyhow::Result<()> {
    let mut split = BTreeSet::new();
    for row in 0..table.rows() {
        let network = table.representative(row)?;
        let mut columns = joined.columns.iter();
        if columns.any(|(_, score)| score.get(row) != score.get(network)) {
            split.insert(network);
        }
    }
    if let Some(&first) = split.first() {
        let archs = table.archs()?;
        console.warn(format_args!(
            "{} with different scores under several names: that under the table's own name counts, as of {}",
            counted(split.len(), "network"),
            archs.text(first).unwrap_or_default(),
        ));
    }
    Ok(())
}

/// The proxies of the table that a user's scores stand beside: those named, or all, without scores of ours where the user
/// brings one of that name.
pub(crate) fn against(named: &[String], source: &Source, own: &[OwnScore]) -> Vec<String> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let brought = |c: &ColumnInfo| own.iter().any(|own| own.name == c.base_name());
    let proxies = source
        .table
        .schema()
        .with_role(Role::Proxy, source.dataset.as_deref());
    proxies
        .filter(|c| c.provenance != Provenance::Measured || !brought(c))
        .map(|c| c.base_name().to_owned())
        .collect()
}

/// The user's columns, turned so that larger is better.
pub(crate) fn turned(
    file: &Path,
    joined: &Joined,
    score: &[String],
    smaller: &[String],
) -> anyhow::Result<Vec<OwnScore>> {
    let headers: Vec<String> = joined.columns.iter().map(|(h, _)| h.clone()).collect();
    let names = if score.is_empty() { &headers } else { score };
    if names.is_empty() {
        return Err(CommandError::Usage {
            problem: format!("`{}` has no column of scores", file.display()),
            hint: "put the scores into a column beside `arch`".to_owned(),
        }
        .into());
    }
    check_smaller(smaller, names)?;
    names
        .iter()
        .map(|name| {
            let found = joined.columns.iter().find(|(header, _)| header == name);
            let (_, values) = found.ok_or_else(|| no_column(name, &headers))?;
            let sign = if smaller.contains(name) || joined.smaller.contains(name) {
                -1.0
            } else {
                1.0
            };
            let turned = values
                .values()
                .iter()
                .map(|v| v.map(|v| sign * v))
                .collect();
            Ok(OwnScore {
                name: name.clone(),
                values: Column::new(turned),
            })
        })
        .collect()
}

fn no_column(name: &str, headers: &[String]) -> CommandError {
    CommandError::Unknown {
        what: "column",
        name: name.to_owned(),
        hint: match nearest(name, headers.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the file has {}", headers.join(", ")),
        },
    }
}

/// Refuses a name of --smaller that is none of the scores.
pub(crate) fn check_smaller(smaller: &[String], scores: &[String]) -> Result<(), CommandError> {
    let Some(name) = smaller.iter().find(|name| !scores.contains(name)) else {
        return Ok(());
    };
    Err(CommandError::Usage {
        problem: format!("`{name}` of --smaller is none of the scores"),
        hint: format!("the scores are {}", scores.join(", ")),
    })
}
