//! The list of networks that a sweep scores.

use std::collections::HashMap;

use nbz_data::Stream;
use nbz_space::{Arch, Space, public};
use nbz_table::{Spelling, Table, sha256_hex};

use crate::error::{Result, SweepError};

/// Distinct networks in a fixed order, and where they are from.
#[derive(Debug, Clone)]
pub struct Networks {
    source: String,
    archs: Vec<Arch>,
    /// Definitions of the spaces that this program has not.
    own_spaces: Vec<String>,
}

impl Networks {
    /// Networks that somebody lists; `source` says who, in words.
    ///
    /// # Errors
    /// [`SweepError::NoNetworks`], [`SweepError::Twice`].
    pub fn listed(source: impl Into<String>, archs: Vec<Arch>) -> Result<Self> {
        if archs.is_empty() {
            return Err(SweepError::NoNetworks);
        }
        let mut seen = HashMap::with_capacity(archs.len());
        for (at, arch) in archs.iter().enumerate() {
            if let Some(first) = seen.insert(arch.canonical(), at) {
                return Err(SweepError::Twice {
                    arch: arch.to_string(),
                    first,
                    second: at,
                });
            }
        }
        Ok(Self {
            source: source.into(),
            archs,
            own_spaces: Vec::new(),
        })
    }

    /// Networks by their strings, of built-in spaces or of those that are defined.
    ///
    /// # Errors
    /// [`SweepError::PlanDamaged`] for a string of no network and a definition of no space; those of
    /// [`Networks::listed`].
    pub(crate) fn named<'t>(
        source: &str,
        names: impl Iterator<Item = &'t str>,
        own_spaces: &[String],
    ) -> Result<Self> {
        let damaged = |reason: String| SweepError::PlanDamaged { reason };
        let spelling =
            Spelling::new(None, own_spaces).map_err(|error| damaged(error.to_string()))?;
        let arch = |name: &str| {
            let found = spelling.read(name);
            found.ok_or_else(|| damaged(format!("`{name}` names no network")))
        };
        let listed = Self::listed(source, names.map(arch).collect::<Result<_>>()?)?;
        Ok(listed.defined_by(own_spaces))
    }

    /// The first `count` networks of a space's list of some seed, in its order.
    ///
    /// # Errors
    /// [`SweepError::TooMany`], [`SweepError::NoNetworks`].
    pub fn of_space(space: &Space, count: usize, seed: u64) -> Result<Self> {
        let archs: Vec<Arch> = space.draw(seed).take(count).map(Arch::Staged).collect();
        let from = format!("{}, first {count} of seed {seed}", space.name());
        check_count(count, archs.len(), space.name())?;
        Ok(Self::listed(from, archs)?.defined_by(&definition(space)))
    }

    /// The same networks with the definitions (TOML) of their spaces that the program has not.
    #[must_use]
    pub fn defined_by(self, own_spaces: &[String]) -> Self {
        Self {
            own_spaces: own_spaces.to_vec(),
            ..self
        }
    }

    /// `count` networks of a public space, drawn without repetition by the stream
    /// (`seed`, `networks.SPACE`); all of them in their order if no count is given.
    ///
    /// # Errors
    /// [`SweepError::TooMany`], [`SweepError::NoNetworks`].
    pub fn of_public(space: &str, all: &[Arch], count: Option<usize>, seed: u64) -> Result<Self> {
        let Some(count) = count else {
            return Self::listed(format!("{space}, all"), all.to_vec());
        };
        check_count(count, all.len(), space)?;
        let places = Stream::new(seed, &format!("networks.{space}")).distinct(count, all.len());
        let archs = places.into_iter().map(|p| all[p].clone()).collect();
        Self::listed(format!("{space}, {count} drawn by seed {seed}"), archs)
    }

    /// Several lists, one behind the other.
    ///
    /// # Errors
    /// [`SweepError::NoNetworks`], [`SweepError::Twice`]; [`SweepError::Table`] for two spaces of one name.
    pub fn joined(lists: Vec<Self>) -> Result<Self> {
        let sources: Vec<String> = lists.iter().map(|list| list.source.clone()).collect();
        let own_spaces = lists.iter().flat_map(|list| list.own_spaces.clone());
        let own_spaces: Vec<String> = own_spaces.collect();
        Spelling::new(None, &own_spaces)?;
        let archs = lists.into_iter().flat_map(|list| list.archs).collect();
        Ok(Self::listed(sources.join("; "), archs)?.defined_by(&own_spaces))
    }

    /// Definitions (TOML) of the spaces that this program has not, so that the networks' strings can be read.
    pub fn own_spaces(&self) -> &[String] {
        &self.own_spaces
    }

    /// Where the networks are from, in words.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The networks.
    pub fn archs(&self) -> &[Arch] {
        &self.archs
    }

    /// SHA-256 of the architectures, each followed by a line feed, and of the definitions of their own spaces behind them.
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for arch in &self.archs {
            text.push_str(&arch.to_string());
            text.push('\n');
        }
        text.extend(self.own_spaces.iter().map(String::as_str));
        sha256_hex(text.as_bytes())
    }
}

/// The description of a space, unless it is built in.
///
/// ```
/// let builtin = nbz_space::Space::builtin("r1").expect("built in");
/// assert!(nbz_sweep::definition(builtin).is_empty());
/// ```
pub fn definition(space: &Space) -> Vec<String> {
    let is_builtin = Space::builtin(space.name()) == Some(space);
    (!is_builtin)
        .then(|| space.toml().to_owned())
        .into_iter()
        .collect()
}

fn check_count(asked: usize, available: usize, from: &str) -> Result<()> {
    if asked <= available {
        return Ok(());
    }
    Err(SweepError::TooMany {
        asked,
        from: from.to_owned(),
        available,
    })
}

/// The public spaces whose networks are known.
pub const PUBLIC_SPACES: [&str; 4] = ["nbmacro", "cbmr", "cbmm", "nb201"];

/// The distinct networks of a public space in its own order; `None` for a name that is none.
///
/// ```
/// assert_eq!(nbz_sweep::distinct_of("nbmacro").map(|all| all.len()), Some(3_969));
/// assert_eq!(nbz_sweep::distinct_of("nb201").map(|all| all.len()), Some(15_625));
/// ```
pub fn distinct_of(space: &str) -> Option<Vec<Arch>> {
    Some(match space {
        "nbmacro" => public::NasBenchMacro::all()
            .filter(|m| m.canonical() == *m)
            .map(Arch::NasBenchMacro)
            .collect(),
        "cbmr" => public::ChannelResNet::all()
            .map(Arch::ChannelResNet)
            .collect(),
        "cbmm" => public::ChannelMobileNet::all()
            .map(Arch::ChannelMobileNet)
            .collect(),
        "nb201" => public::Cell::all().map(Arch::NasBench201).collect(),
        _ => return None,
    })
}

/// The distinct networks of a table, in its order, each by its first row.
///
/// # Errors
/// A table that cannot be read; [`SweepError::NotANetwork`] for a string of no known space.
pub fn of_table(table: &Table) -> Result<Vec<Arch>> {
    let texts = table.archs()?;
    let read = |row: usize| {
        let text = texts.text(row).unwrap_or_default();
        table
            .read_arch(text)
            .ok_or_else(|| SweepError::NotANetwork {
                table: table.name().to_owned(),
                text: text.to_owned(),
            })
    };
    table.distinct_rows()?.into_iter().map(read).collect()
}
