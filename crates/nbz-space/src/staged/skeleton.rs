//! What all networks of one staged space have in common: block, stem and head.
//!
//! Every network is a stem convolution with batch norm and ReLU, the stages, an optional 1x1 head,
//! global average pooling and `fc`. Convolutions have no bias, padding is `(k - 1) / 2`, and every
//! activation is ReLU: without batch norm ReLU6 saturates, and synflow would be zero.

/// The block that a space stacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Block {
    /// conv k x k (stride), BN, ReLU, conv k x k, BN, plus shortcut, ReLU (He et al. 2016).
    Basic,
    /// conv 1x1, BN, ReLU, conv k x k (stride), BN, ReLU, conv 1x1, BN, plus shortcut, ReLU.
    Bottleneck {
        /// The inner width is the block's width divided by this.
        reduction: usize,
    },
    /// conv 1x1, BN, ReLU, depthwise k x k (stride), BN, ReLU, conv 1x1, BN; plus the input where
    /// stride and width permit (Sandler et al. 2018).
    Inverted {
        /// The inner width is the block's *input* width times this.
        expansion: usize,
    },
}

/// How wide the stem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StemWidth {
    /// The same for every network.
    Fixed(usize),
    /// The first stage's width, but at most this.
    FirstStageUpTo(usize),
}

/// Block, stem and head of a staged space.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Skeleton {
    pub(crate) name: String,
    pub(crate) block: Block,
    pub(crate) kernel: usize,
    pub(crate) stem_width: StemWidth,
    pub(crate) stem_kernel: usize,
    pub(crate) stem_stride: usize,
    pub(crate) head_width: Option<usize>,
}

impl Skeleton {
    /// The space's name: what stands before the colon of its architecture strings.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The block that the space stacks.
    pub fn block(&self) -> Block {
        self.block
    }

    /// Side of the kernel of the block's spatial convolutions.
    pub fn kernel(&self) -> usize {
        self.kernel
    }

    /// Width of the stem of a network whose first stage is so wide.
    pub fn stem_width(&self, first_stage: usize) -> usize {
        match self.stem_width {
            StemWidth::Fixed(width) => width,
            StemWidth::FirstStageUpTo(most) => first_stage.min(most),
        }
    }

    /// Channels of the 1x1 head before pooling, if the space has one.
    pub fn head_width(&self) -> Option<usize> {
        self.head_width
    }
}
