//! Counting, numbering and membership of one form by mixed-radix arithmetic.
//!
//! A form is all networks of one number of stages. Its networks are numbered by stride pattern, then by
//! the sequence of widths in ascending order, then by depths, the last stage fastest. Widths that never
//! decrease are not a product of sets, so their sequences are counted by a table over suffixes:
//! `suffixes[i][j]` is the number of ways to go on from stage `i` when its width is the `j`-th of its
//! set.

use crate::staged::{MAX_STAGES, Stage, Stages};

/// All networks of one number of stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// Relative weight in a drawn list.
    pub(super) share: u64,
    widths: Vec<Vec<u16>>,
    depths: Vec<Vec<u8>>,
    strides: Vec<Vec<u8>>,
    /// Whether widths may not fall from stage to stage.
    rising: bool,
    suffixes: Vec<Vec<u64>>,
}

impl Form {
    /// A form of as many stages as `widths` and `depths` have sets, each set ascending.
    pub(super) fn new(
        share: u64,
        widths: Vec<Vec<u16>>,
        depths: Vec<Vec<u8>>,
        strides: Vec<Vec<u8>>,
        rising: bool,
    ) -> Self {
        debug_assert!(widths.len() == depths.len() && widths.len() <= MAX_STAGES);
        let mut suffixes: Vec<Vec<u64>> = vec![Vec::new(); widths.len()];
        for i in (0..widths.len()).rev() {
            suffixes[i] = widths[i]
                .iter()
                .map(|&width| match widths.get(i + 1) {
                    None => 1,
                    Some(next) => (0..next.len())
                        .filter(|&k| !rising || next[k] >= width)
                        .map(|k| suffixes[i + 1][k])
                        .sum(),
                })
                .collect();
        }
        Self {
            share,
            widths,
            depths,
            strides,
            rising,
            suffixes,
        }
    }

    pub(super) fn stages(&self) -> usize {
        self.widths.len()
    }

    pub(super) fn widths(&self, stage: usize) -> impl Iterator<Item = usize> + '_ {
        self.widths[stage].iter().map(|&w| usize::from(w))
    }

    pub(super) fn depths(&self, stage: usize) -> impl Iterator<Item = usize> + '_ {
        self.depths[stage].iter().map(|&d| usize::from(d))
    }

    pub(super) fn strides(&self) -> impl Iterator<Item = Vec<usize>> + '_ {
        self.strides
            .iter()
            .map(|p| p.iter().map(|&s| usize::from(s)).collect())
    }

    fn width_sequences(&self) -> u64 {
        self.suffixes.first().map_or(0, |first| first.iter().sum())
    }

    fn depth_sequences(&self) -> u64 {
        self.depths.iter().map(|set| set.len() as u64).product()
    }

    /// Number of networks, whatever it is.
    pub(super) fn exact_size(&self) -> u128 {
        let depths: u128 = self.depths.iter().map(|set| set.len() as u128).product();
        self.strides.len() as u128 * u128::from(self.width_sequences()) * depths
    }

    /// Number of networks; the schema refuses forms that 64 bits do not count.
    pub(super) fn size(&self) -> u64 {
        self.strides.len() as u64 * self.width_sequences() * self.depth_sequences()
    }

    /// The network of a number below [`Form::size`].
    pub(super) fn nth(&self, index: u64) -> Stages {
        let (index, depth_rank) = (
            index / self.depth_sequences(),
            index % self.depth_sequences(),
        );
        let (pattern, width_rank) = (
            index / self.width_sequences(),
            index % self.width_sequences(),
        );
        let widths = self.nth_widths(width_rank);
        let depths = self.nth_depths(depth_rank);
        let strides = &self.strides[pattern as usize];
        let mut stages = Stages::default();
        for i in 0..self.stages() {
            let fits = stages.push(Stage::new(widths[i], strides[i], depths[i]));
            debug_assert!(fits, "a form has at most MAX_STAGES stages");
        }
        stages
    }

    fn nth_widths(&self, mut rank: u64) -> [u16; MAX_STAGES] {
        let mut out = [0; MAX_STAGES];
        let mut least = 0;
        for (i, set) in self.widths.iter().enumerate() {
            for (&width, &ways) in set.iter().zip(&self.suffixes[i]) {
                if self.rising && width < least {
                    continue;
                }
                if rank < ways {
                    out[i] = width;
                    break;
                }
                rank -= ways;
            }
            least = out[i];
        }
        out
    }

    fn nth_depths(&self, mut rank: u64) -> [u8; MAX_STAGES] {
        let mut out = [0; MAX_STAGES];
        for (i, set) in self.depths.iter().enumerate().rev() {
            out[i] = set[(rank % set.len() as u64) as usize];
            rank /= set.len() as u64;
        }
        out
    }

    /// The number of a network; `None` if the form does not hold it.
    pub(super) fn index_of(&self, stages: &[Stage]) -> Option<u64> {
        if stages.len() != self.stages() {
            return None;
        }
        let strides = |pattern: &&Vec<u8>| {
            pattern
                .iter()
                .zip(stages)
                .all(|(&stride, stage)| usize::from(stride) == stage.stride())
        };
        let pattern = self.strides.iter().position(|p| strides(&p))? as u64;
        let mut width_rank = 0;
        let mut least = 0;
        let mut depth_rank = 0;
        for (i, stage) in stages.iter().enumerate() {
            let width = u16::try_from(stage.width()).ok()?;
            if self.rising && width < least {
                return None;
            }
            let place = self.widths[i].binary_search(&width).ok()?;
            width_rank += self.widths[i][..place]
                .iter()
                .zip(&self.suffixes[i])
                .filter(|&(&smaller, _)| !self.rising || smaller >= least)
                .map(|(_, &ways)| ways)
                .sum::<u64>();
            least = width;
            let depth = u8::try_from(stage.depth()).ok()?;
            let depth_place = self.depths[i].binary_search(&depth).ok()? as u64;
            depth_rank = depth_rank * self.depths[i].len() as u64 + depth_place;
        }
        Some((pattern * self.width_sequences() + width_rank) * self.depth_sequences() + depth_rank)
    }
}

/// The ascending union over forms of a set of numbers.
pub(super) fn union<'a, I: Iterator<Item = usize> + 'a>(
    forms: &[&'a Form],
    set: impl Fn(&'a Form) -> I,
) -> Vec<usize> {
    let mut all: Vec<usize> = forms.iter().flat_map(|&form| set(form)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
