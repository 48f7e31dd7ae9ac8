//! A map in the device's layout: `[N / 8][C / 16][H][W][8 images][16 channels]`.
//!
//! Eight images side by side give a convolution eight independent sums for each weight it loads, at one
//! output pixel; sixteen channels are a vector. Neither a kernel's size nor its padding shows in the
//! layout.
//!
//! Where 16 does not divide the channels or 8 the images, the rest is padding. *Padding is zero in
//! every map*: products with it vanish, so only what adds a constant has to leave it alone, and only
//! what counts has to count without it.

use std::ops::Range;
use std::sync::Arc;

use nbz_space::network::Shape;

use super::simd::{Element, LANES, Lane};
use super::storage::{Buffer, Pool};

/// Images side by side.
pub(crate) const ROWS: usize = 8;

/// Where a map's numbers lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Images in the batch.
    pub(crate) images: usize,
    /// Shape of one.
    pub(crate) shape: Shape,
}

impl Layout {
    pub(crate) fn new(images: usize, shape: Shape) -> Self {
        Self { images, shape }
    }

    /// Groups of [`ROWS`] images, the last possibly incomplete.
    pub(crate) fn groups(self) -> usize {
        self.images.div_ceil(ROWS)
    }

    /// Blocks of [`LANES`] channels, the last possibly incomplete.
    pub(crate) fn blocks(self) -> usize {
        self.shape.channels.div_ceil(LANES)
    }

    /// Lanes of one block of one group.
    pub(crate) fn block_lanes(self) -> usize {
        self.shape.pixels() * ROWS
    }

    /// Lanes of one group.
    pub(crate) fn group_lanes(self) -> usize {
        self.blocks() * self.block_lanes()
    }

    /// Lanes of the batch; as many as can be counted where memory is planned for more.
    pub(crate) fn lanes(self) -> usize {
        self.groups().saturating_mul(self.group_lanes())
    }

    /// Images that a group really has.
    pub(crate) fn live(self, group: usize) -> usize {
        (self.images - group * ROWS).min(ROWS)
    }

    /// Lanes of one block of one group.
    pub(crate) fn block(self, group: usize, block: usize) -> Range<usize> {
        let start = group * self.group_lanes() + block * self.block_lanes();
        start..start + self.block_lanes()
    }

    /// The same batch in another shape.
    pub(crate) fn with_shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }
}

/// A value of one layer for a batch. Copies share their numbers until one of them is written.
#[derive(Debug, Clone)]
pub struct Map<E: Element> {
    pub(crate) layout: Layout,
    data: Arc<Buffer<E>>,
}

impl<E: Element> Map<E> {
    /// A map around lanes that were filled, padding included.
    pub(crate) fn new(layout: Layout, data: Buffer<E>) -> Self {
        assert_eq!(data.len(), layout.lanes(), "lanes of a map");
        Self {
            layout,
            data: Arc::new(data),
        }
    }

    /// From numbers in the order `[N, C, H, W]`.
    pub(crate) fn from_values(pool: &Arc<Pool<E>>, layout: Layout, values: &[f64]) -> Self {
        let pixels = layout.shape.pixels();
        assert_eq!(values.len(), layout.images * layout.shape.len(), "a map");
        let mut data = pool.take_zeroed(layout.lanes());
        for (plane, values) in values.chunks_exact(pixels.max(1)).enumerate() {
            let (start, channel) = plane_start(layout, plane);
            for (pixel, &value) in values.iter().enumerate() {
                data[start + pixel * ROWS].0[channel] = E::from_f64(value);
            }
        }
        Self::new(layout, data)
    }

    /// The numbers in the order `[N, C, H, W]`.
    pub(crate) fn values(&self) -> Vec<f64> {
        let pixels = self.layout.shape.pixels();
        (0..self.layout.images * self.layout.shape.channels)
            .flat_map(|plane| {
                let (start, channel) = plane_start(self.layout, plane);
                (0..pixels).map(move |pixel| (start + pixel * ROWS, channel))
            })
            .map(|(lane, channel)| self.data[lane].0[channel].to_f64())
            .collect()
    }

    /// All lanes.
    pub(crate) fn lanes(&self) -> &[Lane<E>] {
        &self.data
    }

    /// Lanes of one group.
    pub(crate) fn group(&self, group: usize) -> &[Lane<E>] {
        let n = self.layout.group_lanes();
        &self.data[group * n..][..n]
    }

    /// The lanes to write on: the map's own if nobody shares them, else a copy.
    pub(crate) fn into_buffer(self) -> Buffer<E> {
        Arc::unwrap_or_clone(self.data)
    }
}

/// The lane of the first pixel, and the channel in it, of plane `image * channels + channel`.
fn plane_start(layout: Layout, plane: usize) -> (usize, usize) {
    let (image, channel) = (plane / layout.shape.channels, plane % layout.shape.channels);
    let block = layout.block(image / ROWS, channel / LANES);
    (block.start + image % ROWS, channel % LANES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_in_order_and_the_padding_is_zero() {
        let pool = Arc::new(Pool::<f32>::default());
        for (images, channels, height, width) in [(1, 1, 1, 1), (9, 17, 3, 2), (16, 40, 1, 5)] {
            let shape = Shape::new(channels, height, width);
            let layout = Layout { images, shape };
            let values: Vec<f64> = (1..=images * shape.len()).map(|v| v as f64).collect();
            let map = Map::from_values(&pool, layout, &values);
            assert_eq!(map.values(), values);
            let sum: f64 = map.lanes().iter().flat_map(|l| l.0).map(f64::from).sum();
            // Sums of small integers are exact.
            assert!((sum - values.iter().sum::<f64>()).abs() < 0.5);
        }
    }
}
