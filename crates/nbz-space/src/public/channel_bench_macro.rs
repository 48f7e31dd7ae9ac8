//! Channel-Bench-Macro (Su et al., CVPR 2021): two fixed networks whose seven widths vary.
//!
//! Digit d of 1 to 4 makes a width d quarters of its maximum. ResNet: stem with stride 2, two residual
//! pairs, one pair with stride 2 and no shortcut, two residual pairs. MobileNet: stem with stride 2,
//! four inverted residuals, a 1x1 head. The published description says 16 x 16 after the stride-2
//! block; the published code and counts have 8 x 8, and so have we.

use std::fmt;

use super::{Alphabet, nth_string, write_digits};
use crate::{
    cost::Costs,
    dataset::Task,
    error::SpaceError,
    network::{Conv, Join, LayerId, Network, NetworkBuilder, Shape},
    staged::Inverted,
};

const HINT: &str = "a digit is 1 to 4, the quarters of the layer's largest width";

fn widths(maxima: [usize; 7], digits: [u8; 7]) -> [usize; 7] {
    std::array::from_fn(|i| maxima[i] * usize::from(digits[i]) / 4)
}

/// A network of Channel-Bench-Macro's ResNet space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelResNet {
    digits: [u8; 7],
}

impl ChannelResNet {
    /// What stands before the digits.
    pub const PREFIX: &'static str = "cbmr:";
    /// Number of networks.
    pub const COUNT: usize = 16_384;

    pub(crate) fn parse(text: &str, at: usize) -> Result<Self, SpaceError> {
        let alphabet = Alphabet {
            benchmark: "Channel-Bench-Macro ResNet",
            digits: b'1'..=b'4',
            hint: HINT,
        };
        alphabet.digits(text, at).map(|digits| Self { digits })
    }

    /// All networks in ascending order of their strings.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).filter_map(|i| nth_string(i, 4, 1).map(|digits| Self { digits }))
    }

    /// One digit a width.
    pub fn digits(self) -> [u8; 7] {
        self.digits
    }

    fn widths(self) -> [usize; 7] {
        widths([256, 256, 256, 512, 512, 512, 512], self.digits)
    }

    fn pairs(self) -> [Pair; 5] {
        let c = self.widths();
        let keep = |cin, inner| Pair::new(cin, inner, cin, 1);
        [
            keep(c[0], c[1]),
            keep(c[0], c[2]),
            Pair::new(c[0], c[3], c[4], 2),
            keep(c[4], c[5]),
            keep(c[4], c[6]),
        ]
    }

    /// The layer graph for a task.
    pub fn network(self, task: Task) -> Network {
        let side = task.resolution();
        let mut b = NetworkBuilder::new(Shape::new(3, side, side));
        let stem = Conv::dense(3, self.widths()[0], 3, 2);
        let mut x = b.conv_bn_relu("stem", "relu", b.input(), stem);
        b.mark_block(x);
        for (i, pair) in self.pairs().into_iter().enumerate() {
            x = pair.lower(&mut b, &format!("blocks.{i}"), x);
            b.mark_block(x);
        }
        b.classifier(x, task.classes())
    }

    /// Costs for a task.
    pub fn costs(self, task: Task) -> Costs {
        let stem = Conv::dense(3, self.widths()[0], 3, 2);
        let mut side = stem.output_side(task.resolution());
        let mut costs = Costs::conv_bn(stem, side);
        for Pair { first, second } in self.pairs() {
            side = first.output_side(side);
            costs += Costs::conv_bn(first, side) + Costs::conv_bn(second, side);
        }
        costs + Costs::linear(self.widths()[4], task.classes())
    }
}

impl fmt::Display for ChannelResNet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, Self::PREFIX, &self.digits)
    }
}

/// Two 3x3 convolutions; the input is added if the stride is 1.
#[derive(Debug, Clone, Copy)]
struct Pair {
    first: Conv,
    second: Conv,
}

