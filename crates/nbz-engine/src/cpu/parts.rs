//! Cuts a map into the parts that threads write.

use super::map::Layout;
use super::simd::Lane;

/// Some blocks of one group of a map, to be written by one task.
#[derive(Debug)]
pub(crate) struct Part<'a, E> {
    pub(crate) group: usize,
    pub(crate) first_block: usize,
    pub(crate) lanes: &'a mut [Lane<E>],
}

impl<E> Part<'_, E> {
    /// The blocks that the part holds.
    pub(crate) fn blocks(&self, layout: Layout) -> std::ops::Range<usize> {
        self.first_block..self.first_block + self.lanes.len() / layout.block_lanes()
    }
}

/// All parts of at most `blocks` blocks.
pub(crate) fn parts<E>(lanes: &mut [Lane<E>], layout: Layout, blocks: usize) -> Vec<Part<'_, E>> {
    let groups = lanes.chunks_mut(layout.group_lanes()).enumerate();
    groups
        .flat_map(|(group, lanes)| {
            let parts = lanes.chunks_mut(blocks * layout.block_lanes()).enumerate();
            parts.map(move |(i, lanes)| Part {
                group,
                first_block: i * blocks,
                lanes,
            })
        })
        .collect()
}

/// Blocks a part should have so that every thread gets several: an even number, for the kernels take two
/// at a time.
pub(crate) fn blocks_for(layout: Layout, threads: usize) -> usize {
    let parts_a_group = (4 * threads).div_ceil(layout.groups()).max(1);
    let blocks = layout.blocks().div_ceil(parts_a_group);
    if threads == 1 {
        layout.blocks()
    } else {
        blocks.next_multiple_of(2)
    }
}
