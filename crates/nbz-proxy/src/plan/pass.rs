//! The passes into which needs are merged.

use serde::Serialize;

use crate::findings::Need;

/// One pass over a network, or the work before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Pass {
    /// Drawing weights and moving them to the device.
    Weights,
    /// Forward over the batch.
    Forward,
    /// Backward from the mean cross entropy.
    Backward,
    /// Backward to the images from ones on all logits.
    Jacobian,
    /// Tangent along the weights, and both backwards: the gradients, and how they move.
    Tangent,
    /// Forward and backward of the second batch.
    SecondBatch,
    /// Forward of the first images and one backward an image.
    TangentKernel,
    /// Forward and backward with every image a batch of its own.
    SignCounts,
    /// Forward of one image of noise.
    ChannelCorrelation,
    /// Forward and backward of one image of ones in double precision.
    Flow,
    /// Two forwards of noise, residuals removed.
    PlainDistance,
    /// Two forwards of noise.
    ResidualDistance,
    /// Forward and backward of noise, residuals removed.
    NoiseGradient,
    /// Forward of the first images.
    Patterns,
    /// Forward of noise and backward from block to block.
    Features,
}

impl Pass {
    /// The pass's name in files: `tangent_kernel`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Forward => "forward",
            Self::Backward => "backward",
            Self::Jacobian => "jacobian",
            Self::Tangent => "tangent",
            Self::SecondBatch => "second_batch",
            Self::TangentKernel => "tangent_kernel",
            Self::SignCounts => "sign_counts",
            Self::ChannelCorrelation => "channel_correlation",
            Self::Flow => "flow",
            Self::PlainDistance => "plain_distance",
            Self::ResidualDistance => "residual_distance",
            Self::NoiseGradient => "noise_gradient",
            Self::Patterns => "patterns",
            Self::Features => "features",
        }
    }
}

impl Need {
    /// The passes that a need takes, in the order in which they run.
    pub const fn passes(self) -> &'static [Pass] {
        match self {
            Self::WeightNorms => &[Pass::Weights],
            Self::Gradients | Self::Fisher => &[Pass::Weights, Pass::Forward, Pass::Backward],
            Self::Curvature => &[Pass::Weights, Pass::Forward, Pass::Tangent],
            Self::Jacobian => &[Pass::Weights, Pass::Forward, Pass::Jacobian],
            Self::Codes => &[Pass::Weights, Pass::Forward],
            Self::Ratios => &[
                Pass::Weights,
                Pass::Forward,
                Pass::Backward,
                Pass::SecondBatch,
            ],
            Self::TangentKernel => &[Pass::Weights, Pass::TangentKernel],
            Self::SignCounts => &[Pass::Weights, Pass::SignCounts],
            Self::ChannelCorrelation => &[Pass::Weights, Pass::ChannelCorrelation],
            Self::Flow => &[Pass::Weights, Pass::Flow],
            Self::PlainDistance => &[Pass::Weights, Pass::PlainDistance],
            Self::ResidualDistance => &[Pass::Weights, Pass::ResidualDistance],
            Self::NoiseGradient => &[Pass::Weights, Pass::NoiseGradient],
            Self::Patterns => &[Pass::Weights, Pass::Patterns],
            Self::Features => &[Pass::Weights, Pass::Features],
        }
    }

    /// Whether labels enter, so that a batch of one class would say nothing.
    pub const fn reads_labels(self) -> bool {
        matches!(
            self,
            Self::Gradients
                | Self::Fisher
                | Self::Curvature
                | Self::Ratios
                | Self::SignCounts
                | Self::NoiseGradient
        )
    }

    /// Whether the noise enters.
    pub(crate) const fn reads_noise(self) -> bool {
        matches!(
            self,
            Self::PlainDistance
                | Self::ResidualDistance
                | Self::NoiseGradient
                | Self::Features
                | Self::ChannelCorrelation
        )
    }

    /// Whether only the first images of the batch enter.
    pub(crate) const fn reads_few(self) -> bool {
        matches!(self, Self::TangentKernel | Self::Patterns)
    }

    /// Whether batch norms see one image at a time, and so need maps of more than one pixel.
    pub(crate) const fn normalises_one_image(self) -> bool {
        matches!(self, Self::SignCounts | Self::ChannelCorrelation)
    }
}
