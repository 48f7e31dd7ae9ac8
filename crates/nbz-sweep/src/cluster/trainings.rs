//! Units that are trainings.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nbz_engine::Cpu;
use nbz_engine::cpu::Path as Kernels;
use nbz_table::sha256_hex;
use nbz_train::{Control, Every, Material};

use super::order::{Order, TrainingOrder};
use super::outcome::Outcome;
use super::plan::Plan;
use super::runs::cannot_read;
use super::task::{Hand, LINE, Task, TriedOut, failed, is_here};
use crate::error::{Result, SweepError};
use crate::networks::Networks;
use crate::training::{self, List};

/// Networks trained: what `train --list` does, unit by unit, in the folder of runs.
#[derive(Debug)]
pub struct Trainings {
    networks: Networks,
    material: Material,
    order: TrainingOrder,
    folder: PathBuf,
    every: Duration,
}

impl Trainings {
    /// Takes the images and a folder of runs, and checks that the plan's trainings are made of them here too.
    ///
    /// # Errors
    /// [`SweepError::OtherOrder`].
    pub fn new(plan: &Plan, material: Material, folder: &Path, every: Duration) -> Result<Self> {
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
            device: training::device(Kernels::from_environment()?, 1)?,
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
        let path = training::folder_of(folder, which);
        let digest = |name: &str| {
            let path = path.join(name);
            let bytes = std::fs::read(&path).map_err(|e| cannot_read(&path, e))?;
            Ok::<_, SweepError>(sha256_hex(&bytes))
        };
        match list.train(&path, which, &self.device, *every, stop) {
            // Another worker still trains in the folder: it was taken for dead, and is not.
            Ok(None) | Err(SweepError::Busy { .. }) => Ok(None),
            Ok(Some(_)) => Ok(Some(Outcome::Trained {
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
