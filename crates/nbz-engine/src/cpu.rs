//! The fast device of this machine.
//!
//! Activations lie as `[N / 8][C / 16][H][W][8 images][16 channels]` (`map`), so that one register tile
//! (eight images by one or two vectors of channels at one pixel) serves convolutions of every kernel,
//! stride and size, without im2col and without packing. The kernels are written once over a vector of
//! 16 channels (`simd`) and compiled for AVX-512F, AVX2 with FMA and any processor ([`Path`]); all
//! paths and any number of threads give the same bits.
//!
//! What a pass walks through: `device` takes an operation apart into parts of groups and blocks
//! (`parts`), `convolution` and `mixture` choose taps, weights and coefficients, and `kernels` hold
//! the loops.

mod convolution;
mod convolution_gradient;
mod device;
mod fused;
mod info;
mod kernels;
mod map;
mod measure;
mod mixture;
mod norm;
mod parts;
mod path;
mod peak;
mod pooling;
mod reading;
mod simd;
mod storage;
mod taps;
mod threads;
mod weight;
mod winograd;

pub use device::Cpu;
pub use info::{Cache, Info, info};
pub use map::Map;
pub use measure::{LayerTiming, Timing};
pub use path::{Path, PathError};
pub use peak::measured_peak;
pub use simd::Element;
pub use weight::Weight;
