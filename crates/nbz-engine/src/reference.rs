//! The reference device: portable code in f64, the oracle of every other device.
//!
//! Maps lie in the order `[N, C, H, W]`, weights as in PyTorch. Nothing is fused, so every operation is
//! the formula in its documentation. Work is shared out over images or channels to the rayon pool of
//! the calling thread; every sum has a fixed order, so the pool's size never changes a bit.

mod conv;
mod map;
mod matrix;
mod norm;
mod pool;

use nbz_space::network::{Conv, Pool, Shape};

pub use map::Map;

use crate::device::{
    Activation, Coupling, Device, Moments, Norm, NormSums, NormTangent, Term, Work,
};

/// The reference device; it has no state.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reference;

impl Device for Reference {
    type Map = Map;
    type Weight = Vec<f64>;
    type Vector = Vec<f64>;

    fn name(&self) -> &'static str {
        "reference"
    }

    fn largest(&self) -> f64 {
        f64::MAX
    }

    fn upload_map(&self, images: usize, shape: Shape, values: &[f64]) -> Map {
        Map::new(images, shape, values.to_vec())
    }

    fn download_map(&self, map: &Map) -> Vec<f64> {
        map.values().to_vec()
    }

    fn zeros(&self, images: usize, shape: Shape) -> Map {
        Map::zeros(images, shape)
    }

    fn images(&self, map: &Map) -> usize {
        map.images()
    }

    fn shape(&self, map: &Map) -> Shape {
        map.shape()
    }

    fn upload_weight(&self, conv: &Conv, values: &[f64]) -> Vec<f64> {
        assert_eq!(values.len(), conv::weight_len(conv), "values of a weight");
        values.to_vec()
    }

    fn download_weight(&self, weight: &Vec<f64>) -> Vec<f64> {
        weight.clone()
    }

    fn upload_vector(&self, values: &[f64]) -> Vec<f64> {
        values.to_vec()
    }

    fn download_vector(&self, vector: &Vec<f64>) -> Vec<f64> {
        vector.clone()
    }

    fn map_bytes(&self, images: usize, shape: Shape) -> u64 {
        let images = 8_u64.saturating_mul(images as u64);
        images.saturating_mul(shape.len() as u64)
    }

    fn weight_bytes(&self, conv: &Conv) -> u64 {
        8 * conv::weight_len(conv) as u64
    }

    fn packing_bytes(&self, _: &Conv, _: Work) -> u64 {
        0
    }

    fn scratch_bytes(&self, conv: &Conv, images: usize, input: Shape, work: Work) -> u64 {
        let output = Shape::new(
            conv.out_channels,
            conv.output_side(input.height),
            conv.output_side(input.width),
        );
        let delta = match work {
            Work::GradientsBehindNorm | Work::InputBehindNorm => self.map_bytes(images, output),
            Work::Convolution | Work::Gradients => 0,
        };
        conv::scratch_bytes(conv, images, input).saturating_add(delta)
    }

    fn conv(
        &self,
        conv: &Conv,
        weight: &Vec<f64>,
        bias: Option<&Vec<f64>>,
        input: &Map,
        onto: Option<Map>,
    ) -> Map {
        conv::forward(conv, weight, bias, input, onto)
    }

    fn conv_input_gradient(
        &self,
        conv: &Conv,
        weight: &Vec<f64>,
        delta: &Map,
        input: Shape,
        onto: Option<Map>,
    ) -> Map {
        conv::input_gradient(conv, weight, delta, input, onto)
    }

    fn conv_weight_gradient(
        &self,
        conv: &Conv,
        input: &Map,
        delta: &Map,
        onto: Option<Vec<f64>>,
    ) -> Vec<f64> {
        conv::weight_gradient(conv, input, delta, onto)
    }

    fn channel_sums(&self, map: &Map) -> Vec<f64> {
        norm::channel_sums(map)
    }

    fn moments(&self, map: &Map, coupling: Coupling) -> Moments<Vec<f64>> {
        norm::moments(map, coupling)
    }

    fn combine(&self, terms: &[Term<'_, Self>], activation: Activation) -> Map {
        let mut sum = Map::zeros(terms[0].map.images(), terms[0].map.shape());
        for term in terms {
            match term.norm {
                Some(norm) => norm::add_normalised(&mut sum, term.map, norm),
                None => sum.add(term.map),
            }
        }
        if activation == Activation::Relu {
            // Not `max`, which would turn NaN into 0.
            sum.update(|y| if y < 0.0 { 0.0 } else { y });
        }
        sum
    }

    fn relu_gradient(&self, mut dy: Map, output: &Map) -> Map {
        dy.update_with(output, |d, y| if y > 0.0 { d } else { 0.0 });
        dy
    }

    fn norm_sums(&self, dz: &Map, input: &Map, norm: &Norm<Vec<f64>>) -> NormSums<Vec<f64>> {
        norm::sums(dz, input, norm)
    }

    fn norm_gradient(
        &self,
        dz: &Map,
        input: &Map,
        norm: &Norm<Vec<f64>>,
        sums: &NormSums<Vec<f64>>,
        onto: Option<Map>,
    ) -> Map {
        norm::gradient(dz, input, norm, sums, onto)
    }

    fn norm_gradient_tangent(&self, at: NormTangent<'_, Self>) -> Map {
        norm::gradient_tangent(&at)
    }

    fn avg_pool(&self, pool: &Pool, input: &Map) -> Map {
        pool::average(pool, input)
    }

    fn avg_pool_gradient(&self, pool: &Pool, dy: &Map, input: Shape, onto: Option<Map>) -> Map {
        pool::average_gradient(pool, dy, input, onto)
    }

    fn global_avg_pool(&self, input: &Map) -> Map {
        pool::global_average(input)
    }

    fn global_avg_pool_gradient(&self, dy: &Map, input: Shape, onto: Option<Map>) -> Map {
        pool::global_average_gradient(dy, input, onto)
    }
}
