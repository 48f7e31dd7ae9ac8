//! A convolution's backward step in one sweep: for one group of images (of a depthwise convolution: one block
//! of a group) the gradient at the output is computed from the batch norm's, used for the weight's and the
//! input's gradient, and forgotten, so that it never exists for the whole batch.
//!
//! The sums are the same, in the same order, as those of the single operations: fusing changes no bit.

use nbz_space::network::Conv;

use super::Cpu;
use super::convolution::Route;
use super::convolution_gradient::{Chunks, Summing};
use super::kernels::dense::Start;
use super::map::{Layout, Map};
use super::mixture::{Mixture, gradient_mixture};
use super::parts::Part;
use super::simd::{Element, Lane};
use super::storage::Buffer;
use super::weight::Form;
use crate::device::{ConvGradients, ConvStep, Delta, Device, InputGradient, Wanted, Work};

impl<E: Element> Cpu<E> {
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
        let chunks = self.chunks(step.conv, step.input.layout, layout);
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

    /// Lanes that some work of a convolution needs beside its results: what Winograd's form gathers, the
    /// chunks' partial sums, and behind a batch norm the gradient at the output, of the whole batch or of what
    /// each thread has at hand.
    pub(crate) fn scratch_lanes(&self, conv: &Conv, input: Layout, work: Work) -> u64 {
        let route = self.forward_route(conv, input);
        let (layout, threads) = (route.to(), self.threads.count());
        let at_hand = |lanes: usize| (threads.min(layout.groups().max(1)) * lanes) as u64;
        if work == Work::Convolution {
            return at_hand(route.scratch_lanes());
        }
        let (lanes, gradient) = (self.sum_lanes(conv), Form::of(conv).lanes());
        let chunks = self.chunks(conv, input, layout);
        let delta = match work {
            Work::Convolution | Work::Gradients => 0,
            _ if !self.forgets(chunks) => layout.lanes() as u64,
            _ if conv.is_depthwise() => at_hand(layout.block_lanes()),
            _ => at_hand(layout.group_lanes()),
        };
        let at_work = delta.saturating_add(at_hand(route.scratch_lanes()));
        if work == Work::InputBehindNorm {
            return at_work;
        }
        let (count, lanes, gradient) = (chunks.count() as u64, lanes as u64, gradient as u64);
        if count == 1 && lanes == gradient {
            // The only sum becomes the gradient.
            return at_work;
        }
        // The gradient, which is counted elsewhere, is made after the work: of the partial sums, or of their sum.
        let sum = if count > 1 {
            (count + 1) * lanes - gradient
        } else {
            lanes
        };
        let together = at_work.saturating_add(count * lanes);
        together.saturating_sub(gradient).max(sum)
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
        let route = self.backward_route(step.conv, backward.layout, step.input_shape);
        let mut input = match input_gradient {
            InputGradient::Skip => None,
            InputGradient::Onto(onto) => Some(self.target(route.to(), onto)),
        };
        let chunks = backward.chunks;
        let lanes = if wanted.weight {
            self.sum_lanes(step.conv)
        } else {
            0
        };
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
        let summing = self.summing(step.conv, step.input, backward.layout);
        let weights = if targets.is_some() {
            self.backward_lanes(step.conv, step.weight)
        } else {
            &[]
        };
        self.threads.run(tasks, |task| {
            self.backward_groups(task, backward, &route, weights, &summing, step.input);
        });
        let weight = wanted.weight.then(|| self.summed(step.conv, partial, None));
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
        summing: &Summing,
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
                    summing.add_group(self, input.group(group), &scratch, images, first, sum);
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
