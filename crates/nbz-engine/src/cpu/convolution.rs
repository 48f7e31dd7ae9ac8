//! Convolutions of whole batches: which taps, which weights, which part on which thread.

use std::sync::Arc;

use nbz_space::network::{Conv, Shape};

use super::Cpu;
use super::kernels::dense::{Dense, Start};
use super::kernels::depthwise::{Depthwise, DepthwiseGradient};
use super::kernels::weight_gradient::WeightGradient;
use super::map::{Layout, Map};
use super::parts::{Part, blocks_for, parts};
use super::simd::{Element, LANES, Lane};
use super::storage::Buffer;
use super::taps::{Tap, Window};
use super::weight::{Form, Weight};

/// A convolution from one layout to another, in either direction.
#[derive(Debug)]
pub(crate) struct Route {
    ys: Vec<Vec<Tap>>,
    xs: Vec<Vec<Tap>>,
    kernel: usize,
    depthwise: bool,
    from: Layout,
    to: Layout,
}

fn window(conv: &Conv) -> Window {
    Window {
        kernel: conv.kernel,
        stride: conv.stride,
        padding: conv.padding(),
    }
}

/// The shape of a convolution's output.
pub(crate) fn output_shape(conv: &Conv, input: Shape) -> Shape {
    assert_eq!(
        input.channels, conv.in_channels,
        "channels into a convolution"
    );
    let side = |side| conv.output_side(side);
    Shape::new(conv.out_channels, side(input.height), side(input.width))
}

impl Route {
    /// From input to output.
    pub(crate) fn forward(conv: &Conv, from: Layout) -> Self {
        let to = from.with_shape(output_shape(conv, from.shape));
        let w = window(conv);
        Self {
            ys: w.forward(from.shape.height, to.shape.height),
            xs: w.forward(from.shape.width, to.shape.width),
            kernel: conv.kernel,
            depthwise: conv.is_depthwise(),
            from,
            to,
        }
    }

    /// From the gradient at the output to the gradient at the input.
    pub(crate) fn backward(conv: &Conv, from: Layout, input: Shape) -> Self {
        assert_eq!(from.shape, output_shape(conv, input), "shape of a delta");
        let w = window(conv);
        Self {
            ys: w.backward(input.height, from.shape.height),
            xs: w.backward(input.width, from.shape.width),
            kernel: conv.kernel,
            depthwise: conv.is_depthwise(),
            from,
            to: from.with_shape(input),
        }
    }

    /// The layout of the result.
    pub(crate) fn to(&self) -> Layout {
        self.to
    }

    /// The convolution of one group onto some blocks of its output.
    pub(crate) fn run<E: Element>(
        &self,
        device: &Cpu<E>,
        weight: &[Lane<E>],
        start: Start<'_, E>,
        input: &[Lane<E>],
        part: &mut Part<'_, E>,
    ) {
        let blocks = part.blocks(self.to);
        if self.depthwise {
            for block in blocks {
                self.run_depthwise(device, weight, start, input, part, block);
            }
        } else {
            let block_weights = weight.len() / self.to.blocks();
            device.path.run(Dense {
                input,
                in_channels: self.from.shape.channels,
                width: self.from.shape.width,
                kernel: self.kernel,
                ys: &self.ys,
                xs: &self.xs,
                weight: &weight[blocks.start * block_weights..blocks.end * block_weights],
                start: match start {
                    Start::Bias(bias) => Start::Bias(&bias[blocks]),
                    other => other,
                },
                output: part.lanes,
            });
        }
        clear_padding_images(part.lanes, self.to.live(part.group));
    }

    fn run_depthwise<E: Element>(
        &self,
        device: &Cpu<E>,
        weight: &[Lane<E>],
        start: Start<'_, E>,
        input: &[Lane<E>],
        part: &mut Part<'_, E>,
        block: usize,
    ) {
        let taps = self.kernel * self.kernel;
        let (from, to) = (self.from.block_lanes(), self.to.block_lanes());
        device.path.run(Depthwise {
            input: &input[block * from..][..from],
            width: self.from.shape.width,
            kernel: self.kernel,
            ys: &self.ys,
            xs: &self.xs,
            weight: &weight[block * taps..][..taps],
            start: match start {
                Start::Bias(bias) => Start::Bias(&bias[block..=block]),
                other => other,
            },
            output: &mut part.lanes[(block - part.first_block) * to..][..to],
        });
    }
}

