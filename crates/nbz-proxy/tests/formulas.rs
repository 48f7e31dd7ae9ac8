//! Proxies and findings without published values, each against another way to compute it.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

mod inputs;

use std::borrow::Cow;

use inputs::{inputs, seeded, task_network};
use nbz_engine::loss::cross_entropy;
use nbz_engine::{
    Cotangent, Device, EngineError, Init, Model, Of, Reference, Residuals, Run, Tensor, Values,
    Weights,
};
use nbz_proxy::{Batch, Devices, Draw, Inputs, Pass, Plan, registry};
use nbz_space::network::Conv;
use nbz_space::{Network, NetworkBuilder, Shape};

const ARCHITECTURE: &str = "r1:16s1x1-32s2x1-64s2x1-128s2x1";

fn value(name: &str, network: &Network, inputs: &Inputs) -> f64 {
    let plan = Plan::new(&registry::select(name).unwrap()).unwrap();
    let draw = seeded(ARCHITECTURE);
    let scored = plan
        .score(&Devices::REFERENCE, network, inputs, &draw)
        .unwrap();
    scored.scores[0].1.value()
}

/// The weights moved along `step` times the gradient of every parameter.
fn moved(
    weights: &Weights,
    gradients: &nbz_engine::Gradients<'_, Reference>,
    step: f64,
) -> Weights {
    let mut out = Weights::new();
    for (name, tensor) in weights.iter() {
        let values = match gradients.read(name) {
            Some(g) => tensor
                .to_f64()
                .iter()
                .zip(g)
                .map(|(w, g)| w + step * g)
                .collect(),
            None => tensor.to_f64().into_owned(),
        };
        let tensor = Tensor::new(name, tensor.dims().to_vec(), Values::F64(values)).unwrap();
        out.insert(name, tensor);
    }
    out
}

/// Along its own gradient a loss grows by `||g||^2` a step.
fn squared_norm_by_differences(
    network: &Network,
    weights: &Weights,
    batch: &Batch,
    run: &Run,
) -> f64 {
    let loss = |weights: &Weights| {
        let model = Model::new(&Reference, network, weights).unwrap();
        let logits = model.infer(batch.images(), run, &mut ()).unwrap();
        cross_entropy(&Reference.download_map(&logits), batch.labels())
            .unwrap()
            .0
    };
    let model = Model::new(&Reference, network, weights).unwrap();
    let trace = model.forward(batch.images(), run, &mut ()).unwrap();
    let cotangent = Cotangent::CrossEntropy(batch.labels());
    let g = trace.backward(cotangent, Of::Parameters, &mut ()).unwrap();
    let step = 1e-7;
    (loss(&moved(weights, &g, step)) - loss(&moved(weights, &g, -step))) / (2.0 * step)
}

#[test]
fn nasi_is_the_growth_of_the_loss_along_its_gradient() {
    // Oracle: central differences; 1e-6, what a step of 1e-7 leaves of 16 digits.
    let network = task_network(ARCHITECTURE);
    let inputs = inputs(&network);
    let weights = seeded(ARCHITECTURE);
    let weights = weights.weights(&network, Init::Torch, 0).unwrap();
    let expected = squared_norm_by_differences(&network, &weights, &inputs.batch, &Run::default());
    let found = value("nasi", &network, &inputs);
    assert!(
        (found / expected - 1.0).abs() < 1e-6,
        "{found} for {expected}"
    );
}

#[test]
fn grad_norm_zennas_is_that_of_noise_without_residuals() {
    // Oracle and tolerance as above.
    let network = task_network(ARCHITECTURE);
    let inputs = inputs(&network);
    let weights = seeded(ARCHITECTURE);
    let weights = weights.weights(&network, Init::Normal, 0).unwrap();
    let run = Run {
        residuals: Residuals::Removed,
        ..Run::default()
    };
    let noise = &inputs.noise.as_ref().unwrap().x;
    let expected = squared_norm_by_differences(&network, &weights, noise, &run).sqrt();
    let found = value("grad_norm_zennas", &network, &inputs);
    assert!(
        (found / expected - 1.0).abs() < 1e-6,
        "{found} for {expected}"
    );
}

/// Draws the `repeat`-th weights whatever repeat is asked for.
struct Only(usize);

impl Draw for Only {
    fn weights(
        &self,
        network: &Network,
        init: Init,
        _: usize,
    ) -> Result<Cow<'_, Weights>, EngineError> {
        let weights = seeded(ARCHITECTURE)
            .weights(network, init, self.0)?
            .into_owned();
        Ok(Cow::Owned(weights))
    }

    fn signs(&self, pair: usize, count: usize) -> Vec<f64> {
        seeded(ARCHITECTURE).signs(pair, count)
    }
}

#[test]
fn repeats_of_swap_are_single_runs_on_independent_weights() {
    // Oracle: each repeat as the only one; exact. Four channels of 8 x 8 neurons show some, not all,
    // of the 256 patterns of eight images.
    let mut builder = NetworkBuilder::new(Shape::new(3, 8, 8));
    let x = builder.conv("stem", builder.input(), Conv::dense(3, 4, 3, 1));
    let x = builder.relu("relu", x);
    let network = builder.classifier(x, 10);
    let plan = Plan::new(&registry::select("swap").unwrap()).unwrap();
    let patterns = |draw: &dyn Draw, swap_repeats| {
        let inputs = Inputs {
            swap_repeats,
            ..inputs(&network)
        };
        let found = plan
            .run(&Devices::REFERENCE, &network, &inputs, draw)
            .unwrap();
        found.findings.patterns.unwrap()
    };
    let alone: Vec<f64> = (0..3).flat_map(|r| patterns(&Only(r), 1)).collect();
    assert_ne!(alone[0].to_bits(), alone[1].to_bits());
    assert!(alone.iter().all(|&p| p < 256.0));
    assert_eq!(patterns(&seeded(ARCHITECTURE), 3), alone);
}

#[test]
fn the_papers_nine_merge_into_six_passes() {
    let plan = Plan::new(&registry::PAPER).unwrap();
    let expected = [
        Pass::Weights,
        Pass::Forward,
        Pass::Jacobian,
        Pass::Tangent,
        Pass::TangentKernel,
        Pass::Flow,
        Pass::PlainDistance,
    ];
    assert_eq!(plan.passes(), expected);
    assert!(plan.needs_noise() && !plan.needs_second_batch());
}

#[test]
fn the_passes_that_run_are_those_that_the_plan_lists() {
    let network = task_network(ARCHITECTURE);
    let inputs = inputs(&network);
    let draw = seeded(ARCHITECTURE);
    for proxy in registry::all() {
        let plan = Plan::new(&[proxy]).unwrap();
        let outcome = plan
            .run(&Devices::REFERENCE, &network, &inputs, &draw)
            .unwrap();
        let mut ran: Vec<Pass> = outcome.seconds.iter().map(|(pass, _)| *pass).collect();
        ran.sort_unstable();
        assert_eq!(ran, plan.passes(), "{}", proxy.name());
        assert!(outcome.seconds.iter().all(|(_, s)| *s >= 0.0));
    }
}
