//! From stages to the layer graph.
//!
//! Names and module order are those of the reference networks in PyTorch: inside a block in the order
//! of its convolutions, the shortcut last. A residual addition reads `[main path, shortcut]`.

use super::{Block, StagedArch};
use crate::{
    dataset::Task,
    network::{Conv, Join, LayerId, Network, NetworkBuilder, Shape},
};

impl StagedArch {
    /// The layer graph for a task.
    pub fn network(&self, task: Task) -> Network {
        let skeleton = self.skeleton();
        let side = task.resolution();
        let mut b = NetworkBuilder::new(Shape::new(3, side, side));
        let width = skeleton.stem_width(self.stages()[0].width());
        let stem = Conv::dense(3, width, skeleton.stem_kernel, skeleton.stem_stride);
        let mut x = b.conv_bn_relu("stem", "relu", b.input(), stem);
        b.mark_block(x);
        for (i, stage) in self.stages().iter().enumerate() {
            for j in 0..stage.depth() {
                let place = Place {
                    name: format!("stages.{i}.{j}"),
                    width: stage.width(),
                    kernel: skeleton.kernel,
                    stride: if j == 0 { stage.stride() } else { 1 },
                };
                x = match skeleton.block {
                    Block::Basic => place.basic(&mut b, x),
                    Block::Bottleneck { reduction } => place.bottleneck(&mut b, x, reduction),
                    Block::Inverted { expansion } => place.inverted(&mut b, x, expansion),
                };
                b.mark_block(x);
            }
        }
        if let Some(width) = skeleton.head_width {
            let head = Conv::dense(b.shape(x).channels, width, 1, 1);
            x = b.conv_bn_relu("head", "head_relu", x, head);
        }
        b.classifier(x, task.classes())
    }
}

/// One block before it stands in the graph.
struct Place {
    name: String,
    width: usize,
    kernel: usize,
    stride: usize,
}

impl Place {
    fn basic(&self, b: &mut NetworkBuilder, x: LayerId) -> LayerId {
        let (width, kernel, name) = (self.width, self.kernel, &self.name);
        let first = Conv::dense(b.shape(x).channels, width, kernel, self.stride);
        let y = self.numbered(b, 1, x, first);
        let y = b.relu(format!("{name}.relu1"), y);
        let y = self.numbered(b, 2, y, Conv::dense(width, width, kernel, 1));
        let y = self.residual(b, x, y);
        b.relu(format!("{name}.relu2"), y)
    }

    fn bottleneck(&self, b: &mut NetworkBuilder, x: LayerId, reduction: usize) -> LayerId {
        let (width, name) = (self.width, &self.name);
        let inner = width / reduction;
        let y = self.numbered(b, 1, x, Conv::dense(b.shape(x).channels, inner, 1, 1));
        let y = b.relu(format!("{name}.relu1"), y);
        let y = self.numbered(b, 2, y, Conv::dense(inner, inner, self.kernel, self.stride));
        let y = b.relu(format!("{name}.relu2"), y);
        let y = self.numbered(b, 3, y, Conv::dense(inner, width, 1, 1));
        let y = self.residual(b, x, y);
        b.relu(format!("{name}.relu3"), y)
    }

    fn inverted(&self, b: &mut NetworkBuilder, x: LayerId, expansion: usize) -> LayerId {
        let inverted = Inverted {
            hidden: b.shape(x).channels * expansion,
            width: self.width,
            kernel: self.kernel,
            stride: self.stride,
        };
        inverted.lower(b, &self.name, x)
    }

    /// `convN` and `bnN`.
    fn numbered(&self, b: &mut NetworkBuilder, n: usize, x: LayerId, conv: Conv) -> LayerId {
        let y = b.conv(format!("{}.conv{n}", self.name), x, conv);
        b.batch_norm(format!("{}.bn{n}", self.name), y)
    }

    /// Adds the input, through a projection where stride or width forbid it as it is.
    fn residual(&self, b: &mut NetworkBuilder, x: LayerId, main: LayerId) -> LayerId {
        let cin = b.shape(x).channels;
        let shortcut = if self.stride == 1 && cin == self.width {
            x
        } else {
            let projection = Conv::dense(cin, self.width, 1, self.stride);
            b.conv_bn(&format!("{}.shortcut", self.name), x, projection)
        };
        b.add(
            format!("{}.add", self.name),
            Join::Residual,
            &[main, shortcut],
        )
    }
}

/// An inverted residual with any hidden width; public benchmarks stack it too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inverted {
    pub(crate) hidden: usize,
    pub(crate) width: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
}

impl Inverted {
    pub(crate) fn lower(self, b: &mut NetworkBuilder, name: &str, x: LayerId) -> LayerId {
        let cin = b.shape(x).channels;
        let expand = Conv::dense(cin, self.hidden, 1, 1);
        let depthwise = Conv::depthwise(self.hidden, self.kernel, self.stride);
        let project = Conv::dense(self.hidden, self.width, 1, 1);
        let y = b.conv_bn(&format!("{name}.expand"), x, expand);
        let y = b.relu(format!("{name}.relu1"), y);
        let y = b.conv_bn(&format!("{name}.depthwise"), y, depthwise);
        let y = b.relu(format!("{name}.relu2"), y);
        let y = b.conv_bn(&format!("{name}.project"), y, project);
        if self.stride == 1 && cin == self.width {
            b.add(format!("{name}.add"), Join::Residual, &[y, x])
        } else {
            y
        }
    }
}

impl NetworkBuilder {
    /// `NAME.conv` and `NAME.bn`.
    pub(crate) fn conv_bn(&mut self, name: &str, x: LayerId, conv: Conv) -> LayerId {
        let y = self.conv(format!("{name}.conv"), x, conv);
        self.batch_norm(format!("{name}.bn"), y)
    }

    /// `NAME.conv`, `NAME.bn` and a ReLU.
    pub(crate) fn conv_bn_relu(
        &mut self,
        name: &str,
        relu: &str,
        x: LayerId,
        conv: Conv,
    ) -> LayerId {
        let y = self.conv_bn(name, x, conv);
        self.relu(relu, y)
    }
}
