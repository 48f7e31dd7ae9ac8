//! Fair draws without repetition, from a stream that every machine reproduces.
//!
//! The generator is ChaCha8 (Bernstein 2008) in `rand_chacha`'s layout, stream 0, its key the SHA-256 of
//! the text `nbzero PURPOSE of SPACE, seed SEED`. A number below `n` is `u mod n` for the first 64-bit
//! word `u` below the largest multiple of `n`. A draw first takes a form with its share, then a network
//! of the form, again until one is new and within the caps; so each form keeps its share, and inside a
//! form every network is as likely. A form whose networks are used up gives its share to the others.

use std::collections::HashSet;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

use super::Space;
use crate::staged::StagedArch;

/// Misses in a row after which a form is counted, to see whether it is used up.
const MISSES: u32 = 10_000;

/// An endless source of networks of a space, each at most once.
///
/// ```
/// use nbz_space::Space;
/// let r1 = Space::builtin("r1").unwrap();
/// let first: Vec<_> = r1.draw(7).take(3).collect();
/// let longer: Vec<_> = r1.draw(7).take(9).collect();
/// assert_eq!(first, longer[..3]); // each prefix is itself a fair draw
/// ```
#[derive(Debug, Clone)]
pub struct Draw<'a> {
    space: &'a Space,
    stream: ChaCha8Rng,
    drawn: Vec<HashSet<u64>>,
    used_up: Vec<bool>,
}

impl<'a> Draw<'a> {
    pub(super) fn new(space: &'a Space, purpose: &str, seed: u64) -> Self {
        let text = format!("nbzero {purpose} of {}, seed {seed}", space.name());
        Self {
            space,
            stream: ChaCha8Rng::from_seed(Sha256::digest(text).into()),
            drawn: vec![HashSet::new(); space.forms.len()],
            used_up: space.forms.iter().map(|form| form.size() == 0).collect(),
        }
    }

    /// A uniform number below `n`, which is not 0.
    fn below(&mut self, n: u64) -> u64 {
        // 2^64 mod n values at the top would favour the small numbers.
        let excess = (u64::MAX % n + 1) % n;
        loop {
            let u = self.stream.next_u64();
            if u <= u64::MAX - excess {
                return u % n;
            }
        }
    }

    /// Any network of the space, caps and repetition ignored, uniform over all strings.
    pub(super) fn any(&mut self) -> StagedArch {
        let index = self.below(self.space.size());
        self.space.nth(index).expect("the number is below the size")
    }

    /// A form with its share among those that are not used up.
    fn form(&mut self) -> Option<usize> {
        let open = |f: &usize| !self.used_up[*f];
        let total = (0..self.used_up.len())
            .filter(open)
            .map(|f| self.space.forms[f].share)
            .sum();
        if total == 0 {
            return None;
        }
        let mut ticket = self.below(total);
        for (f, form) in self.space.forms.iter().enumerate() {
            if self.used_up[f] {
                continue;
            }
            if ticket < form.share {
                return Some(f);
            }
            ticket -= form.share;
        }
        None
    }

    /// A new network of a form; `None` if none is left.
    fn in_form(&mut self, f: usize) -> Option<StagedArch> {
        let space = self.space;
        let form = &space.forms[f];
        let mut misses = 0;
        loop {
            let index = self.below(form.size());
            let arch = space.staged(form.nth(index));
            if space.admits(&arch) && self.drawn[f].insert(index) {
                return Some(arch);
            }
            misses += 1;
            if misses == MISSES && space.count_capped(f) == self.drawn[f].len() as u64 {
                return None;
            }
        }
    }
}

impl Iterator for Draw<'_> {
    type Item = StagedArch;

    /// The next network; `None` once every network within the caps was drawn.
    fn next(&mut self) -> Option<StagedArch> {
        loop {
            let f = self.form()?;
            if let Some(arch) = self.in_form(f) {
                return Some(arch);
            }
            self.used_up[f] = true;
        }
    }
}
