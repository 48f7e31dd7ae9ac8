//! What batch norm must do to gradients, and what running statistics become: facts that need no
//! reference values.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

#[expect(dead_code, reason = "the differences use the rest")]
mod nets;

use nbz_engine::{
    Cotangent, Device, Direction, Fusion, Images, Labels, Model, NormMode, Of, Reference, Run,
    RunningStatistics, Weights, loss::cross_entropy,
};
use nbz_space::network::{LayerId, Network};

struct Found {
    /// `sum W g` and `sum g^2` of every weighted layer.
    layers: Vec<(LayerId, f64, f64)>,
    grasp: f64,
    classifier_term: f64,
}

/// Gradients and `-g (H W)` at a small eps; the term of the classifier is `W (H g)`, from a second
/// tangent along `g`.
fn find(network: &Network, eps: f64) -> Found {
    let (images, labels) = nets::batch(network, 6, 2);
    let weights = nets::weights(network, 4);
    let model = Model::new(&Reference, network, &weights).unwrap();
    let run = Run {
        eps,
        ..Run::default()
    };
    let trace = model.forward(&images, &run, &mut ()).unwrap();
    let loss = Cotangent::CrossEntropy(&labels);
    let along_w = trace.tangent(Direction::Weights).unwrap();
    let (g, moved) = along_w.backward(loss, &mut ()).unwrap();
    let dot = |layer, a: &Vec<f64>| Reference.weight_dot(model.weight(layer).unwrap(), a);
    let layers: Vec<_> = network
        .weighted()
        .map(|l| {
            let g = g.weight(l).unwrap();
            (l, dot(l, g), Reference.weight_dot(g, g))
        })
        .collect();
    let grasp = network
        .weighted()
        .map(|l| -Reference.weight_dot(g.weight(l).unwrap(), moved.weight(l).unwrap()))
        .sum();
    let mut direction = Weights::new();
    for layer in network.weighted() {
        let name = format!("{}.weight", network.layer(layer).name);
        let dims = weights.get(&name).unwrap().dims().to_vec();
        let values = g.read(&name).unwrap();
        direction.insert(&name, nbz_engine::Tensor::new(&name, dims, values).unwrap());
    }
    let along_g = trace.tangent(Direction::Given(&direction)).unwrap();
    let (_, moved) = along_g.backward(loss, &mut ()).unwrap();
    let classifier = network.output();
    Found {
        layers,
        grasp,
        classifier_term: dot(classifier, moved.weight(classifier).unwrap()),
    }
}

#[test]
fn weights_before_batch_norm_are_orthogonal_to_their_gradients() {
    let network = nets::residual(3, 6);
    let found = find(&network, 1e-9);
    for (layer, product, squares) in found.layers {
        if layer != network.output() {
            // Exact but for eps = 1e-9 against variances of about 1.
            assert!(product.abs() < 1e-7 * squares.sqrt(), "{product}");
        }
    }
}

/// `grasp = sum over layers before batch norm of |g|^2 - W_fc (H g)_fc`, to 1e-5 at eps 1e-9.
#[test]
fn grasp_is_the_gradient_norms_less_the_classifier_term() {
    let network = nets::residual(3, 6);
    let found = find(&network, 1e-9);
    let before_norm = found.layers.iter().filter(|(l, ..)| *l != network.output());
    let norms: f64 = before_norm.map(|(_, _, squares)| squares).sum();
    let identity = norms - found.classifier_term;
    assert!(
        (found.grasp - identity).abs() < 1e-5 * norms,
        "{} {identity}",
        found.grasp
    );
}

#[test]
fn scaling_weights_before_batch_norm_leaves_the_loss() {
    let network = nets::residual(3, 6);
    let (images, labels) = nets::batch(&network, 6, 2);
    let weights = nets::weights(&network, 4);
    let scaled = {
        let name = "a.conv1.weight";
        let values = weights.get(name).unwrap().to_f64().into_owned();
        nets::moved(&weights, name, &values, 2.0)
    };
    let loss = |weights: &Weights| {
        let model = Model::new(&Reference, &network, weights).unwrap();
        let run = Run {
            eps: 1e-12,
            ..Run::default()
        };
        let trace = model.forward(&images, &run, &mut ()).unwrap();
        cross_entropy(&trace.output(), &labels).unwrap().0
    };
    // eps against a variance of about 1 bounds the difference.
    assert!((loss(&weights) - loss(&scaled)).abs() < 1e-10);
}

