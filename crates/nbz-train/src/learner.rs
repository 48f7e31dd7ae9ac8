//! A network that learns: weights, running statistics and velocities on a device, moved step by step.

use nbz_engine::{
    Cotangent, Device, Images, Model, NormMode, Of, ParameterGradients, Run, RunningStatistics,
    Sgd, Targets, Velocity, Weights,
};
use nbz_space::Network;

use crate::error::Result;
use crate::recipe::Recipe;

/// What a step found before it moved the weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Mean cross entropy of the batch; NaN or infinite where the training diverged.
    pub loss: f64,
    /// Images whose largest logit is at their target's largest class.
    pub correct: usize,
}

/// A network in training.
#[derive(Debug)]
pub struct Learner<'a, D: Device> {
    model: Model<'a, D>,
    velocity: Velocity<D>,
    rule: Sgd,
    run: Run,
    norm_momentum: f64,
}

impl<'a, D: Device> Learner<'a, D> {
    /// A network with its first weights, or with the weights and velocities of an earlier step.
    ///
    /// # Errors
    /// Tensors that are missing, surplus, misshapen or not finite.
    pub fn new(
        device: &'a D,
        network: &'a Network,
        weights: &Weights,
        velocity: Option<&Weights>,
        recipe: &Recipe,
    ) -> Result<Self> {
        let model = Model::new(device, network, weights)?;
        let velocity = match velocity {
            Some(tensors) => Velocity::from_tensors(&model, tensors)?,
            None => Velocity::still(&model),
        };
        Ok(Self {
            model,
            velocity,
            rule: Sgd {
                rate: recipe.rate,
                momentum: recipe.momentum,
                nesterov: recipe.nesterov,
                decay: recipe.decay,
            },
            run: Run {
                eps: recipe.norm_eps,
                ..Run::default()
            },
            norm_momentum: recipe.norm_momentum,
        })
    }

    /// One step on a batch, given in one or more pieces of one size.
    ///
    /// A loss that is not finite leaves weights, running statistics and velocities as they are.
    ///
    /// # Errors
    /// Images of another shape than the network's, targets of another number or of other classes, or a rate
    /// that is not finite.
    pub fn step(&mut self, pieces: &[(Images, Targets)], rate: f64) -> Result<Step> {
        let mut step = Step {
            loss: 0.0,
            correct: 0,
        };
        let mut sum: Option<ParameterGradients<D>> = None;
        let mut seen = Vec::with_capacity(pieces.len());
        for (images, targets) in pieces {
            let (found, gradients, statistics) = self.look(images, targets, pieces.len() as f64)?;
            step.loss += found.loss;
            step.correct += found.correct;
            seen.push(statistics);
            sum = Some(match sum {
                Some(sum) => sum.plus(&gradients, &self.model),
                None => gradients,
            });
        }
        if let Some(gradients) = sum.filter(|_| step.loss.is_finite()) {
            // Behind the last piece: a pass in train mode reads no running statistics.
            for statistics in &seen {
                self.model.move_running(statistics, self.norm_momentum)?;
            }
            let rule = Sgd { rate, ..self.rule };
            self.model.descend(gradients, &mut self.velocity, &rule)?;
        }
        Ok(step)
    }

    /// Loss, gradients and the batch norms' statistics of one of `pieces` pieces; moves nothing.
    fn look(
        &self,
        images: &Images,
        targets: &Targets,
        pieces: f64,
    ) -> Result<(Step, ParameterGradients<D>, RunningStatistics)> {
        let mut seen = RunningStatistics::new();
        let trace = self.model.forward(images, &self.run, &mut seen)?;
        let logits = trace.output();
        let (loss, mut matrix) = trace.soft_cross_entropy(targets)?;
        for d in &mut matrix {
            *d /= pieces;
        }
        let cotangent = Cotangent::Matrix(&matrix);
        let gradients = trace
            .backward(cotangent, Of::Parameters, &mut ())?
            .into_parameters();
        let classes = targets.classes();
        let rows = logits.chunks(classes).zip(targets.values().chunks(classes));
        let correct = rows.filter(|(z, t)| largest(z).is_some_and(|c| Some(c) == largest(t)));
        let step = Step {
            loss: loss / pieces,
            correct: correct.count(),
        };
        Ok((step, gradients, seen))
    }

    /// The network as it is now.
    pub fn model(&self) -> &Model<'a, D> {
        &self.model
    }

    /// The class that the network gives to each image, by its running statistics: the first of the largest
    /// logits, none where a logit is NaN.
    ///
    /// # Errors
    /// Images of another shape than the network's.
    pub fn classes(&self, images: &Images) -> Result<Vec<Option<usize>>> {
        classes_of(&self.model, images, self.run.eps)
    }

    /// Weights and running statistics.
    ///
    /// # Errors
    /// None in practice.
    pub fn weights(&self) -> Result<Weights> {
        Ok(self.model.weights()?)
    }

    /// Velocities, by the names of their parameters.
    ///
    /// # Errors
    /// None in practice.
    pub fn velocity(&self) -> Result<Weights> {
        Ok(self.velocity.tensors(&self.model)?)
    }
}

/// The classes that a model gives by its running statistics.
pub(crate) fn classes_of<D: Device>(
    model: &Model<'_, D>,
    images: &Images,
    eps: f64,
) -> Result<Vec<Option<usize>>> {
    let run = Run {
        norm: NormMode::Running,
        eps,
        ..Run::default()
    };
    let logits = model.infer(images, &run, &mut ())?;
    let logits = model.device().download_map(&logits);
    let classes = model.network().classes();
    Ok(logits.chunks(classes).map(largest).collect())
}

/// The first of the largest numbers; none if one is NaN.
fn largest(row: &[f64]) -> Option<usize> {
    let mut best = 0;
    for (i, value) in row.iter().enumerate() {
        if value.is_nan() {
            return None;
        }
        if *value > row[best] {
            best = i;
        }
    }
    Some(best)
}
