//! What a report leaves out, and why: one bad network, data set or table does not cost a reader the rest.
//!
//! Nothing is left out in silence: every entry stands in the report and is said by the program.

use std::fmt;

use serde::Serialize;

/// Something that a report was given and does not hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// The table, with its data set or pool where only that is left out.
    pub what: String,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
}

/// Why something is left out. Values are kept as texts, since JSON knows neither NaN nor infinity.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The table has no column of accuracies.
    NoAccuracies,
    /// It has one, in which no network has a number.
    NoFiniteAccuracy,
    /// No network has an accuracy, every cost and every proxy of the pool.
    NoNetwork,
    /// Some networks only: a cost of theirs is NaN or infinite, so that no budget can be asked of them.
    CostNotFinite {
        /// The cost.
        cost: String,
        /// How many networks.
        networks: usize,
        /// The first one's row in the table, from 0.
        row: usize,
        /// What stands there.
        value: String,
    },
    /// A cost only: it is a number for no network.
    CostNeverFinite {
        /// The cost.
        cost: String,
    },
    /// It has no accuracies, and no claim on scores can be tested on it.
    NothingToClaim {
        /// What it lacks.
        message: String,
    },
    /// It could not be read or measured.
    Failed {
        /// The error.
        message: String,
    },
}

impl LeftOut {
    pub(crate) fn failed(what: impl Into<String>, error: &impl fmt::Display) -> Self {
        Self {
            what: what.into(),
            why: Why::Failed {
                message: error.to_string(),
            },
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.what;
        match &self.why {
            Why::NoAccuracies => write!(
                f,
                "{what}: it has no accuracies, so at most Figure 7 and claims on scores can be made of it"
            ),
            Why::NoFiniteAccuracy => write!(f, "{what}: no network has an accuracy"),
            Why::NoNetwork => write!(
                f,
                "{what}: no network has an accuracy, every cost and every proxy"
            ),
            Why::CostNotFinite {
                cost,
                networks,
                row,
                value,
            } => {
                let (networks, their) = match networks {
                    1 => ("1 network".to_owned(), "its"),
                    many => (format!("{many} networks"), "their"),
                };
                write!(
                    f,
                    "{networks} of {what}: {their} cost `{cost}` is no number, first {value} in row {row}"
                )
            }
            Why::CostNeverFinite { cost } => {
                write!(f, "`{cost}` of {what}: it is a number for no network")
            }
            Why::NothingToClaim { message } => {
                write!(f, "{what}, of claims: {message}")
            }
            Why::Failed { message } => write!(f, "{what}: {message}"),
        }
    }
}