/// Restores the rule that images which do not exist are zero.
pub(crate) fn clear_padding_images<E: Element>(lanes: &mut [Lane<E>], live: usize) {
    use super::map::ROWS;
    if live < ROWS {
        for pixel in lanes.chunks_exact_mut(ROWS) {
            pixel[live..].fill(Lane::ZERO);
        }
    }
}

/// One vector a block from one number a channel.
pub(crate) fn channel_lanes<E: Element>(values: &[f64]) -> Vec<Lane<E>> {
    let lane = |values: &[f64]| {
        let mut lane = Lane::ZERO;
        for (to, &v) in lane.0.iter_mut().zip(values) {
            *to = E::from_f64(v);
        }
        lane
    };
    values.chunks(LANES).map(lane).collect()
}

impl<E: Element> Cpu<E> {
    /// The buffer that a result is written to, and whether it holds a summand.
    pub(crate) fn target(&self, layout: Layout, onto: Option<Map<E>>) -> (Buffer<E>, bool) {
        match onto {
            None => (self.pool.take(layout.lanes()), false),
            Some(map) => {
                assert_eq!(map.layout, layout, "the map to add to");
                (map.into_buffer(), true)
            }
        }
    }

    pub(crate) fn route(
        &self,
        route: &Route,
        weight: &[Lane<E>],
        bias: Option<&[f64]>,
        input: &Map<E>,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        let (mut output, onto) = self.target(route.to, onto);
        let bias = bias.map(channel_lanes::<E>);
        let start = match (&bias, onto) {
            (_, true) => Start::Output,
            (Some(bias), false) => Start::Bias(bias),
            (None, false) => Start::Zero,
        };
        let blocks = blocks_for(route.to, self.threads.count());
        let tasks = parts(&mut output, route.to, blocks);
        self.threads.run(tasks, |mut part| {
            route.run(self, weight, start, input.group(part.group), &mut part);
        });
        let output = Map::new(route.to, output);
        match (&bias, onto) {
            (Some(_), true) => self.add_bias(output, bias.as_deref().unwrap_or_default()),
            _ => output,
        }
    }

    pub(crate) fn weight_gradient(
        &self,
        conv: &Conv,
        input: &Map<E>,
        delta: &Map<E>,
        onto: Option<Weight<E>>,
    ) -> Weight<E> {
        let form = Form::of(conv);
        let mut sum = match onto {
            Some(weight) => weight.into_buffer(),
            None => self.pool.take_zeroed(form.lanes()),
        };
        let pairs = Joined::of(conv, input, delta);
        let chunks = chunk_count(form, input.layout.groups());
        if chunks == 1 {
            pairs.add(self, 0..input.layout.groups(), &mut sum);
        } else {
            let mut partial = self.pool.take_zeroed(chunks * form.lanes());
            let groups = input.layout.groups();
            let step = groups.div_ceil(chunks);
            let tasks: Vec<_> = partial.chunks_mut(form.lanes()).enumerate().collect();
            self.threads.run(tasks, |(i, partial)| {
                let range = (i * step).min(groups)..((i + 1) * step).min(groups);
                pairs.add_alone(self, range, 0, partial);
            });
            for partial in partial.chunks(form.lanes()) {
                add_lanes(&mut sum, partial);
            }
        }
        Weight::new(form, sum)
    }
}

pub(crate) fn add_lanes<E: Element>(to: &mut [Lane<E>], from: &[Lane<E>]) {
    for (to, from) in to.iter_mut().zip(from) {
        for (to, &from) in to.0.iter_mut().zip(&from.0) {
            *to = E::from_f64(to.to_f64() + from.to_f64());
        }
    }
}

