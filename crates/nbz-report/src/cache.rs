//! Finished pools kept on disk, so that a second report does not draw its intervals again.
//!
//! A pool's key is the SHA-256 of everything that its table depends on: this program's version, the
//! reading, the recipe, the number of budgets, names, directions and sources, and the bits of every value. An entry holds the
//! SHA-256 of its table as well, so that a number changed on disk is not believed. A file that is absent,
//! damaged, changed or of another key is computed anew; a cache that cannot be written is no error, since the
//! report does not need it. Floats are written in the shortest form that reads back to the same bits, so
//! a cached report has the bytes of a fresh one.

use std::path::Path;

use nbz_table::{atomic, sha256_hex};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    alike::Alike,
    assess::assess,
    candidates::{Candidates, Scored},
    claims::{CLAIMS, Findings, Scores, test_claims},
    error::Result,
    report::Settings,
    row::Table1,
    standing::Standing,
};

#[derive(Serialize, Deserialize)]
struct Entry<T> {
    key: String,
    /// SHA-256 of the table's JSON.
    digest: String,
    table: T,
}

/// The table of some candidates, from the cache if it is there.
pub(crate) fn assess_cached(candidates: &Candidates, settings: &Settings) -> Result<Table1> {
    let key = || key("table", candidates, settings);
    cached(settings.cache.as_deref(), key, || {
        assess(
            candidates,
            settings.reading,
            settings.recipe,
            settings.budgets,
        )
    })
}

/// The findings on some pools and scores alone, from the cache if they are there.
pub(crate) fn claims_cached(
    pools: &[Candidates],
    scores: &[Scores],
    settings: &Settings,
) -> Result<Findings> {
    let key = || {
        let of_pool = |pool: &Candidates| {
            // Claims look at the stages of the networks.
            let archs: Vec<String> = pool.archs.iter().map(|arch| format!("{arch:?}")).collect();
            key("claims by column", pool, settings) + &sha256_hex(archs.concat().as_bytes())
        };
        let of_pools = pools.iter().map(of_pool);
        let alone = scores.iter().map(|scores| scores.key(settings.recipe));
        sha256_hex((of_pools.chain(alone).collect::<String>() + CLAIMS).as_bytes())
    };
    let test = || test_claims(pools, scores, settings.recipe);
    // A report that holds nothing leaves no folder.
    let is_kept = |found: &Findings| !pools.is_empty() || found.has_numbers();
    cached_if(settings.cache.as_deref(), key, test, is_kept)
}

/// How the proxies of a pool stand, from the cache if it is there.
pub(crate) fn standing_cached(
    candidates: &Candidates,
    settings: &Settings,
) -> Result<Option<Standing>> {
    let key = || key("standing", candidates, settings);
    cached(settings.cache.as_deref(), key, || {
        Standing::of(candidates, settings.recipe)
    })
}

/// Which scores of a pool rank alike, from the cache if it is there.
pub(crate) fn alike_cached(candidates: &Candidates, settings: &Settings) -> Result<Option<Alike>> {
    let key = || key("similarity", candidates, settings);
    cached(settings.cache.as_deref(), key, || Alike::of(candidates))
}

/// What `compute` gives, kept in a folder under a key of all that it depends on; without one, computed.
///
/// # Errors
/// Those of `compute`.
pub fn cached<T: Serialize + DeserializeOwned, E>(
    folder: Option<&Path>,
    key: impl FnOnce() -> String,
    compute: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    cached_if(folder, key, compute, |_| true)
}

/// The same, kept if it is worth it.
fn cached_if<T: Serialize + DeserializeOwned, E>(
    folder: Option<&Path>,
    key: impl FnOnce() -> String,
    compute: impl FnOnce() -> Result<T, E>,
    is_kept: impl FnOnce(&T) -> bool,
) -> Result<T, E> {
    let Some(folder) = folder else {
        return compute();
    };
    let key = key();
    let path = folder.join(format!("{}.json", &key[..32]));
    if let Some(table) = read(&path, &key) {
        return Ok(table);
    }
    let table = compute()?;
    if is_kept(&table) {
        write(folder, &path, key, &table);
    }
    Ok(table)
}

/// The report stands without its cache, so a full or read-only disk is not its failure.
fn write<T: Serialize>(folder: &Path, path: &Path, key: String, table: &T) {
    let Some(digest) = digest(table) else { return };
    let entry = Entry { key, digest, table };
    if let Ok(bytes) = serde_json::to_vec(&entry) {
        let _ = std::fs::create_dir_all(folder);
        let _ = atomic::write_bytes(path, &bytes);
    }
}

fn read<T: Serialize + DeserializeOwned>(path: &Path, key: &str) -> Option<T> {
    let entry: Entry<T> = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let sound = entry.key == key && digest(&entry.table)? == entry.digest;
    sound.then_some(entry.table)
}

/// SHA-256 of a table's JSON: floats read back to the same bits, so a table read has that of the one written.
fn digest<T: Serialize>(table: &T) -> Option<String> {
    Some(sha256_hex(&serde_json::to_vec(table).ok()?))
}

/// The digest of everything that a result of some kind on a pool depends on.
pub fn key(kind: &str, candidates: &Candidates, settings: &Settings) -> String {
    let mut bytes = Vec::new();
    let mut text = |text: &str| {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    text(env!("CARGO_PKG_VERSION"));
    text(kind);
    text(&format!(
        "{:?} {:?} {}",
        settings.reading, settings.recipe, settings.budgets
    ));
    text(&format!(
        "{:?} {}",
        candidates.selection, candidates.distinct
    ));
    text(&candidates.table);
    text(&candidates.provenance());
    let scored = || candidates.costs.iter().chain(&candidates.proxies);
    for Scored { name, info, .. } in scored() {
        text(name);
        text(&format!("{info:?}"));
    }
    for values in scored()
        .map(|s| &s.values)
        .chain([&candidates.accuracy])
        .chain(&candidates.trainings)
    {
        bytes.extend(values.iter().flat_map(|v| v.to_bits().to_le_bytes()));
    }
    sha256_hex(&bytes)
}
