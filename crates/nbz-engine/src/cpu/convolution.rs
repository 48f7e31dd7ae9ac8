//! Convolutions of whole batches: which taps, which weights, which part on which thread.

use std::ops::Range;
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
        if self.depthwise {
            let (from, to) = (self.from.block_lanes(), self.to.block_lanes());
            for (i, block) in part.blocks(self.to).enumerate() {
                let mut part = Part {
                    group: part.group,
                    first_block: block,
                    lanes: &mut part.lanes[i * to..][..to],
                };
                self.run_block(
                    device,
                    weight,
                    start,
                    &input[block * from..][..from],
                    &mut part,
                );
            }
            return;
        }
        let blocks = part.blocks(self.to);
        let block_weights = weight.len() / self.to.blocks();
        device.path.run(Dense {
            input,
            in_channels: self.from.shape.channels,
            width: self.from.shape.width,
            kernel: self.kernel,
            ys: &self.ys,
            xs: &self.xs,
            weight: &weight[blocks.start * block_weights..blocks.end * block_weights],
            start: start.of(blocks),
            output: part.lanes,
        });
        clear_padding_images(part.lanes, self.to.live(part.group));
    }

    /// A depthwise convolution of one block, given its input alone.
    pub(crate) fn run_block<E: Element>(
        &self,
        device: &Cpu<E>,
        weight: &[Lane<E>],
        start: Start<'_, E>,
        input: &[Lane<E>],
        part: &mut Part<'_, E>,
    ) {
        let (taps, block) = (self.kernel * self.kernel, part.first_block);
        device.path.run(Depthwise {
            input,
            width: self.from.shape.width,
            kernel: self.kernel,
            ys: &self.ys,
            xs: &self.xs,
            weight: &weight[block * taps..][..taps],
            start: start.of(block..block + 1),
            output: part.lanes,
        });
        clear_padding_images(part.lanes, self.to.live(part.group));
    }

    /// Whether each channel is convolved alone.
    pub(crate) fn is_depthwise(&self) -> bool {
        self.depthwise
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
            (Some(_), true) => self.add_bias(&output, bias.as_deref().unwrap_or_default()),
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
        let joined = Joined::of(conv, input, delta.layout);
        let chunks = Chunks::of(form, input.layout.groups());
        if chunks.count() == 1 {
            let mut sum = match onto {
                Some(weight) => weight.into_buffer(),
                None => self.pool.take_zeroed(form.lanes()),
            };
            joined.add(self, input, delta, &mut sum);
            return Weight::new(form, sum);
        }
        let mut partial = self.pool.take_zeroed(chunks.count() * form.lanes());
        let tasks: Vec<_> = partial.chunks_mut(form.lanes()).enumerate().collect();
        self.threads.run(tasks, |(i, partial)| {
            for group in chunks.groups(i) {
                joined.add_group(self, input.group(group), delta.group(group), 0, partial);
            }
        });
        Weight::new(form, self.add_chunks(onto, partial, form))
    }

    /// The sum of the chunks' partial sums, and of `onto` before them.
    pub(crate) fn add_chunks(
        &self,
        onto: Option<Weight<E>>,
        partial: Buffer<E>,
        form: Form,
    ) -> Buffer<E> {
        let chunks = partial.len() / form.lanes();
        if chunks == 1 && onto.is_none() {
            return partial;
        }
        let mut sum = match onto {
            Some(weight) => weight.into_buffer(),
            None => self.pool.take_zeroed(form.lanes()),
        };
        for partial in partial.chunks(form.lanes()) {
            add_lanes(&mut sum, partial);
        }
        sum
    }
}

pub(crate) fn add_lanes<E: Element>(to: &mut [Lane<E>], from: &[Lane<E>]) {
    for (to, from) in to.iter_mut().zip(from) {
        for (to, &from) in to.0.iter_mut().zip(&from.0) {
            *to = E::from_f64(to.to_f64() + from.to_f64());
        }
    }
}

/// How a sum over the groups is cut: by shape alone, never by threads, since it decides how the result is
/// rounded. Small weights have too few tiles to share out; the partial sums of large ones would cost more
/// to add up than they gain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunks {
    groups: usize,
    /// Groups in each chunk but the last.
    pub(crate) step: usize,
}

impl Chunks {
    pub(crate) fn of(form: Form, groups: usize) -> Self {
        const MOST_LANES: usize = 1 << 17;
        let chunks = (MOST_LANES / form.lanes()).clamp(1, groups);
        Self {
            groups,
            step: groups.div_ceil(chunks),
        }
    }

    pub(crate) fn count(self) -> usize {
        self.groups.div_ceil(self.step)
    }

    pub(crate) fn groups(self, chunk: usize) -> Range<usize> {
        chunk * self.step..((chunk + 1) * self.step).min(self.groups)
    }
}

/// The pairs of pixels that a convolution's weights join.
#[derive(Debug)]
pub(crate) struct Joined {
    ys: Vec<Vec<(usize, usize)>>,
    xs: Vec<Vec<(usize, usize)>>,
    stride: usize,
    depthwise: bool,
    from: Layout,
    to: Layout,
}

impl Joined {
    pub(crate) fn of<E: Element>(conv: &Conv, input: &Map<E>, delta: Layout) -> Self {
        let (from, to) = (input.layout, delta);
        assert_eq!(to.shape, output_shape(conv, from.shape), "shape of a delta");
        assert_eq!(from.images, to.images, "images of a delta");
        let w = window(conv);
        Self {
            ys: w.pairs(from.shape.height, to.shape.height),
            xs: w.pairs(from.shape.width, to.shape.width),
            stride: conv.stride,
            depthwise: conv.is_depthwise(),
            from,
            to,
        }
    }

    /// Adds all groups' part to the gradient, output blocks shared out to the threads.
    fn add<E: Element>(
        &self,
        device: &Cpu<E>,
        input: &Map<E>,
        delta: &Map<E>,
        sum: &mut [Lane<E>],
    ) {
        let block_weights = sum.len() / self.to.blocks();
        let tasks: Vec<_> = sum.chunks_mut(2 * block_weights).enumerate().collect();
        device.threads.run(tasks, |(i, sum)| {
            let (first, n) = (2 * i, self.to.block_lanes());
            for group in 0..self.to.groups() {
                let delta = &delta.group(group)[first * n..];
                self.add_group(device, input.group(group), delta, first, sum);
            }
        });
    }

    /// Adds one group's part to the gradient of the output blocks from `first` on, as many as `sum` has;
    /// `input` is the whole group, `delta` starts at that block.
    pub(crate) fn add_group<E: Element>(
        &self,
        device: &Cpu<E>,
        input: &[Lane<E>],
        delta: &[Lane<E>],
        first: usize,
        sum: &mut [Lane<E>],
    ) {
        let (from, to) = (self.from, self.to);
        let taps = self.ys.len() * self.xs.len();
        if self.depthwise {
            for (i, sum) in sum.chunks_exact_mut(taps).enumerate() {
                device.path.run(DepthwiseGradient {
                    input: &input[(first + i) * from.block_lanes()..][..from.block_lanes()],
                    width: from.shape.width,
                    delta: &delta[i * to.block_lanes()..][..to.block_lanes()],
                    delta_width: to.shape.width,
                    ys: &self.ys,
                    xs: &self.xs,
                    stride: self.stride,
                    sum,
                });
            }
        } else {
            let blocks = sum.len() / (from.blocks() * taps * LANES);
            device.path.run(WeightGradient {
                input,
                in_channels: from.shape.channels,
                width: from.shape.width,
                delta: &delta[..blocks * to.block_lanes()],
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