impl Pair {
    fn new(cin: usize, inner: usize, width: usize, stride: usize) -> Self {
        Self {
            first: Conv::dense(cin, inner, 3, stride),
            second: Conv::dense(inner, width, 3, 1),
        }
    }

    fn lower(self, b: &mut NetworkBuilder, name: &str, x: LayerId) -> LayerId {
        let y = b.conv(format!("{name}.conv1"), x, self.first);
        let y = b.batch_norm(format!("{name}.bn1"), y);
        let y = b.relu(format!("{name}.relu1"), y);
        let y = b.conv(format!("{name}.conv2"), y, self.second);
        let mut y = b.batch_norm(format!("{name}.bn2"), y);
        if self.first.stride == 1 {
            y = b.add(format!("{name}.add"), Join::Residual, &[y, x]);
        }
        b.relu(format!("{name}.relu2"), y)
    }
}

/// A network of Channel-Bench-Macro's MobileNet space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelMobileNet {
    digits: [u8; 7],
}

impl ChannelMobileNet {
    /// What stands before the digits.
    pub const PREFIX: &'static str = "cbmm:";
    /// Number of networks.
    pub const COUNT: usize = 16_384;

    pub(crate) fn parse(text: &str, at: usize) -> Result<Self, SpaceError> {
        let alphabet = Alphabet {
            benchmark: "Channel-Bench-Macro MobileNet",
            digits: b'1'..=b'4',
            hint: HINT,
        };
        alphabet.digits(text, at).map(|digits| Self { digits })
    }

    /// All networks in ascending order of their strings.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).filter_map(|i| nth_string(i, 4, 1).map(|digits| Self { digits }))
    }

    /// One digit a width.
    pub fn digits(self) -> [u8; 7] {
        self.digits
    }

    fn widths(self) -> [usize; 7] {
        widths([128, 768, 768, 768, 256, 1536, 1024], self.digits)
    }

    /// The four inverted residuals, each with its channels in.
    fn residuals(self) -> [(usize, Inverted); 4] {
        let c = self.widths();
        let inverted = |cin, hidden, width, stride| {
            let block = Inverted {
                hidden,
                width,
                kernel: 3,
                stride,
            };
            (cin, block)
        };
        [
            inverted(c[0], c[1], c[0], 1),
            inverted(c[0], c[2], c[0], 1),
            inverted(c[0], c[3], c[4], 2),
            inverted(c[4], c[5], c[4], 1),
        ]
    }

    /// The layer graph for a task.
    pub fn network(self, task: Task) -> Network {
        let c = self.widths();
        let side = task.resolution();
        let mut b = NetworkBuilder::new(Shape::new(3, side, side));
        let stem = Conv::dense(3, c[0], 3, 2);
        let mut x = b.conv_bn_relu("stem", "relu", b.input(), stem);
        b.mark_block(x);
        for (i, (_, inverted)) in self.residuals().into_iter().enumerate() {
            x = inverted.lower(&mut b, &format!("blocks.{i}"), x);
            b.mark_block(x);
        }
        x = b.conv_bn_relu("head", "head_relu", x, Conv::dense(c[4], c[6], 1, 1));
        b.classifier(x, task.classes())
    }

    /// Costs for a task.
    pub fn costs(self, task: Task) -> Costs {
        let c = self.widths();
        let stem = Conv::dense(3, c[0], 3, 2);
        let mut side = stem.output_side(task.resolution());
        let mut costs = Costs::conv_bn(stem, side);
        for (cin, inverted) in self.residuals() {
            costs += inverted.costs(cin, side);
            side = side.div_ceil(inverted.stride);
        }
        costs
            + Costs::conv_bn(Conv::dense(c[4], c[6], 1, 1), side)
            + Costs::linear(c[6], task.classes())
    }
}

impl fmt::Display for ChannelMobileNet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, Self::PREFIX, &self.digits)
    }
}
