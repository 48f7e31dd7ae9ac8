//! Runs a network: forward, backward, tangent and per-sample passes.
//!
//! The passes are written once over the [`Device`] trait; [`Cpu`] is the fast one,
//! [`Reference`] its oracle in f64.

pub mod cpu;
pub mod device;
pub mod reference;

pub use cpu::Cpu;
pub use device::Device;
pub use reference::Reference;
