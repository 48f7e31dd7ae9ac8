//! Running statistics of batch norms, as a training step moves them.
//!
//! `running = (1 - momentum) running + momentum batch`, with the *unbiased* variance of the batch, the
//! biased one times `m / (m - 1)` for `m` numbers a channel (PyTorch's rule).

use nbz_space::network::{LayerId, Network};

use crate::device::{Coupling, Device};
use crate::error::EngineError;
use crate::observer::{Observer, Statistics};
use crate::weights::{Tensor, Weights};

/// Collects the statistics of a forward pass in train mode and moves running statistics by them.
#[derive(Debug, Clone, Default)]
pub struct RunningStatistics {
    seen: Vec<(LayerId, BatchMoments)>,
}

/// Mean and biased variance of each channel of one batch norm, and how many numbers they are of.
#[derive(Debug, Clone)]
pub(crate) struct BatchMoments {
    mean: Vec<f64>,
    variance: Vec<f64>,
    coupling: Coupling,
    numbers: usize,
}

impl BatchMoments {
    /// Running mean and variance of a batch norm after the batch.
    pub(crate) fn moved(
        &self,
        layer: &str,
        [mean, variance]: &[Vec<f64>; 2],
        momentum: f64,
    ) -> Result<[Vec<f64>; 2], EngineError> {
        if self.coupling == Coupling::Image {
            let layer = layer.to_owned();
            return Err(EngineError::ImageStatistics { layer });
        }
        // A pass refuses the statistics of a single number, so this is finite.
        let unbiased = self.numbers as f64 / (self.numbers as f64 - 1.0);
        let towards = |old: &[f64], batch: &[f64], factor: f64| {
            let step = |(old, new): (&f64, &f64)| (1.0 - momentum) * old + momentum * factor * new;
            old.iter().zip(batch).map(step).collect()
        };
        Ok([
            towards(mean, &self.mean, 1.0),
            towards(variance, &self.variance, unbiased),
        ])
    }
}

impl RunningStatistics {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the running statistics of every batch norm seen, in double precision.
    ///
    /// # Errors
    /// If the weights lack a running statistic of the network or have it in another shape, or if the pass
    /// took the statistics of each image ([`NormMode::Image`](crate::NormMode::Image)): they are of no batch.
    pub fn update(
        &self,
        network: &Network,
        weights: &mut Weights,
        momentum: f64,
    ) -> Result<(), EngineError> {
        for (id, batch) in &self.seen {
            let layer = network.layer(*id);
            let dims = [layer.shape.channels];
            let names = ["running_mean", "running_var"].map(|p| format!("{}.{p}", layer.name));
            let [mean, variance] = &names;
            let old = [
                weights.check_tensor(mean, &dims)?.to_f64().into_owned(),
                weights.check_tensor(variance, &dims)?.to_f64().into_owned(),
            ];
            let moved = batch.moved(&layer.name, &old, momentum)?;
            for (name, values) in names.into_iter().zip(moved) {
                let tensor = Tensor::new(&name, dims.to_vec(), values)?;
                weights.insert(name, tensor);
            }
        }
        Ok(())
    }

    pub(crate) fn seen(&self) -> impl Iterator<Item = (LayerId, &BatchMoments)> {
        self.seen.iter().map(|(id, batch)| (*id, batch))
    }
}

impl<D: Device> Observer<D> for RunningStatistics {
    fn moments(&mut self, seen: Statistics<'_, D>) {
        let batch = BatchMoments {
            mean: seen.device.download_vector(&seen.moments.mean),
            variance: seen.device.download_vector(&seen.moments.variance),
            coupling: seen.coupling,
            numbers: seen.numbers,
        };
        self.seen.push((seen.norm, batch));
    }
}
