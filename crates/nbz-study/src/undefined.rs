//! Why a measure has no value, as a type: the reason travels with the number.
//!
//! mBR is a mean of true ranks. Where all networks have one accuracy there are no ranks but the order of the rows,
//! and a number made of that order would look like an answer. A single network is no such pool: it is its own best.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a pool gives no mBR, whatever the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Undefined {
    /// All networks, two or more, have the same accuracy: none ranks before another.
    TiedAccuracies,
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TiedAccuracies => "all accuracies are equal, so no network ranks before another",
        })
    }
}
