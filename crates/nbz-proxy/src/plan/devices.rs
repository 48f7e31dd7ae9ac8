//! The devices of a plan.

use nbz_engine::cpu::{Element, Path};
use nbz_engine::{Cpu, Device, EngineError, Reference};

/// The device that runs the passes, and one of double precision for the flow of ones, which spans tens
/// of decades.
#[derive(Debug)]
pub struct Devices<D, E = D> {
    /// Runs every pass but the flow.
    pub passes: D,
    /// Runs the flow: maps and weights in `f64`.
    pub double: E,
}

impl Devices<Cpu<f32>, Cpu<f64>> {
    /// The fast device of this machine, `f32` with its `f64` twin. With one thread everything runs on
    /// the calling thread; whole networks are then best run side by side.
    ///
    /// # Errors
    /// If the processor lacks the path's instructions, or the operating system refuses the threads.
    pub fn cpu(path: Path, threads: usize) -> Result<Self, EngineError> {
        Ok(Self {
            passes: Cpu::new(path, threads)?,
            // One image: nothing to share out.
            double: Cpu::new(path, 1)?,
        })
    }
}

impl<P: Element, E> Devices<Cpu<P>, E> {
    /// The same with Winograd's form of 3 x 3 convolutions in every pass but the flow: see
    /// [`Cpu::with_winograd`]. Scores differ from the definition's by rounding.
    #[must_use]
    pub fn with_winograd(self) -> Self {
        Self {
            passes: self.passes.with_winograd(),
            ..self
        }
    }
}

impl Devices<Cpu<f64>> {
    /// The fast device in `f64` throughout.
    ///
    /// # Errors
    /// If the processor lacks the path's instructions, or the operating system refuses the threads.
    pub fn cpu_double(path: Path, threads: usize) -> Result<Self, EngineError> {
        Ok(Self {
            passes: Cpu::new(path, threads)?,
            double: Cpu::new(path, 1)?,
        })
    }
}

impl Devices<Reference> {
    /// The oracle: plain loops in `f64`.
    pub const REFERENCE: Self = Self {
        passes: Reference,
        double: Reference,
    };
}

impl<D: Device, E: Device> Devices<D, E> {
    /// The name of the device that runs the passes.
    pub fn name(&self) -> &str {
        self.passes.name()
    }
}
