//! The loop: steps, validation behind each epoch, the test at the end, checkpoints on the way.
//!
//! A training is a function of its [`Stamp`]: stopped at any step and taken up from its checkpoint it ends with
//! the same bits. Weights come from the seed, purpose `train`.

mod running;
mod steps;

use std::io;
use std::time::Duration;

use nbz_data::Digest;
use nbz_engine::{Device, Init, Model, Weights};
use nbz_space::{Arch, Network, Shape};

use crate::checkpoint::{self, State};
use crate::curve::{Epoch, Sums};
use crate::error::{Result, TrainError};
use crate::evaluate::{Accuracy, evaluate};
use crate::learner::Learner;
use crate::loader::Loader;
use crate::material::Material;
use crate::recipe::Recipe;
use crate::schedule::Schedule;
use crate::stamp::Stamp;
use running::Running;
use steps::Left;

/// One network to be trained on some images.
#[derive(Debug)]
pub struct Training<'a> {
    network: &'a Network,
    material: &'a Material,
    stamp: Stamp,
}

/// How often a checkpoint is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// After so much time.
    Time(Duration),
    /// After so many steps.
    Steps(u64),
}

/// What a training asks and tells on its way.
pub struct Control<'c> {
    /// Takes the bytes of a checkpoint; a failure ends the training with the last one good.
    pub keep: &'c mut dyn FnMut(&[u8]) -> io::Result<()>,
    /// How often.
    pub every: Every,
    /// Whether to stop behind this step.
    pub stop: &'c dyn Fn() -> bool,
    /// Is told of every step.
    pub watch: &'c mut dyn FnMut(&Progress<'_>),
    /// Threads that make batches.
    pub threads: usize,
}

/// Where a training stands.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'p> {
    /// Steps done, of all epochs.
    pub step: u64,
    /// All steps.
    pub steps: u64,
    /// Mean loss of the epoch under way, of the last step if it has just ended.
    pub loss: f64,
    /// Images of this step.
    pub images: usize,
    /// The epoch that ended with this step.
    pub ended: Option<&'p Epoch>,
}

/// How a training left off.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    /// At its end.
    Done(Outcome),
    /// It was told to stop, and kept a checkpoint to go on from; none where its numbers were no longer finite: it goes
    /// on from the one before, or from the beginning.
    ToBeContinued,
}

/// What a training gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Weights and running statistics in single precision, or their moving average if the recipe asks for it.
    pub weights: Weights,
    /// The epochs.
    pub curve: Vec<Epoch>,
    /// Test images classified correctly by these weights; none if the training diverged.
    pub test: Option<Accuracy>,
    /// The step, from 0, whose loss was not finite. The weights are those before it. Or the last step of all, where
    /// it threw the weights out of what single precision holds: they are what it left.
    pub diverged: Option<u64>,
    /// Whether it ended before its last epoch, because validation had long not become better.
    pub is_early: bool,
}

impl<'a> Training<'a> {
    /// Checks that network and images fit.
    ///
    /// # Errors
    /// [`TrainError::OtherTask`].
    pub fn new(
        arch: &str,
        network: &'a Network,
        material: &'a Material,
        recipe: &Recipe,
        seed: u64,
        device: &str,
    ) -> Result<Self> {
        let [height, width] = material.pictures().size();
        let (are, of) = (Shape::new(3, height, width), material.pictures().classes());
        if (network.input_shape(), network.classes()) != (are, of) {
            return Err(TrainError::OtherTask {
                reads: network.input_shape(),
                tells: network.classes(),
                are,
                of,
            });
        }
        let [training, test] = material.digests().map(|d| d.to_string());
        let stamp = Stamp {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            numerics: Stamp::NUMERICS,
            arch: arch.to_owned(),
            network_digest: arch.parse::<Arch>().is_err().then(|| digest(network)),
            data: material.pictures().name().to_owned(),
            training_digest: training,
            training_images: material.pictures().count(),
            test_digest: test,
            test_images: material.test().count(),
            normalisation: material.pictures().measured_scale(),
            seed,
            device: device.to_owned(),
            recipe_hash: recipe.hash().to_string(),
            recipe: recipe.clone(),
        };
        Ok(Self {
            network,
            material,
            stamp,
        })
    }

