//! Steps that share a sweep: what one operation leaves in the cache, the next one reads there.
//!
//! - A convolution and the moments of its output: each pair of output blocks is measured when it has just
//!   been written.
//! - A convolution's backward step: for one group of images (of a depthwise convolution: one block of a
//!   group) the gradient at the output is computed from the batch norm's, used for the weight's and the
//!   input's gradient, and forgotten, so that it never exists for the whole batch.
//!
//! The sums are the same, in the same order, as those of the single operations: fusing changes no bit.

use nbz_space::network::Conv;

use super::Cpu;
use super::convolution::{Route, backward_lanes, channel_lanes};
use super::convolution_gradient::{Chunks, Joined};
use super::kernels::dense::Start;
use super::kernels::sums::{ImageSums, Spread};
use super::map::{Layout, Map, ROWS};
use super::mixture::{Mixture, gradient_mixture};
use super::norm::merge_spreads;
use super::parts::{Part, blocks_for, parts};
use super::simd::{Element, LANES, Lane};
use super::storage::Buffer;
use super::weight::{Form, Weight};
use crate::device::{
    ConvGradients, ConvStep, Coupling, Delta, Device, InputGradient, Moments, Wanted,
};

/// Output blocks that are measured together: as many as the dense kernel writes in one sweep.
const MEASURED_BLOCKS: usize = 2;

impl<E: Element> Cpu<E> {
    pub(crate) fn convolve_and_measure(
        &self,
        conv: &Conv,
        weight: &Weight<E>,
        bias: Option<&Vec<f64>>,
        input: &Map<E>,
        coupling: Coupling,
    ) -> (Map<E>, Moments<Vec<f64>>) {
        let route = Route::forward(conv, input.layout);
        let layout = route.to();
        let mut output = self.pool.take(layout.lanes());
        let bias = bias.map(|b| channel_lanes::<E>(b));
        let start = bias.as_deref().map_or(Start::Zero, Start::Bias);
        let mut spreads = vec![[[[0.0; LANES]; ROWS]; 2]; layout.groups() * layout.blocks()];
        let blocks = blocks_for(layout, self.threads.count());
        let tasks = parts(&mut output, layout, blocks);
        let tasks: Vec<_> = tasks
            .into_iter()
            .zip(per_part(&mut spreads, layout, blocks))
            .collect();
        self.threads.run(tasks, |(part, spreads)| {
            let input = input.group(part.group);
            for (mut pair, spreads) in pairs(part, layout).zip(spreads.chunks_mut(MEASURED_BLOCKS))
            {
                route.run(self, weight.lanes(), start, input, &mut pair);
                for (map, sums) in pair.lanes.chunks_exact(layout.block_lanes()).zip(spreads) {
                    self.path.run(Spread { map, totals: sums });
                }
            }
        });
        let output = Map::new(layout, output);
        let moments = merge_spreads(&output, coupling, &spreads);
        (output, moments)
    }

    pub(crate) fn backward_step(
        &self,
        step: &ConvStep<'_, Self>,
        wanted: Wanted,
        input_gradient: InputGradient<Map<E>>,
    ) -> ConvGradients<Self> {
        let layout = step
            .input
            .layout
            .with_shape(super::convolution::output_shape(
                step.conv,
                step.input_shape,
            ));
        let chunks = Chunks::of(Form::of(step.conv), layout.groups());
        let mixture = match step.delta {
            Delta::Ready(_) => None,
            Delta::BehindNorm {
                dz,
                output,
                norm,
                sums,
            } => Some(gradient_mixture(dz, output, norm, sums)),
        };
        match mixture {
            Some(mixture) if !wanted.delta && self.forgets(chunks) => self.forgetful_step(
                step,
                wanted,
                input_gradient,
                &Backward {
                    layout,
                    chunks,
                    mixture,
                },
            ),
            mixture => {
                let computed = mixture.map(|m| self.mix(&m, layout, None));
                self.plain_step(step, wanted, input_gradient, computed)
            }
        }
    }

    /// Whether there are chunks enough to give every thread one, group after group.
    fn forgets(&self, chunks: Chunks) -> bool {
        chunks.count() >= self.threads.count()
    }

    /// Lanes that the gradients of a convolution with an output of that layout need beside their results:
    /// the chunks' partial sums, and behind a batch norm the gradient at the output, of the whole batch or of
    /// what each thread has at hand.
    pub(crate) fn scratch_lanes(&self, conv: &Conv, layout: Layout, behind_norm: bool) -> u64 {
        let form = Form::of(conv);
        let chunks = Chunks::of(form, layout.groups().max(1));
        let partial = match chunks.count() {
            1 => 0,
            count => count * form.lanes(),
        };
        let delta = if !behind_norm {
            0
        } else if !self.forgets(chunks) {
            layout.lanes()
        } else if conv.is_depthwise() {
            self.threads.count() * layout.block_lanes()
        } else {
            self.threads.count() * layout.group_lanes()
        };
        (partial + delta) as u64
    }

    /// One gradient after the other, from a delta that exists for the whole batch.
    fn plain_step(
        &self,
        step: &ConvStep<'_, Self>,
        wanted: Wanted,
        input_gradient: InputGradient<Map<E>>,
        computed: Option<Map<E>>,
    ) -> ConvGradients<Self> {
        let delta = match (&computed, &step.delta) {
            (Some(delta), _) => delta,
            (None, Delta::Ready(delta) | Delta::BehindNorm { dz: delta, .. }) => *delta,
        };
        let weight = wanted
            .weight
            .then(|| self.weight_gradient(step.conv, step.input, delta, None));
        let input = match input_gradient {
            InputGradient::Skip => None,
            InputGradient::Onto(onto) => Some(self.conv_input_gradient(
                step.conv,
                step.weight,
                delta,
                step.input_shape,
                onto,
            )),
        };
        ConvGradients {
            weight,
            input,
            delta: computed.filter(|_| wanted.delta),
        }
    }

