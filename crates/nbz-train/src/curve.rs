//! What each epoch gave.

use serde::{Deserialize, Serialize};

use crate::evaluate::Accuracy;

/// One epoch of a learning curve. Nothing in it depends on a clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Its number, from 1.
    pub epoch: u32,
    /// The learning rate of its last step.
    pub rate: f64,
    /// Mean loss of its steps, on smoothed and mixed targets.
    pub loss: f64,
    /// Training images classified correctly as they were seen, augmented and mixed: the larger target counts.
    pub training: Accuracy,
    /// Validation images classified correctly behind the epoch; none if none are held back.
    pub validation: Option<Accuracy>,
}

/// Sums over the steps of an epoch that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Sums {
    pub(crate) steps: u64,
    pub(crate) loss: f64,
    pub(crate) correct: usize,
    pub(crate) images: usize,
}

impl Sums {
    pub(crate) fn mean_loss(&self) -> f64 {
        self.loss / self.steps as f64
    }

    pub(crate) fn accuracy(&self) -> Accuracy {
        Accuracy {
            correct: self.correct,
            images: self.images,
        }
    }
}
