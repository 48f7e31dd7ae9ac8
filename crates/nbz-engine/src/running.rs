//! Running statistics of batch norms, as a training step moves them.
//!
//! `running = (1 - momentum) running + momentum batch`, with the *unbiased* variance of the batch, the
//! biased one times `m / (m - 1)` for `m` numbers a channel (PyTorch's rule).

use nbz_space::network::{LayerId, Network};

use crate::device::{Device, Moments};
use crate::error::EngineError;
use crate::observer::Observer;
use crate::weights::{Tensor, Weights};

/// Collects the statistics of a forward pass in train mode and moves running statistics by them.
#[derive(Debug, Clone, Default)]
pub struct RunningStatistics {
    seen: Vec<(LayerId, BatchMoments)>,
}

/// Mean and biased variance of each channel of one batch norm.
#[derive(Debug, Clone)]
pub(crate) struct BatchMoments {
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl BatchMoments {
    /// Running mean and variance after a batch of `numbers` a channel.
    pub(crate) fn moved(
        &self,
        [mean, variance]: &[Vec<f64>; 2],
        numbers: usize,
        momentum: f64,
    ) -> [Vec<f64>; 2] {
        let unbiased = numbers as f64 / (numbers as f64 - 1.0);
        let towards = |old: &[f64], batch: &[f64], factor: f64| {
            let step = |(old, new): (&f64, &f64)| (1.0 - momentum) * old + momentum * factor * new;
            old.iter().zip(batch).map(step).collect()
        };
        [
            towards(mean, &self.mean, 1.0),
            towards(variance, &self.variance, unbiased),
        ]
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
    /// If the weights lack a running statistic of the network or have it in another shape.
    pub fn update(
        &self,
        network: &Network,
        weights: &mut Weights,
        images: usize,
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
            let moved = batch.moved(&old, images * layer.shape.pixels(), momentum);
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
    fn moments(&mut self, device: &D, norm: LayerId, moments: &Moments<D::Vector>) {
        let mean = device.download_vector(&moments.mean);
        let variance = device.download_vector(&moments.variance);
        self.seen.push((norm, BatchMoments { mean, variance }));
    }
}
