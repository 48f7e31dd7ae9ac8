//! The cpu device: [`Device`] over the kernels.

use nbz_space::network::{Conv, Pool, Shape};

use super::Cpu;
use super::kernels::affine::Finish;
use super::kernels::lanes::{PIECE, WeightedSum};
use super::map::{Layout, Map};
use super::mixture::{Table, forward_mixture, gradient_mixture};
use super::norm::{Mask, TermSums, couple};
use super::simd::{Element, Lane};
use super::weight::{Form, Weight};
use crate::device::{
    Activation, ConvGradients, ConvStep, Coupling, Device, InputGradient, Moments, Norm, NormSums,
    NormTangent, Signs, Term, Wanted, Work,
};

impl<E: Element> Device for Cpu<E> {
    type Map = Map<E>;
    type Weight = Weight<E>;
    type Vector = Vec<f64>;

    fn name(&self) -> &str {
        if self.winograd {
            E::WINOGRAD
        } else {
            E::DEVICE
        }
    }

    fn largest(&self) -> f64 {
        E::LARGEST.to_f64()
    }

    fn upload_map(&self, images: usize, shape: Shape, values: &[f64]) -> Map<E> {
        Map::from_values(&self.pool, Layout::new(images, shape), values)
    }

    fn download_map(&self, map: &Map<E>) -> Vec<f64> {
        map.values()
    }

    fn zeros(&self, images: usize, shape: Shape) -> Map<E> {
        let layout = Layout::new(images, shape);
        Map::new(layout, self.pool.take_zeroed(layout.lanes()))
    }

    fn images(&self, map: &Map<E>) -> usize {
        map.layout.images
    }

    fn shape(&self, map: &Map<E>) -> Shape {
        map.layout.shape
    }

    fn upload_weight(&self, conv: &Conv, values: &[f64]) -> Weight<E> {
        Weight::from_values(&self.pool, Form::of(conv), values)
    }

    fn download_weight(&self, weight: &Weight<E>) -> Vec<f64> {
        weight.values()
    }

    fn upload_vector(&self, values: &[f64]) -> Vec<f64> {
        values.to_vec()
    }

    fn download_vector(&self, vector: &Vec<f64>) -> Vec<f64> {
        vector.clone()
    }

    fn map_bytes(&self, images: usize, shape: Shape) -> u64 {
        lane_bytes::<E>(Layout::new(images, shape).lanes())
    }

    fn weight_bytes(&self, conv: &Conv) -> u64 {
        lane_bytes::<E>(Form::of(conv).lanes())
    }

    fn packing_bytes(&self, conv: &Conv, work: Work) -> u64 {
        let form = Form::of(conv);
        lane_bytes::<E>(match work {
            _ if self.serves(conv) => form.spread_lanes(),
            Work::Convolution => 0,
            _ if conv.is_depthwise() => 0,
            _ => form.lanes(),
        })
    }

    fn scratch_bytes(&self, conv: &Conv, images: usize, input: Shape, work: Work) -> u64 {
        self.scratch_lanes(conv, Layout::new(images, input), work)
            .saturating_mul(size_of::<Lane<E>>() as u64)
    }

    fn conv(
        &self,
        conv: &Conv,
        weight: &Weight<E>,
        bias: Option<&Vec<f64>>,
        input: &Map<E>,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        assert_eq!(weight.form, Form::of(conv), "a convolution's weight");
        let route = self.forward_route(conv, input.layout);
        let lanes = self.forward_lanes(conv, weight);
        self.route(&route, lanes, bias.map(Vec::as_slice), input, onto)
    }

    fn conv_input_gradient(
        &self,
        conv: &Conv,
        weight: &Weight<E>,
        delta: &Map<E>,
        input: Shape,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        assert_eq!(weight.form, Form::of(conv), "a convolution's weight");
        let route = self.backward_route(conv, delta.layout, input);
        let lanes = self.backward_lanes(conv, weight);
        self.route(&route, lanes, None, delta, onto)
    }

    fn conv_weight_gradient(
        &self,
        conv: &Conv,
        input: &Map<E>,
        delta: &Map<E>,
        onto: Option<Weight<E>>,
    ) -> Weight<E> {
        self.weight_gradient(conv, input, delta, onto)
    }

    fn channel_sums(&self, map: &Map<E>) -> Vec<f64> {
        couple(map.layout, Coupling::Batch, &self.image_sums(map, &[])[0])
    }

    fn moments(&self, map: &Map<E>, coupling: Coupling) -> Moments<Vec<f64>> {
        self.moments_of(map, coupling)
    }

