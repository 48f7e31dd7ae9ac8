//! The networks behind a table's strings: parsed architectures, canonical forms and hashes.
//!
//! A table of a known space spells its architectures without the space's prefix (`12021020` rather than
//! `nbmacro:12021020`); both are parsed. Strings of spaces that nobody knows name no network, and such
//! tables are looked up by string alone.

use std::collections::HashMap;
use std::str::FromStr;

use nbz_space::{Arch, Dataset};

use crate::column::{Column, Values};
use crate::digest::sha256_hex;
use crate::error::Result;
use crate::frame::Frame;
use crate::lookup::tuple_digits;
use crate::schema::{ColumnInfo, Direction, Kind, Provenance, Role};
use crate::unit::Unit;

/// Hexadecimal digits of an architecture's hash.
const HASH_DIGITS: usize = 16;

/// The hash that names a network: the first 16 hexadecimal digits of the SHA-256 of its canonical
/// string, prefix included. All strings of one network have one hash.
///
/// ```
/// use nbz_table::arch_hash;
///
/// let (alias, canonical) = ("nbmacro:12021002".parse()?, "nbmacro:12021020".parse()?);
/// assert_eq!(arch_hash(&alias), arch_hash(&canonical));
/// assert_eq!(arch_hash(&canonical).len(), 16);
/// # Ok::<(), nbz_space::SpaceError>(())
/// ```
pub fn arch_hash(arch: &Arch) -> String {
    let mut hash = sha256_hex(arch.canonical().to_string().as_bytes());
    hash.truncate(HASH_DIGITS);
    hash
}

/// Parses a table's string; `space` is the prefix that the table leaves out.
pub(crate) fn parse(space: Option<&str>, text: &str) -> Option<Arch> {
    let text = text.trim();
    Arch::from_str(text).ok().or_else(|| {
        let digits = tuple_digits(text);
        let bare = digits.as_deref().unwrap_or(text);
        Arch::from_str(&format!("{}:{bare}", space?)).ok()
    })
}

/// Rows by network, for names that are no string of the table.
#[derive(Debug)]
pub(crate) struct Networks {
    space: Option<String>,
    by_arch: HashMap<Arch, u32>,
    by_hash: HashMap<String, u32>,
}

impl Networks {
    /// Parses the strings of a table.
    pub(crate) fn build(space: Option<&str>, archs: &Column<String>) -> Self {
        let mut by_arch = HashMap::new();
        let mut by_hash = HashMap::new();
        for (row, text) in archs.values().iter().enumerate() {
            let Some(arch) = text.as_deref().and_then(|text| parse(space, text)) else {
                continue;
            };
            let canonical = arch.canonical();
            // The canonical spelling stands for its network; otherwise the first one does.
            if canonical == arch {
                by_hash.insert(arch_hash(&arch), row as u32);
                by_arch.insert(canonical, row as u32);
            } else {
                by_hash.entry(arch_hash(&arch)).or_insert(row as u32);
                by_arch.entry(canonical).or_insert(row as u32);
            }
        }
        Self {
            space: space.map(str::to_owned),
            by_arch,
            by_hash,
        }
    }

    /// The row of a network, by another spelling or by its hash.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        let key = key.trim();
        let row = self.by_hash.get(key).or_else(|| {
            let arch = parse(self.space.as_deref(), key)?;
            self.by_arch.get(&arch.canonical())
        })?;
        Some(*row as usize)
    }
}

/// Canonical strings of a table that has no column of them; `None` where every string is its own.
pub(crate) fn canonical_strings(
    space: Option<&str>,
    archs: &Column<String>,
) -> Option<Vec<Option<String>>> {
    let mut several = false;
    let canonical = archs
        .values()
        .iter()
        .map(|text| {
            let arch = parse(space, text.as_deref()?)?;
            let canonical = arch.canonical();
            several |= canonical != arch;
            // Spelled as the table spells: with the prefix or without.
            let spelled = canonical.to_string();
            let has_prefix = text.as_deref()?.contains(':');
            Some(match spelled.split_once(':') {
                Some((_, bare)) if !has_prefix => bare.to_owned(),
                _ => spelled,
            })
        })
        .collect();
    several.then_some(canonical)
}

/// Adds the column `depth` behind the others, if every architecture is of a known space.
///
/// Depth does not depend on the data set.
pub(crate) fn push_depth(frame: &mut Frame) -> Result<()> {
    let space = frame.schema().space.clone();
    let archs = frame.columns().find(|(info, _)| info.role == Role::Arch);
    let Some((_, Values::Text(archs))) = archs else {
        return Ok(());
    };
    let depth = |text: &Option<String>| {
        let arch = parse(space.as_deref(), text.as_deref()?)?;
        Some(i64::from(arch.costs(Dataset::Cifar10).depth.get()))
    };
    let depths: Vec<Option<i64>> = archs.values().iter().map(depth).collect();
    if depths.contains(&None) || frame.schema().columns.iter().any(|c| c.name == "depth") {
        return Ok(());
    }
    let info = ColumnInfo {
        name: "depth".to_owned(),
        kind: Kind::Int,
        unit: Unit::Layers,
        meaning: "most weighted layers (convolutions and linear) on a path from input to output, \
                  shortcuts not counted; 0 where no path leads through"
            .to_owned(),
        role: Role::Cost,
        direction: Direction::Smaller,
        dataset: None,
        provenance: Provenance::Measured,
        source: "the network's definition".to_owned(),
        version: concat!("nbz-table ", env!("CARGO_PKG_VERSION")).to_owned(),
        licence: env!("CARGO_PKG_LICENSE").to_owned(),
    };
    frame.push(info, Values::Int(Column::new(depths)))
}
