//! What PyTorch gives in f64 on the golden cases, against the reference device.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

#[expect(dead_code, reason = "each test binary uses a part of it")]
mod golden;

use golden::{Case, Draw};
use nbz_engine::{Cotangent, Device, Model, NormMode, Of, Reference, Run, loss::cross_entropy};

/// Equal up to `tolerance`, relative to the expected number.
fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (found - expected).abs() / expected.abs();
    assert!(
        error <= tolerance,
        "{what}: {found} for {expected}, off by {error:e}"
    );
}

/// Tolerance 1e-11: both sides are f64 and differ only in the order of sums.
fn facts_hold(number: usize) {
    let case = Case::load(number);
    let (images, labels) = case.batch("batch");
    let weights = case.weights(Draw::Torch);
    let model = Model::new(&Reference, &case.network, &weights).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let logits = trace.output();
    let (loss, _) = cross_entropy(&logits, &labels).unwrap();
    let close = |found: f64, fact: &str| {
        assert_close(found, case.number(&format!("facts/{fact}")), 1e-11, fact);
    };
    close(loss, "loss");
    close(logits.iter().map(|z| z.abs()).sum(), "logits_abs_sum");
    let sum = logits.iter().sum::<f64>();
    let scale = case.number("facts/logits_abs_sum");
    assert!((sum - case.number("facts/logits_sum")).abs() <= 1e-11 * scale);
    let ones = trace.backward(Cotangent::Ones, Of::Input, &mut ()).unwrap();
    let input = Reference.download_map(ones.input().unwrap());
    close(input.iter().map(|g| g.abs()).sum(), "input_grad_abs_sum");
    let gradients = trace
        .backward(Cotangent::CrossEntropy(&labels), Of::Parameters, &mut ())
        .unwrap();
    let norms = case.numbers("torch/grad_norm/per_layer_f64");
    let snips = case.numbers("torch/snip/per_layer_f64");
    for (i, layer) in case.network.weighted().enumerate() {
        let g = gradients.weight(layer).unwrap();
        let name = &case.network.layer(layer).name;
        assert_close(Reference.weight_dot(g, g).sqrt(), norms[i], 1e-11, name);
        let snip = Reference.weight_abs_dot(g, model.weight(layer).unwrap());
        assert_close(snip, snips[i], 1e-11, name);
    }
}

fn perturbed_norms_hold(number: usize) {
    let case = Case::load(number);
    let (images, labels) = case.batch("batch");
    let weights = case.weights(Draw::Perturbed);
    let model = Model::new(&Reference, &case.network, &weights).unwrap();
    for (norm, name) in [(NormMode::Batch, "train"), (NormMode::Running, "eval")] {
        let run = Run {
            norm,
            ..Run::default()
        };
        let trace = model.forward(&images, &run, &mut ()).unwrap();
        let logits = trace.output();
        let fact = format!("facts/perturbed_{name}_logits_abs_sum");
        let sum = logits.iter().map(|z| z.abs()).sum();
        assert_close(sum, case.number(&fact), 1e-11, &fact);
        if norm == NormMode::Batch {
            let (loss, _) = cross_entropy(&logits, &labels).unwrap();
            assert_close(
                loss,
                case.number("facts/perturbed_train_loss"),
                1e-11,
                "loss",
            );
        }
    }
}

#[test]
fn facts_of_every_case_hold() {
    for number in 1..=8 {
        facts_hold(number);
    }
}

#[test]
fn perturbed_batch_norms_hold_in_train_and_eval_mode() {
    for number in 1..=8 {
        perturbed_norms_hold(number);
    }
}
