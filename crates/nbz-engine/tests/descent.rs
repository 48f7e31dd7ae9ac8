//! Descent steps: the loss of soft targets, the rule of the step, and what a model gives back.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

#[expect(dead_code, reason = "each test binary uses a part of it")]
mod nets;

use nbz_engine::cpu::Path;
use nbz_engine::{
    Cotangent, Cpu, Device, EngineError, Images, Model, Of, ParameterGradients, Reference, Run,
    RunningStatistics, Sgd, Targets, Tensor, Velocity, Weights, loss::soft_cross_entropy,
};
use nbz_space::network::Network;
use nets::Numbers;

const RULE: Sgd = Sgd {
    rate: 0.1,
    momentum: 0.9,
    nesterov: true,
    decay: 5e-4,
};

fn targets(images: usize, classes: usize) -> Targets {
    let mut numbers = Numbers::new(9);
    let rows = (0..images).flat_map(|_| {
        let row: Vec<f64> = (0..classes).map(|_| 1.5 + numbers.next()).collect();
        let sum: f64 = row.iter().sum();
        row.into_iter().map(move |t| t / sum)
    });
    Targets::new(classes, rows.collect()).unwrap()
}

fn images(network: &Network, count: usize) -> Images {
    nets::batch(network, count, 5).0
}

/// The gradients of the loss of soft targets.
fn gradients<D: Device>(
    model: &Model<'_, D>,
    images: &Images,
    targets: &Targets,
) -> ParameterGradients<D> {
    let trace = model.forward(images, &Run::default(), &mut ()).unwrap();
    let (_, matrix) = soft_cross_entropy(&trace.output(), targets).unwrap();
    let cotangent = Cotangent::Matrix(&matrix);
    let gradients = trace.backward(cotangent, Of::Parameters, &mut ()).unwrap();
    gradients.into_parameters()
}

/// Oracle: central differences with step 1e-6, which err by 1e-10; tolerance 1e-8 absolute.
#[test]
fn the_gradient_of_soft_cross_entropy_is_its_derivative() {
    let logits = Numbers::new(2).take(12);
    let targets = targets(4, 3);
    let (_, gradient) = soft_cross_entropy(&logits, &targets).unwrap();
    for (i, expected) in gradient.iter().enumerate() {
        let at = |step: f64| {
            let mut moved = logits.clone();
            moved[i] += step;
            soft_cross_entropy(&moved, &targets).unwrap().0
        };
        let found = (at(1e-6) - at(-1e-6)) / 2e-6;
        assert!((found - expected).abs() < 1e-8, "{found} for {expected}");
    }
}

/// Oracle: the rule's formulas on plain vectors, with the gradients read by name; exact to 1e-14.
#[test]
fn two_steps_follow_the_rule_and_decay_spares_biases_and_norms() {
    let network = nets::cell(5, 8);
    let (images, targets) = (images(&network, 4), targets(4, 3));
    let mut model = Model::new(&Reference, &network, &nets::weights(&network, 3)).unwrap();
    let mut velocity = Velocity::still(&model);
    let mut expected_velocity = Weights::new();
    for step in 0..2 {
        let before = model.weights().unwrap();
        let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
        let (_, matrix) = soft_cross_entropy(&trace.output(), &targets).unwrap();
        let cotangent = Cotangent::Matrix(&matrix);
        let gradients = trace.backward(cotangent, Of::Parameters, &mut ()).unwrap();
        let mut expected = Weights::new();
        for (name, dims) in network.tensors() {
            let Some(mut gradient) = gradients.read(&name) else {
                assert!(name.contains(".running_"), "{name} has no gradient");
                continue;
            };
            let weight = before.get(&name).unwrap().to_f64().into_owned();
            if dims.len() > 1 {
                for (g, w) in gradient.iter_mut().zip(&weight) {
                    *g += RULE.decay * w;
                }
            }
            let moved: Vec<f64> = match expected_velocity.get(&name) {
                Some(old) => old
                    .to_f64()
                    .iter()
                    .zip(&gradient)
                    .map(|(v, g)| 0.9 * v + g)
                    .collect(),
                None => gradient.clone(),
            };
            let values: Vec<f64> = (0..weight.len())
                .map(|i| weight[i] - 0.1 * (gradient[i] + 0.9 * moved[i]))
                .collect();
            expected.insert(
                name.clone(),
                Tensor::new(&name, dims.clone(), values).unwrap(),
            );
            expected_velocity.insert(name.clone(), Tensor::new(&name, dims, moved).unwrap());
        }
        let gradients = gradients.into_parameters();
        model.descend(gradients, &mut velocity, &RULE).unwrap();
        let after = model.weights().unwrap();
        for (name, tensor) in expected.iter() {
            assert_close(&after, name, &tensor.to_f64(), step);
        }
        for (name, tensor) in expected_velocity.iter() {
            assert_close(
                &velocity.tensors(&model).unwrap(),
                name,
                &tensor.to_f64(),
                step,
            );
        }
    }
}

