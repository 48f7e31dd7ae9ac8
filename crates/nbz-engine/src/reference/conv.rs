//! Convolution and its two gradients, as products with the matrix of patches.
//!
//! A tile is a few whole images whose output pixels are the columns of the patch matrix
//! `P[k][p]`, `k = (channel of the group, ky, kx)`, zero where a tap falls outside the image. Then
//! `Y = W P`, `dP = W^T dY` (scattered back) and `dW = dY P^T`. Tiles depend on shapes alone and their
//! shares of `dW` are added in order.

use nbz_space::network::{Conv, Shape};
use rayon::prelude::*;

use super::map::Map;
use super::matrix::{Left, add_product};

/// Output pixels that a tile reaches for.
const TILE_PIXELS: usize = 256;

pub(super) fn weight_len(conv: &Conv) -> usize {
    conv.out_channels * conv.fan_in()
}

pub(super) fn scratch_bytes(conv: &Conv, images: usize, input: Shape) -> u64 {
    let geometry = Geometry::new(conv, input);
    let tile = geometry.tile_images(images);
    let columns = tile * geometry.output.pixels();
    let patches = columns * (conv.fan_in() + 2 * conv.out_channels / conv.groups);
    let threads = rayon::current_num_threads();
    let shares = images.div_ceil(tile.max(1)) as u128 * weight_len(conv) as u128;
    let bytes = 8 * (threads as u128 * patches as u128 + shares);
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// `y = conv(x, w) + bias + onto`.
pub(super) fn forward(
    conv: &Conv,
    weight: &[f64],
    bias: Option<&Vec<f64>>,
    input: &Map,
    onto: Option<Map>,
) -> Map {
    let g = Geometry::new(conv, input.shape());
    let mut output = onto.unwrap_or_else(|| Map::zeros(input.images(), g.output));
    assert_eq!(output.shape(), g.output, "output of a convolution");
    let tile = g.tile_images(input.images());
    output
        .values_mut()
        .par_chunks_mut(tile * g.output.len())
        .zip(input.values().par_chunks(tile * g.input.len()))
        .for_each(|(y, x)| {
            for group in 0..conv.groups {
                let patches = g.patches(x, group);
                let columns = patches.len() / conv.fan_in();
                let mut product = vec![0.0; g.group_outputs() * columns];
                let w = g.group_weight(weight, group);
                add_product(&mut product, g.left(w), &patches, conv.fan_in(), columns);
                g.add_rows(y, &product, group);
            }
            if let Some(bias) = bias {
                for (plane, pixels) in y.chunks_mut(g.output.pixels()).enumerate() {
                    let b = bias[plane % conv.out_channels];
                    for v in pixels {
                        *v += b;
                    }
                }
            }
        });
    output
}

/// `dx = conv^T(d, w) + onto`.
pub(super) fn input_gradient(
    conv: &Conv,
    weight: &[f64],
    delta: &Map,
    input: Shape,
    onto: Option<Map>,
) -> Map {
    let g = Geometry::new(conv, input);
    assert_eq!(delta.shape(), g.output, "delta of a convolution");
    let mut gradient = onto.unwrap_or_else(|| Map::zeros(delta.images(), input));
    assert_eq!(gradient.shape(), input, "input gradient of a convolution");
    let tile = g.tile_images(delta.images());
    gradient
        .values_mut()
        .par_chunks_mut(tile * g.input.len())
        .zip(delta.values().par_chunks(tile * g.output.len()))
        .for_each(|(dx, d)| {
            for group in 0..conv.groups {
                let rows = g.rows(d, group);
                let columns = rows.len() / g.group_outputs();
                let mut patches = vec![0.0; conv.fan_in() * columns];
                let transposed = Left {
                    values: g.group_weight(weight, group),
                    row: 1,
                    column: conv.fan_in(),
                };
                add_product(&mut patches, transposed, &rows, g.group_outputs(), columns);
                g.scatter_patches(dx, &patches, group);
            }
        });
    gradient
}

/// `dw = x * d + onto`, summed over the batch.
pub(super) fn weight_gradient(
    conv: &Conv,
    input: &Map,
    delta: &Map,
    onto: Option<Vec<f64>>,
) -> Vec<f64> {
    let g = Geometry::new(conv, input.shape());
    assert_eq!(delta.shape(), g.output, "delta of a convolution");
    assert_eq!(delta.images(), input.images(), "images of a convolution");
    let tile = g.tile_images(input.images());
    let shares: Vec<Vec<f64>> = input
        .values()
        .par_chunks(tile * g.input.len())
        .zip(delta.values().par_chunks(tile * g.output.len()))
        .map(|(x, d)| {
            let mut share = vec![0.0; weight_len(conv)];
            let group_len = g.group_outputs() * conv.fan_in();
            for (group, dw) in share.chunks_mut(group_len).enumerate() {
                let rows = g.rows(d, group);
                let columns = rows.len() / g.group_outputs();
                let patches = transposed(&g.patches(x, group), columns);
                let left = Left {
                    values: &rows,
                    row: columns,
                    column: 1,
                };
                add_product(dw, left, &patches, columns, conv.fan_in());
            }
            share
        })
        .collect();
    let mut sum = onto.unwrap_or_else(|| vec![0.0; weight_len(conv)]);
    for share in &shares {
        sum.iter_mut().zip(share).for_each(|(s, v)| *s += v);
    }
    sum
}

fn transposed(matrix: &[f64], columns: usize) -> Vec<f64> {
    let rows = matrix.len() / columns;
    let mut out = vec![0.0; matrix.len()];
    for (i, row) in matrix.chunks(columns).enumerate() {
        for (j, &v) in row.iter().enumerate() {
            out[j * rows + i] = v;
        }
    }
    out
}

/// The shapes of one convolution and the order of its patch matrix.
struct Geometry<'a> {
    conv: &'a Conv,
    input: Shape,
    output: Shape,
}

