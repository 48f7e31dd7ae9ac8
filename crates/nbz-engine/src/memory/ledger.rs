//! What a walk holds at each moment, by kind, and the fullest moment.

use super::MemoryPlan;

/// What bytes are held for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Parameters,
    Values,
    Cotangents,
    Gradients,
    Scratch,
}

/// Bytes by [`Kind`]. In 128 bits no product of a batch and a map overflows.
type Held = [u128; 5];

/// What one copy of some work takes and frees.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Change {
    taken: u128,
    freed: u128,
    /// The most above what was held before.
    most: u128,
}

impl Change {
    pub(super) fn take(&mut self, bytes: u128) {
        self.taken += bytes;
        self.most = self.most.max(self.taken.saturating_sub(self.freed));
    }

    pub(super) fn free(&mut self, bytes: u128) {
        self.freed += bytes;
    }
}

/// Takes down what a pass allocates and frees.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    held: Held,
    fullest: Held,
}

impl Ledger {
    pub(super) fn take(&mut self, kind: Kind, bytes: u128) {
        self.held[kind as usize] += bytes;
        if total(&self.held) > total(&self.fullest) {
            self.fullest = self.held;
        }
    }

    pub(super) fn free(&mut self, kind: Kind, bytes: u128) {
        self.held[kind as usize] -= bytes;
    }

    /// Held for a moment beside all else.
    pub(super) fn pass_by(&mut self, kind: Kind, bytes: u128) {
        self.take(kind, bytes);
        self.free(kind, bytes);
    }

    /// Does the same work for each of `copies`, one after the other.
    pub(super) fn repeat(&mut self, kind: Kind, work: Change, copies: u128) {
        let grown = work.taken.saturating_sub(work.freed);
        if copies == 0 {
            return;
        }
        self.pass_by(kind, (copies - 1) * grown + work.most);
        self.take(kind, copies * grown);
        self.free(kind, copies * work.freed.saturating_sub(work.taken));
    }

    /// The fullest moment.
    pub(super) fn plan(&self) -> MemoryPlan {
        let bytes = |kind: Kind| u64::try_from(self.fullest[kind as usize]).unwrap_or(u64::MAX);
        MemoryPlan {
            parameters: bytes(Kind::Parameters),
            values: bytes(Kind::Values),
            cotangents: bytes(Kind::Cotangents),
            gradients: bytes(Kind::Gradients),
            scratch: bytes(Kind::Scratch),
        }
    }
}

fn total(held: &Held) -> u128 {
    held.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_that_are_exchanged_one_by_one_overlap_once() {
        let mut ledger = Ledger::default();
        let exchange = |new, old| {
            let mut work = Change::default();
            work.take(new);
            work.free(old);
            work
        };
        ledger.take(Kind::Cotangents, 40);
        // Four maps of 10 become four of 4: at the first one 40 + 4 are held.
        ledger.repeat(Kind::Cotangents, exchange(4, 10), 4);
        assert_eq!(ledger.plan().cotangents, 44);
        assert_eq!(ledger.held[Kind::Cotangents as usize], 16);
        // And four of 20: at the last one three new, the last old and the last new.
        ledger.repeat(Kind::Cotangents, exchange(20, 4), 4);
        assert_eq!(ledger.plan().cotangents, 84);
        assert_eq!(ledger.held[Kind::Cotangents as usize], 80);
    }
}
