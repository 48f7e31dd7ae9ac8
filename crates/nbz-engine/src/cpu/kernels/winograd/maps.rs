//! Tiles of maps: gathered and transformed before the products, transformed and scattered behind them.

use std::ops::Range;

use super::super::super::map::ROWS;
use super::super::super::simd::{Element, Kernel, Lane, Simd};
use super::super::dense::{Start, array};
use super::POSITIONS;

/// Where tiles lie in a map: tile `t` holds rows `2 (t / columns)` and the next, columns likewise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    /// Pixels of a column of the map.
    pub(crate) height: usize,
    /// Pixels of a row of the map.
    pub(crate) width: usize,
}

impl Grid {
    #[inline(always)]
    fn columns(self) -> usize {
        self.width.div_ceil(2)
    }

    /// Tiles of the map; at odd sides the last ones hang over.
    #[inline(always)]
    pub(crate) fn tiles(self) -> usize {
        self.height.div_ceil(2) * self.columns()
    }

    #[inline(always)]
    fn corner(self, tile: usize) -> (usize, usize) {
        (2 * (tile / self.columns()), 2 * (tile % self.columns()))
    }

    /// The lanes of pixel (y, x), if the map has it.
    #[inline(always)]
    fn lane(self, y: usize, x: usize) -> Option<usize> {
        if y < self.height && x < self.width {
            Some((y * self.width + x) * ROWS)
        } else {
            None
        }
    }
}

/// What is gathered from a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// `B' d B` of the 4 x 4 inputs around each tile.
    Input,
    /// `A dy A'` of each tile's 2 x 2 gradients at the output.
    Delta,
}

/// Transforms some tiles of one block of one group.
#[derive(Debug)]
pub(crate) struct TileTransform<'a, E> {
    /// What the map is.
    pub(crate) side: Side,
    /// The block.
    pub(crate) map: &'a [Lane<E>],
    /// Its tiles.
    pub(crate) grid: Grid,
    /// Those to transform.
    pub(crate) tiles: Range<usize>,
    /// Images of the group that count.
    pub(crate) images: Range<usize>,
    /// Where they go: position by position, `step` lanes apart, tile by tile.
    pub(crate) to: &'a mut [Lane<E>],
    /// Lanes from one position to the next.
    pub(crate) step: usize,
}

impl<E: Element> Kernel<E> for TileTransform<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(mut self, simd: S) {
        match self.side {
            Side::Input => self.inputs(simd),
            Side::Delta => self.deltas(simd),
        }
    }
}

impl<E: Element> TileTransform<'_, E> {
    #[inline(always)]
    fn inputs<S: Simd<E>>(&mut self, simd: S) {
        let zeros = [Lane::ZERO; ROWS];
        for (t, tile) in self.tiles.clone().enumerate() {
            let (y, x) = self.grid.corner(tile);
            let mut from: [&[Lane<E>; ROWS]; POSITIONS] = [&zeros; POSITIONS];
            for p in 0..POSITIONS {
                // The window begins one pixel above and to the left of its tile.
                let (y, x) = ((y + p / 4).wrapping_sub(1), (x + p % 4).wrapping_sub(1));
                if let Some(lane) = self.grid.lane(y, x) {
                    from[p] = array(&self.map[lane..]);
                }
            }
            for row in self.images.clone() {
                let mut v = [simd.splat(E::ZERO); POSITIONS];
                for p in 0..POSITIONS {
                    v[p] = simd.load(&from[p][row]);
                }
                for i in 0..4 {
                    differences(simd, &mut v, i, 4);
                }
                for i in 0..4 {
                    differences(simd, &mut v, 4 * i, 1);
                }
                self.put(simd, t * ROWS + row, v);
            }
        }
    }

    #[inline(always)]
    fn deltas<S: Simd<E>>(&mut self, simd: S) {
        let zeros = [Lane::ZERO; ROWS];
        for (t, tile) in self.tiles.clone().enumerate() {
            let (y, x) = self.grid.corner(tile);
            let mut from: [&[Lane<E>; ROWS]; 4] = [&zeros; 4];
            for p in 0..4 {
                if let Some(lane) = self.grid.lane(y + p / 2, x + p % 2) {
                    from[p] = array(&self.map[lane..]);
                }
            }
            for row in self.images.clone() {
                let d = |p: usize| simd.load(&from[p][row]);
                let left = quadruple(simd, d(0), d(2));
                let right = quadruple(simd, d(1), d(3));
                let mut v = [simd.splat(E::ZERO); POSITIONS];
                for i in 0..4 {
                    v[4 * i..][..4].copy_from_slice(&quadruple(simd, left[i], right[i]));
                }
                self.put(simd, t * ROWS + row, v);
            }
        }
    }

    #[inline(always)]
    fn put<S: Simd<E>>(&mut self, simd: S, at: usize, v: [S::V; POSITIONS]) {
        for p in 0..POSITIONS {
            simd.store(&mut self.to[p * self.step + at], v[p]);
        }
    }
}

