//! What is done with a unit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nbz_engine::Cpu;
use nbz_engine::cpu::Path as Kernels;
use nbz_table::sha256_hex;
use nbz_train::{Control, Every, Material, TrainError};

use super::outcome::Outcome;
use super::plan::{Order, Plan, TrainingOrder};
use super::runs::cannot_read;
use crate::error::{Result, SweepError};
use crate::images::Data;
use crate::networks::Networks;
use crate::run::Worker;
use crate::settings::Settings;
use crate::sweep::Sweep;
use crate::training::{self, List};

/// What a worker does with the units of a plan.
pub trait Task: Sync {
    /// What one thread works with.
    ///
    /// # Errors
    /// If the machine refuses it.
    fn hand(&self) -> Result<Box<dyn Hand + '_>>;
}

/// One thread's tools.
pub trait Hand {
    /// Does one unit; none if it was told to stop and left the unit to be continued.
    ///
    /// # Errors
    /// What is wrong with the machine, not with the unit: that is an [`Outcome::Failed`].
    fn unit(&mut self, unit: usize, stop: &dyn Fn() -> bool) -> Result<Option<Outcome>>;

    /// How long a unit takes, from as little of it as tells; nothing is kept. None for one that fails.
    ///
    /// # Errors
    /// As [`Hand::unit`].
    fn try_out(&mut self, unit: usize) -> Result<Option<TriedOut>>;
}

/// What a unit takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TriedOut {
    /// Seconds of one core.
    pub seconds: f64,
    /// Bytes of its outcome in a part.
    pub bytes: usize,
}

/// Bytes of a line in a part beside its outcome: check, name, seconds.
const LINE: usize = 120;

/// Turns what is wrong with one unit into its outcome; what is wrong with the machine stays an error.
fn failed(error: SweepError) -> Result<Outcome> {
    let of_the_unit = match &error {
        SweepError::Network { .. } => true,
        SweepError::Train(e) => !matches!(e, TrainError::Read { .. } | TrainError::Keep(_)),
        _ => false,
    };
    if !of_the_unit {
        return Err(error);
    }
    Ok(Outcome::Failed {
        reason: error.to_string(),
    })
}

/// Networks scored: what `score` does, unit by unit.
#[derive(Debug)]
pub struct Scoring {
    sweep: Sweep,
}

impl Scoring {
    /// Opens the images, and checks that with them the plan's recipe is made here too.
    ///
    /// # Errors
    /// [`SweepError::OtherRecipe`] if other numbers would come of it: another version, other images.
    pub fn new(plan: &Plan, data: &Data, answer_limit: Duration) -> Result<Self> {
        let Order::Score(recipe) = plan.order() else {
            return Err(SweepError::PlanDamaged {
                reason: "it scores nothing".to_owned(),
            });
        };
        let settings = Settings {
            task: plan.order().task()?,
            data: data.clone(),
            batch: recipe.batch,
            batch_per_network: recipe.batch_per_network.is_some(),
            augment: recipe.augment.is_some(),
            ntk_batch: recipe.ntk_batch,
            seed: recipe.seed,
            repeats: recipe.repeats,
            winograd: recipe.device.is_some(),
            weights: None,
            programs: recipe.programs.clone(),
            answer_limit,
        };
        let proxies: Vec<_> = recipe
            .proxies
            .iter()
            .map(|name| nbz_proxy::registry::find(name))
            .collect::<Result<_, _>>()?;
        let sweep = Sweep::new(&plan.networks()?, &proxies, &settings)?;
        is_here(&Order::Score(Box::new(sweep.recipe().clone())), plan)?;
        Ok(Self { sweep })
    }

    /// The sweep.
    pub fn sweep(&self) -> &Sweep {
        &self.sweep
    }
}

/// Refuses where this machine would make something else of a plan.
fn is_here(here: &Order, plan: &Plan) -> Result<()> {
    let differences = plan.order().differences(here);
    if differences.is_empty() {
        return Ok(());
    }
    Err(SweepError::OtherOrder { differences })
}

impl Task for Scoring {
    fn hand(&self) -> Result<Box<dyn Hand + '_>> {
        Ok(Box::new(ScoringHand {
            sweep: &self.sweep,
            worker: self.sweep.worker()?,
        }))
    }
}

struct ScoringHand<'s> {
    sweep: &'s Sweep,
    worker: Worker<'s>,
}

impl Hand for ScoringHand<'_> {
    fn unit(&mut self, unit: usize, _: &dyn Fn() -> bool) -> Result<Option<Outcome>> {
        // A unit is a network: both count the same list.
        let scored = self.sweep.score(unit, &mut self.worker);
        scored.map(Outcome::Scored).or_else(failed).map(Some)
    }

    fn try_out(&mut self, unit: usize) -> Result<Option<TriedOut>> {
        let start = Instant::now();
        let outcome = self.unit(unit, &|| false)?;
        Ok(match outcome {
            Some(Outcome::Scored(record)) => Some(TriedOut {
                seconds: start.elapsed().as_secs_f64(),
                bytes: serde_json::to_vec(&record).map_or(0, |json| json.len()) + LINE,
            }),
            _ => None,
        })
    }
}

