//! 3 x 3 convolutions of stride 1 by Winograd's F(2 x 2, 3 x 3): 16 products where the definition has 36.
//!
//! A group goes strip by strip: some tiles are transformed, multiplied position by position and transformed
//! back, while they are in the second cache. Its sums are other sums than the definition's and round
//! otherwise, by as much: no factor is larger than 1.

use std::ops::Range;

use nbz_space::network::Conv;

use super::Cpu;
use super::kernels::dense::{Dense, Start};
use super::kernels::weight_gradient::WeightGradient;
use super::kernels::winograd::{
    FilterGradient, Grid, OutputTransform, POSITIONS, Side, TileTransform,
};
use super::map::{Layout, Map, ROWS};
use super::simd::{Element, Lane};
use super::taps::Tap;
use super::weight::{Form, Weight};

/// Lanes of transformed tiles at a time: half of a second cache of 1 MiB in `f32`.
const STRIP_LANES: usize = 1 << 13;

/// Channels below which the transforms cost what the products save.
const FEWEST_CHANNELS: usize = 32;

/// A convolution of whole groups.
#[derive(Debug)]
pub(crate) struct Winograd {
    from: Layout,
    to: Layout,
    /// Of both maps, which are of one size.
    grid: Grid,
    /// Tiles of a strip.
    tiles: usize,
    /// One tap a tile.
    taps: Vec<Vec<Tap>>,
}

impl Winograd {
    /// Whether a convolution has the form, and channels enough to be worth it. By shape alone, never by
    /// threads, since it decides how results are rounded.
    pub(crate) fn serves(conv: &Conv) -> bool {
        conv.kernel == 3
            && conv.stride == 1
            && !conv.is_depthwise()
            && conv.in_channels.min(conv.out_channels) >= FEWEST_CHANNELS
    }

    pub(crate) fn new(from: Layout, to: Layout) -> Self {
        let grid = Grid {
            height: to.shape.height,
            width: to.shape.width,
        };
        // Working memory grows with the channels: no fewer than four tiles share a load of the weights.
        let lanes = POSITIONS * ROWS * (from.blocks() + to.blocks());
        let tiles = (STRIP_LANES / lanes).clamp(4, 64).min(grid.tiles());
        let tap = |source| vec![Tap { weight: 0, source }];
        Self {
            from,
            to,
            grid,
            tiles,
            taps: (0..tiles).map(tap).collect(),
        }
    }

    /// Lanes of working memory for one group.
    pub(crate) fn scratch_lanes(&self) -> usize {
        let [gathered, products] = self.steps();
        POSITIONS * (gathered + products)
    }

    /// Lanes from one position to the next, of gathered tiles and of products. One pixel more than needed, so
    /// that positions do not meet in one set of the cache.
    fn steps(&self) -> [usize; 2] {
        [self.from, self.to].map(|l| (l.blocks() * self.tiles + 1) * ROWS)
    }

    /// Ranges of tiles.
    fn strips(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let (step, end) = (self.tiles, self.grid.tiles());
        (0..end)
            .step_by(step)
            .map(move |first| first..(first + step).min(end))
    }

    /// Transforms some tiles of all blocks of a group; `to` has its positions so many lanes apart.
    fn gather<E: Element>(
        &self,
        device: &Cpu<E>,
        side: Side,
        group: &[Lane<E>],
        tiles: &Range<usize>,
        images: &Range<usize>,
        (to, step): (&mut [Lane<E>], usize),
    ) {
        let block_lanes = self.grid.height * self.grid.width * ROWS;
        for (b, map) in group.chunks_exact(block_lanes).enumerate() {
            device.path.run(TileTransform {
                side,
                map,
                grid: self.grid,
                tiles: tiles.clone(),
                images: images.clone(),
                to: &mut to[b * tiles.len() * ROWS..],
                step,
            });
        }
    }

