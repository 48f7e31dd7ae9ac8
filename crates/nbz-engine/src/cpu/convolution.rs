//! Convolutions of whole batches: which taps, which weights, which part on which thread.

use nbz_space::network::{Conv, Shape};

use super::Cpu;
use super::kernels::dense::{Dense, Start};
use super::kernels::depthwise::Depthwise;
use super::map::{Layout, Map};
use super::parts::{Part, blocks_for, parts};
use super::simd::{Element, LANES, Lane};
use super::storage::Buffer;
use super::taps::{Tap, Window};
use super::weight::Weight;
use super::winograd::Winograd;

/// A convolution from one layout to another, in either direction.
#[derive(Debug)]
pub(crate) struct Route {
    ys: Vec<Vec<Tap>>,
    xs: Vec<Vec<Tap>>,
    kernel: usize,
    depthwise: bool,
    winograd: Option<Winograd>,
    from: Layout,
    to: Layout,
}

pub(crate) fn window(conv: &Conv) -> Window {
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
    fn forward(conv: &Conv, from: Layout, winograd: bool) -> Self {
        let to = from.with_shape(output_shape(conv, from.shape));
        let w = window(conv);
        Self {
            ys: w.forward(from.shape.height, to.shape.height),
            xs: w.forward(from.shape.width, to.shape.width),
            kernel: conv.kernel,
            depthwise: conv.is_depthwise(),
            winograd: winograd.then(|| Winograd::new(from, to)),
            from,
            to,
        }
    }

    /// From the gradient at the output to the gradient at the input.
    fn backward(conv: &Conv, from: Layout, input: Shape, winograd: bool) -> Self {
        assert_eq!(from.shape, output_shape(conv, input), "shape of a delta");
        let w = window(conv);
        let to = from.with_shape(input);
        Self {
            ys: w.backward(input.height, from.shape.height),
            xs: w.backward(input.width, from.shape.width),
            kernel: conv.kernel,
            depthwise: conv.is_depthwise(),
            winograd: winograd.then(|| Winograd::new(from, to)),
            from,
            to,
        }
    }

    /// The layout of the result.
    pub(crate) fn to(&self) -> Layout {
        self.to
    }

    /// Blocks of a group that are computed at a time, at least.
    pub(crate) fn unit(&self) -> usize {
        if self.winograd.is_some() {
            self.to.blocks()
        } else {
            1
        }
    }

    /// Lanes of working memory for one group.
    pub(crate) fn scratch_lanes(&self) -> usize {
        self.winograd.as_ref().map_or(0, Winograd::scratch_lanes)
    }

    /// The convolution of one group onto some blocks of its output, a multiple of [`Route::unit`]. `weight` is
    /// of [`Cpu::forward_lanes`] or [`Cpu::backward_lanes`].
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
        let (blocks, live) = (part.blocks(self.to), self.to.live(part.group));
        if let Some(winograd) = &self.winograd {
            winograd.run(device, weight, start, input, live, part.lanes);
            return clear_padding_images(part.lanes, live);
        }
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
            images: live,
            output: part.lanes,
        });
        clear_padding_images(part.lanes, live);
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
            images: self.to.live(part.group),
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
        let blocks = blocks_for(route.to, self.threads.count()).max(route.unit());
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
}

impl<E: Element> Cpu<E> {
    /// From input to output.
    pub(crate) fn forward_route(&self, conv: &Conv, from: Layout) -> Route {
        Route::forward(conv, from, self.serves(conv))
    }

    /// From the gradient at the output to the gradient at the input.
    pub(crate) fn backward_route(&self, conv: &Conv, from: Layout, input: Shape) -> Route {
        Route::backward(conv, from, input, self.serves(conv))
    }

    /// Lanes of a weight as the forward route reads them.
    pub(crate) fn forward_lanes<'a>(&self, conv: &Conv, weight: &'a Weight<E>) -> &'a [Lane<E>] {
        if self.serves(conv) {
            weight.spread(self.path, &self.pool)
        } else {
            weight.lanes()
        }
    }

    /// Lanes of a weight as the backward route reads them: with inputs and outputs exchanged, but of a
    /// depthwise convolution.
    pub(crate) fn backward_lanes<'a>(&self, conv: &Conv, weight: &'a Weight<E>) -> &'a [Lane<E>] {
        if conv.is_depthwise() {
            weight.lanes()
        } else if self.serves(conv) {
            weight.spread_back(self.path, &self.pool)
        } else {
            weight.transposed(&self.pool)
        }
    }
}
