//! Weight gradients of whole batches: which pairs of pixels, which groups on which thread, and the order of
//! the sums, which no number of threads changes.

use std::ops::Range;

use nbz_space::network::Conv;

use super::Cpu;
use super::convolution::{output_shape, window};
use super::kernels::depthwise::DepthwiseGradient;
use super::kernels::lanes::{AddChunks, PIECE};
use super::kernels::signs::{AddSigns, Largest};
use super::kernels::weight_gradient::WeightGradient;
use super::map::{Layout, Map, ROWS};
use super::simd::{Element, LANES, Lane};
use super::storage::Buffer;
use super::weight::{Form, Weight};
use super::winograd::WinogradGradient;

impl<E: Element> Cpu<E> {
    pub(crate) fn weight_gradient(
        &self,
        conv: &Conv,
        input: &Map<E>,
        delta: &Map<E>,
        onto: Option<Weight<E>>,
    ) -> Weight<E> {
        let summing = self.summing(conv, input, delta.layout);
        let lanes = self.sum_lanes(conv);
        let chunks = self.chunks(conv, input.layout, delta.layout);
        match &summing {
            Summing::Direct(joined) if chunks.count() == 1 => {
                let mut sum = match onto {
                    Some(weight) => weight.into_buffer(),
                    None => self.pool.take_zeroed(lanes),
                };
                joined.add(self, input, delta, &mut sum);
                return Weight::new(Form::of(conv), sum);
            }
            Summing::Winograd(winograd) if chunks.count() == 1 => {
                let mut sum = self.pool.take_zeroed(lanes);
                winograd.add(self, input, delta, &mut sum);
                return self.summed(conv, sum, onto);
            }
            _ => {}
        }
        let mut partial = self.pool.take_zeroed(chunks.count() * lanes);
        let tasks: Vec<_> = partial.chunks_mut(lanes).enumerate().collect();
        self.threads.run(tasks, |(i, partial)| {
            for group in chunks.groups(i) {
                let images = 0..delta.layout.live(group);
                let (input, delta) = (input.group(group), delta.group(group));
                summing.add_group(self, input, delta, images, 0, partial);
            }
        });
        self.summed(conv, partial, onto)
    }

    /// How a weight's gradient is summed.
    pub(crate) fn summing(&self, conv: &Conv, input: &Map<E>, delta: Layout) -> Summing {
        let joined = Joined::of(conv, input, delta);
        if self.serves(conv) {
            Summing::Winograd(WinogradGradient::new(input.layout, delta))
        } else {
            Summing::Direct(joined)
        }
    }

    /// How such a sum over the groups is cut.
    pub(crate) fn chunks(&self, conv: &Conv, from: Layout, to: Layout) -> Chunks {
        let chunks = Chunks::of(self.sum_lanes(conv), to.groups().max(1));
        if self.threads.count() > 1 {
            return chunks;
        }
        let one_addition_a_group = if self.serves(conv) {
            WinogradGradient::new(from, to).has_one_strip()
        } else {
            !conv.is_depthwise()
        };
        if one_addition_a_group {
            chunks.in_one()
        } else {
            chunks
        }
    }

    /// Lanes of such a sum.
    pub(crate) fn sum_lanes(&self, conv: &Conv) -> usize {
        let form = Form::of(conv);
        if self.serves(conv) {
            form.spread_lanes()
        } else {
            form.lanes()
        }
    }

    /// The gradient from the chunks' partial sums, plus `onto`.
    pub(crate) fn summed(
        &self,
        conv: &Conv,
        partial: Buffer<E>,
        onto: Option<Weight<E>>,
    ) -> Weight<E> {
        let (form, lanes) = (Form::of(conv), self.sum_lanes(conv));
        if self.serves(conv) {
            let sum = self.add_chunks(None, partial, lanes);
            return WinogradGradient::collect(self, form, &sum, onto);
        }
        Weight::new(form, self.add_chunks(onto, partial, lanes))
    }

