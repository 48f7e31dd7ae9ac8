//! NAS-Bench-Macro (Su et al., CVPR 2021): eight layers, each skipped or an inverted residual.
//!
//! Stem conv 3x3 to 32; stages of 2, 3 and 3 layers of 64, 128 and 256 channels, the first layer of
//! each with stride 2; head conv 1x1 to 1280. Digit 0 passes the input on (in a stage's first layer: a
//! 1x1 convolution with the stride and batch norm, no ReLU), 1 is an inverted residual with expansion
//! 3 and kernel 3, 2 one with expansion 6 and kernel 5.
//!
//! An identity lowers to no layer: it has no work and no output of its own, so strings that differ
//! only in where it stands give graphs that differ only in names. It is not marked as a block either.

use std::fmt;

use super::{Alphabet, nth_string, write_digits};
use crate::{
    cost::Costs,
    dataset::Task,
    error::SpaceError,
    network::{Conv, Network, NetworkBuilder, Shape},
    staged::Inverted,
};

const ALPHABET: Alphabet = Alphabet {
    benchmark: "NAS-Bench-Macro",
    digits: b'0'..=b'2',
    hint: "a digit is 0 (identity), 1 (expansion 3, kernel 3) or 2 (expansion 6, kernel 5)",
};
const STEM: usize = 32;
const HEAD: usize = 1280;

/// A network of NAS-Bench-Macro.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NasBenchMacro {
    digits: [u8; 8],
}

impl NasBenchMacro {
    /// What stands before the digits.
    pub const PREFIX: &'static str = "nbmacro:";
    /// Number of strings.
    pub const COUNT: usize = 6561;
    /// The layers of each stage.
    pub const STAGES: [std::ops::Range<usize>; 3] = [0..2, 2..5, 5..8];

    pub(crate) fn parse(text: &str, at: usize) -> Result<Self, SpaceError> {
        ALPHABET.digits(text, at).map(|digits| Self { digits })
    }

    /// All strings in ascending order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).filter_map(|i| nth_string(i, 3, 0).map(|digits| Self { digits }))
    }

    /// One digit a layer.
    pub fn digits(self) -> [u8; 8] {
        self.digits
    }

    /// The spelling under which the benchmark counts this network once: in each stage the first
    /// digit, then the others without their zeros in their order, then zeros.
    ///
    /// ```
    /// use nbz_space::Arch;
    /// let arch: Arch = "nbmacro:12021002".parse()?;
    /// assert_eq!(arch.canonical().to_string(), "nbmacro:12021020");
    /// # Ok::<(), nbz_space::SpaceError>(())
    /// ```
    #[must_use]
    pub fn canonical(self) -> Self {
        let mut digits = self.digits;
        for stage in Self::STAGES {
            digits[stage.start + 1..stage.end].sort_by_key(|&d| d == 0);
        }
        Self { digits }
    }

    /// Layers as (position, channels in, what it is on maps of so many channels).
    fn layers(self) -> impl Iterator<Item = (usize, usize, MacroLayer)> {
        let mut cin = STEM;
        self.digits.into_iter().enumerate().map(move |(i, digit)| {
            let first = Self::STAGES.iter().any(|s| s.start == i);
            let (width, stride) = if first { (2 * cin, 2) } else { (cin, 1) };
            let (expansion, kernel) = if digit == 1 { (3, 3) } else { (6, 5) };
            let layer = match (digit, first) {
                (0, false) => MacroLayer::Nothing,
                (0, true) => MacroLayer::Projection(Conv::dense(cin, width, 1, stride)),
                _ => MacroLayer::Inverted(Inverted {
                    hidden: cin * expansion,
                    width,
                    kernel,
                    stride,
                }),
            };
            let here = (i, cin, layer);
            cin = width;
            here
        })
    }

    /// The layer graph for a task.
    pub fn network(self, task: Task) -> Network {
        let side = task.resolution();
        let mut b = NetworkBuilder::new(Shape::new(3, side, side));
        let mut x = b.conv_bn_relu("stem", "relu", b.input(), Conv::dense(3, STEM, 3, 1));
        b.mark_block(x);
        for (i, _, layer) in self.layers() {
            let name = format!("layers.{i}");
            x = match layer {
                MacroLayer::Nothing => continue,
                MacroLayer::Projection(conv) => b.conv_bn(&name, x, conv),
                MacroLayer::Inverted(inverted) => inverted.lower(&mut b, &name, x),
            };
            b.mark_block(x);
        }
        let head = Conv::dense(b.shape(x).channels, HEAD, 1, 1);
        x = b.conv_bn_relu("head", "head_relu", x, head);
        b.classifier(x, task.classes())
    }

    /// Costs for a task.
    pub fn costs(self, task: Task) -> Costs {
        let mut side = task.resolution();
        let mut costs = Costs::conv_bn(Conv::dense(3, STEM, 3, 1), side);
        let mut width = STEM;
        for (_, cin, layer) in self.layers() {
            match layer {
                MacroLayer::Nothing => {}
                MacroLayer::Projection(conv) => {
                    side = conv.output_side(side);
                    width = conv.out_channels;
                    costs += Costs::conv_bn(conv, side);
                }
                MacroLayer::Inverted(inverted) => {
                    costs += inverted.costs(cin, side);
                    side = side.div_ceil(inverted.stride);
                    width = inverted.width;
                }
            }
        }
        costs
            + Costs::conv_bn(Conv::dense(width, HEAD, 1, 1), side)
            + Costs::linear(HEAD, task.classes())
    }
}

enum MacroLayer {
    Nothing,
    Projection(Conv),
    Inverted(Inverted),
}

impl fmt::Display for NasBenchMacro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(f, Self::PREFIX, &self.digits)
    }
}
