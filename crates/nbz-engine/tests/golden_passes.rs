//! What published proxy code gives in f64, where one pass alone gives it, against the reference device.
//!
//! grasp, fisher, synflow: SamsungLabs/zero-cost-nas a43bfbc9; ntk: VITA-Group/TENAS 9df78ffd.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

#[expect(dead_code, reason = "each test binary uses a part of it")]
mod golden;

use golden::{Case, Draw};
use nbz_engine::{
    Cotangent, Device, Direction, Images, Model, NormMode, Observer, Of, Reference, Run, Seen,
};

/// Equal up to `tolerance` of `scale`.
#[track_caller]
fn assert_within(found: f64, expected: f64, tolerance: f64, scale: f64) {
    let error = (found - expected).abs() / scale.abs();
    assert!(
        error <= tolerance,
        "{found} for {expected}, off by {error:e}"
    );
}

/// Tolerance 1e-9 of the sum of magnitudes: the layers' terms cancel. The files of cases 5 to 8 hold
/// the total alone, because the published code sums `-W (H g)` and the layers' terms differ.
fn assert_grasp(number: usize, draw: Draw, key: &str) {
    let case = Case::load(number);
    let (images, labels) = case.batch("batch");
    let model = Model::new(&Reference, &case.network, &case.weights(draw)).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let tangent = trace.tangent(Direction::Weights).unwrap();
    let (g, moved) = tangent
        .backward(Cotangent::CrossEntropy(&labels), &mut ())
        .unwrap();
    let terms: Vec<f64> = case
        .network
        .weighted()
        .map(|l| -Reference.weight_dot(g.weight(l).unwrap(), moved.weight(l).unwrap()))
        .collect();
    let scale: f64 = terms.iter().map(|v| v.abs()).sum();
    let total = case.number(&format!("{key}/grasp/f64"));
    assert_within(terms.iter().sum(), total, 1e-9, scale);
    if number <= 4 {
        let expected = case.numbers(&format!("{key}/grasp/own_per_layer_gHW_f64"));
        for (term, expected) in terms.iter().zip(expected) {
            assert_within(*term, expected, 1e-9, scale);
        }
    }
}

/// `0.5 mean_n (sum_hw a d)^2`, summed over channels and multiplied by the fan-in.
#[derive(Default)]
struct Fisher(Vec<(String, f64)>);

impl Observer<Reference> for Fisher {
    fn wants_deltas(&self) -> bool {
        true
    }

    fn delta(&mut self, seen: Seen<'_, Reference>, delta: &<Reference as Device>::Map) {
        let dots = seen.device.channel_dots(seen.value, delta);
        let images = seen.device.images(delta) as f64;
        let squares: f64 = dots.iter().map(|s| s * s).sum();
        let name = seen.network.layer(seen.layer).name.clone();
        self.0.push((name, 0.5 * squares / images));
    }
}

fn assert_fisher(number: usize) {
    let case = Case::load(number);
    let (images, labels) = case.batch("batch");
    let model = Model::new(&Reference, &case.network, &case.weights(Draw::Torch)).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let mut fisher = Fisher::default();
    let loss = Cotangent::CrossEntropy(&labels);
    trace.backward(loss, Of::Parameters, &mut fisher).unwrap();
    let tensors = case.network.tensors();
    let expected = case.numbers("torch/fisher/per_layer_f64");
    for (layer, expected) in case.network.weighted().zip(expected) {
        let name = &case.network.layer(layer).name;
        let channels = fisher.0.iter().find(|(n, _)| n == name).unwrap().1;
        let weight = format!("{name}.weight");
        let dims = &tensors.iter().find(|(n, _)| *n == weight).unwrap().1;
        let fan_in = dims[1..].iter().product::<usize>() as f64;
        assert_within(fan_in * channels, expected, 1e-11, expected);
    }
}

/// Forward mode gives the total, a backward pass each layer; both to 1e-12.
fn assert_synflow(number: usize) {
    let case = Case::load(number);
    let weights = case.weights(Draw::Torch).abs();
    let model = Model::new(&Reference, &case.network, &weights).unwrap();
    let run = Run {
        norm: NormMode::Removed,
        ..Run::default()
    };
    let ones = Images::ones(case.network.input_shape()).unwrap();
    let trace = model.forward(&ones, &run, &mut ()).unwrap();
    let forward = trace.tangent(Direction::Weights).unwrap().output();
    let expected = case.number("torch/synflow/f64");
    assert_within(forward.iter().sum(), expected, 1e-12, expected);
    let g = trace
        .backward(Cotangent::Ones, Of::Parameters, &mut ())
        .unwrap();
    let expected = case.numbers("torch/synflow/per_layer_f64");
    for (layer, expected) in case.network.weighted().zip(expected) {
        let (g, w) = (g.weight(layer).unwrap(), model.weight(layer).unwrap());
        assert_within(Reference.weight_abs_dot(g, w), expected, 1e-12, expected);
    }
}

/// The eigenvalues enter through their sum and the sum of their squares, the trace of the Gram matrix
/// and its squared Frobenius norm: 1e-9, the bound of each eigenvalue.
fn assert_ntk(number: usize, draw: Draw, key: &str) {
    let case = Case::load(number);
    let (images, _) = case.batch("batch");
    let model = Model::new(&Reference, &case.network, &case.weights(draw)).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let gram = trace.gram().unwrap();
    let eigenvalues = case.numbers(&format!("{key}/ntk/eigenvalues_f64"));
    let diagonal: f64 = (0..gram.rows())
        .map(|i| gram.values()[i * gram.rows() + i])
        .sum();
    let sum: f64 = eigenvalues.iter().sum();
    assert_within(diagonal, sum, 1e-9, sum);
    let frobenius: f64 = gram.values().iter().map(|v| v * v).sum();
    let squares: f64 = eigenvalues.iter().map(|v| v * v).sum();
    assert_within(frobenius, squares, 1e-9, squares);
}

#[test]
fn the_hessian_product_gives_grasp_layer_by_layer() {
    for number in [1, 3, 4, 5, 8] {
        assert_grasp(number, Draw::Torch, "torch");
    }
    assert_grasp(4, Draw::Perturbed, "perturbed");
}

#[test]
fn deltas_give_fisher_layer_by_layer() {
    for number in [1, 3, 8] {
        assert_fisher(number);
    }
}

#[test]
fn forward_mode_along_the_weights_gives_synflow() {
    for number in 1..=8 {
        assert_synflow(number);
    }
}

#[test]
fn gram_matrices_have_the_eigenvalue_sums_of_ntk() {
    assert_ntk(4, Draw::Torch, "torch");
    assert_ntk(8, Draw::Perturbed, "perturbed");
}