/// Networks trained: what `train --list` does, unit by unit, in the folder of runs.
#[derive(Debug)]
pub struct Trainings {
    networks: Networks,
    material: Material,
    order: TrainingOrder,
    folder: std::path::PathBuf,
    every: Duration,
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
            recipe: recipe.clone(),
        }
    }
}

impl Trainings {
    /// Takes the images and a folder of runs, and checks that the plan's trainings are made of them here too.
    ///
    /// # Errors
    /// [`SweepError::OtherOrder`].
    pub fn new(
        plan: &Plan,
        material: Material,
        folder: &std::path::Path,
        every: Duration,
    ) -> Result<Self> {
        let Order::Train(order) = plan.order() else {
            return Err(SweepError::PlanDamaged {
                reason: "it trains nothing".to_owned(),
            });
        };
        let networks = plan.networks()?;
        let (recipe, seeds) = (&order.recipe, order.seeds.clone());
        let here = TrainingOrder::new(&networks, &material, recipe, seeds);
        is_here(&Order::Train(Box::new(here)), plan)?;
        Ok(Self {
            networks,
            material,
            order: (**order).clone(),
            folder: folder.to_owned(),
            every,
        })
    }

    /// The list.
    pub fn list(&self) -> List<'_> {
        List {
            networks: &self.networks,
            material: &self.material,
            recipe: &self.order.recipe,
            seeds: &self.order.seeds,
        }
    }
}

impl Task for Trainings {
    fn hand(&self) -> Result<Box<dyn Hand + '_>> {
        Ok(Box::new(TrainingHand {
            trainings: self,
            device: training::device(Kernels::fastest(), 1)?,
        }))
    }
}

struct TrainingHand<'t> {
    trainings: &'t Trainings,
    device: Cpu<f32>,
}

impl Hand for TrainingHand<'_> {
    fn unit(&mut self, unit: usize, stop: &dyn Fn() -> bool) -> Result<Option<Outcome>> {
        let Trainings {
            order,
            folder,
            every,
            ..
        } = self.trainings;
        let list = self.trainings.list();
        let which = (
            unit / order.seeds.len(),
            order.seeds[unit % order.seeds.len()],
        );
        let digest = |name: &str| {
            let path = training::folder_of(folder, which).join(name);
            let bytes = std::fs::read(&path).map_err(|e| cannot_read(&path, e))?;
            Ok::<_, SweepError>(sha256_hex(&bytes))
        };
        match list.train(folder, which, &self.device, *every, stop) {
            // Another worker still trains in the folder: it was taken for dead, and is not.
            Ok(false) | Err(SweepError::Busy { .. }) => Ok(None),
            Ok(true) => Ok(Some(Outcome::Trained {
                result: digest("result.json")?,
                weights: digest("weights.safetensors")?,
            })),
            Err(error) => failed(error).map(Some),
        }
    }

    /// A few steps, and what follows from them: evaluations are forwards alone, a third of a step.
    fn try_out(&mut self, unit: usize) -> Result<Option<TriedOut>> {
        const STEPS: u64 = 4;
        let order = &self.trainings.order;
        let list = self.trainings.list();
        let (place, seed) = (
            unit / order.seeds.len(),
            order.seeds[unit % order.seeds.len()],
        );
        let network = self.trainings.networks.archs()[place].network(list.task()?);
        let training = match list.training((place, seed), &network) {
            Ok(training) => training,
            Err(error) => return failed(error).map(|_| None),
        };
        let (mut times, mut steps) = (vec![Instant::now()], 0);
        let seen = AtomicU64::new(0);
        let mut control = Control {
            keep: &mut |_| Ok(()),
            every: Every::Steps(u64::MAX),
            stop: &|| seen.load(Ordering::Relaxed) >= STEPS,
            watch: &mut |progress| {
                seen.store(progress.step, Ordering::Relaxed);
                times.push(Instant::now());
                steps = progress.steps;
            },
            threads: 1,
        };
        training.run(&self.device, None, &mut control)?;
        // The first step also makes room.
        let [_, second, .., last] = times[..] else {
            return Ok(None);
        };
        let step = (last - second).as_secs_f64() / (times.len() - 2).max(1) as f64;
        let material = &self.trainings.material;
        let parts = material.parts(order.recipe.validation)?;
        let looked_at = f64::from(order.recipe.epochs) * parts.validation.len() as f64
            + material.test().count() as f64;
        let evaluations = looked_at / order.recipe.batch as f64 / 3.0;
        Ok(Some(TriedOut {
            seconds: step * (steps as f64 + evaluations),
            bytes: 2 * 64 + LINE,
        }))
    }
}
