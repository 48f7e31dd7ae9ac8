//! Gradients, input gradients and Hessian-vector products of the reference device against central
//! finite differences in f64.
//!
//! Step 1e-6: the difference errs by about step^2 = 1e-12 of the third derivative and rounding by
//! 1e-16 / step = 1e-10, so 1e-6 of the norms is far above noise and far below any missing term. The
//! images, weights and step are fixed, and no pre-activation crosses 0 within a step.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

mod nets;

use nbz_engine::{
    Cotangent, Device, Direction, Gradients, Images, Labels, Model, NormMode, Of, Reference,
    Residuals, Run, Weights, loss::cross_entropy,
};
use nbz_space::network::{Conv, Network};
use nets::Numbers;

const STEP: f64 = 1e-6;
const TOLERANCE: f64 = 1e-6;

/// One network with its numbers, in one mode.
struct Setup<'a> {
    network: &'a Network,
    weights: Weights,
    images: Images,
    labels: Labels,
    run: Run,
}

impl<'a> Setup<'a> {
    fn new(network: &'a Network, images: usize, run: Run) -> Self {
        let (images, labels) = nets::batch(network, images, 5);
        Self {
            network,
            weights: nets::weights(network, 3),
            images,
            labels,
            run,
        }
    }

    fn loss(&self, weights: &Weights, images: &Images) -> f64 {
        let model = Model::new(&Reference, self.network, weights).unwrap();
        let trace = model.forward(images, &self.run, &mut ()).unwrap();
        cross_entropy(&trace.output(), &self.labels).unwrap().0
    }

