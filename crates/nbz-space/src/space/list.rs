//! The benchmark's lists: networks in the order in which a seed draws them, and their ids.
//!
//! NAS-Bench-Zero holds 14,964 r1, 10,187 r2 and 9,743 mb networks; ours are the first so many draws of
//! [`DEFAULT_SEED`]. On CIFAR-10 and ImageNet-16-120 the list of r1 is its first 8,000 networks. The
//! number of a network in its list is its id: `r1-000123`.

use std::{fmt, sync::OnceLock};

use super::{Draw, Space};
use crate::{
    arch::Arch,
    dataset::Dataset,
    error::{ArchProblem, SpaceError, arch_error},
    staged::StagedArch,
};

/// The seed of the benchmark's lists.
pub const DEFAULT_SEED: u64 = 0;

/// Networks of r1 that have results on CIFAR-10 and ImageNet-16-120.
const R1_ELSEWHERE: u64 = 8_000;

/// The lists of r1, r2 and mb, once they were asked for.
static LISTS: [OnceLock<Vec<StagedArch>>; 3] = [const { OnceLock::new() }; 3];

/// The name of a network by its place in its space's list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Id {
    space: String,
    index: u64,
}

impl Id {
    /// The id of the `index`-th network of a space's list, from 0.
    pub fn new(space: &Space, index: u64) -> Self {
        Self {
            space: space.name().to_owned(),
            index,
        }
    }

    /// The place in the list, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:06}", self.space, self.index)
    }
}

impl Space {
    /// Draws networks within the caps, each at most once, in an order that the seed fixes.
    pub fn draw(&self, seed: u64) -> Draw<'_> {
        Draw::new(self, "list", seed)
    }

    /// Length of the benchmark's list of this space; `None` if the description names none.
    pub fn list_size(&self) -> Option<u64> {
        self.list_size
    }

    /// Length of the benchmark's list on a data set: r1 has results for its first 8,000 networks on
    /// CIFAR-10 and ImageNet-16-120, every other list is for CIFAR-100 alone.
    pub fn list_size_on(&self, dataset: Dataset) -> Option<u64> {
        match (self.name(), dataset) {
            (_, Dataset::Cifar100) => self.list_size,
            ("r1", _) => self.list_size.map(|_| R1_ELSEWHERE),
            _ => None,
        }
    }

    /// The benchmark's list; empty if the description names no length.
    ///
    /// The lists of r1, r2 and mb are drawn once a process.
    pub fn list(&self) -> Vec<StagedArch> {
        let drawn = || -> Vec<StagedArch> {
            let size = self.list_size.unwrap_or(0) as usize;
            self.draw(DEFAULT_SEED).take(size).collect()
        };
        let builtin = Space::all()
            .iter()
            .position(|space| std::ptr::eq(space, self));
        match builtin.and_then(|i| LISTS.get(i)) {
            Some(list) => list.get_or_init(drawn).clone(),
            None => drawn(),
        }
    }

    /// The network of an id such as `r1-000123`.
    ///
    /// # Errors
    /// [`SpaceError::Arch`] if the text is no id of this space or the list is shorter.
    pub fn arch_of_id(&self, text: &str) -> Result<Arch, SpaceError> {
        let prefix = text.find('-').map_or(text.len(), |dash| dash + 1);
        let number = &text[prefix..];
        if number.len() != 6 || !number.bytes().all(|b| b.is_ascii_digit()) {
            let what = "an id: the space, `-` and six digits";
            let len = number.len().max(1);
            return Err(arch_error(
                text,
                prefix,
                len,
                ArchProblem::Expected { what },
            ));
        }
        let index: u64 = number.bytes().fold(0, |n, b| 10 * n + u64::from(b - b'0'));
        let len = self.list_size.unwrap_or(0);
        if index >= len {
            let list = format!("the list of {}", self.name());
            let problem = ArchProblem::NoSuchIndex { list, index, len };
            return Err(arch_error(text, prefix, number.len(), problem));
        }
        // The builtin lists are drawn once; a network of a user's list is drawn anew.
        let arch = self.list().into_iter().nth(index as usize);
        let list = format!("the list of {}", self.name());
        let ended = ArchProblem::NoSuchIndex { list, index, len };
        arch.map(Arch::Staged)
            .ok_or_else(|| arch_error(text, prefix, number.len(), ended))
    }
}
