//! What the commands on plans and runs have in common.

use std::path::Path;
use std::time::Duration;

use nbz_sweep::cluster::{Order, Plan, Runs, Scoring, Task, Trainings};
use nbz_sweep::program::ANSWER_LIMIT;
use nbz_sweep::training::material;
use nbz_sweep::{Data, Room};

use crate::console::Console;

/// What a plan's units need on this machine, opened: images, and a check that they are the plan's.
pub(crate) enum Opened {
    /// For scores.
    Score(Box<Scoring>),
    /// For trainings.
    Train(Box<Trainings>),
}

impl Opened {
    /// Opens the images where the plan or `data` says; trainings go on in `folder`.
    pub(crate) fn new(
        plan: &Plan,
        data: Option<&str>,
        folder: &Path,
        every: Duration,
        console: &Console,
    ) -> anyhow::Result<Self> {
        let data: Data = data.unwrap_or(plan.images()).parse()?;
        Ok(match plan.order() {
            Order::Score(_) => Self::Score(Box::new(Scoring::new(plan, &data, ANSWER_LIMIT)?)),
            Order::Train(order) => {
                let found = material(&data, Some(order.training_images))?;
                if let Some(remark) = &found.remark {
                    console.warn(remark);
                }
                let trainings = Trainings::new(plan, found.material, folder, every)?;
                Self::Train(Box::new(trainings))
            }
        })
    }

    /// The task.
    pub(crate) fn task(&self) -> &dyn Task {
        match self {
            Self::Score(scoring) => &**scoring,
            Self::Train(trainings) => &**trainings,
        }
    }

    /// How many units may be done side by side within `limit` bytes, at most `threads`; `units` are looked at.
    pub(crate) fn room(
        &self,
        plan: &Plan,
        units: &[usize],
        threads: usize,
        limit: Option<u64>,
    ) -> anyhow::Result<Room> {
        let each = plan.order().seeds().len().max(1);
        let mut places: Vec<usize> = units.iter().map(|unit| unit / each).collect();
        places.dedup();
        Ok(match self {
            Self::Score(scoring) => scoring.sweep().room_of(&places, threads, limit)?,
            Self::Train(trainings) => trainings.list().room_of(&places, threads, limit)?,
        })
    }
}

/// Opens a folder of runs, or begins one for a plan.
pub(crate) fn begin(plan: &Path, runs: &Path) -> anyhow::Result<Runs> {
    Ok(Runs::begin(runs, Plan::open(plan)?)?)
}