/// Sums over the batch are cut into this many: by shape alone, never by threads, since it decides how
/// the result is rounded. Small weights have too few tiles to share out, large ones would cost more to
/// add up than to compute.
pub(crate) fn chunk_count(form: Form, groups: usize) -> usize {
    const MOST_LANES: usize = 1 << 16;
    (MOST_LANES / form.lanes()).clamp(1, groups)
}

/// The pairs of pixels that a convolution's weights join, for one input and one delta.
#[derive(Debug)]
pub(crate) struct Joined<'a, E: Element> {
    ys: Vec<Vec<(usize, usize)>>,
    xs: Vec<Vec<(usize, usize)>>,
    depthwise: bool,
    input: &'a Map<E>,
    delta: &'a Map<E>,
}

impl<'a, E: Element> Joined<'a, E> {
    pub(crate) fn of(conv: &Conv, input: &'a Map<E>, delta: &'a Map<E>) -> Self {
        let (from, to) = (input.layout.shape, delta.layout.shape);
        assert_eq!(to, output_shape(conv, from), "shape of a delta");
        assert_eq!(
            input.layout.images, delta.layout.images,
            "images of a delta"
        );
        let w = window(conv);
        Self {
            ys: w.pairs(from.height, to.height),
            xs: w.pairs(from.width, to.width),
            depthwise: conv.is_depthwise(),
            input,
            delta,
        }
    }

    /// Adds the groups' part to the gradient, output blocks shared out to the threads.
    pub(crate) fn add(&self, device: &Cpu<E>, groups: std::ops::Range<usize>, sum: &mut [Lane<E>]) {
        let blocks = self.delta.layout.blocks();
        let block_weights = sum.len() / blocks;
        let tasks: Vec<_> = sum.chunks_mut(2 * block_weights).enumerate().collect();
        device.threads.run(tasks, |(i, sum)| {
            self.add_alone(device, groups.clone(), 2 * i, sum);
        });
    }

    /// Adds the groups' part to the gradient of some output blocks' weights, from `first` on.
    pub(crate) fn add_alone(
        &self,
        device: &Cpu<E>,
        groups: std::ops::Range<usize>,
        first: usize,
        sum: &mut [Lane<E>],
    ) {
        for group in groups {
            self.add_group(
                device,
                self.input.group(group),
                self.delta.group(group),
                first,
                sum,
            );
        }
    }

    fn add_group(
        &self,
        device: &Cpu<E>,
        input: &[Lane<E>],
        delta: &[Lane<E>],
        first: usize,
        sum: &mut [Lane<E>],
    ) {
        let (from, to) = (self.input.layout, self.delta.layout);
        let taps = self.ys.len() * self.xs.len();
        if self.depthwise {
            for (i, sum) in sum.chunks_exact_mut(taps).enumerate() {
                device.path.run(DepthwiseGradient {
                    input: &input[(first + i) * from.block_lanes()..][..from.block_lanes()],
                    width: from.shape.width,
                    delta: &delta[(first + i) * to.block_lanes()..][..to.block_lanes()],
                    delta_width: to.shape.width,
                    ys: &self.ys,
                    xs: &self.xs,
                    sum,
                });
            }
        } else {
            let blocks = sum.len() / (from.blocks() * taps * LANES);
            device.path.run(WeightGradient {
                input,
                in_channels: from.shape.channels,
                width: from.shape.width,
                delta: &delta[first * to.block_lanes()..][..blocks * to.block_lanes()],
                delta_block_lanes: to.block_lanes(),
                delta_width: to.shape.width,
                ys: &self.ys,
                xs: &self.xs,
                sum,
            });
        }
    }
}

/// Lanes of the transposed weight where the input gradient needs it, else of the weight itself.
pub(crate) fn backward_lanes<'a, E: Element>(
    conv: &Conv,
    weight: &'a Weight<E>,
    pool: &Arc<super::storage::Pool<E>>,
) -> &'a [Lane<E>] {
    if conv.is_depthwise() {
        weight.lanes()
    } else {
        weight.transposed(pool)
    }
}
