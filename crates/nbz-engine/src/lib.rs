//! Runs a network: forward, backward, tangent and per-sample passes.
//!
//! A [`Model`] is a network with its [`Weights`] on a [`Device`]. Its forward pass leaves a [`Trace`],
//! from which the backward, tangent and per-sample passes start. They are written once, over the layer
//! operations of the device: [`Cpu`] is the fast one, [`Reference`] computes them in f64 by portable code
//! and is the oracle.

mod adjoint;
mod backward;
pub mod batch;
pub mod cpu;
pub mod descent;
pub mod device;
pub mod error;
mod forward;
mod gradients;
pub mod loss;
pub mod memory;
mod model;
pub mod observer;
mod per_sample;
mod plan;
pub mod reference;
pub mod run;
pub mod running;
mod signs;
mod tangent;
pub mod weights;

pub use backward::{Cotangent, Of};
pub use batch::{Images, Labels, Targets};
pub use cpu::Cpu;
pub use descent::{Sgd, Velocity};
pub use device::Device;
pub use error::EngineError;
pub use forward::Trace;
pub use gradients::{Gradients, ParameterGradients};
pub use memory::{MemoryPlan, Pass};
pub use model::Model;
pub use observer::{Observer, Seen, Statistics};
pub use per_sample::Gram;
pub use reference::Reference;
pub use run::{Fusion, NormMode, Residuals, Run, Until};
pub use running::RunningStatistics;
pub use signs::SignSums;
pub use tangent::{Direction, Tangent};
pub use weights::{Init, Recipe, Tensor, Values, Weights};
