//! A score, and why it has no value.
//!
//! Undefined is not missing: a NaN or an infinity was computed and says something about the network.
//! It is stored as it is, beside a reason that can be counted.

use std::fmt;

use serde::Serialize;

/// Why a score is NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// A pass gave a number that is not finite.
    NotFinite,
    /// A row without variation: identical or dead images have no correlation.
    DegenerateCorrelation,
    /// A correlation matrix with an eigenvalue below `-1e-5`.
    NegativeEigenvalue,
    /// Two images with one activation code: the kernel's determinant is 0.
    SingularKernel,
    /// A tangent kernel whose smallest eigenvalue is 0 up to rounding.
    SingularGram,
    /// The features do not react to the input at all: the logarithm of 0.
    ConstantFeatures,
    /// No layer has a term: every gradient is 0 or the same in both batches.
    NoTerm,
}

impl Reason {
    /// The reason's name in files: `degenerate_correlation`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::DegenerateCorrelation => "degenerate_correlation",
            Self::NegativeEigenvalue => "negative_eigenvalue",
            Self::SingularKernel => "singular_kernel",
            Self::SingularGram => "singular_gram",
            Self::ConstantFeatures => "constant_features",
            Self::NoTerm => "no_term",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a proxy says of a network: a number and, where that is not finite, why.
///
/// ```
/// use nbz_proxy::{Reason, Score};
/// assert_eq!(Score::of(2.0).reason(), None);
/// assert_eq!(Score::of(f64::NAN).reason(), Some(Reason::NotFinite));
/// let singular = Score::because(f64::NEG_INFINITY, Reason::SingularKernel);
/// assert_eq!(singular.value(), f64::NEG_INFINITY);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    value: f64,
    reason: Option<Reason>,
}

impl Score {
    /// A computed number; one that is not finite carries [`Reason::NotFinite`].
    pub fn of(value: f64) -> Self {
        Self {
            value,
            reason: (!value.is_finite()).then_some(Reason::NotFinite),
        }
    }

    /// No value, for a reason.
    pub const fn undefined(reason: Reason) -> Self {
        Self {
            value: f64::NAN,
            reason: Some(reason),
        }
    }

    /// An infinite value with its reason.
    pub const fn because(value: f64, reason: Reason) -> Self {
        Self {
            value,
            reason: Some(reason),
        }
    }

    /// The number: finite, infinite or NaN.
    pub const fn value(self) -> f64 {
        self.value
    }

    /// Why the number is not finite; `None` if it is.
    pub const fn reason(self) -> Option<Reason> {
        self.reason
    }
}
