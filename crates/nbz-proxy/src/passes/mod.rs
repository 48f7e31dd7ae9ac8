//! How each finding is made: one function a finding, over the engine's passes.
//!
//! A function takes a model (a network with weights on a device) and images, and returns numbers in
//! f64. What a pass reads through the device is small (dots, signs, moments) unless said otherwise.

pub(crate) mod batch;
pub(crate) mod channels;
pub(crate) mod codes;
pub(crate) mod distance;
pub(crate) mod features;
pub(crate) mod flow;
pub(crate) mod kernel;
pub(crate) mod rows;
