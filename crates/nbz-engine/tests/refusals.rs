//! What the engine once took in silence, or answered with a panic: typed errors that name what is wrong.
//!
//! Oracle: the documentation of what is called, under "Errors".

#![expect(clippy::unwrap_used, reason = "input that is right must be accepted")]

#[expect(dead_code, reason = "other tests use the rest")]
mod nets;

use nbz_engine::cpu::Path;
use nbz_engine::{
    Cotangent, Cpu, Device, Direction, EngineError, Images, Labels, Model, NormMode, Of, Reference,
    Run, RunningStatistics, Sgd, Targets, Tensor, Velocity, Weights,
};
use nbz_space::network::{Conv, Network, NetworkBuilder, Shape};

fn single() -> Cpu<f32> {
    Cpu::new(Path::fastest(), 1).unwrap()
}

/// The weights of a network with one number replaced.
fn with(network: &Network, name: &str, value: f64) -> Weights {
    let mut weights = nets::weights(network, 1);
    let tensor = weights.get(name).unwrap();
    let (dims, mut values) = (tensor.dims().to_vec(), tensor.to_f64().into_owned());
    values[1] = value;
    weights.insert(name, Tensor::new(name, dims, values).unwrap());
    weights
}

/// Against the largest number of single precision, 3.4e38.
#[test]
fn a_device_refuses_finite_numbers_that_it_cannot_hold() {
    let network = nets::plain(4, 4);
    let cpu = single();
    for name in ["conv.weight", "bn.weight", "bn.running_mean", "fc.bias"] {
        let error = Model::new(&cpu, &network, &with(&network, name, -1e300)).unwrap_err();
        let EngineError::TooLarge { largest, .. } = error else {
            panic!("{error}");
        };
        assert!(largest.to_bits() == f64::from(f32::MAX).to_bits());
        assert!(
            error
                .to_string()
                .starts_with(&format!("tensor {name} holds -1000"))
        );
        assert!(Model::new(&Reference, &network, &with(&network, name, -1e300)).is_ok());
        let most = with(&network, name, f64::from(f32::MAX));
        assert!(Model::new(&cpu, &network, &most).is_ok());
    }
    let model = Model::new(&cpu, &network, &nets::weights(&network, 1)).unwrap();
    let images = Images::new(network.input_shape(), vec![1e300; 64]).unwrap();
    let error = model
        .forward(&images, &Run::default(), &mut ())
        .unwrap_err();
    assert!(matches!(error, EngineError::TooLarge { position: 0, .. }));
    let (images, _) = nets::batch(&network, 2, 1);
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let direction = with(&network, "conv.weight", 1e300);
    let error = trace.tangent(Direction::Given(&direction)).unwrap_err();
    assert!(matches!(error, EngineError::TooLarge { position: 1, .. }));
    let error = Velocity::from_tensors(&model, &with(&network, "bn.running_var", 1.0));
    assert!(matches!(error, Err(EngineError::SurplusWeight { .. })));
}

/// Two images of three classes have as many logits as three images of two.
#[test]
fn labels_and_targets_of_another_class_count_are_refused() {
    let network = nets::plain(4, 4);
    let (images, right) = nets::batch(&network, 2, 1);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let three = Labels::new(2, vec![0, 1, 0]).unwrap();
    let loss = Cotangent::CrossEntropy(&three);
    let count = EngineError::LabelCount {
        labels: 3,
        images: 2,
    };
    assert_eq!(trace.backward(loss, Of::Both, &mut ()).unwrap_err(), count);
    let tangent = trace.tangent(Direction::Weights).unwrap();
    assert_eq!(tangent.backward(loss, &mut ()).unwrap_err(), count);
    let targets = Targets::try_from(&three).unwrap();
    assert_eq!(trace.soft_cross_entropy(&targets).unwrap_err(), count);

    let four = Labels::new(4, vec![0, 1]).unwrap();
    let classes = EngineError::ClassCount {
        labels: 4,
        outputs: 3,
    };
    let loss = Cotangent::CrossEntropy(&four);
    assert_eq!(
        trace.backward(loss, Of::Both, &mut ()).unwrap_err(),
        classes
    );
    let targets = Targets::try_from(&four).unwrap();
    assert_eq!(trace.soft_cross_entropy(&targets).unwrap_err(), classes);
    let targets = Targets::try_from(&right).unwrap();
    assert!(trace.soft_cross_entropy(&targets).is_ok());
}

