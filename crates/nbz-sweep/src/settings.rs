//! What is asked of a sweep beside its networks and proxies.

use std::path::PathBuf;
use std::time::Duration;

use nbz_data::Data;
use nbz_space::Task;

use crate::error::{Result, SweepError};
use crate::program::{self, Program};

/// How networks are scored.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Resolution and classes.
    pub task: Task,
    /// Where the images are from.
    pub data: Data,
    /// Images in the batch.
    pub batch: usize,
    /// Whether each network draws a batch of its own, named by its architecture.
    pub batch_per_network: bool,
    /// Whether training images are cropped and flipped, each by its own draw.
    pub augment: bool,
    /// Images that ntk and swap look at.
    pub ntk_batch: usize,
    /// The seed of weights, images and noise.
    pub seed: u64,
    /// How often each network's weights are drawn; scores are means.
    pub repeats: u32,
    /// Whether 3 x 3 convolutions go by Winograd's form: faster, other roundings.
    pub winograd: bool,
    /// A safetensors file of the weights, for a single network.
    pub weights: Option<PathBuf>,
    /// The user's own proxies.
    pub programs: Vec<Program>,
    /// How long an answer of a program may take; enters no recipe, as it measures the machine.
    pub answer_limit: Duration,
}

impl Settings {
    /// What `score` takes where nothing is said.
    pub fn new(task: Task, data: Data) -> Self {
        Self {
            task,
            data,
            batch: 64,
            batch_per_network: false,
            augment: false,
            ntk_batch: 16,
            seed: 0,
            repeats: 1,
            winograd: false,
            weights: None,
            programs: Vec::new(),
            answer_limit: program::ANSWER_LIMIT,
        }
    }

    /// Whether the numbers are in their ranges.
    pub(crate) fn check(&self) -> Result<()> {
        let fault = |name, value: usize, expected| SweepError::Setting {
            name,
            value: value.to_string(),
            expected,
        };
        if !(1..=4096).contains(&self.batch) {
            return Err(fault("the batch", self.batch, "1 to 4096"));
        }
        if !(1..=1024).contains(&self.ntk_batch) {
            return Err(fault("the batch of ntk", self.ntk_batch, "1 to 1024"));
        }
        if !(1..=1000).contains(&self.repeats) {
            let repeats = self.repeats as usize;
            return Err(fault("the number of repeats", repeats, "1 to 1000"));
        }
        Ok(())
    }
}
