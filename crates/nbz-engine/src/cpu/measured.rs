//! A convolution and the moments of its output in one sweep: each pair of output blocks (of Winograd's form the
//! group) is measured when it has just been written. The sums are those of the single operations, in their
//! order: fusing changes no bit.

use nbz_space::network::Conv;

use super::Cpu;
use super::convolution::channel_lanes;
use super::kernels::dense::Start;
use super::kernels::sums::{ImageSums, Spread};
use super::map::{Layout, Map, ROWS};
use super::norm::merge_spreads;
use super::parts::{Part, blocks_for, parts};
use super::simd::{Element, LANES};
use super::weight::Weight;
use crate::device::{Coupling, Moments};

/// Output blocks that are measured together, at least: as many as the dense kernel writes in one sweep.
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
        let route = self.forward_route(conv, input.layout);
        let layout = route.to();
        let mut output = self.pool.take(layout.lanes());
        let bias = bias.map(|b| channel_lanes::<E>(b));
        let start = bias.as_deref().map_or(Start::Zero, Start::Bias);
        let mut spreads = vec![[[[0.0; LANES]; ROWS]; 2]; layout.groups() * layout.blocks()];
        let blocks = blocks_for(layout, self.threads.count()).max(route.unit());
        let weights = self.forward_lanes(conv, weight);
        let measured = MEASURED_BLOCKS.max(route.unit());
        let tasks = parts(&mut output, layout, blocks);
        let tasks: Vec<_> = tasks
            .into_iter()
            .zip(per_part(&mut spreads, layout, blocks))
            .collect();
        self.threads.run(tasks, |(part, spreads)| {
            let input = input.group(part.group);
            let cut = cut(part, layout, measured);
            for (mut part, spreads) in cut.zip(spreads.chunks_mut(measured)) {
                route.run(self, weights, start, input, &mut part);
                for (map, sums) in part.lanes.chunks_exact(layout.block_lanes()).zip(spreads) {
                    self.path.run(Spread { map, totals: sums });
                }
            }
        });
        let output = Map::new(layout, output);
        let moments = merge_spreads(&output, coupling, &spreads);
        (output, moments)
    }
}

/// A part cut into what is measured together: so many blocks.
fn cut<E>(part: Part<'_, E>, layout: Layout, blocks: usize) -> impl Iterator<Item = Part<'_, E>> {
    let Part {
        group,
        first_block,
        lanes,
    } = part;
    let cut = lanes.chunks_mut(blocks * layout.block_lanes()).enumerate();
    cut.map(move |(i, lanes)| Part {
        group,
        first_block: first_block + i * blocks,
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