#[track_caller]
fn assert_close(found: &Weights, name: &str, expected: &[f64], step: usize) {
    for (found, expected) in found.get(name).unwrap().to_f64().iter().zip(expected) {
        let error = (found - expected).abs();
        assert!(
            error < 1e-14,
            "{name} at step {step}: {found} for {expected}"
        );
    }
}

/// Oracle: `RunningStatistics::update`, which `norm_facts.rs` holds to the rule written out; exact.
#[test]
fn a_model_moves_its_running_statistics_as_weights_are_moved() {
    let network = nets::residual(4, 8);
    let images = images(&network, 3);
    let mut weights = nets::weights(&network, 3);
    let mut model = Model::new(&Reference, &network, &weights).unwrap();
    let mut seen = RunningStatistics::new();
    model.infer(&images, &Run::default(), &mut seen).unwrap();
    model.move_running(&seen, 0.1).unwrap();
    seen.update(&network, &mut weights, 0.1).unwrap();
    for (name, tensor) in weights.iter() {
        assert_eq!(
            model.weights().unwrap().get(name).unwrap().to_f64(),
            tensor.to_f64(),
            "{name}"
        );
    }
}

/// In single precision: what leaves the device comes back as the same bits.
#[test]
fn weights_and_velocity_survive_a_round_trip() {
    let network = nets::inverted(24, 6);
    let (images, targets) = (images(&network, 4), targets(4, 3));
    let cpu = Cpu::<f32>::new(Path::Portable, 1).unwrap();
    let mut model = Model::new(&cpu, &network, &nets::weights(&network, 3)).unwrap();
    let mut velocity = Velocity::still(&model);
    model
        .descend(gradients(&model, &images, &targets), &mut velocity, &RULE)
        .unwrap();

    let mut other = Model::new(&cpu, &network, &model.weights().unwrap()).unwrap();
    let tensors = velocity.tensors(&model).unwrap();
    let mut other_velocity = Velocity::from_tensors(&other, &tensors).unwrap();
    for (model, velocity) in [
        (&mut model, &mut velocity),
        (&mut other, &mut other_velocity),
    ] {
        model
            .descend(gradients(model, &images, &targets), velocity, &RULE)
            .unwrap();
    }
    assert_eq!(model.weights().unwrap(), other.weights().unwrap());
    let tensors = velocity.tensors(&model).unwrap();
    assert_eq!(tensors, other_velocity.tensors(&other).unwrap());
}

/// Oracle: doubling by the device's own sum, exact.
#[test]
fn gradients_add_up_by_parameter() {
    let network = nets::cell(5, 8);
    let (images, targets) = (images(&network, 4), targets(4, 3));
    let weights = nets::weights(&network, 3);
    let plain = Sgd {
        rate: 1.0,
        momentum: 0.0,
        nesterov: false,
        decay: 0.0,
    };
    let moved = |times: usize| {
        let mut model = Model::new(&Reference, &network, &weights).unwrap();
        let mut sum = gradients(&model, &images, &targets);
        for _ in 1..times {
            sum = sum.plus(&gradients(&model, &images, &targets), &model);
        }
        let mut velocity = Velocity::still(&model);
        model.descend(sum, &mut velocity, &plain).unwrap();
        velocity.tensors(&model).unwrap()
    };
    let (once, twice) = (moved(1), moved(2));
    for (name, tensor) in once.iter() {
        let doubled: Vec<f64> = tensor.to_f64().iter().map(|v| 2.0 * v).collect();
        assert_eq!(twice.get(name).unwrap().to_f64(), doubled, "{name}");
    }
}

#[test]
fn targets_of_another_batch_are_refused() {
    let error = soft_cross_entropy(&[0.0; 6], &targets(3, 3)).unwrap_err();
    assert!(
        matches!(
            error,
            EngineError::LabelCount {
                labels: 3,
                images: 2
            }
        ),
        "{error}"
    );
}
