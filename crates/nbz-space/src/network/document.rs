//! The layer graph as plain data, for programs in other languages.
//!
//! Layers stand in topological order and name their inputs by position; the first is the image, the last
//! gives the logits. Tensors of the state dict are `{name}.weight`, `{name}.bias`, `{name}.running_mean`
//! and `{name}.running_var`.

use serde::Serialize;

use super::{Join, LayerId, Network, Op, Shape};

/// Counts the layouts of [`Document`].
pub const DOCUMENT_VERSION: u32 = 1;

/// A network's graph, ready to be written as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// [`DOCUMENT_VERSION`].
    pub version: u32,
    /// Number of classes.
    pub classes: usize,
    /// All layers in topological order.
    pub layers: Vec<LayerDocument>,
    /// Layers with parameters, in the order of PyTorch's `named_modules()`.
    pub modules: Vec<usize>,
    /// The map before global pooling.
    pub features: usize,
    /// The stem's output, then every block's.
    pub blocks: Vec<usize>,
}

/// One layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerDocument {
    /// The module's name in a state dict; unique.
    pub name: String,
    /// What it does.
    #[serde(flatten)]
    pub op: OpDocument,
    /// Positions of the layers whose values it reads.
    pub inputs: Vec<usize>,
    /// `[C, H, W]` of its value for one image.
    pub shape: [usize; 3],
}

/// What a layer does: the key `op` and the settings of that operation, named as in PyTorch.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum OpDocument {
    /// The image.
    Input,
    /// A convolution; `padding` zeros on each side.
    Conv {
        /// Channels of the input.
        in_channels: usize,
        /// Channels of the output.
        out_channels: usize,
        /// Side of the kernel.
        kernel_size: usize,
        /// Step in both directions.
        stride: usize,
        /// Zeros added on each side.
        padding: usize,
        /// 1, or `in_channels` for a depthwise convolution.
        groups: usize,
        /// Whether a bias is added.
        bias: bool,
    },
    /// Batch normalisation with scale and shift, eps 1e-5 and momentum 0.1.
    BatchNorm {
        /// Channels.
        num_features: usize,
    },
    /// `max(x, 0)`.
    Relu,
    /// The sum of all inputs.
    Add {
        /// `residual`: the first input is the main path, the second the shortcut; `sum`: a node of a cell.
        join: &'static str,
    },
    /// Average pooling that does not count the padding.
    AvgPool {
        /// Side of the window.
        kernel_size: usize,
        /// Step in both directions.
        stride: usize,
        /// Pixels added on each side, which do not enter the average.
        padding: usize,
    },
    /// The mean over all pixels.
    GlobalAvgPool,
    /// A fully connected layer with bias.
    Linear {
        /// Features in.
        in_features: usize,
        /// Features out.
        out_features: usize,
    },
    /// Zero of the input's shape.
    Zero,
    /// Its input unchanged.
    Identity,
}

impl Network {
    /// The graph as plain data.
    ///
    /// ```
    /// use nbz_space::{Arch, Dataset};
    /// let network = "nb201:212043".parse::<Arch>()?.network(Dataset::Cifar10);
    /// let document = network.document();
    /// assert_eq!(document.layers[0].shape, [3, 32, 32]);
    /// assert_eq!(document.layers.last().map(|l| l.shape), Some([10, 1, 1]));
    /// # Ok::<(), nbz_space::SpaceError>(())
    /// ```
    pub fn document(&self) -> Document {
        let places = |ids: &[LayerId]| ids.iter().map(|id| id.index()).collect();
        let layer = |id| {
            let layer = self.layer(id);
            let Shape {
                channels,
                height,
                width,
            } = layer.shape;
            LayerDocument {
                name: layer.name.clone(),
                op: op(layer.op, channels),
                inputs: places(&layer.inputs),
                shape: [channels, height, width],
            }
        };
        Document {
            version: DOCUMENT_VERSION,
            classes: self.classes(),
            layers: self.ids().map(layer).collect(),
            modules: places(&self.modules),
            features: self.features.index(),
            blocks: places(&self.blocks),
        }
    }
}

fn op(op: Op, channels: usize) -> OpDocument {
    match op {
        Op::Input => OpDocument::Input,
        Op::Conv(conv) => OpDocument::Conv {
            in_channels: conv.in_channels,
            out_channels: conv.out_channels,
            kernel_size: conv.kernel,
            stride: conv.stride,
            padding: conv.padding(),
            groups: conv.groups,
            bias: conv.bias,
        },
        Op::BatchNorm => OpDocument::BatchNorm {
            num_features: channels,
        },
        Op::Relu => OpDocument::Relu,
        Op::Add(join) => OpDocument::Add {
            join: match join {
                Join::Residual => "residual",
                Join::Sum => "sum",
            },
        },
        Op::AvgPool(pool) => OpDocument::AvgPool {
            kernel_size: pool.kernel,
            stride: pool.stride,
            padding: pool.padding,
        },
        Op::GlobalAvgPool => OpDocument::GlobalAvgPool,
        Op::Linear {
            in_features,
            out_features,
        } => OpDocument::Linear {
            in_features,
            out_features,
        },
        Op::Zero => OpDocument::Zero,
        Op::Identity => OpDocument::Identity,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Arch, Dataset};

    /// Oracle: the first layers of a NAS-Bench-201 network, written by hand.
    #[test]
    fn layers_are_written_as_the_page_says() {
        let network = "nb201:212043"
            .parse::<Arch>()
            .expect("an architecture")
            .network(Dataset::Cifar10);
        let json = serde_json::to_value(network.document()).expect("JSON");
        let expected = serde_json::json!([
            {"name": "input", "op": "input", "inputs": [], "shape": [3, 32, 32]},
            {"name": "stem.conv", "op": "conv", "in_channels": 3, "out_channels": 16, "kernel_size": 3,
             "stride": 1, "padding": 1, "groups": 1, "bias": false, "inputs": [0], "shape": [16, 32, 32]},
            {"name": "stem.bn", "op": "batch_norm", "num_features": 16, "inputs": [1],
             "shape": [16, 32, 32]},
        ]);
        let layers = json["layers"].as_array().expect("a list");
        assert_eq!(layers[..3], expected.as_array().expect("a list")[..]);
        // A layer reads only layers before it, and every tensor of the state dict has its layer.
        for (at, layer) in layers.iter().enumerate() {
            let inputs = layer["inputs"].as_array().expect("a list");
            assert!(inputs.iter().all(|i| i.as_u64() < Some(at as u64)));
        }
        for (tensor, _) in network.tensors() {
            let (name, _) = tensor.rsplit_once('.').expect("a tensor of a layer");
            assert!(layers.iter().any(|l| l["name"] == name), "{tensor}");
        }
    }
}
