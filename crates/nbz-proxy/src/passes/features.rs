//! What az-nas looks at: covariances of features, gains of the backward pass between them.

use nbz_engine::{Device, EngineError, Images, Model, Run, Trace, Until};
use nbz_space::network::LayerId;

use super::rows::{by_channel, unshuffled};
use crate::algebra::{eigenvalues, products};
use crate::findings::Features;
use crate::plan::Draw;

/// Covariances of every block's output and the gains between consecutive ones.
pub(crate) fn features<D: Device>(
    model: &Model<'_, D>,
    images: &Images,
    draw: &dyn Draw,
) -> Result<Features, EngineError> {
    let run = Run {
        until: Until::Features,
        ..Run::default()
    };
    let trace = model.forward(images, &run, &mut ())?;
    let blocks = model.network().blocks();
    let covariances = blocks
        .iter()
        .map(|&block| covariance(&trace, block))
        .collect::<Result<_, _>>()?;
    let pairs = blocks.windows(2).rev().enumerate();
    let gains = pairs
        .map(|(draw_index, pair)| {
            let [from, to] = [pair[1], pair[0]];
            let count = images.count() * model.network().layer(from).shape.len();
            gain(&trace, from, to, &draw.signs(draw_index, count))
        })
        .collect::<Result<_, _>>()?;
    Ok(Features { covariances, gains })
}

/// The centred channel covariance over images and pixels, or, where there are fewer of those than
/// channels, the matrix of the same eigenvalues but for zeros that is smaller.
fn covariance<D: Device>(trace: &Trace<'_, D>, block: LayerId) -> Result<Vec<f64>, EngineError> {
    let shape = trace.model().network().layer(block).shape;
    let values = trace.model().device().download_map(trace.value_of(block)?);
    let mut rows = by_channel(&values, shape);
    let samples = rows.len() / shape.channels;
    for row in rows.chunks_mut(samples) {
        let mean = row.iter().sum::<f64>() / samples as f64;
        for v in row {
            *v -= mean;
        }
    }
    let mut sums = if samples < shape.channels {
        let columns = transposed(&rows, samples);
        products(&columns, &columns, shape.channels)
    } else {
        products(&rows, &rows, samples)
    };
    for v in &mut sums {
        *v /= samples as f64;
    }
    Ok(sums)
}

/// `sigma_max(g_in^T g_out / (B H W))`, or `None` where `g_in` is `g_out`.
fn gain<D: Device>(
    trace: &Trace<'_, D>,
    from: LayerId,
    to: LayerId,
    g_out: &[f64],
) -> Result<Option<f64>, EngineError> {
    let network = trace.model().network();
    let (out_shape, in_shape) = (network.layer(from).shape, network.layer(to).shape);
    let map = trace.pull_back(from, g_out, to)?;
    let g_in = trace.model().device().download_map(&map);
    if g_in == g_out {
        return Ok(None);
    }
    let out_rows = by_channel(g_out, out_shape);
    let in_rows = unshuffled(&g_in, in_shape, out_shape);
    let samples = out_rows.len() / out_shape.channels;
    Ok(Some(
        largest_singular_value(&in_rows, &out_rows, samples) / samples as f64,
    ))
}

/// The largest singular value of `a b^T` for matrices with rows of `width` numbers: NaN if it is not
/// finite.
fn largest_singular_value(a: &[f64], b: &[f64], width: usize) -> f64 {
    let (a, b) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let small = a.len() / width;
    let matrix = products(a, b, width);
    let squares = products(&matrix, &matrix, matrix.len() / small);
    eigenvalues(&squares, small).map_or(f64::NAN, |v| v[small - 1].max(0.0).sqrt())
}

/// A matrix with rows of `width` numbers, turned.
fn transposed(rows: &[f64], width: usize) -> Vec<f64> {
    let height = rows.len() / width;
    (0..rows.len())
        .map(|i| rows[i % height * width + i / height])
        .collect()
}