#[test]
fn fused_and_single_layers_give_the_same_bits() {
    for network in [nets::residual(3, 6), nets::inverted(2, 5), nets::cell(4, 4)] {
        let (images, labels) = nets::batch(&network, 4, 2);
        let model = Model::new(&Reference, &network, &nets::weights(&network, 4)).unwrap();
        let gradient = |fusion| {
            let run = Run {
                fusion,
                ..Run::default()
            };
            let trace = model.forward(&images, &run, &mut ()).unwrap();
            let loss = Cotangent::CrossEntropy(&labels);
            let g = trace.backward(loss, Of::Both, &mut ()).unwrap();
            let input = Reference.download_map(g.input().unwrap());
            (trace.output(), input)
        };
        let (fused, single) = (gradient(Fusion::Groups), gradient(Fusion::Layers));
        assert_eq!(fused.0, single.0);
        for (a, b) in fused.1.iter().zip(&single.1) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
}

/// Images as batches of their own, one by one and all at once in [`NormMode::Image`]: the same signs.
#[test]
fn sign_sums_of_a_batch_are_those_of_its_images_alone() {
    let network = nets::residual(3, 6);
    let (images, labels) = nets::batch(&network, 5, 2);
    let model = Model::new(&Reference, &network, &nets::weights(&network, 4)).unwrap();
    let run = |norm| Run {
        norm,
        ..Run::default()
    };
    let together = model
        .forward(&images, &run(NormMode::Image), &mut ())
        .unwrap()
        .sign_sums(&labels)
        .unwrap();
    let layers: Vec<LayerId> = network.weighted().collect();
    let mut sums: Vec<Vec<i32>> = vec![Vec::new(); layers.len()];
    let len = images.shape().len();
    for (i, &label) in labels.values().iter().enumerate() {
        let one = Images::new(images.shape(), images.values()[i * len..][..len].to_vec()).unwrap();
        let label = Labels::new(labels.classes(), vec![label]).unwrap();
        let trace = model.forward(&one, &run(NormMode::Batch), &mut ()).unwrap();
        let loss = Cotangent::CrossEntropy(&label);
        let g = trace.backward(loss, Of::Parameters, &mut ()).unwrap();
        for (sums, &layer) in sums.iter_mut().zip(&layers) {
            let g = g.weight(layer).unwrap();
            let largest = g.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            sums.resize(g.len(), 0);
            for (sum, v) in sums.iter_mut().zip(g) {
                *sum += i32::from(*v > 1e-11 * largest) - i32::from(*v < -1e-11 * largest);
            }
        }
    }
    for (sums, layer) in sums.iter().zip(layers) {
        assert_eq!(together.layer(layer).unwrap(), sums);
    }
}

/// Oracle: PyTorch's rule written out on the values that the batch norm reads, the variance unbiased; 1e-14.
#[test]
fn running_statistics_move_by_the_mean_and_the_unbiased_variance_of_the_batch() {
    let network = nets::plain(4, 4);
    let (images, _) = nets::batch(&network, 3, 2);
    let mut weights = nets::weights(&network, 4);
    let of = |weights: &Weights| {
        ["bn.running_mean", "bn.running_var"].map(|n| weights.get(n).unwrap().to_f64().into_owned())
    };
    let old = of(&weights);
    let mut model = Model::new(&Reference, &network, &weights).unwrap();
    let mut running = RunningStatistics::new();
    let run = Run {
        fusion: Fusion::Layers,
        ..Run::default()
    };
    let trace = model.forward(&images, &run, &mut running).unwrap();
    let conv = network.modules()[0];
    let values = Reference.download_map(trace.value_of(conv).unwrap());
    drop(trace);
    running.update(&network, &mut weights, 0.1).unwrap();
    model.move_running(&running, 0.1).unwrap();
    for new in [of(&weights), of(&model.weights().unwrap())] {
        for channel in 0..4 {
            let numbers = values.chunks(16).skip(channel).step_by(4).flatten();
            let numbers: Vec<f64> = numbers.copied().collect();
            let mean = numbers.iter().sum::<f64>() / 48.0;
            let unbiased = numbers.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 47.0;
            for (statistic, batch) in [mean, unbiased].into_iter().enumerate() {
                let expected = 0.9 * old[statistic][channel] + 0.1 * batch;
                let error = (new[statistic][channel] - expected).abs();
                assert!(error < 1e-14, "statistic {statistic} of channel {channel}");
            }
        }
    }
}
