//! Weights in the kernels' order.
//!
//! Dense: `[C_out / 16][C_in / 16][k k][16 in][16 out]`, the lanes being output channels; the gradient
//! has the same order. The input gradient reads the transposed order `[C_in / 16][C_out / 16][k k][16
//! out][16 in]`, made at its first use and kept. Depthwise: `[C / 16][k k][16]`, read by both. Channels
//! that do not exist have zero weights.

use std::sync::{Arc, OnceLock};

use nbz_space::network::Conv;

use super::kernels::winograd::{FilterTransform, POSITIONS};
use super::path::Path;
use super::simd::{Element, LANES, Lane};
use super::storage::{Buffer, Pool};

/// The weight of a convolution, or a gradient of that form. Copies share their numbers.
#[derive(Debug, Clone)]
pub struct Weight<E: Element> {
    pub(crate) form: Form,
    data: Arc<Buffer<E>>,
    /// As the input gradient reads it.
    transposed: Arc<OnceLock<Buffer<E>>>,
    /// In Winograd's form, for the convolutions that have one.
    spread: Arc<OnceLock<Buffer<E>>>,
}

/// The sizes of a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    out_channels: usize,
    in_channels: usize,
    taps: usize,
    depthwise: bool,
}

impl Form {
    pub(crate) fn of(conv: &Conv) -> Self {
        Self {
            out_channels: conv.out_channels,
            in_channels: conv.in_channels,
            taps: conv.kernel * conv.kernel,
            depthwise: conv.is_depthwise(),
        }
    }

    /// Lanes of all weights.
    pub(crate) fn lanes(self) -> usize {
        let out_blocks = self.out_channels.div_ceil(LANES);
        if self.depthwise {
            out_blocks * self.taps
        } else {
            out_blocks * self.in_channels.div_ceil(LANES) * self.taps * LANES
        }
    }

    /// Lanes of a dense 3 x 3 weight in Winograd's form.
    pub(crate) fn spread_lanes(self) -> usize {
        self.lanes() / self.taps * POSITIONS
    }

    /// Numbers in PyTorch's order.
    pub(crate) fn len(self) -> usize {
        self.out_channels * self.inputs() * self.taps
    }

    fn inputs(self) -> usize {
        if self.depthwise { 1 } else { self.in_channels }
    }

    /// Lane and position of the weight with index `i` in `[out, in / groups, k, k]`.
    fn place(self, i: usize) -> (usize, usize) {
        let (out, input, tap) = (
            i / self.taps / self.inputs(),
            i / self.taps % self.inputs(),
            i % self.taps,
        );
        if self.depthwise {
            return (out / LANES * self.taps + tap, out % LANES);
        }
        let in_blocks = self.in_channels.div_ceil(LANES);
        let block = (out / LANES * in_blocks + input / LANES) * self.taps + tap;
        (block * LANES + input % LANES, out % LANES)
    }
}

impl<E: Element> Weight<E> {
    /// A weight around lanes that were filled.
    pub(crate) fn new(form: Form, data: Buffer<E>) -> Self {
        assert_eq!(data.len(), form.lanes(), "lanes of a weight");
        Self {
            form,
            data: Arc::new(data),
            transposed: Arc::default(),
            spread: Arc::default(),
        }
    }

    /// From numbers in the order `[out, in / groups, k, k]`.
    pub(crate) fn from_values(pool: &Arc<Pool<E>>, form: Form, values: &[f64]) -> Self {
        assert_eq!(values.len(), form.len(), "a weight");
        let mut data = pool.take_zeroed(form.lanes());
        for (i, &value) in values.iter().enumerate() {
            let (lane, at) = form.place(i);
            data[lane].0[at] = E::from_f64(value);
        }
        Self::new(form, data)
    }

    /// The numbers in the order `[out, in / groups, k, k]`.
    pub(crate) fn values(&self) -> Vec<f64> {
        let at = |i| {
            let (lane, at) = self.form.place(i);
            self.data[lane].0[at].to_f64()
        };
        (0..self.form.len()).map(at).collect()
    }

    /// All lanes.
    pub(crate) fn lanes(&self) -> &[Lane<E>] {
        &self.data
    }

