//! The networks behind a table's strings: parsed architectures, canonical forms and hashes.
//!
//! A table of a known space spells its architectures without the space's prefix (`12021020` rather than
//! `nbmacro:12021020`); both are parsed. A space that the table defines itself is known too. Strings of spaces that
//! nobody knows name no network, and such tables are looked up by string alone.

use std::collections::HashMap;

use nbz_space::{Arch, Space};

use crate::column::Column;
use crate::digest::sha256_hex;
use crate::error::{Error, Result};
use crate::lookup::tuple_digits;
use crate::schema::Schema;

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

/// How a list or a table spells its networks: strings of built-in spaces, and of those that it defines.
///
/// ```
/// use nbz_table::Spelling;
///
/// let spelling = Spelling::new(Some("nbmacro"), &[])?;
/// assert_eq!(spelling.read("12021020"), spelling.read("nbmacro:12021020"));
/// assert_eq!(spelling.read("mine:16s1x1"), None);
/// # Ok::<(), nbz_table::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Spelling {
    prefix: Option<String>,
    own: Vec<Space>,
}

impl Spelling {
    /// `prefix` is the space that the strings leave out, `own_spaces` are definitions (TOML).
    ///
    /// # Errors
    /// [`Error::Schema`] for a definition of no space, and for two of one name that have other networks.
    pub fn new(prefix: Option<&str>, own_spaces: &[String]) -> Result<Self> {
        let mut own: Vec<Space> = Vec::new();
        for text in own_spaces {
            let space = Space::from_toml(text).map_err(|error| Error::Schema {
                reason: format!("a space of its own: {error}"),
            })?;
            let known = own.iter().find(|known| known.name() == space.name());
            if known.is_some_and(|known| !known.has_networks_of(&space)) {
                return Err(Error::Schema {
                    reason: format!("two spaces are called `{}`", space.name()),
                });
            }
            own.push(space);
        }
        Ok(Self {
            prefix: prefix.map(str::to_owned),
            own,
        })
    }

    /// That of a schema.
    ///
    /// # Errors
    /// As [`Spelling::new`].
    pub(crate) fn of(schema: &Schema) -> Result<Self> {
        Self::new(schema.space.as_deref(), &schema.own_spaces)
    }

    /// The network of a string, with the prefix or without; None for a string of no known space.
    pub fn read(&self, text: &str) -> Option<Arch> {
        let text = text.trim();
        self.spelled_out(text).or_else(|| {
            let digits = tuple_digits(text);
            let bare = digits.as_deref().unwrap_or(text);
            self.spelled_out(&format!("{}:{bare}", self.prefix.as_deref()?))
        })
    }

    /// What is defined here comes before what is built in under the same name.
    fn spelled_out(&self, text: &str) -> Option<Arch> {
        let own = self.own.iter().find_map(|space| space.arch(text).ok());
        own.or_else(|| text.parse().ok())
    }
}

/// Rows by network, for names that are no string of the table.
#[derive(Debug)]
pub(crate) struct Networks {
    spelling: Spelling,
    by_arch: HashMap<Arch, u32>,
    by_hash: HashMap<String, u32>,
}

impl Networks {
    /// Parses the strings of a table.
    pub(crate) fn build(spelling: &Spelling, archs: &Column<String>) -> Self {
        let mut by_arch = HashMap::new();
        let mut by_hash = HashMap::new();
        for (row, text) in archs.values().iter().enumerate() {
            let Some(arch) = text.as_deref().and_then(|text| spelling.read(text)) else {
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
            spelling: spelling.clone(),
            by_arch,
            by_hash,
        }
    }

    /// The row of a network, by another spelling or by its hash.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
        let key = key.trim();
        let row = self.by_hash.get(key).or_else(|| {
            let arch = self.spelling.read(key)?;
            self.by_arch.get(&arch.canonical())
        })?;
        Some(*row as usize)
    }
}

/// Canonical strings of a table that has no column of them; `None` where every string is its own.
pub(crate) fn canonical_strings(
    spelling: &Spelling,
    archs: &Column<String>,
) -> Option<Vec<Option<String>>> {
    let mut several = false;
    let canonical = archs
        .values()
        .iter()
        .map(|text| {
            let arch = spelling.read(text.as_deref()?)?;
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