    /// The convolution of one group, all blocks; `weight` is transformed.
    pub(crate) fn run<E: Element>(
        &self,
        device: &Cpu<E>,
        weight: &[Lane<E>],
        start: Start<'_, E>,
        input: &[Lane<E>],
        images: usize,
        output: &mut [Lane<E>],
    ) {
        let steps = self.steps();
        let mut gathered = device.pool.take(POSITIONS * steps[0]);
        let mut products = device.pool.take(POSITIONS * steps[1]);
        let position_weights = weight.len() / POSITIONS;
        for tiles in self.strips() {
            let (count, block) = (tiles.len(), tiles.len() * ROWS);
            let to = (&mut gathered[..], steps[0]);
            self.gather(device, Side::Input, input, &tiles, &(0..images), to);
            for p in 0..POSITIONS {
                device.path.run(Dense {
                    input: &gathered[p * steps[0]..][..self.from.blocks() * block],
                    in_channels: self.from.shape.channels,
                    width: count,
                    kernel: 1,
                    ys: &self.taps[..1],
                    xs: &self.taps[..count],
                    weight: &weight[p * position_weights..][..position_weights],
                    start: Start::Zero,
                    images,
                    output: &mut products[p * steps[1]..][..self.to.blocks() * block],
                });
            }
            for (b, map) in output.chunks_exact_mut(self.to.block_lanes()).enumerate() {
                device.path.run(OutputTransform {
                    from: &products[b * block..],
                    step: steps[1],
                    grid: self.grid,
                    tiles: tiles.clone(),
                    images,
                    start: start.of(b..b + 1),
                    map,
                });
            }
        }
    }
}

/// The weight gradient of such a convolution.
#[derive(Debug)]
pub(crate) struct WinogradGradient(Winograd);

impl WinogradGradient {
    pub(crate) fn new(from: Layout, to: Layout) -> Self {
        Self(Winograd::new(from, to))
    }

    /// Whether a group is one addition to the sum.
    pub(crate) fn has_one_strip(&self) -> bool {
        self.0.grid.tiles() <= self.0.tiles
    }

    /// Adds all groups' part, the work of each group shared out to the threads.
    pub(crate) fn add<E: Element>(
        &self,
        device: &Cpu<E>,
        input: &Map<E>,
        delta: &Map<E>,
        sum: &mut [Lane<E>],
    ) {
        for group in 0..delta.layout.groups() {
            let images = 0..delta.layout.live(group);
            let (input, delta) = (input.group(group), delta.group(group));
            self.add_group(device, input, delta, &images, sum, true);
        }
    }

    /// Adds what some images of one group give, in the form of [`super::kernels::winograd::FilterTransform`];
    /// `threads` shares the positions out to the device's threads.
    pub(crate) fn add_group<E: Element>(
        &self,
        device: &Cpu<E>,
        input: &[Lane<E>],
        delta: &[Lane<E>],
        images: &Range<usize>,
        sum: &mut [Lane<E>],
        threads: bool,
    ) {
        let of = &self.0;
        let steps = of.steps();
        let mut gathered = device.pool.take(POSITIONS * steps[0]);
        let mut deltas = device.pool.take(POSITIONS * steps[1]);
        for tiles in of.strips() {
            let block = tiles.len() * ROWS;
            let to = (&mut gathered[..], steps[0]);
            of.gather(device, Side::Input, input, &tiles, images, to);
            let to = (&mut deltas[..], steps[1]);
            of.gather(device, Side::Delta, delta, &tiles, images, to);
            let same: Vec<_> = (0..tiles.len()).map(|t| (t, t)).collect();
            let position = |(p, sum): (usize, &mut [Lane<E>])| {
                device.path.run(WeightGradient {
                    input: &gathered[p * steps[0]..][..of.from.blocks() * block],
                    in_channels: of.from.shape.channels,
                    width: tiles.len(),
                    delta: &deltas[p * steps[1]..][..of.to.blocks() * block],
                    delta_block_lanes: block,
                    delta_width: tiles.len(),
                    ys: &[vec![(0, 0)]],
                    xs: std::slice::from_ref(&same),
                    images: images.clone(),
                    sum,
                });
            };
            let lanes = sum.len() / POSITIONS;
            let positions = sum.chunks_mut(lanes).enumerate();
            if threads {
                device.threads.run(positions.collect(), position);
            } else {
                positions.for_each(position);
            }
        }
    }

    /// The gradient of sums over all groups.
    pub(crate) fn collect<E: Element>(
        device: &Cpu<E>,
        form: Form,
        sum: &[Lane<E>],
        onto: Option<Weight<E>>,
    ) -> Weight<E> {
        let (added, mut to) = match onto {
            Some(weight) => (true, weight.into_buffer()),
            None => (false, device.pool.take(form.lanes())),
        };
        device.path.run(FilterGradient {
            from: sum,
            onto: added,
            to: &mut to,
        });
        Weight::new(form, to)
    }
}
