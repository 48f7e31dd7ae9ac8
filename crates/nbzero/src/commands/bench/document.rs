//! What the command has to say, as its JSON document.

use nbz_engine::MemoryPlan;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub(super) arch: String,
    pub(super) dataset: String,
    pub(super) batch: usize,
    pub(super) kernels: String,
    pub(super) threads: usize,
    pub(super) memory: Memory,
    /// Null where only the plan was asked for.
    pub(super) measured: Option<Measured>,
}

/// Bytes of forward and backward at their fullest moment.
#[derive(Debug, Serialize)]
pub(super) struct Memory {
    pub(super) planned: u64,
    pub(super) parameters: u64,
    pub(super) values: u64,
    pub(super) cotangents: u64,
    pub(super) gradients: u64,
    pub(super) scratch: u64,
    /// Null where nothing limits it.
    pub(super) limit: Option<u64>,
}

impl Memory {
    pub(super) fn new(plan: &MemoryPlan, limit: Option<u64>) -> Self {
        Self {
            planned: plan.total(),
            parameters: plan.parameters,
            values: plan.values,
            cotangents: plan.cotangents,
            gradients: plan.gradients,
            scratch: plan.scratch,
            limit,
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Measured {
    pub(super) processor: String,
    /// Of one core.
    pub(super) peak_gflops: f64,
    /// The most bytes that forward and backward held.
    pub(super) held: u64,
    pub(super) forward: Rate,
    pub(super) forward_backward: Rate,
    pub(super) layers: Vec<Layer>,
}

/// What some work took.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Rate {
    pub(super) ms: f64,
    pub(super) gflops: f64,
    /// Of the peak of all threads.
    pub(super) share: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) depthwise: bool,
    pub(super) in_channels: usize,
    pub(super) out_channels: usize,
    /// Of the input.
    pub(super) height: usize,
    pub(super) width: usize,
    /// Of input and output.
    pub(super) bytes: u64,
    pub(super) forward: Rate,
    pub(super) input_gradient: Rate,
    pub(super) weight_gradient: Rate,
}

impl Layer {
    /// Layers of equal sizes are measured once and shown once.
    pub(super) fn like(&self, other: &Self) -> bool {
        let sizes = |l: &Self| {
            (
                (l.kernel, l.stride, l.depthwise),
                (l.in_channels, l.out_channels),
                (l.height, l.width),
            )
        };
        sizes(self) == sizes(other)
    }
}