/// `B'` times the four numbers from `at` on, `step` apart.
#[inline(always)]
fn differences<E: Element, S: Simd<E>>(simd: S, v: &mut [S::V; POSITIONS], at: usize, step: usize) {
    let [a, b, c, d] = [v[at], v[at + step], v[at + 2 * step], v[at + 3 * step]];
    v[at] = simd.sub(a, c);
    v[at + step] = simd.add(b, c);
    v[at + 2 * step] = simd.sub(c, b);
    v[at + 3 * step] = simd.sub(b, d);
}

/// `A' m A` for some tiles of one block of one group, plus what the sum starts from.
#[derive(Debug)]
pub(crate) struct OutputTransform<'a, E> {
    /// The products: position by position, `step` lanes apart, tile by tile.
    pub(crate) from: &'a [Lane<E>],
    /// Lanes from one position to the next.
    pub(crate) step: usize,
    /// The block's tiles.
    pub(crate) grid: Grid,
    /// Those to transform.
    pub(crate) tiles: Range<usize>,
    /// Images that the group has; what the others' outputs become is left open.
    pub(crate) images: usize,
    /// What the sums start from; a bias holds one vector.
    pub(crate) start: Start<'a, E>,
    /// The block.
    pub(crate) map: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for OutputTransform<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        let zero = simd.splat(E::ZERO);
        let bias = match self.start {
            Start::Bias(bias) => simd.load(&bias[0]),
            _ => zero,
        };
        let onto = matches!(self.start, Start::Output);
        for (t, tile) in self.tiles.clone().enumerate() {
            let (y, x) = self.grid.corner(tile);
            for row in 0..self.images {
                let mut m = [zero; POSITIONS];
                for p in 0..POSITIONS {
                    m[p] = simd.load(&self.from[p * self.step + t * ROWS + row]);
                }
                for i in 0..4 {
                    (m[i], m[4 + i]) = pair(simd, [m[i], m[4 + i], m[8 + i], m[12 + i]]);
                }
                for dy in 0..2 {
                    let i = 4 * dy;
                    let (left, right) = pair(simd, [m[i], m[i + 1], m[i + 2], m[i + 3]]);
                    for (dx, sum) in [left, right].into_iter().enumerate() {
                        if let Some(lane) = self.grid.lane(y + dy, x + dx) {
                            let to = &mut self.map[lane + row];
                            let before = if onto { simd.load(to) } else { bias };
                            simd.store(to, simd.add(sum, before));
                        }
                    }
                }
            }
        }
    }
}

/// `A'` times four numbers.
#[inline(always)]
fn pair<E: Element, S: Simd<E>>(simd: S, [a, b, c, d]: [S::V; 4]) -> (S::V, S::V) {
    (simd.add(a, simd.add(b, c)), simd.sub(simd.sub(b, c), d))
}

/// `A` times two numbers.
#[inline(always)]
fn quadruple<E: Element, S: Simd<E>>(simd: S, a: S::V, b: S::V) -> [S::V; 4] {
    let zero = simd.splat(E::ZERO);
    [a, simd.add(a, b), simd.sub(a, b), simd.sub(zero, b)]
}
