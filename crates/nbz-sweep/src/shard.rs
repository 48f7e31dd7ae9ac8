//! A share of a sweep: every n-th network.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::SweepError;

/// The `index`-th of `of` shares, counted from 1: the networks whose place in the list is `index - 1`
/// modulo `of`. All shares together are the list, and no two of them have a network in common.
///
/// ```
/// use nbz_sweep::Shard;
/// let shard: Shard = "2/3".parse()?;
/// assert_eq!(shard.places(8).collect::<Vec<_>>(), [1, 4, 7]);
/// assert!("0/3".parse::<Shard>().is_err());
/// # Ok::<(), nbz_sweep::SweepError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    index: u32,
    of: u32,
}

impl Shard {
    /// The whole list.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// Which share, from 1.
    pub const fn index(self) -> u32 {
        self.index
    }

    /// How many shares there are.
    pub const fn of(self) -> u32 {
        self.of
    }

    /// The places of the share's networks in a list of `count`.
    pub fn places(self, count: usize) -> impl Iterator<Item = usize> {
        (self.index as usize - 1..count).step_by(self.of as usize)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = SweepError;

    fn from_str(text: &str) -> Result<Self, SweepError> {
        let parse = || {
            let (index, of) = text.split_once('/')?;
            let (index, of) = (index.trim().parse().ok()?, of.trim().parse().ok()?);
            (1..=of).contains(&index).then_some(Self { index, of })
        };
        parse().ok_or_else(|| SweepError::Shard {
            text: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_shards_are_the_list_and_no_two_share_a_network(count in 0_usize..300, of in 1_u32..40) {
            let mut places: Vec<usize> = (1..=of)
                .flat_map(|index| Shard { index, of }.places(count))
                .collect();
            places.sort_unstable();
            prop_assert_eq!(places, (0..count).collect::<Vec<_>>());
        }

        #[test]
        fn a_shard_reads_back_as_it_prints(index in 1_u32..500, more in 0_u32..500) {
            let shard = Shard { index, of: index + more };
            prop_assert_eq!(shard.to_string().parse::<Shard>().ok(), Some(shard));
        }
    }
}
