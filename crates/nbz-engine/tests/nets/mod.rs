//! Small networks that together have every layer type, and numbers for them.

#![expect(
    clippy::unwrap_used,
    reason = "a network that is not built must stop the test"
)]

use nbz_engine::{Images, Labels, Tensor, Weights};
use nbz_space::network::{Conv, Join, Network, NetworkBuilder, Pool, Shape};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Numbers uniform in (-1, 1).
pub(crate) struct Numbers(ChaCha8Rng);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Exactly representable in single precision.
    pub(crate) fn next(&mut self) -> f64 {
        f64::from(((self.0.next_u32() >> 8) as f32 + 0.5) / 8_388_608.0 - 1.0)
    }

    pub(crate) fn take(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.next()).collect()
    }
}

/// One convolution and the classifier, no batch norm.
pub(crate) fn one_conv(conv: Conv, side: usize) -> Network {
    let mut b = NetworkBuilder::new(Shape::new(conv.in_channels, side, side));
    let x = b.conv("conv", b.input(), conv);
    b.classifier(x, 3)
}

/// Convolution, batch norm, ReLU, classifier.
pub(crate) fn plain(channels: usize, side: usize) -> Network {
    let mut b = NetworkBuilder::new(Shape::new(2, side, side));
    let x = b.conv("conv", b.input(), Conv::dense(2, channels, 3, 1));
    let x = b.batch_norm("bn", x);
    let x = b.relu("relu", x);
    b.mark_block(x);
    b.classifier(x, 3)
}

/// A basic block with a projection, a second one with identity.
pub(crate) fn residual(width: usize, side: usize) -> Network {
    let mut b = NetworkBuilder::new(Shape::new(3, side, side));
    let x = b.conv("stem.conv", b.input(), Conv::dense(3, width, 3, 1));
    let x = b.batch_norm("stem.bn", x);
    let mut x = b.relu("stem.relu", x);
    b.mark_block(x);
    for (name, stride) in [("a", 2), ("b", 1)] {
        let from = b.shape(x).channels;
        let to = width * 2;
        let y = b.conv(format!("{name}.conv1"), x, Conv::dense(from, to, 3, stride));
        let y = b.batch_norm(format!("{name}.bn1"), y);
        let y = b.relu(format!("{name}.relu1"), y);
        let y = b.conv(format!("{name}.conv2"), y, Conv::dense(to, to, 3, 1));
        let y = b.batch_norm(format!("{name}.bn2"), y);
        let shortcut = if from == to {
            b.identity(format!("{name}.identity"), x)
        } else {
            let s = b.conv(
                format!("{name}.shortcut"),
                x,
                Conv::dense(from, to, 1, stride),
            );
            b.batch_norm(format!("{name}.shortcut_bn"), s)
        };
        let sum = b.add(format!("{name}.add"), Join::Residual, &[y, shortcut]);
        x = b.relu(format!("{name}.relu2"), sum);
        b.mark_block(x);
    }
    b.classifier(x, 4)
}

/// Expand, depthwise 5 x 5, project, with a linear residual.
pub(crate) fn inverted(width: usize, side: usize) -> Network {
    let mut b = NetworkBuilder::new(Shape::new(width, side, side));
    let hidden = 3 * width;
    let x = b.input();
    let y = b.conv("expand", x, Conv::dense(width, hidden, 1, 1));
    let y = b.batch_norm("bn1", y);
    let y = b.relu("relu1", y);
    let y = b.conv("depthwise", y, Conv::depthwise(hidden, 5, 1));
    let y = b.batch_norm("bn2", y);
    let y = b.relu("relu2", y);
    let y = b.conv("project", y, Conv::dense(hidden, width, 1, 1));
    let y = b.batch_norm("bn3", y);
    let y = b.add("add", Join::Residual, &[y, x]);
    b.mark_block(y);
    b.classifier(y, 3)
}

/// A cell with pre-activation, pooling, zero, biased convolution, a three-way sum and shared inputs.
pub(crate) fn cell(width: usize, side: usize) -> Network {
    let mut b = NetworkBuilder::new(Shape::new(3, side, side));
    let x = b.conv("stem", b.input(), Conv::dense(3, width, 3, 1));
    let x = b.batch_norm("stem_bn", x);
    b.mark_block(x);
    let r = b.relu("relu", x);
    let biased = Conv {
        bias: true,
        ..Conv::dense(width, width, 3, 1)
    };
    let e0 = b.conv("conv", r, biased);
    let e0 = b.batch_norm("bn", e0);
    let pool = Pool {
        kernel: 3,
        stride: 1,
        padding: 1,
    };
    let e1 = b.avg_pool("pool3", x, pool);
    let zero = b.zero("zero", e0);
    let n = b.add("node", Join::Sum, &[e0, e1, zero]);
    let halve = Pool {
        kernel: 2,
        stride: 2,
        padding: 0,
    };
    let n = b.avg_pool("halve", n, halve);
    let last = b.batch_norm("last_bn", n);
    let last = b.relu("last_relu", last);
    b.classifier(last, 3)
}

/// Weights uniform with variance about `1 / fan_in`, scales around 1, variances positive.
pub(crate) fn weights(network: &Network, seed: u64) -> Weights {
    let mut numbers = Numbers::new(seed);
    let mut weights = Weights::new();
    for (name, dims) in network.tensors() {
        let fan_in = dims[1..].iter().product::<usize>() as f64;
        let around_one = dims.len() == 1 && (name.ends_with("weight") || name.ends_with("var"));
        let count = dims.iter().product();
        let values: Vec<f64> = (0..count)
            .map(|_| match (dims.len(), around_one) {
                (1, true) => 1.0 + 0.5 * numbers.next(),
                (1, false) => 0.5 * numbers.next(),
                _ => numbers.next() * (3.0 / fan_in).sqrt(),
            })
            .collect();
        let tensor = Tensor::new(&name, dims, values).unwrap();
        weights.insert(name, tensor);
    }
    weights
}

/// Images and labels for a network.
pub(crate) fn batch(network: &Network, count: usize, seed: u64) -> (Images, Labels) {
    let mut numbers = Numbers::new(seed ^ 0xBA7C);
    let shape = network.input_shape();
    let images = Images::new(shape, numbers.take(count * shape.len())).unwrap();
    let classes = network.classes();
    let labels = (0..count).map(|i| ((i * 7 + seed as usize) % classes) as u32);
    (images, Labels::new(classes, labels.collect()).unwrap())
}

/// The tensor of that name moved by `step` along a direction.
pub(crate) fn moved(weights: &Weights, name: &str, direction: &[f64], step: f64) -> Weights {
    let tensor = weights.get(name).unwrap();
    let values: Vec<f64> = tensor
        .to_f64()
        .iter()
        .zip(direction)
        .map(|(w, d)| w + step * d)
        .collect();
    let mut out = weights.clone();
    out.insert(
        name,
        Tensor::new(name, tensor.dims().to_vec(), values).unwrap(),
    );
    out
}
