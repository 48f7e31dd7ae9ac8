//! The transforms of Winograd's minimal convolution F(2 x 2, 3 x 3).
//!
//! Four outputs of a 3 x 3 window of stride 1 need 36 products; with `d` the 4 x 4 inputs around them,
//!
//! `y = A' [(G g G') . (B' d B)] A`
//!
//! needs 16, one for each *position* of the transformed tile. Over channels the products become 16
//! matrix products, which the dense kernel does as 1 x 1 convolutions over tiles. All transforms are sums and
//! halves. Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016.
//!
//! The map `g -> y` has the transpose `dg = G' [sum over tiles (A dy A') . (B' d B)] G`: the weight gradient.

mod filters;
mod maps;

pub(crate) use filters::{FilterGradient, FilterTransform};
pub(crate) use maps::{Grid, OutputTransform, Side, TileTransform};

/// Positions of a transformed tile.
pub(crate) const POSITIONS: usize = 16;
