//! Builds a network layer by layer, with every shape inferred.

use super::{Conv, Join, Layer, LayerId, Network, Op, Pool, Shape};

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
