//! Costs as a sum over the layer graph: the definition, against which closed forms are tested.
//!
//! For one image: `params` counts every trainable number; `macs` is, a convolution, its weights per
//! output channel times its outputs, and, a linear layer, in times out; `depth` is the longest path of
//! weighted layers. `NbszFlops` is the other convention, of the profiler (TorchProfile-like) behind
//! NAS-Bench-Suite-Zero (Krishnakumar et al. 2022): MACs, 2 a batch norm output, 1 a ReLU output,
//! k^2 a pooled value; its global pooling counts a window one pixel larger than the map.

use std::ops::{Add, AddAssign, Mul};

use super::{Depth, Macs, Params};
use crate::network::{Conv, Join, Layer, Network, Op};

/// All costs of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Costs {
    /// Trainable numbers.
    pub params: Params,
    /// Multiply-accumulates for one image.
    pub macs: Macs,
    /// Weighted layers on the longest path.
    pub depth: Depth,
}

impl Costs {
    pub(crate) const fn of(params: u64, macs: u64, depth: u32) -> Self {
        Self {
            params: Params::new(params),
            macs: Macs::new(macs),
            depth: Depth::new(depth),
        }
    }

    /// A convolution whose output has `side` pixels a side.
    pub(crate) const fn conv(conv: Conv, side: usize) -> Self {
        let weights = (conv.out_channels * conv.fan_in()) as u64;
        let bias = if conv.bias {
            conv.out_channels as u64
        } else {
            0
        };
        Self::of(weights + bias, weights * (side * side) as u64, 1)
    }

    /// A batch norm over so many channels.
    pub(crate) const fn batch_norm(channels: usize) -> Self {
        Self::of(2 * channels as u64, 0, 0)
    }

    /// A convolution and the batch norm behind it.
    pub(crate) fn conv_bn(conv: Conv, side: usize) -> Self {
        Self::conv(conv, side) + Self::batch_norm(conv.out_channels)
    }

    /// A linear layer with bias.
    pub(crate) const fn linear(inputs: usize, outputs: usize) -> Self {
        let weights = (inputs * outputs) as u64;
        Self::of(weights + outputs as u64, weights, 1)
    }

    /// The same layers on a shortcut, which depth does not count.
    pub(crate) const fn off_main_path(self) -> Self {
        Self {
            depth: Depth::new(0),
            ..self
        }
    }
}

impl Add for Costs {
    type Output = Self;

    /// Layers one after the other.
    fn add(self, other: Self) -> Self {
        Self::of(
            self.params.get() + other.params.get(),
            self.macs.get() + other.macs.get(),
            self.depth.get() + other.depth.get(),
        )
    }
}

impl AddAssign for Costs {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<u64> for Costs {
    type Output = Self;

    /// The same layers so many times.
    fn mul(self, times: u64) -> Self {
        Self::of(
            self.params.get() * times,
            self.macs.get() * times,
            self.depth.get() * times as u32,
        )
    }
}

/// Operations by NAS-Bench-Suite-Zero's convention, which is not MACs: see the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NbszFlops(u64);

impl NbszFlops {
    /// The count; published values are this divided by 10^6.
    pub const fn get(self) -> u64 {
        self.0
    }

    pub(crate) const fn new(count: u64) -> Self {
        Self(count)
    }
}

impl Network {
    /// Parameters, MACs and depth, summed over the layers.
    pub fn costs(&self) -> Costs {
        let mut sum = Costs::default();
        for layer in self.layers() {
            sum += match layer.op {
                Op::Conv(conv) => Costs::conv(conv, layer.shape.height),
                Op::BatchNorm => Costs::batch_norm(layer.shape.channels),
                Op::Linear {
                    in_features,
                    out_features,
                } => Costs::linear(in_features, out_features),
                _ => Costs::default(),
            };
        }
        Costs {
            depth: Depth::new(self.longest_path()),
            ..sum
        }
    }

    fn longest_path(&self) -> u32 {
        self.path_lengths()[self.output().index()].unwrap_or(0)
    }

    /// For each layer the weighted layers on the longest path from the input up to and with it; none
    /// where no path leads to it.
    pub(crate) fn path_lengths(&self) -> Vec<Option<u32>> {
        let mut paths: Vec<Option<u32>> = Vec::with_capacity(self.layers().len());
        for layer in self.layers() {
            let path = match layer.op {
                Op::Input => Some(0),
                Op::Zero => None,
                // The shortcut is the second input.
                Op::Add(Join::Residual) => paths[layer.inputs[0].index()],
                _ => {
                    let longest = layer.inputs.iter().filter_map(|i| paths[i.index()]).max();
                    longest.map(|path| path + u32::from(layer.op.is_weighted()))
                }
            };
            paths.push(path);
        }
        paths
    }

    /// Operations by the convention of NAS-Bench-Suite-Zero.
    pub fn nbsz_flops(&self) -> NbszFlops {
        let count = |layer: &Layer| {
            let outputs = layer.shape.len() as u64;
            match layer.op {
                Op::BatchNorm => 2 * outputs,
                Op::Relu => outputs,
                Op::AvgPool(pool) => outputs * (pool.kernel * pool.kernel) as u64,
                Op::GlobalAvgPool => {
                    let side = self.layer(layer.inputs[0]).shape.height as u64;
                    outputs * (side + 1) * (side + 1)
                }
                _ => 0,
            }
        };
        NbszFlops(self.costs().macs.get() + self.layers().iter().map(count).sum::<u64>())
    }
}
