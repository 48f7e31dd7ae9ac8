//! Signs of per-image weight gradients: how many images push a weight up, less how many push it down.
//!
//! Every image is a batch of its own ([`NormMode::Image`]), so its gradient does not depend on the others
//! and one walk with the whole batch's cotangent gives every image's delta; only the weight gradient is
//! taken image by image. Where batch norm makes a gradient exactly zero its rounding has an arbitrary
//! sign, so a magnitude below `1e-11` of the largest of that image and layer counts as 0. That is far above the rounding of
//! f64 and far below that of f32, where such gradients keep their arbitrary signs.
//!
//! [`NormMode::Image`]: crate::run::NormMode::Image

use nbz_space::network::LayerId;

use crate::backward::{Cotangent, Of};
use crate::batch::Labels;
use crate::device::{Coupling, Device};
use crate::error::EngineError;
use crate::forward::Trace;
use crate::model::conv_of;
use crate::observer::{Observer, Seen};

const NEGLIGIBLE: f64 = 1e-11;

/// For every convolution and linear weight, the sum over images of the sign of its gradient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignSums {
    layers: Vec<(LayerId, Vec<i32>)>,
}

impl SignSums {
    /// The sums of one layer's weight in the order `[out, in / groups, k, k]`.
    pub fn layer(&self, layer: LayerId) -> Option<&[i32]> {
        let found = self.layers.iter().find(|(id, _)| *id == layer);
        found.map(|(_, sums)| sums.as_slice())
    }
}

impl<D: Device> Trace<'_, D> {
    /// Sign sums of every image's own cross entropy.
    ///
    /// # Errors
    /// [`EngineError::Coupled`] if the run took the statistics of the batch, for its images are not
    /// independent: run with [`NormMode::Image`], or without batch statistics. Labels of another number of
    /// images or classes.
    ///
    /// [`NormMode::Image`]: crate::run::NormMode::Image
    pub fn sign_sums(&self, labels: &Labels) -> Result<SignSums, EngineError> {
        let network = self.model.network();
        let couples = |id: &LayerId| {
            let norm = self.norm_of(*id);
            norm.is_some_and(|norm| norm.coupling == Coupling::Batch)
        };
        if let Some(id) = network.ids().find(couples) {
            let layer = network.layer(id).name.clone();
            return Err(EngineError::Coupled { layer });
        }
        let mut counter = Counter {
            trace: self,
            layers: Vec::new(),
        };
        self.backward(Cotangent::CrossEntropy(labels), Of::Input, &mut counter)?;
        Ok(SignSums {
            layers: counter.layers,
        })
    }
}

struct Counter<'t, 'm, D: Device> {
    trace: &'t Trace<'m, D>,
    layers: Vec<(LayerId, Vec<i32>)>,
}

impl<D: Device> Observer<D> for Counter<'_, '_, D> {
    fn wants_deltas(&self) -> bool {
        true
    }

    fn delta(&mut self, seen: Seen<'_, D>, delta: &D::Map) {
        let device = seen.device;
        let layer = seen.network.layer(seen.layer);
        let Some(conv) = conv_of(layer.op) else {
            return;
        };
        let input = self
            .trace
            .value_of(layer.inputs[0])
            .expect("the input of a layer that ran has a value");
        let sums = device.conv_sign_sums(&conv, input, delta, NEGLIGIBLE);
        let sums = device.download_weight(&sums);
        let sums = sums.into_iter().map(|sum| sum as i32);
        self.layers.push((seen.layer, sums.collect()));
    }
}
