//! Architectures, spaces, lists, costs and the layer graph of nbzero.
//!
//! Knows no tensors and no files; compiles in seconds and can be used alone.

pub mod network;

pub use network::{Layer, LayerId, Network, NetworkBuilder, Op, Shape};
