//! What a plan orders: everything on which its outcomes depend but the networks.

use nbz_space::Task;
use nbz_train::Material;
use serde::{Deserialize, Serialize};

use crate::error::{Result, SweepError};
use crate::networks::Networks;
use crate::recipe::Recipe;
use crate::training;

/// What is done with every network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Order {
    /// It is scored.
    Score(Box<Recipe>),
    /// It is trained.
    Train(Box<TrainingOrder>),
}

/// Everything on which the outcomes of some trainings depend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingOrder {
    /// The version of this program.
    pub version: String,
    /// [`nbz_train::Stamp::NUMERICS`] of the program that trains.
    pub numerics: u32,
    /// The device.
    pub device: String,
    /// Where the list of networks is from, in words.
    pub networks: String,
    /// How many networks.
    pub count: usize,
    /// SHA-256 of the architectures, each followed by a line feed.
    pub networks_digest: String,
    /// The seeds with which each is trained.
    pub seeds: Vec<u64>,
    /// The data set's name.
    pub data: String,
    /// SHA-256 of the training images.
    pub training_digest: String,
    /// How many these are.
    pub training_images: usize,
    /// SHA-256 of the test images.
    pub test_digest: String,
    /// Height and width of the images.
    pub resolution: usize,
    /// Classes of the networks.
    pub classes: usize,
    /// Mean and deviation by channel, where they were measured on the training images; none of known data sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalisation: Option<[[f32; 3]; 2]>,
    /// The recipe.
    pub recipe: nbz_train::Recipe,
}

impl Order {
    /// The seeds of each network's units.
    pub fn seeds(&self) -> Vec<u64> {
        match self {
            Self::Score(recipe) => vec![recipe.seed],
            Self::Train(order) => order.seeds.clone(),
        }
    }

    /// Where the networks are from, in words.
    pub fn networks(&self) -> &str {
        match self {
            Self::Score(recipe) => &recipe.networks,
            Self::Train(order) => &order.networks,
        }
    }

    /// `score` or `train`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Score(_) => "score",
            Self::Train(_) => "train",
        }
    }

    /// Resolution and classes.
    ///
    /// # Errors
    /// [`SweepError::PlanDamaged`] for ones that cannot be.
    pub fn task(&self) -> Result<Task> {
        let (resolution, classes) = match self {
            Self::Score(recipe) => (recipe.resolution, recipe.classes),
            Self::Train(order) => (order.resolution, order.classes),
        };
        Task::new(resolution, classes).map_err(|error| SweepError::PlanDamaged {
            reason: error.to_string(),
        })
    }

    /// The recipe of one unit, without what depends on the list: in this a unit is the same in every plan.
    pub(super) fn of_one(&self) -> Result<String> {
        let mut one = self.clone();
        match &mut one {
            Self::Score(recipe) => {
                recipe.networks.clear();
                recipe.networks_digest.clear();
                recipe.count = 0;
            }
            Self::Train(order) => {
                order.networks.clear();
                order.networks_digest.clear();
                order.count = 0;
                order.seeds.clear();
            }
        }
        super::plan::json(&one)
    }

    /// What differs, a line a key.
    pub fn differences(&self, here: &Self) -> Vec<String> {
        match (self, here) {
            (Self::Score(there), Self::Score(here)) => there.differences(here),
            _ => crate::recipe::differences(self, here),
        }
    }
}

impl TrainingOrder {
    /// Trainings of some networks by a recipe on images that are at hand.
    pub fn new(
        networks: &Networks,
        material: &Material,
        recipe: &nbz_train::Recipe,
        seeds: Vec<u64>,
    ) -> Self {
        let pictures = material.pictures();
        let [training_digest, test_digest] = material.digests().map(|d| d.to_string());
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            numerics: nbz_train::Stamp::NUMERICS,
            device: training::DEVICE.to_owned(),
            networks: networks.source().to_owned(),
            count: networks.archs().len(),
            networks_digest: networks.digest(),
            seeds,
            data: pictures.name().to_owned(),
            training_digest,
            training_images: pictures.count(),
            test_digest,
            resolution: pictures.size()[0],
            classes: pictures.classes(),
            normalisation: pictures.measured_scale(),
            recipe: recipe.clone(),
        }
    }
}
