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
    seen: Vec<(LayerId, Vec<f64>, Vec<f64>)>,
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
        for (id, mean, variance) in &self.seen {
            let layer = network.layer(*id);
            let count = (images * layer.shape.pixels()) as f64;
            let unbiased = count / (count - 1.0);
            let parts = [
                ("running_mean", mean, 1.0),
                ("running_var", variance, unbiased),
            ];
            for (part, batch, factor) in parts {
                let name = format!("{}.{part}", layer.name);
                let old = weights
                    .check_tensor(&name, &[layer.shape.channels])?
                    .to_f64();
                let moved: Vec<f64> = old
                    .iter()
                    .zip(batch)
                    .map(|(old, new)| (1.0 - momentum) * old + momentum * factor * new)
                    .collect();
                let tensor = Tensor::new(&name, vec![layer.shape.channels], moved)?;
                weights.insert(name, tensor);
            }
        }
        Ok(())
    }
}

impl<D: Device> Observer<D> for RunningStatistics {
    fn moments(&mut self, device: &D, norm: LayerId, moments: &Moments<D::Vector>) {
        let mean = device.download_vector(&moments.mean);
        let variance = device.download_vector(&moments.variance);
        self.seen.push((norm, mean, variance));
    }
}
