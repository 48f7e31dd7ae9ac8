//! The vocabulary of layers: names, shapes, operations.

use std::fmt;

/// Names a layer, and the value that it produces, inside one [`Network`](super::Network).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(pub(super) u32);

impl LayerId {
    /// The position of the layer in [`Network::layers`](super::Network::layers).
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