impl<'a> Geometry<'a> {
    fn new(conv: &'a Conv, input: Shape) -> Self {
        assert_eq!(input.channels, conv.in_channels, "input of a convolution");
        let output = Shape::new(
            conv.out_channels,
            conv.output_side(input.height),
            conv.output_side(input.width),
        );
        Self {
            conv,
            input,
            output,
        }
    }

    fn tile_images(&self, images: usize) -> usize {
        TILE_PIXELS
            .div_ceil(self.output.pixels())
            .clamp(1, images.max(1))
    }

    fn group_outputs(&self) -> usize {
        self.conv.out_channels / self.conv.groups
    }

    fn group_inputs(&self) -> usize {
        self.conv.in_channels / self.conv.groups
    }

    fn group_weight<'w>(&self, weight: &'w [f64], group: usize) -> &'w [f64] {
        let len = self.group_outputs() * self.conv.fan_in();
        &weight[group * len..][..len]
    }

    fn left<'w>(&self, weight: &'w [f64]) -> Left<'w> {
        Left {
            values: weight,
            row: self.conv.fan_in(),
            column: 1,
        }
    }

    /// Calls `f` with (index into the patch matrix, index into the tile's input) for every tap that
    /// falls inside an image.
    fn for_each_tap(&self, images: usize, group: usize, mut f: impl FnMut(usize, usize)) {
        let (kernel, stride, padding) = (self.conv.kernel, self.conv.stride, self.conv.padding());
        let pixels = self.output.pixels();
        let columns = images * pixels;
        for k in 0..self.conv.fan_in() {
            let (channel, ky, kx) = (k / (kernel * kernel), k / kernel % kernel, k % kernel);
            let channel = group * self.group_inputs() + channel;
            for image in 0..images {
                let plane = (image * self.input.channels + channel) * self.input.pixels();
                for y in 0..self.output.height {
                    let Some(sy) = inside(y * stride + ky, padding, self.input.height) else {
                        continue;
                    };
                    for x in 0..self.output.width {
                        if let Some(sx) = inside(x * stride + kx, padding, self.input.width) {
                            let p = k * columns + image * pixels + y * self.output.width + x;
                            f(p, plane + sy * self.input.width + sx);
                        }
                    }
                }
            }
        }
    }

    fn patches(&self, x: &[f64], group: usize) -> Vec<f64> {
        let images = x.len() / self.input.len();
        let mut patches = vec![0.0; self.conv.fan_in() * images * self.output.pixels()];
        self.for_each_tap(images, group, |p, source| patches[p] = x[source]);
        patches
    }

    fn scatter_patches(&self, dx: &mut [f64], patches: &[f64], group: usize) {
        let images = dx.len() / self.input.len();
        self.for_each_tap(images, group, |p, target| dx[target] += patches[p]);
    }

    /// The group's output channels of a tile as rows of pixels.
    fn rows(&self, y: &[f64], group: usize) -> Vec<f64> {
        let (pixels, outputs) = (self.output.pixels(), self.group_outputs());
        let images = y.len() / self.output.len();
        let mut rows = Vec::with_capacity(outputs * images * pixels);
        for channel in 0..outputs {
            for image in 0..images {
                let plane = image * self.output.channels + group * outputs + channel;
                rows.extend_from_slice(&y[plane * pixels..][..pixels]);
            }
        }
        rows
    }

    fn add_rows(&self, y: &mut [f64], rows: &[f64], group: usize) {
        let (pixels, outputs) = (self.output.pixels(), self.group_outputs());
        let images = y.len() / self.output.len();
        for (i, row) in rows.chunks(pixels).enumerate() {
            let (channel, image) = (i / images, i % images);
            let plane = image * self.output.channels + group * outputs + channel;
            let target = &mut y[plane * pixels..][..pixels];
            target.iter_mut().zip(row).for_each(|(y, v)| *y += v);
        }
    }
}

/// The source position of a tap, if it falls inside.
fn inside(position: usize, padding: usize, side: usize) -> Option<usize> {
    position.checked_sub(padding).filter(|&p| p < side)
}
