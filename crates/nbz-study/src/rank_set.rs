//! A set of true ranks that answers how many members stand above a rank.
//!
//! Inside the crate a network is its true rank in the pool (0 = best accuracy), so its rank inside any
//! part of the pool, a feasible set or a half-sample, is a count of smaller members: one stored prefix
//! and one population count.

/// A subset of `0..n` as bits, with the number of members before each word.
#[derive(Debug, Clone, Default)]
pub(crate) struct RankSet {
    words: Vec<u64>,
    before: Vec<u32>,
    len: usize,
}

impl RankSet {
    pub(crate) fn from_members(universe: usize, members: impl Iterator<Item = u32>) -> Self {
        let mut words = vec![0u64; universe.div_ceil(64)];
        for member in members {
            words[member as usize / 64] |= 1 << (member % 64);
        }
        let mut set = Self {
            words,
            ..Self::default()
        };
        set.count();
        set
    }

    /// The members of both sets of one universe.
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let words = self
            .words
            .iter()
            .zip(&other.words)
            .map(|(a, b)| a & b)
            .collect();
        let mut set = Self {
            words,
            ..Self::default()
        };
        set.count();
        set
    }

    fn count(&mut self) {
        let mut total = 0;
        self.before.clear();
        for word in &self.words {
            self.before.push(total);
            total += word.count_ones();
        }
        self.len = total as usize;
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn contains(&self, rank: u32) -> bool {
        self.words[rank as usize / 64] >> (rank % 64) & 1 == 1
    }

    /// How many members are smaller: the rank of `rank` inside the set, 0-based.
    pub(crate) fn rank_of(&self, rank: u32) -> usize {
        let word = rank as usize / 64;
        let below = self.words[word] & ((1 << (rank % 64)) - 1);
        (self.before[word] + below.count_ones()) as usize
    }

    /// Members, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().zip(0u32..).flat_map(|(&word, index)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    /// The smallest member.
    pub(crate) fn first(&self) -> Option<u32> {
        self.iter().next()
    }
}
