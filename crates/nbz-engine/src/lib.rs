//! Runs a network: forward, backward, tangent and per-sample passes.
//!
//! The passes are written once over the [`Device`] trait; [`Reference`] is its oracle in f64.

pub mod device;
pub mod reference;

pub use device::Device;
pub use reference::Reference;
