//! What a network costs: parameters, multiply-accumulates, depth.

mod graph;
mod units;

pub use graph::{Costs, NbszFlops};
pub use units::{Depth, Macs, Params};