#[test]
fn statistics_of_single_images_do_not_move_running_statistics() {
    let network = nets::plain(4, 4);
    let (images, _) = nets::batch(&network, 3, 2);
    let mut weights = nets::weights(&network, 4);
    let before = weights.clone();
    let mut model = Model::new(&Reference, &network, &weights).unwrap();
    let mut seen = RunningStatistics::new();
    let run = Run {
        norm: NormMode::Image,
        ..Run::default()
    };
    drop(model.infer(&images, &run, &mut seen).unwrap());
    let refused = EngineError::ImageStatistics { layer: "bn".into() };
    assert_eq!(
        seen.update(&network, &mut weights, 0.1),
        Err(refused.clone())
    );
    assert_eq!(model.move_running(&seen, 0.1), Err(refused));
    assert_eq!(weights, before);
}

/// Two numbers a channel: their unbiased variance is twice the biased one, whatever the caller believes.
#[test]
fn running_statistics_count_the_numbers_of_the_pass() {
    let mut b = NetworkBuilder::new(Shape::new(1, 1, 1));
    let x = b.conv("conv", b.input(), Conv::dense(1, 1, 1, 1));
    let x = b.batch_norm("bn", x);
    let network = b.classifier(x, 2);
    let mut weights = Weights::new();
    for (name, dims) in network.tensors() {
        let ones = vec![1.0_f64; dims.iter().product()];
        weights.insert(&name, Tensor::new(&name, dims, ones).unwrap());
    }
    let images = Images::new(Shape::new(1, 1, 1), vec![1.0, 3.0]).unwrap();
    let model = Model::new(&Reference, &network, &weights).unwrap();
    let mut seen = RunningStatistics::new();
    drop(model.infer(&images, &Run::default(), &mut seen).unwrap());
    seen.update(&network, &mut weights, 1.0).unwrap();
    let moved = |name: &str| weights.get(name).unwrap().to_f64()[0];
    assert!((moved("bn.running_mean") - 2.0).abs() < 1e-15);
    assert!((moved("bn.running_var") - 2.0).abs() < 1e-15);
}

#[test]
fn convolutions_in_groups_that_are_not_depthwise_are_refused_by_every_device() {
    for (groups, out_channels) in [(2, 4), (4, 8)] {
        let conv = Conv {
            groups,
            ..Conv::dense(4, out_channels, 3, 1)
        };
        let mut b = NetworkBuilder::new(Shape::new(4, 5, 5));
        let x = b.conv("conv", b.input(), conv);
        let network = b.classifier(x, 3);
        let weights = nets::weights(&network, 1);
        let refused = EngineError::Grouped {
            layer: "conv".into(),
            groups,
            in_channels: 4,
            out_channels,
        };
        let error = Model::new(&Reference, &network, &weights).unwrap_err();
        assert_eq!(error, refused);
        let error = Model::new(&single(), &network, &weights).unwrap_err();
        assert_eq!(error, refused);
    }
}

#[test]
fn a_layer_beyond_the_network_has_no_weight_no_value_and_no_gradient() {
    let (small, large) = (nets::plain(4, 4), nets::residual(3, 6));
    let (images, labels) = nets::batch(&small, 2, 1);
    let model = Model::new(&Reference, &small, &nets::weights(&small, 1)).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let loss = Cotangent::CrossEntropy(&labels);
    let gradients = trace.backward(loss, Of::Both, &mut ()).unwrap();
    let beyond = large.output();
    assert!(model.weight(beyond).is_none());
    assert!(gradients.weight(beyond).is_none());
    assert!(trace.norm_of(beyond).is_none());
    let refused = |result: Result<_, EngineError>| {
        assert!(matches!(result, Err(EngineError::NoValue { .. })));
    };
    refused(trace.value_of(beyond).map(drop));
    refused(trace.pull_back(beyond, &[1.0], small.input()).map(drop));
    refused(trace.pull_back(small.output(), &[1.0], beyond).map(drop));
}

