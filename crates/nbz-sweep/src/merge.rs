//! Shards put together: the bytes of one run over the whole list.

use std::path::{Path, PathBuf};

use nbz_table::{Column, Table, export};

use crate::error::{Result, SweepError};
use crate::journal::Record;
use crate::output::{self, Stamp, stamp_of};
use crate::recipe::Recipe;
use crate::shard::Shard;

/// Writes the whole of some shards; returns the number of networks.
///
/// # Errors
/// [`SweepError::OtherRecipe`] for shards of different sweeps, [`SweepError::Incomplete`] for one that is
/// missing or there twice, [`SweepError::NotScores`].
pub fn merge(shards: &[PathBuf], output: &Path) -> Result<usize> {
    let mut parts: Vec<(Stamp, Table)> = Vec::new();
    for path in shards {
        let table = Table::open(path)?;
        let stamp = stamp_of(&table, path)?;
        if let Some((first, _)) = parts.first()
            && first.recipe != stamp.recipe
        {
            return Err(SweepError::OtherRecipe {
                path: path.clone(),
                differences: stamp.recipe.differences(&first.recipe),
            });
        }
        parts.push((stamp, table));
    }
    parts.sort_by_key(|(stamp, _)| stamp.shard);
    check_whole(&parts)?;
    let Some((first, table)) = parts.first() else {
        return Err(SweepError::NoNetworks);
    };
    let whole = Stamp {
        recipe: first.recipe.clone(),
        shard: Shard::WHOLE,
    };
    let own_spaces = table.schema().own_spaces.clone();
    let count = whole.recipe.count;
    let mut archs = vec![String::new(); count];
    let mut records = Vec::with_capacity(count);
    for (stamp, table) in &parts {
        for (arch, record) in records_of(table, &stamp.recipe)? {
            if let Some(slot) = archs.get_mut(record.place) {
                *slot = arch;
                records.push(record);
            }
        }
    }
    if records.len() != count || archs.iter().any(String::is_empty) {
        return Err(SweepError::Incomplete {
            reason: format!("{} networks where the list has {count}", records.len()),
        });
    }
    let mut frame = output::frame(&whole, &archs, &records)?;
    frame.define_spaces(&own_spaces);
    export::write_parquet(&frame, output)?;
    Ok(count)
}

/// A file's rows as they were before they were written.
fn records_of(table: &Table, recipe: &Recipe) -> Result<Vec<(String, Record)>> {
    let places = table.column_f64("index")?;
    let archs = table.archs()?;
    let reasons = table.column_text("reasons")?;
    let mut scores = Vec::new();
    let mut deviations = Vec::new();
    for name in recipe.names() {
        scores.push(table.column_f64(name)?);
        if recipe.repeats > 1 {
            deviations.push(table.column_f64(&format!("{name}_sd"))?);
        }
    }
    let bits = |columns: &[Column<f64>], row: usize| {
        let bits = columns.iter().map(|c| c.get(row).map(f64::to_bits));
        bits.collect()
    };
    let record = |row: usize| {
        let words = reasons.text(row).unwrap_or_default().split_whitespace();
        let pairs = words.filter_map(|word| word.split_once(':'));
        Record {
            place: places.get(row).map_or(usize::MAX, |place| place as usize),
            scores: bits(&scores, row),
            deviations: bits(&deviations, row),
            reasons: pairs
                .map(|(p, why)| (p.to_owned(), why.to_owned()))
                .collect(),
            seconds: Vec::new(),
            run: 0,
            messages: Vec::new(),
        }
    };
    let arch = |row: usize| archs.text(row).unwrap_or_default().to_owned();
    Ok((0..table.rows())
        .map(|row| (arch(row), record(row)))
        .collect())
}

fn check_whole(parts: &[(Stamp, Table)]) -> Result<()> {
    let of = parts.first().map_or(0, |(stamp, _)| stamp.shard.of());
    let fault = |reason| Err(SweepError::Incomplete { reason });
    if let Some((other, _)) = parts.iter().find(|(stamp, _)| stamp.shard.of() != of) {
        return fault(format!(
            "one is of {of} shards, another of {}",
            other.shard.of()
        ));
    }
    for index in 1..=of {
        match parts
            .iter()
            .filter(|(s, _)| s.shard.index() == index)
            .count()
        {
            1 => {}
            0 => return fault(format!("{index}/{of} is missing")),
            _ => return fault(format!("{index}/{of} is there twice")),
        }
    }
    Ok(())
}
