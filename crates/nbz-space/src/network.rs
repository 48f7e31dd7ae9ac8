//! The layer graph: what an architecture becomes for a resolution and a class count.
//!
//! Owns the vocabulary of layers and the graph of one network; knows no tensors. A [`Network`] is a
//! list of layers in topological order, each producing one value: a map of [`Shape`] for one image.
//! Every space and every public benchmark lowers to this graph, and everything that runs a network
//! (costs, the engine, drawings) reads only this.
//!
//! Two orders exist on purpose. The list is in *execution* order; [`Network::modules`] is in *module*
//! order, the order in which a PyTorch `named_modules()` walk of the reference implementation meets
//! the weighted layers. They differ in NAS-Bench-201, whose reductions stand after the stages.

use std::fmt;

/// Names a layer, and the value that it produces, inside one [`Network`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(u32);

impl LayerId {
    /// The position of the layer in [`Network::layers`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The shape of a value for one image: channels, height, width (`[C, H, W]`).
///
/// After global pooling and in the logits, height and width are 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Channels, or features after pooling.
    pub channels: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
}

impl Shape {
    /// A shape from channels, height and width.
    pub const fn new(channels: usize, height: usize, width: usize) -> Self {
        Self {
            channels,
            height,
            width,
        }
    }

    /// Pixels of one channel.
    pub const fn pixels(self) -> usize {
        self.height * self.width
    }

    /// Numbers in the map of one image.
    pub const fn len(self) -> usize {
        self.channels * self.height * self.width
    }

    /// Whether the map holds no number at all.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.channels, self.height, self.width)
    }
}

/// A two-dimensional convolution with square kernel, equal strides and padding `kernel / 2`.
///
/// Weight shape `[out_channels, in_channels / groups, kernel, kernel]`, bias `[out_channels]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Conv {
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Side of the kernel, odd.
    pub kernel: usize,
    /// Step in both directions.
    pub stride: usize,
    /// 1, or `in_channels` for a depthwise convolution.
    pub groups: usize,
    /// Whether a bias is added.
    pub bias: bool,
}

impl Conv {
    /// A dense convolution without bias.
    pub const fn dense(
        in_channels: usize,
        out_channels: usize,
        kernel: usize,
        stride: usize,
    ) -> Self {
        Self {
            in_channels,
            out_channels,
            kernel,
            stride,
            groups: 1,
            bias: false,
        }
    }

    /// A depthwise convolution without bias.
    pub const fn depthwise(channels: usize, kernel: usize, stride: usize) -> Self {
        Self {
            in_channels: channels,
            out_channels: channels,
            kernel,
            stride,
            groups: channels,
            bias: false,
        }
    }

    /// Zeros added on each side.
    pub const fn padding(&self) -> usize {
        self.kernel / 2
    }

    /// Whether each channel is convolved alone.
    pub const fn is_depthwise(&self) -> bool {
        self.groups > 1
    }

    /// Weights that meet in one output: `in_channels / groups * kernel * kernel`.
    pub const fn fan_in(&self) -> usize {
        self.in_channels / self.groups * self.kernel * self.kernel
    }

    /// The output's side for an input's side.
    pub const fn output_side(&self, side: usize) -> usize {
        (side + 2 * self.padding() - self.kernel) / self.stride + 1
    }
}

/// An average pooling that does not count the padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pool {
    /// Side of the window.
    pub kernel: usize,
    /// Step in both directions.
    pub stride: usize,
    /// Pixels added on each side, which do not enter the average.
    pub padding: usize,
}

impl Pool {
    /// The output's side for an input's side.
    pub const fn output_side(&self, side: usize) -> usize {
        (side + 2 * self.padding - self.kernel) / self.stride + 1
    }
}

/// What an addition joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Join {
    /// A residual connection: the first input is the main path, the second the shortcut. A pass that
    /// removes residuals keeps the first alone.
    Residual,
    /// A sum that belongs to the topology itself (a node of a NAS-Bench-201 cell): never removed.
    Sum,
}

/// What a layer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// The image.
    Input,
    /// A convolution.
    Conv(Conv),
    /// Batch normalisation with scale and shift (eps 1e-5, momentum 0.1).
    BatchNorm,
    /// `max(x, 0)`.
    Relu,
    /// The sum of all inputs, which have one shape.
    Add(Join),
    /// Average pooling.
    AvgPool(Pool),
    /// The mean over all pixels.
    GlobalAvgPool,
    /// A fully connected layer with bias; weight `[out, in]`.
    Linear {
        /// Features in.
        in_features: usize,
        /// Features out.
        out_features: usize,
    },
    /// Zero of the input's shape: a node that no edge feeds.
    Zero,
    /// Its input unchanged.
    Identity,
}

impl Op {
    /// Whether the layer owns a weight that the pruning proxies look at (convolution or linear).
    pub const fn is_weighted(&self) -> bool {
        matches!(self, Op::Conv(_) | Op::Linear { .. })
    }
}