#[test]
fn a_cotangent_is_not_carried_against_the_order() {
    let network = nets::plain(4, 4);
    let (images, _) = nets::batch(&network, 2, 2);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
    let ones = vec![1.0; 2 * network.input_shape().len()];
    let error = trace.pull_back(network.input(), &ones, network.output());
    assert_eq!(
        error.unwrap_err(),
        EngineError::WrongWay {
            from: "input".into(),
            to: "fc".into()
        }
    );
    // A layer depends on itself.
    let own = trace.pull_back(network.input(), &ones, network.input());
    assert_eq!(Reference.download_map(&own.unwrap()), ones);
}

#[test]
fn sign_sums_of_images_that_a_batch_norm_couples_are_refused() {
    let network = nets::plain(4, 4);
    let (images, labels) = nets::batch(&network, 3, 2);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    for norm in [
        NormMode::Batch,
        NormMode::Image,
        NormMode::Running,
        NormMode::Removed,
    ] {
        let run = Run {
            norm,
            ..Run::default()
        };
        let trace = model.forward(&images, &run, &mut ()).unwrap();
        let refused = EngineError::Coupled { layer: "bn".into() };
        match trace.sign_sums(&labels) {
            Ok(_) => assert_ne!(norm, NormMode::Batch),
            Err(error) => assert_eq!((norm, error), (NormMode::Batch, refused)),
        }
    }
}

#[test]
fn a_step_by_a_number_that_is_not_finite_is_refused_and_moves_nothing() {
    let network = nets::plain(4, 4);
    let (images, labels) = nets::batch(&network, 3, 2);
    let weights = nets::weights(&network, 1);
    let mut model = Model::new(&Reference, &network, &weights).unwrap();
    let plain = Sgd {
        rate: 0.1,
        momentum: 0.9,
        nesterov: true,
        decay: 0.0,
    };
    let before = model.weights().unwrap();
    let mut velocity = Velocity::still(&model);
    for (name, rule) in [
        (
            "rate",
            Sgd {
                rate: f64::NAN,
                ..plain
            },
        ),
        (
            "momentum",
            Sgd {
                momentum: f64::INFINITY,
                ..plain
            },
        ),
        (
            "decay",
            Sgd {
                decay: f64::NAN,
                ..plain
            },
        ),
    ] {
        let trace = model.forward(&images, &Run::default(), &mut ()).unwrap();
        let loss = Cotangent::CrossEntropy(&labels);
        let gradients = trace.backward(loss, Of::Parameters, &mut ()).unwrap();
        let gradients = gradients.into_parameters();
        let error = model.descend(gradients, &mut velocity, &rule).unwrap_err();
        assert!(matches!(error, EngineError::StepNumber { name: n, .. } if n == name));
    }
    assert_eq!(model.weights().unwrap(), before);
    assert_eq!(velocity.tensors(&model).unwrap(), Weights::new());
}

#[test]
fn velocities_of_no_parameter_are_refused() {
    let network = nets::plain(4, 4);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 1)).unwrap();
    for (name, dims) in [("nothing.weight", vec![1]), ("bn.running_var", vec![4])] {
        let mut tensors = Weights::new();
        let values = vec![1.0_f64; dims[0]];
        tensors.insert(name, Tensor::new(name, dims.clone(), values).unwrap());
        let refused = EngineError::SurplusWeight {
            name: name.into(),
            shape: dims,
        };
        assert_eq!(
            Velocity::from_tensors(&model, &tensors).unwrap_err(),
            refused
        );
    }
}