    fn gradients<T>(&self, weights: &Weights, read: impl Fn(&Gradients<'_, Reference>) -> T) -> T {
        let model = Model::new(&Reference, self.network, weights).unwrap();
        let trace = model.forward(&self.images, &self.run, &mut ()).unwrap();
        let loss = Cotangent::CrossEntropy(&self.labels);
        read(&trace.backward(loss, Of::Both, &mut ()).unwrap())
    }

    fn assert_parameter_gradients(&self) {
        let mut numbers = Numbers::new(11);
        for (name, dims) in self.network.tensors() {
            let Some(gradient) = self.gradients(&self.weights, |g| g.read(&name)) else {
                let leaves_layers_out =
                    self.run.norm == NormMode::Removed || self.run.residuals == Residuals::Removed;
                assert!(
                    name.contains(".running_") || leaves_layers_out,
                    "{name} has no gradient"
                );
                continue;
            };
            let direction = numbers.take(dims.iter().product());
            let at = |step| nets::moved(&self.weights, &name, &direction, step);
            let difference =
                self.loss(&at(STEP), &self.images) - self.loss(&at(-STEP), &self.images);
            assert_along(&gradient, &direction, difference / (2.0 * STEP), &name);
        }
    }

    fn assert_input_gradient(&self) {
        let gradient = self.gradients(&self.weights, |g| {
            Reference.download_map(g.input().unwrap())
        });
        let direction = Numbers::new(13).take(gradient.len());
        let at = |step: f64| {
            let moved = self.images.values().iter().zip(&direction);
            let values = moved.map(|(x, d)| x + step * d).collect();
            Images::new(self.images.shape(), values).unwrap()
        };
        let difference = self.loss(&self.weights, &at(STEP)) - self.loss(&self.weights, &at(-STEP));
        assert_along(&gradient, &direction, difference / (2.0 * STEP), "input");
    }

    /// `H v` against the difference of gradients at `W + step v` and `W - step v`, for `v = W` and for
    /// another direction.
    fn assert_hessian_products(&self) {
        let other = nets::weights(self.network, 17);
        self.assert_hessian_product(Direction::Weights, &self.weights);
        self.assert_hessian_product(Direction::Given(&other), &other);
    }

    fn assert_hessian_product(&self, direction: Direction<'_>, along: &Weights) {
        let model = Model::new(&Reference, self.network, &self.weights).unwrap();
        let trace = model.forward(&self.images, &self.run, &mut ()).unwrap();
        let tangent = trace.tangent(direction).unwrap();
        let loss = Cotangent::CrossEntropy(&self.labels);
        let (gradients, product) = tangent.backward(loss, &mut ()).unwrap();
        let names: Vec<String> = self
            .network
            .weighted()
            .map(|l| format!("{}.weight", self.network.layer(l).name))
            .collect();
        let at = |step| {
            names.iter().fold(self.weights.clone(), |weights, name| {
                nets::moved(&weights, name, &along.get(name).unwrap().to_f64(), step)
            })
        };
        let (up, down) = (at(STEP), at(-STEP));
        for name in &names {
            let read = |w: &Weights| self.gradients(w, |g| g.read(name));
            let (Some(up), Some(down)) = (read(&up), read(&down)) else {
                continue;
            };
            let again = read(&self.weights).unwrap();
            assert_near(&gradients.read(name).unwrap(), &again, 1e-12, name);
            let found = product.read(name).unwrap();
            let expected: Vec<f64> = up
                .iter()
                .zip(&down)
                .map(|(u, d)| (u - d) / (2.0 * STEP))
                .collect();
            assert_near(&found, &expected, TOLERANCE, name);
        }
    }

    fn assert_all(&self) {
        self.assert_parameter_gradients();
        self.assert_input_gradient();
        self.assert_hessian_products();
    }
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Equal up to `tolerance` of the expected norm; a product that batch norm makes zero has only its
/// noise to compare.
#[track_caller]
fn assert_near(found: &[f64], expected: &[f64], tolerance: f64, name: &str) {
    let error: Vec<f64> = found.iter().zip(expected).map(|(f, e)| f - e).collect();
    let bound = tolerance * norm(expected).max(1e-3);
    assert!(norm(&error) <= bound, "{name}: {} > {bound}", norm(&error));
}

#[track_caller]
fn assert_along(gradient: &[f64], direction: &[f64], difference: f64, name: &str) {
    let slope: f64 = gradient.iter().zip(direction).map(|(g, d)| g * d).sum();
    // A gradient that batch norm makes zero has only its noise to compare.
    let bound = TOLERANCE * (norm(gradient) * norm(direction)).max(1e-3);
    let error = (slope - difference).abs();
    assert!(error <= bound, "{name}: {slope} for {difference}");
}

fn modes() -> Vec<Run> {
    let modes = [
        NormMode::Batch,
        NormMode::Image,
        NormMode::Running,
        NormMode::Removed,
    ];
    let with = |norm| Run {
        norm,
        ..Run::default()
    };
    modes.into_iter().map(with).collect()
}

#[test]
fn convolutions_of_every_kind_have_the_gradients_of_finite_differences() {
    let biased = Conv {
        bias: true,
        ..Conv::dense(2, 3, 3, 1)
    };
    let convs = [
        (Conv::dense(2, 3, 1, 1), 4),
        (Conv::dense(2, 3, 1, 2), 5),
        (Conv::dense(2, 3, 3, 1), 1),
        (Conv::dense(2, 3, 3, 2), 7),
        (Conv::dense(2, 3, 5, 3), 7),
        (Conv::depthwise(3, 3, 1), 5),
        (Conv::depthwise(3, 5, 2), 6),
        (biased, 3),
    ];
    for (conv, side) in convs {
        let network = nets::one_conv(conv, side);
        Setup::new(&network, 3, Run::default()).assert_all();
    }
}

#[test]
fn networks_have_the_gradients_of_finite_differences_in_every_norm_mode() {
    for run in modes() {
        let networks = [
            nets::plain(4, 4),
            nets::residual(3, 6),
            nets::inverted(2, 5),
            nets::cell(4, 4),
        ];
        for network in &networks {
            Setup::new(network, 4, run).assert_all();
        }
    }
}

#[test]
fn networks_without_residuals_have_the_gradients_of_finite_differences() {
    let run = Run {
        residuals: Residuals::Removed,
        ..Run::default()
    };
    Setup::new(&nets::residual(3, 6), 4, run).assert_all();
    Setup::new(&nets::inverted(2, 5), 4, run).assert_all();
}
