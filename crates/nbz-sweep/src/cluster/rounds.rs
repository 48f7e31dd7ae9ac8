//! Which parts a worker takes, in which order, and what it makes of other workers' claims.

use std::collections::HashMap;
use std::time::Instant;

use super::claim::{Known, known_here};
use super::work::Crew;
use crate::error::Result;

/// What claims said that were not this worker's, by part.
pub(super) type Signs = HashMap<usize, Vec<u8>>;

impl Crew<'_> {
    /// Removes what workers left that were killed between two steps: claims and journals of parts that are written,
    /// claims moved aside. Gives the number of parts that are not written.
    pub(super) fn tidy(&self) -> Result<usize> {
        let written = self.runs.written()?;
        for part in self.runs.claimed()?.intersection(&written) {
            let _ = std::fs::remove_file(self.runs.claim_file(*part));
        }
        for part in self.runs.begun()?.intersection(&written) {
            let _ = std::fs::remove_dir_all(self.runs.open_folder(*part));
        }
        self.runs.remove_aside();
        Ok(self
            .runs
            .plan()
            .units()
            .parts()
            .len()
            .saturating_sub(written.len()))
    }

    /// The own parts, the longest first; then those of others, beginning with the next shard's shortest, which its
    /// own worker reaches last. Parts that somebody has begun come behind all: should one of them kill its workers,
    /// nothing else waits for it.
    pub(super) fn order(&self, shard_of: &[usize], own: usize) -> Result<Vec<usize>> {
        let begun = self.runs.begun()?;
        let units = self.runs.plan().units();
        let of = self.options.shard.of() as usize;
        let mut parts: Vec<usize> = (0..shard_of.len()).collect();
        if !self.options.helps {
            parts.retain(|&p| shard_of[p] == own);
        }
        parts.sort_by_cached_key(|&p| {
            let away = (shard_of[p] + of - own) % of;
            let cost = i128::from(units.cost_of(p));
            let cost = if away == 0 { -cost } else { cost };
            (begun.contains(&p), away, cost, p)
        });
        Ok(parts)
    }

    /// Looks at the claims of others for as long as patience lasts, and gives those that stand still or are gone.
    /// Ends at once where all have moved.
    pub(super) fn watch(&self, theirs: &Signs) -> Result<Signs> {
        let clock = Instant::now();
        let mut still: Signs = theirs.clone();
        loop {
            let claimed = self.runs.claimed()?;
            let written = self.runs.written()?;
            let mut free = Signs::new();
            still.retain(|&part, said| {
                if written.contains(&part) {
                    return false;
                }
                if !claimed.contains(&part) {
                    // Let go before its end: whoever comes first takes it up.
                    free.insert(part, std::mem::take(said));
                    return false;
                }
                let path = self.runs.claim_file(part);
                let says = std::fs::read(&path).unwrap_or_default();
                says == *said && known_here(&path, &self.worker) != Known::Alive
            });
            if !free.is_empty() || self.is_over() {
                return Ok(free);
            }
            if still.is_empty() || clock.elapsed() >= self.options.pace.patience {
                return Ok(still);
            }
            std::thread::sleep(self.options.pace.beat.min(self.options.pace.patience) / 4);
        }
    }
}
