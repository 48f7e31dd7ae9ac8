//! What is done with a unit.

use std::time::{Duration, Instant};

use nbz_data::Data;
use nbz_train::TrainError;

use super::order::Order;
use super::outcome::Outcome;
use super::plan::Plan;
use crate::error::{Result, SweepError};
use crate::program::Program;
use crate::run::Worker;
use crate::settings::Settings;
use crate::sweep::Sweep;

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
pub(super) const LINE: usize = 120;

/// Turns what is wrong with one unit into its outcome; what is wrong with the machine stays an error.
pub(super) fn failed(error: SweepError) -> Result<Outcome> {
    let of_the_unit = match &error {
        SweepError::Network { .. }
        | SweepError::OtherTraining { .. }
        | SweepError::NotOurs { .. }
        | SweepError::Gone { .. } => true,
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
            // As they are now: an edited program scores otherwise.
            programs: recipe
                .programs
                .iter()
                .map(Program::here)
                .collect::<Result<_>>()?,
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
pub(super) fn is_here(here: &Order, plan: &Plan) -> Result<()> {
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
