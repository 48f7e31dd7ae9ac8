//! Findings of the batch with the network's own weights: gradients, Fisher information, curvature,
//! Jacobian, ratios of two batches.
//!
//! A layer that the logits do not depend on (a convolution of a cell that reaches no output) has a zero
//! gradient.

use nbz_engine::{
    Cotangent, Device, Direction, EngineError, Gradients, Labels, Model, Observer, Of, Seen, Trace,
    Weights,
};
use nbz_space::network::{LayerId, Network, Op};

use crate::findings;
use crate::findings::{Jacobian, LayerFisher, LayerGradient};

/// `||W||` of each layer, from the weights as they were drawn.
pub(crate) fn weight_norms(network: &Network, weights: &Weights) -> Vec<f64> {
    let norm = |layer| {
        let name = format!("{}.weight", network.layer(layer).name);
        let squares = |t: &nbz_engine::Tensor| t.to_f64().iter().map(|w| w * w).sum::<f64>();
        weights.get(&name).map_or(0.0, squares).sqrt()
    };
    network.weighted().map(norm).collect()
}

/// Sums over each layer's weight and gradient, and over all parameters.
pub(crate) fn gradients<D: Device>(
    model: &Model<'_, D>,
    gradients: &Gradients<'_, D>,
) -> findings::Gradients {
    let device = model.device();
    let of_layer = |layer: LayerId| match (gradients.weight(layer), model.weight(layer)) {
        (Some(g), Some(w)) => LayerGradient {
            norm: device.weight_dot(g, g).sqrt(),
            dot: device.weight_dot(w, g),
            abs_dot: device.weight_abs_dot(w, g),
        },
        _ => LayerGradient {
            norm: 0.0,
            dot: 0.0,
            abs_dot: 0.0,
        },
    };
    findings::Gradients {
        layers: model.network().weighted().map(of_layer).collect(),
        all_squared: all_squared(model, gradients),
    }
}

/// `sum g^2` over all parameters that the run reached.
pub(crate) fn all_squared<D: Device>(model: &Model<'_, D>, gradients: &Gradients<'_, D>) -> f64 {
    let network = model.network();
    let squares = |values: Vec<f64>| values.iter().map(|g| g * g).sum::<f64>();
    let mut sum = 0.0;
    for &layer in network.modules() {
        let read = |part: &str| {
            let name = format!("{}.{part}", network.layer(layer).name);
            gradients.read(&name).map_or(0.0, squares)
        };
        sum += match gradients.weight(layer) {
            Some(g) => model.device().weight_dot(g, g),
            None => read("weight"),
        };
        sum += read("bias");
    }
    sum
}

/// Watches a backward pass: `sum_c 0.5 mean_n (sum_hw a d)^2` of each layer.
#[derive(Debug)]
pub(crate) struct FisherWatch(Vec<(LayerId, f64)>);

impl FisherWatch {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn layers(&self, network: &Network) -> Vec<LayerFisher> {
        let of_layer = |layer: LayerId| LayerFisher {
            channels: self
                .0
                .iter()
                .find(|(seen, _)| *seen == layer)
                .map_or(0.0, |(_, sum)| *sum),
            fan_in: match network.layer(layer).op {
                Op::Conv(conv) => conv.fan_in(),
                Op::Linear { in_features, .. } => in_features,
                _ => 0,
            },
        };
        network.weighted().map(of_layer).collect()
    }
}

impl<D: Device> Observer<D> for FisherWatch {
    fn wants_deltas(&self) -> bool {
        true
    }

    fn delta(&mut self, seen: Seen<'_, D>, delta: &D::Map) {
        let dots = seen.device.channel_dots(seen.value, delta);
        let images = seen.device.images(delta) as f64;
        let squares: f64 = dots.iter().map(|s| s * s).sum();
        self.0.push((seen.layer, 0.5 * squares / images));
    }
}

/// The gradients, and `<g, H W>` of each layer by a tangent along the weights.
pub(crate) fn curvature<'m, D: Device>(
    trace: &Trace<'m, D>,
    labels: &Labels,
    watch: &mut dyn Observer<D>,
) -> Result<(Gradients<'m, D>, Vec<f64>), EngineError> {
    let device = trace.model().device();
    let tangent = trace.tangent(Direction::Weights)?;
    let (g, moved) = tangent.backward(Cotangent::CrossEntropy(labels), watch)?;
    let of_layer = |layer| match (g.weight(layer), moved.weight(layer)) {
        (Some(g), Some(hw)) => device.weight_dot(g, hw),
        _ => 0.0,
    };
    let curvature = trace.model().network().weighted().map(of_layer).collect();
    Ok((g, curvature))
}

/// The gradient of the sum of all logits at the images.
pub(crate) fn jacobian<D: Device>(
    trace: &Trace<'_, D>,
    labels: &Labels,
) -> Result<Jacobian, EngineError> {
    let model = trace.model();
    let gradients = trace.backward(Cotangent::Ones, Of::Input, &mut ())?;
    let map = gradients
        .input()
        .expect("the images' gradient was asked for");
    Ok(Jacobian {
        rows: model.device().download_map(map),
        labels: labels.values().to_vec(),
        classes: model.network().classes(),
    })
}

/// `sum m / s` of each layer over the gradients of two batches. With two values,
/// `m / s = (|a| + |b|) / |a - b|`; entries with `a = b` are left out.
pub(crate) fn ratios<D: Device>(
    model: &Model<'_, D>,
    first: &Gradients<'_, D>,
    second: &Gradients<'_, D>,
) -> Vec<f64> {
    let device = model.device();
    let of_layer = |layer| {
        let (Some(a), Some(b)) = (first.weight(layer), second.weight(layer)) else {
            return 0.0;
        };
        let (a, b) = (device.download_weight(a), device.download_weight(b));
        let pairs = a.iter().zip(&b).filter(|(a, b)| *a - *b != 0.0);
        pairs
            .map(|(a, b)| (a.abs() + b.abs()) / (a - b).abs())
            .sum()
    };
    model.network().weighted().map(of_layer).collect()
}