    /// All gradients of a group before the next group's.
    fn forgetful_step(
        &self,
        step: &ConvStep<'_, Self>,
        wanted: Wanted,
        input_gradient: InputGradient<Map<E>>,
        backward: &Backward<'_, E>,
    ) -> ConvGradients<Self> {
        let route = Route::backward(step.conv, backward.layout, step.input_shape);
        let form = Form::of(step.conv);
        let mut input = match input_gradient {
            InputGradient::Skip => None,
            InputGradient::Onto(onto) => Some(self.target(route.to(), onto)),
        };
        let chunks = backward.chunks;
        let lanes = if wanted.weight { form.lanes() } else { 0 };
        let mut partial = self.pool.take_zeroed(chunks.count() * lanes);
        let partials = partial.chunks_mut(lanes.max(1)).map(Some);
        let mut partials = partials.chain(std::iter::repeat_with(|| None));
        let mut targets = input.as_mut().map(|(buffer, onto)| {
            let chunk = chunks.step * route.to().group_lanes();
            (
                buffer.chunks_mut(chunk),
                if *onto { Start::Output } else { Start::Zero },
            )
        });
        let tasks: Vec<_> = (0..chunks.count())
            .map(|chunk| Task {
                groups: chunks.groups(chunk),
                weight: partials.next().flatten(),
                input: targets
                    .as_mut()
                    .and_then(|(t, start)| Some((t.next()?, *start))),
            })
            .collect();
        let joined = Joined::of(step.conv, step.input, backward.layout);
        let weights = if targets.is_some() {
            backward_lanes(step.conv, step.weight, &self.pool)
        } else {
            &[]
        };
        self.threads.run(tasks, |task| {
            self.backward_groups(task, backward, &route, weights, &joined, step.input);
        });
        let weight = wanted
            .weight
            .then(|| Weight::new(form, self.add_chunks(None, partial, form)));
        let input = input.map(|(buffer, _)| Map::new(route.to(), buffer));
        ConvGradients {
            weight,
            input,
            delta: None,
        }
    }

    fn backward_groups(
        &self,
        mut task: Task<'_, E>,
        backward: &Backward<'_, E>,
        route: &Route,
        weights: &[Lane<E>],
        joined: &Joined,
        input: &Map<E>,
    ) {
        let (from, to) = (backward.layout, route.to());
        // A depthwise convolution goes block by block, with everything in the second cache.
        let blocks = if route.is_depthwise() {
            1
        } else {
            from.blocks()
        };
        let mut scratch: Buffer<E> = self.pool.take(blocks * from.block_lanes());
        for (i, group) in task.groups.clone().enumerate() {
            for first in (0..from.blocks()).step_by(blocks) {
                let mut delta = Part {
                    group,
                    first_block: first,
                    lanes: &mut scratch,
                };
                backward.mixture.run(self, from, &mut delta, false);
                if let Some(sum) = &mut task.weight {
                    let block_weights = sum.len() / from.blocks();
                    let sum = &mut sum[first * block_weights..][..blocks * block_weights];
                    let images = 0..from.live(group);
                    joined.add_group(self, input.group(group), &scratch, images, first, sum);
                }
                if let Some((lanes, start)) = &mut task.input {
                    let lanes = &mut lanes[i * to.group_lanes()..][..to.group_lanes()];
                    if blocks == from.blocks() {
                        let mut part = Part {
                            group,
                            first_block: 0,
                            lanes,
                        };
                        route.run(self, weights, *start, &scratch, &mut part);
                    } else {
                        let lanes = &mut lanes[first * to.block_lanes()..][..to.block_lanes()];
                        let mut part = Part {
                            group,
                            first_block: first,
                            lanes,
                        };
                        route.run_block(self, weights, *start, &scratch, &mut part);
                    }
                }
            }
        }
    }
}

/// What a backward step behind a batch norm starts from.
#[derive(Debug)]
struct Backward<'a, E: Element> {
    /// Of the convolution's output.
    layout: Layout,
    chunks: Chunks,
    /// The gradient at the output.
    mixture: Mixture<'a, E>,
}

/// The groups of one chunk and the memory that their gradients go to.
#[derive(Debug)]
struct Task<'a, E> {
    groups: std::ops::Range<usize>,
    weight: Option<&'a mut [Lane<E>]>,
    input: Option<(&'a mut [Lane<E>], Start<'a, E>)>,
}

/// A part cut into what is measured together.
fn pairs<E>(part: Part<'_, E>, layout: Layout) -> impl Iterator<Item = Part<'_, E>> {
    let Part {
        group,
        first_block,
        lanes,
    } = part;
    let pairs = lanes
        .chunks_mut(MEASURED_BLOCKS * layout.block_lanes())
        .enumerate();
    pairs.map(move |(i, lanes)| Part {
        group,
        first_block: first_block + i * MEASURED_BLOCKS,
        lanes,
    })
}

/// Cuts `[groups][blocks]` sums as [`parts`] cuts a map.
fn per_part(
    sums: &mut [[ImageSums; 2]],
    layout: Layout,
    blocks: usize,
) -> Vec<&mut [[ImageSums; 2]]> {
    sums.chunks_mut(layout.blocks())
        .flat_map(|group| group.chunks_mut(blocks))
        .collect()
}
