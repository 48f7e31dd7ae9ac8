//! What can go wrong.

use nbz_study::StudyError;

/// A result with this crate's error.
pub type Result<T, E = FactorError> = std::result::Result<T, E>;

/// Why there are no importances.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FactorError {
    /// Nothing to look at.
    #[error("no networks")]
    NoNetworks,
    /// Networks that have no attributes in common.
    #[error("networks of several spaces, `{first}` and `{other}`")]
    SeveralSpaces {
        /// The first network's.
        first: String,
        /// Another one's.
        other: String,
    },
    /// A space of which no attributes are known.
    #[error("no attributes of stages or edges are known of the networks of `{space}`")]
    UnknownSpace {
        /// Its name.
        space: String,
    },
    /// Networks that are all alike.
    #[error("the networks differ in no attribute")]
    NoFactors,
    /// Too few networks to fit on one half and to test on the other.
    #[error("{networks} networks are too few: {limit} is the least")]
    TooFew {
        /// Networks with a value.
        networks: usize,
        /// The least.
        limit: usize,
    },
    /// A target that is the same for all networks.
    #[error("`{target}` has one value only")]
    Constant {
        /// The target.
        target: String,
    },
    /// Fewer draws than an interval needs.
    #[error("{draws} draws have no spread: 2 is the least")]
    TooFewDraws {
        /// Draws asked for.
        draws: usize,
    },
    /// Numbers that cannot be ranked.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// What the trees refused.
    #[error("boosted trees: {0}")]
    Trees(String),
}
