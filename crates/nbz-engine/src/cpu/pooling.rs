//! Average pooling in the device's layout; padding leaves the average.

use nbz_space::network::{Pool, Shape};

use super::Cpu;
use super::map::{Layout, Map, ROWS};
use super::parts::parts;
use super::simd::{Element, LANES, Lane};
use super::taps::{Tap, Window};

/// Source pixels and the factor of each, for every target pixel.
type Reading = Vec<Vec<(usize, f64)>>;

fn window(pool: &Pool) -> Window {
    Window {
        kernel: pool.kernel,
        stride: pool.stride,
        padding: pool.padding,
    }
}

fn taps(pool: &Pool, input: Shape) -> (Vec<Vec<Tap>>, Vec<Vec<Tap>>) {
    let rows = window(pool).forward(input.height, pool.output_side(input.height));
    let columns = window(pool).forward(input.width, pool.output_side(input.width));
    (rows, columns)
}

/// For each output pixel, the input pixels of its window.
fn forward(pool: &Pool, input: Shape) -> Reading {
    let (rows, columns) = taps(pool, input);
    let mut reading = Vec::new();
    for ys in &rows {
        for xs in &columns {
            let share = 1.0 / (ys.len() * xs.len()) as f64;
            let pixels = ys
                .iter()
                .flat_map(|y| xs.iter().map(|x| y.source * input.width + x.source));
            reading.push(pixels.map(|p| (p, share)).collect());
        }
    }
    reading
}

/// For each input pixel, the output pixels whose windows hold it.
fn backward(forward: &Reading, input_pixels: usize) -> Reading {
    let mut reading = vec![Vec::new(); input_pixels];
    for (out, sources) in forward.iter().enumerate() {
        for &(pixel, share) in sources {
            reading[pixel].push((out, share));
        }
    }
    reading
}

fn read_block<E: Element>(reading: &Reading, from: &[Lane<E>], to: &mut [Lane<E>], onto: bool) {
    for (sources, to) in reading.iter().zip(to.chunks_exact_mut(ROWS)) {
        for (row, to) in to.iter_mut().enumerate() {
            let mut sum = [0.0; LANES];
            for &(pixel, share) in sources {
                for (sum, v) in sum.iter_mut().zip(from[pixel * ROWS + row].0) {
                    *sum += v.to_f64() * share;
                }
            }
            for (to, sum) in to.0.iter_mut().zip(sum) {
                let before = if onto { to.to_f64() } else { 0.0 };
                *to = E::from_f64(before + sum);
            }
        }
    }
}

impl<E: Element> Cpu<E> {
    fn read(&self, reading: &Reading, from: &Map<E>, to: Layout, onto: Option<Map<E>>) -> Map<E> {
        let (mut output, onto) = self.target(to, onto);
        self.threads.run(parts(&mut output, to, 1), |part| {
            let block = &from.lanes()[from.layout.block(part.group, part.first_block)];
            read_block(reading, block, part.lanes, onto);
        });
        Map::new(to, output)
    }

    pub(crate) fn pool_forward(&self, pool: &Pool, input: &Map<E>) -> Map<E> {
        let shape = input.layout.shape;
        let sides = (
            pool.output_side(shape.height),
            pool.output_side(shape.width),
        );
        let to = input
            .layout
            .with_shape(Shape::new(shape.channels, sides.0, sides.1));
        self.read(&forward(pool, shape), input, to, None)
    }

    pub(crate) fn pool_backward(
        &self,
        pool: &Pool,
        dy: &Map<E>,
        input: Shape,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        let reading = backward(&forward(pool, input), input.pixels());
        self.read(&reading, dy, dy.layout.with_shape(input), onto)
    }

    pub(crate) fn global_forward(&self, input: &Map<E>) -> Map<E> {
        let to = input
            .layout
            .with_shape(Shape::new(input.layout.shape.channels, 1, 1));
        self.read(&global(input.layout.shape), input, to, None)
    }

    pub(crate) fn global_backward(
        &self,
        dy: &Map<E>,
        input: Shape,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        let reading = backward(&global(input), input.pixels());
        self.read(&reading, dy, dy.layout.with_shape(input), onto)
    }
}

fn global(input: Shape) -> Reading {
    let share = 1.0 / input.pixels() as f64;
    vec![(0..input.pixels()).map(|p| (p, share)).collect()]
}
