//! The inner loops, each for one group of images (and block of channels) on one thread.
//!
//! Everything here is `#[inline(always)]` and generic over [`super::simd::Simd`], so that it is compiled
//! once for each instruction set.

#![expect(
    clippy::inline_always,
    reason = "only inlined code is compiled for the instruction set"
)]
#![expect(
    clippy::needless_range_loop,
    reason = "register tiles are indexed alike in several arrays"
)]

pub(crate) mod affine;
pub(crate) mod dense;
pub(crate) mod depthwise;
pub(crate) mod gram;
pub(crate) mod lanes;
pub(crate) mod signs;
pub(crate) mod sums;
pub(crate) mod weight_gradient;
pub(crate) mod winograd;
