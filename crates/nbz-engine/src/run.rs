//! What a forward pass does with batch norms, residuals and the layers after the features.

use crate::device::Coupling;
use crate::error::EngineError;

/// What batch norms do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NormMode {
    /// Normalise with the statistics of the batch (biased variance).
    Batch,
    /// Normalise every image with its own statistics, as if it were a batch of one.
    Image,
    /// Normalise with the running statistics.
    Running,
    /// Are left out: the input passes unchanged.
    Removed,
}

impl NormMode {
    pub(crate) fn coupling(self) -> Option<Coupling> {
        match self {
            Self::Batch => Some(Coupling::Batch),
            Self::Image => Some(Coupling::Image),
            Self::Running => Some(Coupling::Fixed),
            Self::Removed => None,
        }
    }
}

/// What residual additions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residuals {
    /// Add both inputs.
    Kept,
    /// Pass the main path alone; shortcuts that nothing else reads are not run.
    Removed,
}

/// Where a pass ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// At the logits.
    Logits,
    /// At the map before global pooling.
    Features,
}

/// Whether neighbouring layers become one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fusion {
    /// Batch norms, additions and the ReLU behind them are one sweep; observers see its result only.
    Groups,
    /// Every layer is a step of its own, so that observers see every value.
    Layers,
}

/// How a network is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// What batch norms do.
    pub norm: NormMode,
    /// What residual additions do.
    pub residuals: Residuals,
    /// Where the pass ends.
    pub until: Until,
    /// Whether neighbouring layers become one step.
    pub fusion: Fusion,
    /// Added to every variance.
    pub eps: f64,
}

impl Default for Run {
    /// Train mode: batch statistics, residuals kept, up to the logits, eps 1e-5.
    fn default() -> Self {
        Self {
            norm: NormMode::Batch,
            residuals: Residuals::Kept,
            until: Until::Logits,
            fusion: Fusion::Groups,
            eps: 1e-5,
        }
    }
}

impl Run {
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        if self.eps > 0.0 && self.eps.is_finite() {
            Ok(())
        } else {
            Err(EngineError::Eps { eps: self.eps })
        }
    }
}
