//! Per-image gradients: the tangent kernel of the first images, and sign counts.

use nbz_engine::{Device, EngineError, Images, Model, NormMode, Run};

use crate::findings::{SignCounts, TangentKernel};
use crate::plan::Batch;

/// The Gram matrix of the gradients of each image's sum of logits.
pub(crate) fn tangent_kernel<D: Device>(
    model: &Model<'_, D>,
    images: &Images,
) -> Result<TangentKernel, EngineError> {
    let trace = model.forward(images, &Run::default(), &mut ())?;
    let gram = trace.gram()?;
    Ok(TangentKernel {
        gram: gram.values().to_vec(),
        images: gram.rows(),
    })
}

/// `sum |sum_i sign g_i|` of each layer, every image a batch of its own; NaN if the logits are not
/// finite, because a NaN gradient has no sign.
pub(crate) fn sign_counts<D: Device>(
    model: &Model<'_, D>,
    batch: &Batch,
) -> Result<SignCounts, EngineError> {
    let run = Run {
        norm: NormMode::Image,
        ..Run::default()
    };
    let trace = model.forward(batch.images(), &run, &mut ())?;
    let finite = trace.output().iter().all(|z| z.is_finite());
    let sums = trace.sign_sums(batch.labels())?;
    let network = model.network();
    let of_layer = |layer| {
        let signs = sums.layer(layer).unwrap_or_default();
        let count: u64 = signs.iter().map(|s| u64::from(s.unsigned_abs())).sum();
        if finite { count as f64 } else { f64::NAN }
    };
    Ok(SignCounts {
        layers: network.weighted().map(of_layer).collect(),
        weights: weights(network),
    })
}

/// Numbers in the weights of all convolutions and linear layers.
fn weights(network: &nbz_space::Network) -> u64 {
    let tensors = network.tensors();
    let weights = tensors.iter().filter(|(_, dims)| dims.len() > 1);
    weights
        .map(|(_, dims)| dims.iter().product::<usize>() as u64)
        .sum()
}