    fn combine(&self, terms: &[Term<'_, Self>], activation: Activation) -> Map<E> {
        let layout = terms[0].map.layout;
        let finish = match activation {
            Activation::Linear => Finish::Keep,
            Activation::Relu => Finish::Relu,
        };
        let mut sum: Option<Map<E>> = None;
        // One sweep takes a few terms; a node with more is summed in several.
        let most = super::kernels::affine::MOST_TERMS;
        let sweeps = terms.chunks(most).count();
        for (i, terms) in terms.chunks(most).enumerate() {
            let mut mixture = forward_mixture(layout, terms);
            if i + 1 == sweeps {
                mixture.finish = finish;
            }
            sum = Some(self.mix(&mixture, layout, sum));
        }
        sum.expect("a sum has terms")
    }

    fn relu_gradient(&self, dy: Map<E>, output: &Map<E>) -> Map<E> {
        self.masked_sums(dy, &Mask::Output(output), &[]).0
    }

    fn norm_sums(&self, dz: &Map<E>, input: &Map<E>, norm: &Norm<Vec<f64>>) -> NormSums<Vec<f64>> {
        let layout = input.layout;
        assert_eq!(dz.layout, layout, "a gradient at a batch norm");
        let sums = self.image_sums(dz, &[(input, Self::centre(layout, norm))]);
        Self::norm_sums_of(layout, norm, &sums[0], &sums[1])
    }

    fn norm_gradient(
        &self,
        dz: &Map<E>,
        input: &Map<E>,
        norm: &Norm<Vec<f64>>,
        sums: &NormSums<Vec<f64>>,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        self.mix(&gradient_mixture(dz, input, norm, sums), input.layout, onto)
    }

    fn norm_gradient_tangent(&self, at: NormTangent<'_, Self>) -> Map<E> {
        self.tangent_of(&at)
    }

    fn avg_pool(&self, pool: &Pool, input: &Map<E>) -> Map<E> {
        self.pool_forward(pool, input)
    }

    fn avg_pool_gradient(
        &self,
        pool: &Pool,
        dy: &Map<E>,
        input: Shape,
        onto: Option<Map<E>>,
    ) -> Map<E> {
        self.pool_backward(pool, dy, input, onto)
    }

    fn global_avg_pool(&self, input: &Map<E>) -> Map<E> {
        self.global_forward(input)
    }

    fn global_avg_pool_gradient(&self, dy: &Map<E>, input: Shape, onto: Option<Map<E>>) -> Map<E> {
        self.global_backward(dy, input, onto)
    }

    fn conv_with_moments(
        &self,
        conv: &Conv,
        weight: &Weight<E>,
        bias: Option<&Vec<f64>>,
        input: &Map<E>,
        coupling: Coupling,
    ) -> (Map<E>, Moments<Vec<f64>>) {
        assert_eq!(weight.form, Form::of(conv), "a convolution's weight");
        self.convolve_and_measure(conv, weight, bias, input, coupling)
    }

    fn conv_gradients(
        &self,
        step: &ConvStep<'_, Self>,
        wanted: Wanted,
        input_gradient: InputGradient<Map<E>>,
    ) -> ConvGradients<Self> {
        assert_eq!(
            step.weight.form,
            Form::of(step.conv),
            "a convolution's weight"
        );
        self.backward_step(step, wanted, input_gradient)
    }

    fn combine_gradient(
        &self,
        dy: Map<E>,
        output: Option<&Map<E>>,
        terms: &[Term<'_, Self>],
    ) -> (Map<E>, TermSums) {
        self.masked_norm_sums(dy, output, terms)
    }

    fn conv_gram(&self, conv: &Conv, input: &Map<E>, deltas: &[Map<E>], gram: &mut [f64]) {
        assert_eq!(gram.len(), deltas.len() * deltas.len(), "a square matrix");
        let gradients: Vec<_> = deltas
            .iter()
            .map(|delta| self.weight_gradient(conv, input, delta, None))
            .collect();
        let lanes: Vec<_> = gradients.iter().map(Weight::lanes).collect();
        super::reading::add_gram(self, &lanes, gram);
    }

    fn weighted_sum(
        &self,
        conv: &Conv,
        (a, x): (f64, Weight<E>),
        (b, y): (f64, &Weight<E>),
    ) -> Weight<E> {
        assert_eq!(x.form, Form::of(conv), "a convolution's weight");
        assert_eq!(x.form, y.form, "two weights of one form");
        let form = x.form;
        let mut sum = x.into_buffer();
        let pieces = sum.chunks_mut(PIECE).zip(y.lanes().chunks(PIECE));
        self.threads.run(pieces.collect(), |(x, y)| {
            self.path.run(WeightedSum { a, b, x, y });
        });
        Weight::new(form, sum)
    }

    fn weight_dot(&self, a: &Weight<E>, b: &Weight<E>) -> f64 {
        super::reading::dot(a.lanes(), b.lanes(), |a, b| a * b)
    }

    fn weight_abs_dot(&self, a: &Weight<E>, b: &Weight<E>) -> f64 {
        super::reading::dot(a.lanes(), b.lanes(), |a, b| (a * b).abs())
    }

    fn conv_sign_sums(
        &self,
        conv: &Conv,
        input: &Map<E>,
        delta: &Map<E>,
        negligible: f64,
    ) -> Weight<E> {
        self.sign_sums(conv, input, delta, negligible)
    }

    fn channel_dots(&self, a: &Map<E>, b: &Map<E>) -> Vec<f64> {
        assert_eq!(a.layout, b.layout, "two maps of one shape");
        let zero = Table::constant(a.layout, 0.0);
        couple(
            a.layout,
            Coupling::Image,
            &self.image_sums(a, &[(b, zero)])[1],
        )
    }

    fn signs(&self, map: &Map<E>) -> Signs {
        super::reading::signs(map)
    }
}

fn lane_bytes<E>(lanes: usize) -> u64 {
    (lanes as u64).saturating_mul(size_of::<Lane<E>>() as u64)
}
