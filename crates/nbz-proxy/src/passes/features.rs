//! What az-nas looks at: covariances of features, gains of the backward pass between them.
//!
//! Both are products of maps summed over images and pixels, `sum x_i y_j`: the weight gradient of a 1 x 1
//! convolution from `x` to a map with the gradient `y`. The double-precision device computes them so.

use nbz_engine::{Device, EngineError, Images, Model, Run, Trace, Until};
use nbz_space::network::{Conv, LayerId, Shape};

use super::rows::{centred, unshuffled};
use crate::algebra::{eigenvalues, products};
use crate::findings::Features;
use crate::plan::Draw;

/// Covariances of every block's output and the gains between consecutive ones.
pub(crate) fn features<D: Device, E: Device>(
    model: &Model<'_, D>,
    double: &E,
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
        .map(|&block| covariance(&trace, double, block))
        .collect::<Result<_, _>>()?;
    let pairs = blocks.windows(2).rev().enumerate();
    let gains = pairs
        .map(|(draw_index, pair)| {
            let [from, to] = [pair[1], pair[0]];
            let count = images.count() * model.network().layer(from).shape.len();
            gain(&trace, double, [from, to], &draw.signs(draw_index, count))
        })
        .collect::<Result<_, _>>()?;
    Ok(Features { covariances, gains })
}

/// The centred channel covariance over images and pixels, or, where there are fewer of those than
/// channels, the matrix of the same eigenvalues but for zeros that is smaller.
fn covariance<D: Device, E: Device>(
    trace: &Trace<'_, D>,
    double: &E,
    block: LayerId,
) -> Result<Vec<f64>, EngineError> {
    let shape = trace.model().network().layer(block).shape;
    let mut values = trace.model().device().download_map(trace.value_of(block)?);
    let samples = values.len() / shape.channels;
    centred(&mut values, shape);
    let mut sums = if samples < shape.channels {
        let images = values.len() / shape.len();
        let columns = by_sample(&values, images, shape);
        products(&columns, &columns, shape.channels)
    } else {
        summed_products(double, (&values, shape), (&values, shape))
    };
    for v in &mut sums {
        *v /= samples as f64;
    }
    Ok(sums)
}

/// `sum y_j x_i` over images and pixels of two maps `[N, C, H, W]` of one height and width, row-major, one row
/// a channel of `y`.
fn summed_products<E: Device>(
    double: &E,
    (x, x_shape): (&[f64], Shape),
    (y, y_shape): (&[f64], Shape),
) -> Vec<f64> {
    let map =
        |values: &[f64], shape: Shape| double.upload_map(values.len() / shape.len(), shape, values);
    let conv = Conv::dense(x_shape.channels, y_shape.channels, 1, 1);
    let sums = double.conv_weight_gradient(&conv, &map(x, x_shape), &map(y, y_shape), None);
    double.download_weight(&sums)
}

/// `sigma_max(g_in^T g_out / (B H W))`, or `None` where `g_in` is `g_out`.
fn gain<D: Device, E: Device>(
    trace: &Trace<'_, D>,
    double: &E,
    [from, to]: [LayerId; 2],
    g_out: &[f64],
) -> Result<Option<f64>, EngineError> {
    let network = trace.model().network();
    let (out_shape, in_shape) = (network.layer(from).shape, network.layer(to).shape);
    let map = trace.pull_back(from, g_out, to)?;
    let g_in = trace.model().device().download_map(&map);
    if g_in == g_out {
        return Ok(None);
    }
    let (g_in, in_shape) = unshuffled(&g_in, in_shape, out_shape);
    let matrix = summed_products(double, (&g_in, in_shape), (g_out, out_shape));
    let samples = g_out.len() / out_shape.channels;
    let largest = largest_singular_value(&matrix, in_shape.channels);
    Ok(Some(largest / samples as f64))
}

/// The largest singular value of a matrix with rows of `width` numbers: NaN if it is not finite.
fn largest_singular_value(matrix: &[f64], width: usize) -> f64 {
    let height = matrix.len() / width;
    let squares = if height <= width {
        products(matrix, matrix, width)
    } else {
        let columns = transposed(matrix, width);
        products(&columns, &columns, height)
    };
    let least = height.min(width);
    eigenvalues(&squares, least).map_or(f64::NAN, |v| v[least - 1].max(0.0).sqrt())
}

/// A map `[N, C, H, W]` as `[N H W, C]`.
fn by_sample(values: &[f64], images: usize, shape: Shape) -> Vec<f64> {
    let of_image = |image: &[f64]| transposed(image, shape.pixels());
    (0..images)
        .flat_map(|i| of_image(&values[i * shape.len()..][..shape.len()]))
        .collect()
}

/// A matrix with rows of `width` numbers, turned.
fn transposed(rows: &[f64], width: usize) -> Vec<f64> {
    let height = rows.len() / width;
    (0..rows.len())
        .map(|i| rows[i % height * width + i / height])
        .collect()
}