    /// The sum over images of the signs of each image's gradient.
    pub(crate) fn sign_sums(
        &self,
        conv: &Conv,
        input: &Map<E>,
        delta: &Map<E>,
        negligible: f64,
    ) -> Weight<E> {
        let form = Form::of(conv);
        let joined = Joined::of(conv, input, delta.layout);
        let mut sums = self.pool.take_zeroed(form.lanes());
        let mut gradient = self.pool.take(form.lanes());
        let pair = 2 * form.lanes() / delta.layout.blocks();
        let mut largest = vec![0.0; gradient.len().div_ceil(pair)];
        for image in 0..delta.layout.images {
            let (group, row) = (image / ROWS, image % ROWS);
            let tasks: Vec<_> = gradient
                .chunks_mut(pair)
                .zip(&mut largest)
                .enumerate()
                .collect();
            self.threads.run(tasks, |(i, (gradient, largest))| {
                gradient.fill(Lane::ZERO);
                let delta = &delta.group(group)[2 * i * delta.layout.block_lanes()..];
                let input = input.group(group);
                joined.add_group(self, input, delta, row..row + 1, 2 * i, gradient);
                *largest = 0.0;
                self.path.run(Largest {
                    lanes: gradient,
                    largest,
                });
            });
            let bound = negligible * largest.iter().copied().fold(0.0, f64::max);
            let tasks = sums.chunks_mut(pair).zip(gradient.chunks(pair)).collect();
            self.threads.run(tasks, |(sums, gradient)| {
                self.path.run(AddSigns {
                    gradient,
                    bound,
                    sums,
                });
            });
        }
        Weight::new(form, sums)
    }

    /// The sum of the chunks' partial sums, and of `onto` before them.
    fn add_chunks(&self, onto: Option<Weight<E>>, partial: Buffer<E>, lanes: usize) -> Buffer<E> {
        if partial.len() == lanes && onto.is_none() {
            return partial;
        }
        let has_start = onto.is_some();
        let mut sum = match onto {
            Some(weight) => weight.into_buffer(),
            None => self.pool.take(lanes),
        };
        let tasks: Vec<_> = sum.chunks_mut(PIECE).enumerate().collect();
        self.threads.run(tasks, |(i, output)| {
            self.path.run(AddChunks {
                partial: &partial,
                lanes,
                first: i * PIECE,
                onto: has_start,
                output,
            });
        });
        sum
    }
}

/// How a sum over the groups is cut. The shape decides how the result is rounded; threads may change the cut only
/// where that changes no bit ([`Chunks::in_one`]). Small weights have too few tiles to share out; the partial sums
/// of large ones would cost more to add up than they gain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunks {
    groups: usize,
    /// Groups in each chunk but the last.
    pub(crate) step: usize,
}

impl Chunks {
    /// Of sums of so many lanes over so many groups.
    pub(crate) fn of(lanes: usize, groups: usize) -> Self {
        const MOST_LANES: usize = 1 << 17;
        let chunks = (MOST_LANES / lanes).clamp(1, groups);
        Self {
            groups,
            step: groups.div_ceil(chunks),
        }
    }

    /// All groups in one chunk if each is a chunk of its own: one thread adds them up in the order in which their
    /// partial sums would be, which gives the same bits where a group is one addition, and spares the partial sums.
    fn in_one(self) -> Self {
        let step = if self.step == 1 {
            self.groups
        } else {
            self.step
        };
        Self { step, ..self }
    }

    pub(crate) fn count(self) -> usize {
        self.groups.div_ceil(self.step)
    }

    pub(crate) fn groups(self, chunk: usize) -> Range<usize> {
        chunk * self.step..((chunk + 1) * self.step).min(self.groups)
    }
}

/// How a weight's gradient is summed over groups.
#[derive(Debug)]
pub(crate) enum Summing {
    Direct(Joined),
    Winograd(WinogradGradient),
}

impl Summing {
    /// Adds one group's part, from output block `first` on: as [`Joined::add_group`]; in Winograd's form all
    /// blocks at once.
    pub(crate) fn add_group<E: Element>(
        &self,
        device: &Cpu<E>,
        input: &[Lane<E>],
        delta: &[Lane<E>],
        images: Range<usize>,
        first: usize,
        sum: &mut [Lane<E>],
    ) {
        match self {
            Self::Direct(joined) => joined.add_group(device, input, delta, images, first, sum),
            Self::Winograd(winograd) => {
                winograd.add_group(device, input, delta, &images, sum, false);
            }
        }
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
                let images = 0..self.to.live(group);
                self.add_group(device, input.group(group), delta, images, first, sum);
            }
        });
    }

    /// Adds what some images of one group give to the gradient of the output blocks from `first` on, as many
    /// as `sum` has; `input` is the whole group, `delta` starts at that block.
    pub(crate) fn add_group<E: Element>(
        &self,
        device: &Cpu<E>,
        input: &[Lane<E>],
        delta: &[Lane<E>],
        images: Range<usize>,
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
                    images: images.clone(),
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
                images,
                sum,
            });
        }
    }
}