/// One layer: its name, what it does, whose values it reads and the shape of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The module's name in a PyTorch state dict (`stages.0.1.conv2`); layers without weights have a
    /// name too, unique in the network (`stages.0.1.relu2`).
    pub name: String,
    /// What it does.
    pub op: Op,
    /// The layers whose values it reads.
    pub inputs: Vec<LayerId>,
    /// The shape of its value for one image.
    pub shape: Shape,
}

/// A network: its layers in topological order and the places that passes and proxies ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    layers: Vec<Layer>,
    modules: Vec<LayerId>,
    features: LayerId,
    blocks: Vec<LayerId>,
}

impl Network {
    /// All layers in topological order; the first is the input, the last gives the logits.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// One layer.
    pub fn layer(&self, id: LayerId) -> &Layer {
        &self.layers[id.index()]
    }

    /// The ids of all layers in topological order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = LayerId> + ExactSizeIterator + use<> {
        (0..self.layers.len() as u32).map(LayerId)
    }

    /// The layers with parameters (convolution, batch norm, linear) in module order.
    pub fn modules(&self) -> &[LayerId] {
        &self.modules
    }

    /// Convolutions and linear layers in module order: what the pruning proxies sum over.
    pub fn weighted(&self) -> impl Iterator<Item = LayerId> + '_ {
        self.modules
            .iter()
            .copied()
            .filter(|&id| self.layer(id).op.is_weighted())
    }

    /// The image.
    pub fn input(&self) -> LayerId {
        LayerId(0)
    }

    /// The logits.
    pub fn output(&self) -> LayerId {
        LayerId(self.layers.len() as u32 - 1)
    }

    /// The map before global pooling: what zen measures.
    pub fn features(&self) -> LayerId {
        self.features
    }

    /// The stem's output, then every block's output, in order: what az-nas measures.
    pub fn blocks(&self) -> &[LayerId] {
        &self.blocks
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.layers[self.layers.len() - 1].shape.channels
    }

    /// Shape of the input image.
    pub fn input_shape(&self) -> Shape {
        self.layers[0].shape
    }

    /// Names and shapes of all parameters and batch norm buffers in module order, as in a PyTorch
    /// state dict (without `num_batches_tracked`).
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let mut out = Vec::new();
        for &id in &self.modules {
            let Layer {
                name, op, shape, ..
            } = self.layer(id);
            match *op {
                Op::Conv(c) => {
                    let dims = vec![c.out_channels, c.in_channels / c.groups, c.kernel, c.kernel];
                    out.push((format!("{name}.weight"), dims));
                    if c.bias {
                        out.push((format!("{name}.bias"), vec![c.out_channels]));
                    }
                }
                Op::BatchNorm => {
                    for part in ["weight", "bias", "running_mean", "running_var"] {
                        out.push((format!("{name}.{part}"), vec![shape.channels]));
                    }
                }
                Op::Linear {
                    in_features,
                    out_features,
                } => {
                    out.push((format!("{name}.weight"), vec![out_features, in_features]));
                    out.push((format!("{name}.bias"), vec![out_features]));
                }
                _ => {}
            }
        }
        out
    }
}

/// Builds a [`Network`] layer by layer; each method returns the new layer's id.
///
/// Shapes are inferred. Wrong channels or an unknown input are bugs of the caller and panic.
///
/// ```
/// use nbz_space::network::{Conv, NetworkBuilder, Op, Shape};
///
/// let mut b = NetworkBuilder::new(Shape::new(3, 32, 32));
/// let stem = b.conv("stem.conv", b.input(), Conv::dense(3, 16, 3, 1));
/// let norm = b.batch_norm("stem.bn", stem);
/// let x = b.relu("stem.relu", norm);
/// b.mark_block(x);
/// let net = b.classifier(x, 10);
/// assert_eq!(net.classes(), 10);
/// assert_eq!(net.layer(net.features()).shape, Shape::new(16, 32, 32));
/// assert_eq!(net.tensors().last().unwrap().0, "fc.bias");
/// ```
#[derive(Debug, Clone)]
pub struct NetworkBuilder {
    layers: Vec<Layer>,
    blocks: Vec<LayerId>,
}

impl NetworkBuilder {
    /// Starts a network on images of the given shape.
    pub fn new(input: Shape) -> Self {
        let layer = Layer {
            name: "input".into(),
            op: Op::Input,
            inputs: Vec::new(),
            shape: input,
        };
        Self {
            layers: vec![layer],
            blocks: Vec::new(),
        }
    }

    /// The image.
    pub fn input(&self) -> LayerId {
        LayerId(0)
    }

    /// The shape of a layer that stands already.
    pub fn shape(&self, id: LayerId) -> Shape {
        self.layers[id.index()].shape
    }

