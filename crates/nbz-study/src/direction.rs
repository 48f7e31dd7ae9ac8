//! Which end of a score is the good one, and which of the two readings a table uses.
//!
//! A proxy has a direction as its authors meant it. The paper ranks every raw value as if larger were
//! better. Both readings are legitimate and give other tables for a proxy whose small values are good,
//! so each table names the one that it uses.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Which end of a score its authors call good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A larger score promises a better network.
    LargerIsBetter,
    /// A smaller score promises a better network, as the condition number `ntk` does.
    SmallerIsBetter,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LargerIsBetter => "larger is better",
            Self::SmallerIsBetter => "smaller is better",
        })
    }
}

/// How a table turns raw scores into an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Every raw value counts as larger is better, whatever its authors meant: the paper's tables.
    #[default]
    Raw,
    /// Each score is read in its own direction.
    Intended,
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Raw => "raw values, larger ranked first (the paper's reading)",
            Self::Intended => "each score in its own direction",
        })
    }
}

impl Reading {
    /// The scores with larger meaning better under this reading; a turned column is negated.
    ///
    /// NaN stays NaN and so stays last in either reading; infinities change their sign.
    ///
    /// ```
    /// use nbz_study::{Direction, Reading};
    ///
    /// let ntk = [3.0, f64::NAN, f64::INFINITY];
    /// assert_eq!(Reading::Raw.orient(Direction::SmallerIsBetter, &ntk)[0], 3.0);
    /// let turned = Reading::Intended.orient(Direction::SmallerIsBetter, &ntk);
    /// assert_eq!((turned[0], turned[2]), (-3.0, f64::NEG_INFINITY));
    /// assert!(turned[1].is_nan());
    /// ```
    pub fn orient(self, direction: Direction, scores: &[f64]) -> Cow<'_, [f64]> {
        match (self, direction) {
            (Self::Raw, _) | (_, Direction::LargerIsBetter) => Cow::Borrowed(scores),
            (Self::Intended, Direction::SmallerIsBetter) => {
                Cow::Owned(scores.iter().map(|score| -score).collect())
            }
        }
    }
}
