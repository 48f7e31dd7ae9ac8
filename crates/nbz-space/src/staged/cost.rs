//! Costs of a staged network by a closed form: two blocks a stage, the second times `depth - 1`.
//!
//! All blocks of a stage after the first are equal, so the work does not grow with depth. A property
//! test holds the result equal to the sum over the layer graph.

use super::{Block, StagedArch, lower::Inverted};
use crate::{cost::Costs, dataset::Task, network::Conv};

impl StagedArch {
    /// Costs for a task.
    pub fn costs(&self, task: Task) -> Costs {
        let skeleton = self.skeleton();
        let mut cin = skeleton.stem_width(self.stages()[0].width());
        let stem = Conv::dense(3, cin, skeleton.stem_kernel, skeleton.stem_stride);
        let mut side = stem.output_side(task.resolution());
        let mut costs = Costs::conv_bn(stem, side);
        for stage in self.stages() {
            let first = self.block_costs(cin, stage.width(), stage.stride(), side);
            side = side.div_ceil(stage.stride());
            cin = stage.width();
            costs += first;
            if stage.depth() > 1 {
                costs += self.block_costs(cin, cin, 1, side) * (stage.depth() as u64 - 1);
            }
        }
        if let Some(width) = skeleton.head_width {
            costs += Costs::conv_bn(Conv::dense(cin, width, 1, 1), side);
            cin = width;
        }
        costs + Costs::linear(cin, task.classes())
    }

    /// One block on maps of `side` pixels.
    fn block_costs(&self, cin: usize, width: usize, stride: usize, side: usize) -> Costs {
        let kernel = self.skeleton.kernel;
        let out = side.div_ceil(stride);
        let main = match self.skeleton.block {
            Block::Basic => {
                Costs::conv_bn(Conv::dense(cin, width, kernel, stride), out)
                    + Costs::conv_bn(Conv::dense(width, width, kernel, 1), out)
            }
            Block::Bottleneck { reduction } => {
                let inner = width / reduction;
                Costs::conv_bn(Conv::dense(cin, inner, 1, 1), side)
                    + Costs::conv_bn(Conv::dense(inner, inner, kernel, stride), out)
                    + Costs::conv_bn(Conv::dense(inner, width, 1, 1), out)
            }
            Block::Inverted { expansion } => {
                let hidden = cin * expansion;
                let inverted = Inverted {
                    hidden,
                    width,
                    kernel,
                    stride,
                };
                return inverted.costs(cin, side);
            }
        };
        if stride == 1 && cin == width {
            main
        } else {
            main + Costs::conv_bn(Conv::dense(cin, width, 1, stride), out).off_main_path()
        }
    }
}

impl Inverted {
    /// Costs on maps of `side` pixels and `cin` channels.
    pub(crate) fn costs(self, cin: usize, side: usize) -> Costs {
        let out = side.div_ceil(self.stride);
        Costs::conv_bn(Conv::dense(cin, self.hidden, 1, 1), side)
            + Costs::conv_bn(Conv::depthwise(self.hidden, self.kernel, self.stride), out)
            + Costs::conv_bn(Conv::dense(self.hidden, self.width, 1, 1), out)
    }
}
