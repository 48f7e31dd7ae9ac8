//! Windows of weights: spread over the positions before the products, gradients collected behind them.

use super::super::super::simd::{Element, Kernel, LANES, Lane, Simd};
use super::POSITIONS;

/// `G g G'` of one block `[3 x 3][16 in][16 out]` of a weight, into `[16 positions][blocks][16 in][16 out]`.
#[derive(Debug)]
pub(crate) struct FilterTransform<'a, E> {
    /// The block's lanes.
    pub(crate) from: &'a [Lane<E>],
    /// Whether the window is turned by half a turn, for the input gradient.
    pub(crate) reversed: bool,
    /// Where in the other form the block's first lane lies.
    pub(crate) at: usize,
    /// The whole weight's other form.
    pub(crate) to: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for FilterTransform<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        let step = self.to.len() / POSITIONS;
        let half = simd.splat(E::from_f64(0.5));
        for i in 0..LANES {
            let mut g = [half; 9];
            for t in 0..9 {
                let from = if self.reversed { 8 - t } else { t };
                g[t] = simd.load(&self.from[from * LANES + i]);
            }
            let mut columns = [[half; 4]; 3];
            for x in 0..3 {
                columns[x] = spread_line(simd, half, [g[x], g[3 + x], g[6 + x]]);
            }
            for y in 0..4 {
                let line = [columns[0][y], columns[1][y], columns[2][y]];
                let line = spread_line(simd, half, line);
                for x in 0..4 {
                    simd.store(&mut self.to[(4 * y + x) * step + self.at + i], line[x]);
                }
            }
        }
    }
}

/// `G` times three numbers.
#[inline(always)]
fn spread_line<E: Element, S: Simd<E>>(simd: S, half: S::V, [a, b, c]: [S::V; 3]) -> [S::V; 4] {
    let (zero, ends) = (simd.splat(E::ZERO), simd.add(a, c));
    let up = simd.mul_add(simd.add(ends, b), half, zero);
    let down = simd.mul_add(simd.sub(ends, b), half, zero);
    [a, up, down, c]
}

/// `G' m G` of a whole gradient: from [`FilterTransform`]'s form back to the weight's.
#[derive(Debug)]
pub(crate) struct FilterGradient<'a, E> {
    /// Sums of products by position.
    pub(crate) from: &'a [Lane<E>],
    /// Whether the gradient's former content is a summand too.
    pub(crate) onto: bool,
    /// The gradient.
    pub(crate) to: &'a mut [Lane<E>],
}

impl<E: Element> Kernel<E> for FilterGradient<'_, E> {
    #[inline(always)]
    fn run<S: Simd<E>>(self, simd: S) {
        let lanes = self.to.len() / 9;
        let half = simd.splat(E::from_f64(0.5));
        for lane in 0..lanes {
            let (block, i) = (lane / LANES, lane % LANES);
            let mut columns = [[half; 3]; 4];
            for x in 0..4 {
                let m = |y: usize| simd.load(&self.from[(4 * y + x) * lanes + lane]);
                columns[x] = collect_line(simd, half, [m(0), m(1), m(2), m(3)]);
            }
            for y in 0..3 {
                let line = [columns[0][y], columns[1][y], columns[2][y], columns[3][y]];
                let line = collect_line(simd, half, line);
                for x in 0..3 {
                    let to = &mut self.to[(block * 9 + 3 * y + x) * LANES + i];
                    let sum = if self.onto {
                        simd.add(simd.load(to), line[x])
                    } else {
                        line[x]
                    };
                    simd.store(to, sum);
                }
            }
        }
    }
}

/// `G'` times four numbers.
#[inline(always)]
fn collect_line<E: Element, S: Simd<E>>(simd: S, half: S::V, [a, b, c, d]: [S::V; 4]) -> [S::V; 3] {
    let zero = simd.splat(E::ZERO);
    let sum = simd.mul_add(simd.add(b, c), half, zero);
    let difference = simd.mul_add(simd.sub(b, c), half, zero);
    [simd.add(a, sum), difference, simd.add(sum, d)]
}
