//! The steps of a training, with what happens behind each: an epoch's end, a checkpoint, a stop.

use std::time::Instant;

use nbz_engine::{Device, Model};

use super::running::Running;
use super::{Control, Every, Progress, Training};
use crate::checkpoint;
use crate::curve::{Epoch, Sums};
use crate::error::{Result, TrainError};
use crate::evaluate::evaluate;
use crate::loader::Loader;
use crate::schedule::Schedule;

/// How the loop was left.
pub(super) enum Left {
    Finished {
        diverged: Option<u64>,
        is_early: bool,
    },
    Stopped,
}

impl Training<'_> {
    pub(super) fn steps<D: Device>(
        &self,
        running: &mut Running<'_, D>,
        loader: &Loader<'_>,
        validation: &[usize],
        schedule: &Schedule,
        control: &mut Control<'_>,
    ) -> Result<Left> {
        let per_epoch = loader.steps() as u64;
        let mut order = (u32::MAX, Vec::new());
        let mut kept = (Instant::now(), running.step);
        while running.step < schedule.steps() {
            let epoch = (running.step / per_epoch) as u32;
            if order.0 != epoch {
                order = (epoch, loader.order(epoch));
            }
            let in_epoch = (running.step % per_epoch) as usize;
            let batch = loader.batch(epoch, in_epoch, &order.1)?;
            let rate = schedule.rate(running.step);
            let found = running.learner.step(&batch, rate)?;
            if !found.loss.is_finite() {
                return Ok(Left::Finished {
                    diverged: Some(running.step),
                    is_early: false,
                });
            }
            let images = batch.iter().map(|(images, _)| images.count()).sum();
            running.count(found, images);
            running.follow(self.stamp.recipe.average)?;
            let mut loss = running.sums.mean_loss();
            let ended = running.step.is_multiple_of(per_epoch);
            if ended {
                self.end_epoch(running, validation, rate)?;
                loss = found.loss;
            }
            (control.watch)(&Progress {
                step: running.step,
                steps: schedule.steps(),
                loss,
                images,
                ended: running.curve.last().filter(|_| ended),
            });
            if ended && is_stuck(&running.curve, self.stamp.recipe.patience) {
                return Ok(Left::Finished {
                    diverged: None,
                    is_early: running.step < schedule.steps(),
                });
            }
            let stopped = (control.stop)() && running.step < schedule.steps();
            let due = match control.every {
                Every::Time(time) => kept.0.elapsed() >= time,
                Every::Steps(steps) => running.step - kept.1 >= steps,
            };
            if !(stopped || due) {
                continue;
            }
            let state = running.state()?;
            // Numbers that are not finite end the training at its next step: no place to go on from, and whoever goes
            // on from the checkpoint before comes to the same end.
            if state.is_finite() {
                let bytes = checkpoint::write(&self.stamp, &state)?;
                (control.keep)(&bytes).map_err(TrainError::Keep)?;
                kept = (Instant::now(), running.step);
            }
            if stopped {
                return Ok(Left::Stopped);
            }
        }
        Ok(Left::Finished {
            diverged: None,
            is_early: false,
        })
    }

    fn end_epoch<D: Device>(
        &self,
        running: &mut Running<'_, D>,
        validation: &[usize],
        rate: f64,
    ) -> Result<()> {
        let (pictures, eps) = (self.material.pictures(), self.stamp.recipe.norm_eps);
        let model = running.learner.model();
        let held = || match &running.average {
            Some(average) => {
                let model = Model::new(model.device(), self.network, &average.to_single())?;
                evaluate(&model, pictures, validation, eps)
            }
            None => evaluate(model, pictures, validation, eps),
        };
        let validation = (!validation.is_empty()).then(held).transpose()?;
        running.curve.push(Epoch {
            epoch: running.curve.len() as u32 + 1,
            rate,
            loss: running.sums.mean_loss(),
            training: running.sums.accuracy(),
            validation,
        });
        running.sums = Sums::default();
        Ok(())
    }
}

/// Whether the best validation accuracy lies so many epochs back; of equals the first counts.
fn is_stuck(curve: &[Epoch], patience: u32) -> bool {
    let mut best: Option<(usize, usize)> = None;
    for (at, epoch) in curve.iter().enumerate() {
        let Some(found) = epoch.validation else {
            continue;
        };
        if best.is_none_or(|(_, correct)| found.correct > correct) {
            best = Some((at, found.correct));
        }
    }
    patience > 0 && best.is_some_and(|(at, _)| curve.len() - 1 - at >= patience as usize)
}