    fn push(
        &mut self,
        name: impl Into<String>,
        op: Op,
        inputs: Vec<LayerId>,
        shape: Shape,
    ) -> LayerId {
        let id = LayerId(u32::try_from(self.layers.len()).expect("fewer than 2^32 layers"));
        assert!(
            inputs.iter().all(|i| i.0 < id.0),
            "inputs stand before the layer that reads them"
        );
        self.layers.push(Layer {
            name: name.into(),
            op,
            inputs,
            shape,
        });
        id
    }

    /// Adds a convolution.
    ///
    /// # Panics
    /// If the input's channels are not the convolution's.
    pub fn conv(&mut self, name: impl Into<String>, x: LayerId, conv: Conv) -> LayerId {
        let s = self.shape(x);
        assert_eq!(s.channels, conv.in_channels, "channels into a convolution");
        let (height, width) = (conv.output_side(s.height), conv.output_side(s.width));
        self.push(
            name,
            Op::Conv(conv),
            vec![x],
            Shape::new(conv.out_channels, height, width),
        )
    }

    /// Adds a batch normalisation.
    pub fn batch_norm(&mut self, name: impl Into<String>, x: LayerId) -> LayerId {
        self.push(name, Op::BatchNorm, vec![x], self.shape(x))
    }

    /// Adds a ReLU.
    pub fn relu(&mut self, name: impl Into<String>, x: LayerId) -> LayerId {
        self.push(name, Op::Relu, vec![x], self.shape(x))
    }

    /// Adds the sum of several values.
    ///
    /// # Panics
    /// If the values differ in shape, or a residual join has not two.
    pub fn add(&mut self, name: impl Into<String>, join: Join, inputs: &[LayerId]) -> LayerId {
        let shape = self.shape(inputs[0]);
        assert!(
            inputs.iter().all(|&i| self.shape(i) == shape),
            "added values have one shape"
        );
        assert!(
            join != Join::Residual || inputs.len() == 2,
            "a residual join has two inputs"
        );
        self.push(name, Op::Add(join), inputs.to_vec(), shape)
    }

    /// Adds an average pooling.
    pub fn avg_pool(&mut self, name: impl Into<String>, x: LayerId, pool: Pool) -> LayerId {
        let s = self.shape(x);
        let shape = Shape::new(
            s.channels,
            pool.output_side(s.height),
            pool.output_side(s.width),
        );
        self.push(name, Op::AvgPool(pool), vec![x], shape)
    }

    /// Adds a global average pooling.
    pub fn global_avg_pool(&mut self, name: impl Into<String>, x: LayerId) -> LayerId {
        self.push(
            name,
            Op::GlobalAvgPool,
            vec![x],
            Shape::new(self.shape(x).channels, 1, 1),
        )
    }

    /// Adds a linear layer with bias.
    ///
    /// # Panics
    /// If the input still has more than one pixel.
    pub fn linear(&mut self, name: impl Into<String>, x: LayerId, out_features: usize) -> LayerId {
        let s = self.shape(x);
        assert_eq!(s.pixels(), 1, "a linear layer reads pooled features");
        let op = Op::Linear {
            in_features: s.channels,
            out_features,
        };
        self.push(name, op, vec![x], Shape::new(out_features, 1, 1))
    }

    /// Adds a zero of the input's shape.
    pub fn zero(&mut self, name: impl Into<String>, x: LayerId) -> LayerId {
        self.push(name, Op::Zero, vec![x], self.shape(x))
    }

    /// Adds a layer that passes its input on.
    pub fn identity(&mut self, name: impl Into<String>, x: LayerId) -> LayerId {
        self.push(name, Op::Identity, vec![x], self.shape(x))
    }

    /// Marks the output of the stem or of a block.
    pub fn mark_block(&mut self, x: LayerId) {
        self.blocks.push(x);
    }

    /// Ends the network: global average pooling of `features` and the linear layer `fc`.
    ///
    /// Module order is execution order; see [`NetworkBuilder::classifier_with_modules`].
    pub fn classifier(self, features: LayerId, classes: usize) -> Network {
        self.classifier_with_modules(features, classes, |_| 0)
    }

    /// As [`NetworkBuilder::classifier`], with module order = execution order stably sorted by `key`
    /// of the layer's name.
    pub fn classifier_with_modules(
        mut self,
        features: LayerId,
        classes: usize,
        key: impl Fn(&str) -> u32,
    ) -> Network {
        let pooled = self.global_avg_pool("pool", features);
        self.linear("fc", pooled, classes);
        let has_parameters =
            |l: &Layer| matches!(l.op, Op::Conv(_) | Op::BatchNorm | Op::Linear { .. });
        let mut modules: Vec<LayerId> = (0..self.layers.len() as u32)
            .map(LayerId)
            .filter(|id| has_parameters(&self.layers[id.index()]))
            .collect();
        modules.sort_by_key(|id| key(&self.layers[id.index()].name));
        Network {
            layers: self.layers,
            modules,
            features,
            blocks: self.blocks,
        }
    }
}
