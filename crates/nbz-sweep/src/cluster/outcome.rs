//! What became of a unit.

use serde::{Deserialize, Serialize};

use crate::journal::Record;

/// What one unit gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its scores.
    Scored(Record),
    /// It is trained: SHA-256 of the result and of the weights in its folder.
    Trained {
        /// Of `result.json`.
        result: String,
        /// Of `weights.safetensors`.
        weights: String,
    },
    /// It cannot be done, and why; no other try would tell otherwise.
    Failed {
        /// In words, without the unit's own name where that stands at their beginning.
        reason: String,
    },
}

impl Outcome {
    /// Whether two outcomes are of one value: times may differ, and which start made them.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Scored(a), Self::Scored(b)) => {
                (&a.scores, &a.deviations, &a.reasons) == (&b.scores, &b.deviations, &b.reasons)
            }
            (a, b) => a == b,
        }
    }
}

/// One unit's outcome, and who made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The unit's place in the plan.
    pub unit: usize,
    /// Its name, by content.
    pub id: String,
    /// Seconds that it took.
    pub seconds: f64,
    /// Which of the workers that stand in the same file made it, from 0.
    pub by: usize,
    /// What it gave.
    pub outcome: Outcome,
}
