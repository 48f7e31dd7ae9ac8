//! The flow of ones: absolute weights, no batch norm, one image of ones, in double precision.

use nbz_engine::{Cotangent, Device, EngineError, Images, Model, NormMode, Of, Run, Weights};
use nbz_space::Network;

use crate::findings::Flow;

/// Sums over the products of weights and their gradients of the sum of logits.
pub(crate) fn flow<D: Device>(
    double: &D,
    network: &Network,
    weights: &Weights,
) -> Result<Flow, EngineError> {
    let model = Model::new(double, network, &weights.abs())?;
    let run = Run {
        norm: NormMode::Removed,
        ..Run::default()
    };
    let trace = model.forward(&Images::ones(network.input_shape())?, &run, &mut ())?;
    let gradients = trace.backward(Cotangent::Ones, Of::Parameters, &mut ())?;
    let mut flow = Flow {
        products: Vec::new(),
        log_products: Vec::new(),
    };
    for layer in network.weighted() {
        let (Some(g), Some(w)) = (gradients.weight(layer), model.weight(layer)) else {
            flow.products.push(0.0);
            flow.log_products.push(0.0);
            continue;
        };
        flow.products.push(double.weight_abs_dot(g, w));
        let (g, w) = (double.download_weight(g), double.download_weight(w));
        // The reference's ln(1 + g), which loses small gradients; not ln_1p.
        let terms = g.iter().zip(&w).map(|(g, w)| (w * (1.0 + g).ln()).abs());
        flow.log_products.push(terms.sum());
    }
    Ok(flow)
}
