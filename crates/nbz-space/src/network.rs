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

mod builder;
pub mod document;
mod layer;

pub use builder::NetworkBuilder;
pub use layer::{Conv, Join, Layer, LayerId, Op, Pool, Shape};

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
