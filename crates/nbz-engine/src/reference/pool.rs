//! Average pooling and its gradient.

use std::ops::Range;

use nbz_space::network::{Pool, Shape};

use super::map::Map;

pub(super) fn average(pool: &Pool, input: &Map) -> Map {
    let from = input.shape();
    let to = Shape::new(
        from.channels,
        pool.output_side(from.height),
        pool.output_side(from.width),
    );
    let mut output = Map::zeros(input.images(), to);
    let planes = input.values().chunks(from.pixels());
    for (y, x) in output.values_mut().chunks_mut(to.pixels()).zip(planes) {
        for_each_window(pool, from, to, |p, window, share| {
            y[p] += share * x[window];
        });
    }
    output
}

pub(super) fn average_gradient(pool: &Pool, dy: &Map, input: Shape, onto: Option<Map>) -> Map {
    let output = dy.shape();
    let mut gradient = onto.unwrap_or_else(|| Map::zeros(dy.images(), input));
    let planes = dy.values().chunks(output.pixels());
    let targets = gradient.values_mut().chunks_mut(input.pixels());
    for (dx, d) in targets.zip(planes) {
        for_each_window(pool, input, output, |p, window, share| {
            dx[window] += share * d[p];
        });
    }
    gradient
}

pub(super) fn global_average(input: &Map) -> Map {
    let shape = input.shape();
    let count = shape.pixels() as f64;
    let means = input
        .values()
        .chunks(shape.pixels())
        .map(|plane| plane.iter().sum::<f64>() / count)
        .collect();
    Map::new(input.images(), Shape::new(shape.channels, 1, 1), means)
}

pub(super) fn global_average_gradient(dy: &Map, input: Shape, onto: Option<Map>) -> Map {
    let mut gradient = onto.unwrap_or_else(|| Map::zeros(dy.images(), input));
    let count = input.pixels() as f64;
    for (plane, d) in gradient
        .values_mut()
        .chunks_mut(input.pixels())
        .zip(dy.values())
    {
        for v in plane {
            *v += d / count;
        }
    }
    gradient
}

/// Calls `f` with (output pixel, input pixel, share of the average) for every pixel of every window.
fn for_each_window(pool: &Pool, from: Shape, to: Shape, mut f: impl FnMut(usize, usize, f64)) {
    for y in 0..to.height {
        let rows = clipped(pool, y, from.height);
        for x in 0..to.width {
            let columns = clipped(pool, x, from.width);
            let share = 1.0 / (rows.len() * columns.len()) as f64;
            for sy in rows.clone() {
                for sx in columns.clone() {
                    f(y * to.width + x, sy * from.width + sx, share);
                }
            }
        }
    }
}

fn clipped(pool: &Pool, at: usize, side: usize) -> Range<usize> {
    let start = (at * pool.stride).saturating_sub(pool.padding);
    let end = (at * pool.stride + pool.kernel).saturating_sub(pool.padding);
    start..end.min(side)
}
