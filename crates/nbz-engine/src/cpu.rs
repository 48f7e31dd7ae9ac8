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
mod measured;
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

pub use info::{Cache, Info, info};
pub use map::Map;
pub use measure::{LayerTiming, Timing};
pub use path::{Path, PathError};
pub use peak::measured_peak;
pub use simd::Element;
pub use storage::most_kept;
pub use weight::Weight;

use std::sync::Arc;

use nbz_space::network::Conv;

use self::storage::Pool;
use self::threads::Threads;
use self::winograd::Winograd;
use crate::error::EngineError;

/// The fast device of this machine, in `f32` (or `f64` for proxies that need it).
#[derive(Debug)]
pub struct Cpu<E: Element = f32> {
    path: Path,
    threads: Threads,
    pool: Arc<Pool<E>>,
    winograd: bool,
}

impl<E: Element> Cpu<E> {
    /// A device on a kernel path with a number of threads (0 counts as 1). With one thread all work
    /// happens on the calling thread.
    ///
    /// # Errors
    /// If the processor lacks the path's instructions, or the operating system refuses the threads.
    pub fn new(path: Path, threads: usize) -> Result<Self, EngineError> {
        Ok(Self {
            path: path.checked()?,
            threads: Threads::new(threads)?,
            pool: Arc::default(),
            winograd: false,
        })
    }

    /// The device with Winograd's convolution F(2 x 2, 3 x 3) in place of the definition's sums, where a
    /// convolution has the form: up to 1.8 times as fast, and as exact as its sums of up to 16 terms allow.
    /// Results round otherwise than the definition's, so a device is one or the other.
    #[must_use]
    pub fn with_winograd(mut self) -> Self {
        self.winograd = true;
        self
    }

    /// Whether a convolution goes by Winograd's form.
    pub(crate) fn serves(&self, conv: &Conv) -> bool {
        self.winograd && Winograd::serves(conv)
    }

    /// The kernel path in use.
    pub fn path(&self) -> Path {
        self.path
    }

    /// Threads in use.
    pub fn threads(&self) -> usize {
        self.threads.count()
    }

    /// The most bytes of maps, weights and working memory that were in use at one time.
    pub fn peak_bytes(&self) -> u64 {
        self.pool.peak_bytes()
    }

    /// The most bytes that were taken from the system at one time: those in use and those kept for later.
    pub fn reserved_bytes(&self) -> u64 {
        self.pool.most_reserved_bytes()
    }
}
