//! How far features move when noise moves, and the gradient of noise (zen, grad_norm_zennas).

use nbz_engine::{
    Cotangent, Device, EngineError, Images, Model, Observer, Of, Residuals, Run, Statistics, Until,
};
use nbz_space::network::LayerId;

use super::batch::all_squared;
use crate::findings::{Distances, NormVariances};
use crate::plan::{Batch, Noise};

/// The step from `x` towards `e`.
const STEP: f64 = 0.01;

/// Distances of the features of `x` and `x + 0.01 e`, and both batches' variances at every batch norm.
pub(crate) fn distances<D: Device>(
    model: &Model<'_, D>,
    noise: &Noise,
    residuals: Residuals,
) -> Result<Distances, EngineError> {
    let run = Run {
        residuals,
        until: Until::Features,
        ..Run::default()
    };
    let x = noise.x.images();
    let pairs = x.values().iter().zip(noise.e.values());
    let moved = Images::new(x.shape(), pairs.map(|(x, e)| x + STEP * e).collect())?;
    let (mut first, mut second) = (Variances::default(), Variances::default());
    let f = model.infer(x, &run, &mut first)?;
    let moved_f = model.infer(&moved, &run, &mut second)?;
    let device = model.device();
    let (f, moved_f) = (device.download_map(&f), device.download_map(&moved_f));
    let images = x.count();
    let (mut absolute, mut euclidean) = (0.0, 0.0);
    let width = f.len() / images;
    for (a, b) in f.chunks(width).zip(moved_f.chunks(width)) {
        let differences = || a.iter().zip(b).map(|(a, b)| a - b);
        absolute += differences().map(f64::abs).sum::<f64>();
        euclidean += differences().map(|d| d * d).sum::<f64>().sqrt();
    }
    Ok(Distances {
        absolute: absolute / images as f64,
        euclidean: euclidean / images as f64,
        norms: norms(model, images, &first, &second),
    })
}

/// `sum g^2` over all parameters, residuals removed.
pub(crate) fn noise_gradient<D: Device>(
    model: &Model<'_, D>,
    noise: &Batch,
) -> Result<f64, EngineError> {
    let run = Run {
        residuals: Residuals::Removed,
        ..Run::default()
    };
    let trace = model.forward(noise.images(), &run, &mut ())?;
    let loss = Cotangent::CrossEntropy(noise.labels());
    let gradients = trace.backward(loss, Of::Parameters, &mut ())?;
    Ok(all_squared(model, &gradients))
}

#[derive(Default)]
struct Variances(Vec<(LayerId, Vec<f64>)>);

impl<D: Device> Observer<D> for Variances {
    fn moments(&mut self, seen: Statistics<'_, D>) {
        let variance = seen.device.download_vector(&seen.moments.variance);
        self.0.push((seen.norm, variance));
    }
}

/// Every batch norm that ran, in module order.
fn norms<D: Device>(
    model: &Model<'_, D>,
    images: usize,
    first: &Variances,
    second: &Variances,
) -> Vec<NormVariances> {
    let network = model.network();
    let of = |layer: LayerId, seen: &Variances| {
        let found = seen.0.iter().find(|(id, _)| *id == layer);
        found.map(|(_, variance)| variance.clone())
    };
    let both = |&layer: &LayerId| {
        Some(NormVariances {
            first: of(layer, first)?,
            second: of(layer, second)?,
            count: (images * network.layer(layer).shape.pixels()) as f64,
        })
    };
    network.modules().iter().filter_map(both).collect()
}