    /// The lanes with inputs and outputs exchanged.
    pub(crate) fn transposed(&self, pool: &Arc<Pool<E>>) -> &[Lane<E>] {
        self.transposed.get_or_init(|| {
            let mut to = pool.take(self.data.len());
            transpose(self.form, &self.data, &mut to);
            to
        })
    }

    /// The lanes in Winograd's form.
    pub(crate) fn spread(&self, path: Path, pool: &Arc<Pool<E>>) -> &[Lane<E>] {
        self.spread.get_or_init(|| {
            let mut to = pool.take(self.form.spread_lanes());
            for (block, from) in self.data.chunks_exact(9 * LANES).enumerate() {
                path.run(FilterTransform {
                    from,
                    reversed: false,
                    at: block * LANES,
                    to: &mut to,
                });
            }
            to
        })
    }

    /// The lanes in Winograd's form with inputs and outputs exchanged and the window turned.
    pub(crate) fn spread_back(&self, path: Path, pool: &Arc<Pool<E>>) -> &[Lane<E>] {
        self.transposed.get_or_init(|| {
            let mut to = pool.take(self.form.spread_lanes());
            let in_blocks = self.form.in_channels.div_ceil(LANES);
            let out_blocks = self.form.out_channels.div_ceil(LANES);
            for (i, from) in self.data.chunks_exact(9 * LANES).enumerate() {
                let mut exchanged = [Lane::ZERO; 9 * LANES];
                for (from, to) in from.chunks(LANES).zip(exchanged.chunks_mut(LANES)) {
                    exchange(from, to);
                }
                path.run(FilterTransform {
                    from: &exchanged,
                    reversed: true,
                    at: (i % in_blocks * out_blocks + i / in_blocks) * LANES,
                    to: &mut to,
                });
            }
            to
        })
    }

    /// The lanes to write on: the weight's own if nobody shares them, else a copy.
    pub(crate) fn into_buffer(self) -> Buffer<E> {
        Arc::unwrap_or_clone(self.data)
    }
}

fn transpose<E: Element>(form: Form, from: &[Lane<E>], to: &mut [Lane<E>]) {
    let out_blocks = form.out_channels.div_ceil(LANES);
    let in_blocks = form.in_channels.div_ceil(LANES);
    for (i, tile) in from.chunks_exact(LANES).enumerate() {
        let (out, input, tap) = (
            i / form.taps / in_blocks,
            i / form.taps % in_blocks,
            i % form.taps,
        );
        let block = (input * out_blocks + out) * form.taps + tap;
        exchange(tile, &mut to[block * LANES..][..LANES]);
    }
}

/// Sixteen lanes, rows and columns exchanged.
fn exchange<E: Element>(from: &[Lane<E>], to: &mut [Lane<E>]) {
    for (o, row) in to.iter_mut().enumerate() {
        for (value, lane) in row.0.iter_mut().zip(from) {
            *value = lane.0[o];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_come_back_in_order_and_transposing_exchanges_in_and_out() {
        let pool = Arc::new(Pool::<f32>::default());
        let conv = Conv::dense(17, 40, 3, 1);
        let values: Vec<f64> = (0..17 * 40 * 9).map(f64::from).collect();
        let weight = Weight::from_values(&pool, Form::of(&conv), &values);
        assert_eq!(weight.values(), values);

        let exchanged: Vec<f64> = (0..17 * 40 * 9)
            .map(|i| values[(i / 9 % 40 * 17 + i / 9 / 40) * 9 + i % 9])
            .collect();
        let other = Form::of(&Conv::dense(40, 17, 3, 1));
        let expected = Weight::from_values(&pool, other, &exchanged);
        assert_eq!(weight.transposed(&pool), expected.lanes());
    }

    #[test]
    fn depthwise_weights_come_back_in_order() {
        let pool = Arc::new(Pool::<f64>::default());
        let form = Form::of(&Conv::depthwise(24, 5, 1));
        let values: Vec<f64> = (0..24 * 25).map(f64::from).collect();
        assert_eq!(Weight::from_values(&pool, form, &values).values(), values);
    }
}
