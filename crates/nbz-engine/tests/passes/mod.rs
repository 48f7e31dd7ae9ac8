//! Every pass on one case, as lists of numbers by name: what the conformance and the bits are read from.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

use nbz_engine::{Cotangent, Device, Direction, Images, Labels, Model, Of, Run, Until};
use nbz_space::network::Network;

use crate::nets;

/// A result by name.
pub(crate) type Named = (String, Vec<f64>);

pub(crate) struct Case {
    pub(crate) network: Network,
    pub(crate) images: Images,
    pub(crate) labels: Labels,
    pub(crate) run: Run,
    pub(crate) seed: u64,
}

/// What all passes give on one device.
pub(crate) fn results<D: Device>(device: &D, case: &Case) -> Vec<Named> {
    let weights = nets::weights(&case.network, case.seed);
    let model = Model::new(device, &case.network, &weights).unwrap();
    let trace = model.forward(&case.images, &case.run, &mut ()).unwrap();
    let mut out = vec![("logits".to_string(), trace.output())];
    let features = Run {
        until: Until::Features,
        ..case.run
    };
    let map = model.infer(&case.images, &features, &mut ()).unwrap();
    out.push(("features".into(), device.download_map(&map)));
    let matrix = nets::Numbers::new(case.seed).take(trace.output().len());
    let drawn = Cotangent::Matrix(&matrix);
    let drawn = trace.backward(drawn, Of::Input, &mut ()).unwrap();
    out.push(("input".into(), device.download_map(drawn.input().unwrap())));
    let loss = Cotangent::CrossEntropy(&case.labels);
    let gradients = trace.backward(loss, Of::Both, &mut ()).unwrap();
    let (_, product) = trace
        .tangent(Direction::Weights)
        .unwrap()
        .backward(loss, &mut ())
        .unwrap();
    for (name, _) in case.network.tensors() {
        if let Some(values) = gradients.read(&name) {
            out.push((format!("gradient of {name}"), values));
        }
        if let Some(values) = product.read(&name) {
            out.push((format!("Hessian product at {name}"), values));
        }
    }
    let along = nets::weights(&case.network, case.seed + 1);
    let (_, product) = trace
        .tangent(Direction::Given(&along))
        .unwrap()
        .backward(loss, &mut ())
        .unwrap();
    for (name, _) in case.network.tensors() {
        if let Some(values) = product.read(&name) {
            out.push((format!("Hessian product along another at {name}"), values));
        }
    }
    if let Some(&goal) = case.network.blocks().first() {
        let start = case.network.features();
        let ones = vec![1.0; device.download_map(trace.value_of(start).unwrap()).len()];
        let pulled = trace.pull_back(start, &ones, goal).unwrap();
        out.push(("pulled back".into(), device.download_map(&pulled)));
    }
    out.push(("gram".into(), trace.gram().unwrap().values().to_vec()));
    out
}
