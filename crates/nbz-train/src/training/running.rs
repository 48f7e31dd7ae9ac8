//! A training between two steps.

use nbz_engine::{Device, Weights};

use crate::average::averaged;
use crate::checkpoint::State;
use crate::curve::{Epoch, Sums};
use crate::error::Result;
use crate::learner::{Learner, Step};

/// A training under way.
pub(super) struct Running<'a, D: Device> {
    pub(super) learner: Learner<'a, D>,
    pub(super) step: u64,
    pub(super) sums: Sums,
    pub(super) curve: Vec<Epoch>,
    pub(super) average: Option<Weights>,
}

impl<D: Device> Running<'_, D> {
    /// Moves the average after the weights of the step that was just counted.
    pub(super) fn follow(&mut self, decay: f64) -> Result<()> {
        if let Some(average) = &mut self.average {
            *average = averaged(average, &self.learner.weights()?, decay, self.step)?;
        }
        Ok(())
    }

    pub(super) fn count(&mut self, found: Step, images: usize) {
        self.step += 1;
        self.sums.steps += 1;
        self.sums.loss += found.loss;
        self.sums.correct += found.correct;
        self.sums.images += images;
    }

    pub(super) fn state(&self) -> Result<State> {
        Ok(State {
            step: self.step,
            sums: self.sums,
            curve: self.curve.clone(),
            weights: self.learner.weights()?,
            velocity: self.learner.velocity()?,
            average: self.average.clone().unwrap_or_default(),
        })
    }
}
