//! What the device reaches on the layers of a network, for people who want to know their machine.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use nbz_space::network::{Conv, LayerId, Network, Shape};

use super::Cpu;
use super::peak::measured_peak;
use crate::device::Device;
use crate::model::conv_of;

/// Time that one timing takes, unless [`FEWEST`] repeats take longer.
const BUDGET: Duration = Duration::from_millis(60);
const FEWEST: u32 = 3;

/// The best of several timings, next to the peak that was measured between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Seconds on the wall.
    pub seconds: f64,
    /// Operations a second that all threads together could have done.
    pub peak: f64,
}

impl Timing {
    /// Operations a second of work that takes `operations`.
    pub fn rate(self, operations: f64) -> f64 {
        operations / self.seconds
    }

    /// The same as a share of the peak. Operations are nominal, so a kernel that skips the padding may pass 1.
    pub fn share_of_peak(self, operations: f64) -> f64 {
        self.rate(operations) / self.peak
    }
}

/// A convolution or linear layer of a network with what its three operations take, alone, for a batch.
#[derive(Debug, Clone)]
pub struct LayerTiming {
    /// The layer.
    pub layer: LayerId,
    /// It as a convolution.
    pub conv: Conv,
    /// Shape of its input.
    pub input: Shape,
    /// Nominal operations of each of the three: two for each multiply-add, padding included.
    pub operations: f64,
    /// Bytes of its input and output.
    pub map_bytes: u64,
    /// `y = conv(x, w)`.
    pub forward: Timing,
    /// `dx = conv^T(d, w)`.
    pub input_gradient: Timing,
    /// `dw = x * d`.
    pub weight_gradient: Timing,
}

impl Cpu<f32> {
    /// Repeats work for a moment and keeps its best time.
    ///
    /// ```
    /// use nbz_engine::{Cpu, cpu::Path};
    ///
    /// let device = Cpu::<f32>::new(Path::fastest(), 1)?;
    /// let timing = device.time(&mut || drop(std::hint::black_box(vec![1.0; 1000])));
    /// assert!(timing.seconds > 0.0 && timing.peak > 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn time(&self, work: &mut dyn FnMut()) -> Timing {
        work();
        let (start, mut rounds) = (Instant::now(), 0);
        let (mut seconds, mut peak) = (f64::MAX, 0.0_f64);
        while rounds < FEWEST || start.elapsed() < BUDGET {
            peak = peak.max(measured_peak::<f32>(self.path(), 2));
            let begin = Instant::now();
            work();
            seconds = seconds.min(begin.elapsed().as_secs_f64());
            rounds += 1;
        }
        Timing {
            seconds,
            peak: peak * self.threads() as f64,
        }
    }

    /// Times every convolution and linear layer of a network alone, so that its maps come from memory;
    /// layers of the same sizes are timed once.
    pub fn time_layers(&self, network: &Network, images: usize) -> Vec<LayerTiming> {
        let mut known = HashMap::new();
        let weighted = network.weighted().filter_map(|id| {
            let layer = network.layer(id);
            Some((id, conv_of(layer.op)?, network.layer(layer.inputs[0]).shape))
        });
        weighted
            .map(|(layer, conv, input)| {
                let sizes = (
                    conv.in_channels,
                    conv.out_channels,
                    conv.kernel,
                    conv.stride,
                    conv.groups,
                    input.height,
                    input.width,
                );
                let timing: &LayerTiming = known
                    .entry(sizes)
                    .or_insert_with(|| self.time_layer(layer, conv, input, images));
                LayerTiming {
                    layer,
                    ..timing.clone()
                }
            })
            .collect()
    }

    fn time_layer(&self, layer: LayerId, conv: Conv, input: Shape, images: usize) -> LayerTiming {
        let output = super::convolution::output_shape(&conv, input);
        let numbers = |count: usize| -> Vec<f64> {
            (0..count).map(|i| (i % 17) as f64 / 8.0 - 1.0).collect()
        };
        let x = self.upload_map(images, input, &numbers(images * input.len()));
        let dy = self.upload_map(images, output, &numbers(images * output.len()));
        let w = self.upload_weight(&conv, &numbers(conv.out_channels * conv.fan_in()));
        LayerTiming {
            layer,
            conv,
            input,
            operations: 2.0 * (images * output.len() * conv.fan_in()) as f64,
            map_bytes: self.map_bytes(images, input) + self.map_bytes(images, output),
            forward: self.time(&mut || drop(self.conv(&conv, &w, None, &x, None))),
            input_gradient: self
                .time(&mut || drop(self.conv_input_gradient(&conv, &w, &dy, input, None))),
            weight_gradient: self
                .time(&mut || drop(self.conv_weight_gradient(&conv, &x, &dy, None))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::Path;
    use nbz_space::{Arch, Dataset};

    #[test]
    fn every_weighted_layer_is_timed_and_equal_ones_share_a_timing() {
        let arch: Arch = "r1:16s1x2-32s2x1-64s2x1-128s2x1".parse().unwrap();
        let network = arch.network(Dataset::Cifar10);
        let device = Cpu::<f32>::new(Path::fastest(), 1).unwrap();
        let times = device.time_layers(&network, 1);
        assert_eq!(times.len(), network.weighted().count());
        let macs: f64 = times.iter().map(|t| t.operations / 2.0).sum();
        assert_eq!(macs as u64, arch.costs(Dataset::Cifar10).macs.get());
        let first = |t: &&LayerTiming| t.conv.in_channels == 16 && t.conv.out_channels == 16;
        let equal: Vec<f64> = times
            .iter()
            .filter(first)
            .map(|t| t.forward.seconds)
            .collect();
        assert!(equal.len() > 1 && equal.iter().all(|s| s.to_bits() == equal[0].to_bits()));
    }
}
