//! The four networks of the benchmark: 10 classes, 32 x 32 images, as `pytorch.py` builds them.

use nbz_space::network::{Conv, Join, LayerId, Network, NetworkBuilder, Shape};

/// A network with its name and its multiply-adds for one image, in millions.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) network: Network,
    pub(crate) mmac: f64,
}

/// All four, the smallest first.
pub(crate) fn all() -> Vec<Subject> {
    let networks = [
        ("basic", basic(16, [16, 32, 64, 64])),
        ("mobilenet-v2", mobilenet()),
        ("bottleneck", bottleneck()),
        ("resnet-18", basic(64, [64, 128, 256, 512])),
    ];
    let subject = |(name, network): (&'static str, Network)| Subject {
        name,
        mmac: macs(&network) as f64 / 1e6,
        network,
    };
    networks.into_iter().map(subject).collect()
}

fn macs(network: &Network) -> usize {
    use nbz_space::network::Op;
    let of = |layer: &nbz_space::network::Layer| match layer.op {
        Op::Conv(c) => c.fan_in() * layer.shape.len(),
        Op::Linear {
            in_features,
            out_features,
        } => in_features * out_features,
        _ => 0,
    };
    network.layers().iter().map(of).sum()
}

/// A builder that names layers by number.
struct Stack {
    builder: NetworkBuilder,
    at: LayerId,
    count: usize,
}

impl Stack {
    fn new() -> Self {
        let builder = NetworkBuilder::new(Shape::new(3, 32, 32));
        Self {
            at: builder.input(),
            builder,
            count: 0,
        }
    }

    fn name(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}{}", self.count)
    }

    fn channels(&self) -> usize {
        self.builder.shape(self.at).channels
    }

    /// Convolution and batch norm of `from`.
    fn normed(&mut self, from: LayerId, conv: Conv) -> LayerId {
        let name = self.name("conv");
        let x = self.builder.conv(name, from, conv);
        let name = self.name("norm");
        self.builder.batch_norm(name, x)
    }

    fn relu(&mut self, x: LayerId) {
        let name = self.name("relu");
        self.at = self.builder.relu(name, x);
    }

    /// Convolution, batch norm, ReLU.
    fn step(&mut self, conv: Conv) {
        let x = self.normed(self.at, conv);
        self.relu(x);
    }

    fn dense(&mut self, out: usize, kernel: usize, stride: usize) {
        self.step(Conv::dense(self.channels(), out, kernel, stride));
    }

    /// Adds `main` to the block's input, projected where the shape changes.
    fn join(&mut self, main: LayerId, input: LayerId, stride: usize) -> LayerId {
        let (from, to) = (
            self.builder.shape(input).channels,
            self.builder.shape(main).channels,
        );
        let short = if from == to && stride == 1 {
            input
        } else {
            self.normed(input, Conv::dense(from, to, 1, stride))
        };
        let name = self.name("add");
        self.builder.add(name, Join::Residual, &[main, short])
    }

    fn classifier(self) -> Network {
        self.builder.classifier(self.at, 10)
    }
}

fn basic(stem: usize, widths: [usize; 4]) -> Network {
    let mut s = Stack::new();
    s.dense(stem, 3, 1);
    for (stage, width) in widths.into_iter().enumerate() {
        for block in 0..2 {
            let stride = if block == 0 && stage > 0 { 2 } else { 1 };
            let input = s.at;
            s.dense(width, 3, stride);
            let main = s.normed(s.at, Conv::dense(width, width, 3, 1));
            let sum = s.join(main, input, stride);
            s.relu(sum);
        }
    }
    s.classifier()
}

fn bottleneck() -> Network {
    let mut s = Stack::new();
    s.dense(32, 3, 1);
    for (stage, (width, blocks)) in [(32, 3), (64, 4), (128, 6), (256, 3)]
        .into_iter()
        .enumerate()
    {
        for block in 0..blocks {
            let stride = if block == 0 && stage > 0 { 2 } else { 1 };
            let input = s.at;
            s.dense(width, 1, 1);
            s.dense(width, 3, stride);
            let main = s.normed(s.at, Conv::dense(width, 4 * width, 1, 1));
            let sum = s.join(main, input, stride);
            s.relu(sum);
        }
    }
    s.classifier()
}

fn mobilenet() -> Network {
    let stages = [
        (1, 16, 1, 1),
        (6, 24, 2, 1),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ];
    let mut s = Stack::new();
    s.dense(32, 3, 1);
    for (expansion, width, blocks, first_stride) in stages {
        for block in 0..blocks {
            let stride = if block == 0 { first_stride } else { 1 };
            let (input, hidden) = (s.at, s.channels() * expansion);
            s.dense(hidden, 1, 1);
            s.step(Conv::depthwise(hidden, 3, stride));
            let main = s.normed(s.at, Conv::dense(hidden, width, 1, 1));
            s.at = if stride == 1 {
                s.join(main, input, 1)
            } else {
                main
            };
        }
    }
    s.dense(1280, 1, 1);
    s.classifier()
}
