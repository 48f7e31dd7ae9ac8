//! How proxies stand against MACs and params, and whether constrained search orders scores as Spearman does.
//!
//! Every verdict follows from a number with its 95 % interval by a [`Rule`]; [`Standing::page`] makes the
//! sentences. A proxy is read in the direction that its authors call good. A score that ranks all networks as
//! an earlier one does is named and left out, so that nothing counts twice.

mod measure;
mod orders;
mod page;

use nbz_study::{Recipe, Undefined};
use serde::{Deserialize, Serialize};

use crate::claims::{Rule, Verdict};
use crate::row::Estimate;

pub use page::PREFACE;

/// A proxy is ahead of a cost if the whole interval of the difference is on the good side, by Spearman's
/// correlation above 0.
pub(crate) const MORE: Rule = Rule::Above {
    holds: 0.0,
    fails: 0.0,
};

/// The same by mBR, of which less is better.
pub(crate) const LESS: Rule = Rule::Below {
    holds: 0.0,
    fails: 0.0,
};

/// Two orders are different if one pair in twenty is turned round for sure, and alike below one in a hundred.
pub(crate) const TURNED: Rule = Rule::Above {
    holds: 0.05,
    fails: 0.01,
};

/// What one pool says of its proxies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// File name stem.
    pub id: String,
    /// The table and data set, and how many proxies.
    pub title: String,
    /// Networks in the pool.
    pub networks: usize,
    /// Distinct networks in the table.
    pub distinct: usize,
    /// Where the accuracies come from.
    pub accuracies: String,
    /// Where the scores come from: sources, each once.
    pub scores: Vec<String>,
    /// How intervals were drawn.
    pub recipe: Recipe,
    /// The costs that proxies are set beside, `macs` and `params`, as scores.
    pub costs: Vec<Beside>,
    /// The table's other costs, which proxies are not set beside, as scores.
    pub other_costs: Vec<Beside>,
    /// mBR of a blind choice; none without MACs budgets, or where mBR is undefined.
    pub blind: Option<f64>,
    /// Why no score has an mBR, where none has.
    pub mbr_undefined: Option<Undefined>,
    /// The proxies, the smallest mBR first; without budgets the highest correlation.
    pub proxies: Vec<Beside>,
    /// Proxies that rank as another score does, and which.
    pub alike: Vec<(String, String)>,
    /// The two orders of all scores; none without MACs budgets.
    pub orders: Option<Orders>,
}

/// One score beside the costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// Its name.
    pub name: String,
    /// By Spearman's correlation with the accuracy.
    pub sr: Measured,
    /// By mBR under MACs budgets; none without.
    pub mbr: Option<Measured>,
    /// Whether mBR is smaller than that of a blind choice.
    pub beats_chance: Option<Verdict>,
    /// Networks for which it has no value.
    pub undefined: usize,
}

/// A number, and its differences from those of the costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The number.
    pub value: Estimate,
    /// Less that of each cost, in the order of [`Standing::costs`].
    pub less: Vec<Estimate>,
    /// Whether it is better than every cost.
    pub ahead: Verdict,
}

/// Spearman's order of the scores beside that of mBR.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Orders {
    /// Proxies and costs that are ordered.
    pub scores: usize,
    /// Pairs of them.
    pub pairs: usize,
    /// Pairs of which each measure is sure, its interval without 0, and the other says the opposite:
    /// the one with the higher correlation, then the one with the smaller mBR.
    pub turned: Vec<(String, String)>,
    /// tau-b of the two orders, with the jackknife's interval over the scores.
    pub tau: Estimate,
    /// Whether the orders are different.
    pub different: Verdict,
    /// The score with the highest correlation, and its place by mBR.
    pub first_by_sr: (String, usize),
    /// The score with the smallest mBR, and its place by correlation.
    pub first_by_mbr: (String, usize),
    /// mBR of the former less mBR of the latter.
    pub price: Estimate,
    /// Whether that is above 0.
    pub costly: Verdict,
}