    /// What the outcome depends on.
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Trains, from the beginning or from a checkpoint.
    ///
    /// # Errors
    /// [`TrainError::Damaged`] and [`TrainError::OtherTraining`] for the checkpoint,
    /// [`TrainError::BatchTooLarge`], [`TrainError::Keep`].
    ///
    /// # Panics
    /// If the device is another than the stamp's.
    pub fn run<D: Device>(
        &self,
        device: &D,
        checkpoint: Option<&[u8]>,
        control: &mut Control<'_>,
    ) -> Result<Ended> {
        assert_eq!(device.name(), self.stamp.device, "the device of the stamp");
        let recipe = &self.stamp.recipe;
        let parts = self.material.parts(recipe.validation)?;
        let pictures = self.material.pictures();
        let seed = self.stamp.seed;
        let loader = Loader::new(pictures, &parts.training, recipe, seed, control.threads)?;
        let schedule = Schedule::of(recipe, loader.steps() as u64);
        let state = match checkpoint {
            Some(bytes) => checkpoint::read(&self.stamp, bytes)?,
            None => self.beginning()?,
        };
        let velocity = (state.step > 0).then_some(&state.velocity);
        let mut running = Running {
            learner: Learner::new(device, self.network, &state.weights, velocity, recipe)?,
            step: state.step,
            sums: state.sums,
            curve: state.curve,
            average: (recipe.average > 0.0).then_some(state.average),
        };
        let diverged = self.steps(&mut running, &loader, &parts.validation, &schedule, control)?;
        match diverged {
            Left::Stopped => Ok(Ended::ToBeContinued),
            Left::Finished { diverged, is_early } => {
                let outcome = self.outcome(device, running, diverged, is_early)?;
                Ok(Ended::Done(outcome))
            }
        }
    }

    fn beginning(&self) -> Result<State> {
        let recipe = nbz_engine::Recipe {
            seed: self.stamp.seed,
            architecture: &self.stamp.arch,
            purpose: "train",
        };
        let init: Init = self.stamp.recipe.init.into();
        let weights = Weights::init(self.network, init, &recipe)?;
        let average = if self.stamp.recipe.average > 0.0 {
            weights.clone()
        } else {
            Weights::new()
        };
        Ok(State {
            step: 0,
            sums: Sums::default(),
            curve: Vec::new(),
            weights,
            velocity: Weights::new(),
            average,
        })
    }

    fn outcome<D: Device>(
        &self,
        device: &D,
        running: Running<'_, D>,
        diverged: Option<u64>,
        is_early: bool,
    ) -> Result<Outcome> {
        let weights = match &running.average {
            Some(average) => average.to_single(),
            None => running.learner.weights()?.to_single(),
        };
        // A step may have thrown the weights out of what single precision holds.
        let lost = weights
            .check(self.network)
            .is_err()
            .then(|| running.step.saturating_sub(1));
        let diverged = diverged.or(lost);
        let test = if diverged.is_some() {
            None
        } else {
            let model = Model::new(device, self.network, &weights)?;
            let test = self.material.test();
            let numbers: Vec<usize> = (0..test.count()).collect();
            Some(evaluate(
                &model,
                test,
                &numbers,
                self.stamp.recipe.norm_eps,
            )?)
        };
        Ok(Outcome {
            weights,
            curve: running.curve,
            test,
            diverged,
            is_early,
        })
    }
}

/// SHA-256 of a network's layers.
fn digest(network: &Network) -> String {
    let layers = serde_json::to_vec(&network.document()).expect("plain data has a JSON form");
    Digest::of(&[&layers]).to_string()
}
