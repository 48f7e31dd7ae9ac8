//! The least eigenvalue of channels' correlation in every map (meco).
//!
//! The reference hooks every module of a PyTorch network, so a map that ends a container counts again.
//! Of the graph, that is: every convolution, batch norm, ReLU and pooling once; a batch norm `NAME.bn`
//! behind `NAME.conv` once more for the pair; a block's output once more for the block, and the last
//! block's of a stage (`stages.I.J`) once more for the stage. Logits give 0.

use nbz_engine::{Device, EngineError, Fusion, Images, Model, Observer, Run, Seen};
use nbz_space::network::{LayerId, Network, Op};

use crate::algebra::{correlation, eigenvalues};

/// One number a hooked map, in execution order, from the first image.
pub(crate) fn channel_correlation<D: Device>(
    model: &Model<'_, D>,
    image: &Images,
) -> Result<Vec<f64>, EngineError> {
    let run = Run {
        fusion: Fusion::Layers,
        ..Run::default()
    };
    let mut watch = Watch { least: Vec::new() };
    model.infer(image, &run, &mut watch)?;
    Ok(watch.least)
}

struct Watch {
    least: Vec<f64>,
}

impl<D: Device> Observer<D> for Watch {
    fn value(&mut self, seen: Seen<'_, D>) {
        let times = times(seen.network, seen.layer);
        if times > 0 {
            let shape = seen.device.shape(seen.value);
            let values = seen.device.download_map(seen.value);
            let least = least_eigenvalue(&values[..shape.len()], shape.channels);
            self.least.extend(std::iter::repeat_n(least, times));
        }
    }
}

/// The least eigenvalue of the correlation of `channels` rows; entries without correlation are 0.
///
/// A map with no more pixels than channels, or with a constant channel, has a singular matrix: its
/// least eigenvalue is 0 and not computed, so that rounding does not enter.
fn least_eigenvalue(map: &[f64], channels: usize) -> f64 {
    if !map.iter().all(|v| v.is_finite()) {
        return f64::NAN;
    }
    if map.len() / channels <= channels {
        return 0.0;
    }
    let matrix = correlation(map, channels);
    if matrix.iter().any(|c| c.is_nan()) {
        return 0.0;
    }
    eigenvalues(&matrix, channels).map_or(f64::NAN, |v| v[0])
}

/// How many hooked modules end in a layer's value.
fn times(network: &Network, layer: LayerId) -> usize {
    let of = network.layer(layer);
    let module = matches!(
        of.op,
        Op::Conv(_) | Op::BatchNorm | Op::Relu | Op::AvgPool(_)
    );
    let pair = of.op == Op::BatchNorm
        && of.name.strip_suffix(".bn").is_some_and(|name| {
            let input = &network.layer(of.inputs[0]).name;
            input.strip_suffix(".conv") == Some(name)
        });
    let blocks = network.blocks();
    let position = blocks.iter().skip(1).position(|&b| b == layer);
    let ends_stage = position.is_some_and(|i| {
        let stage = stage(&of.name);
        let next = blocks.get(i + 2).map(|&b| &network.layer(b).name);
        stage.is_some() && stage != next.and_then(|name| self::stage(name))
    });
    usize::from(module)
        + usize::from(pair)
        + usize::from(position.is_some())
        + usize::from(ends_stage)
}

/// The stage of a layer in a block `stages.I.J`.
fn stage(name: &str) -> Option<u32> {
    let mut parts = name.strip_prefix("stages.")?.split('.');
    let stage = parts.next()?.parse().ok()?;
    let _block: u32 = parts.next()?.parse().ok()?;
    Some(stage)
}
