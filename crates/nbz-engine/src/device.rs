//! The layer operations of one machine.
//!
//! Owns the vocabulary in which the passes speak to a machine: a [`Device`] offers operations on opaque
//! maps, weights and vectors, and only the device knows their layout, precision and address. Values
//! cross the border as `f64` in PyTorch's order (maps `[N, C, H, W]`, weights `[out, in / groups, k, k]`).
//!
//! Required methods are single layer operations; provided methods are the groups that a fast device
//! fuses into one sweep, composed here of the single ones so that they also say what they mean. A
//! linear layer is a 1 x 1 convolution of a 1 x 1 map, so there is no operation of its own for it.
//!
//! A device asserts its callers' shapes: the passes check what a user gives before anything runs.

mod gradient;
mod norm;
mod reading;
mod tangent;

pub use gradient::{ConvGradients, ConvStep, Delta, InputGradient, Wanted};
pub use norm::{Coupling, Moments, Norm, NormSums};
pub use reading::Signs;
pub(crate) use reading::{add_gram, dot};
pub use tangent::NormTangent;

use std::fmt;

use nbz_space::network::{Conv, Pool, Shape};

/// What follows a sum of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    Linear,
    /// `max(x, 0)`; NaN stays NaN.
    Relu,
}

/// Work of a convolution, for which memory is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// One convolution: its output, or its input's gradient alone.
    Convolution,
    /// Its gradients, from a delta that is given ready.
    Gradients,
    /// Its gradients, from a delta behind a batch norm ([`Delta::BehindNorm`]).
    GradientsBehindNorm,
    /// Its input's gradient alone, from a delta behind a batch norm.
    InputBehindNorm,
}

/// One summand of [`Device::combine`]: a map, or the batch norm of a map.
#[derive(Debug)]
pub struct Term<'a, D: Device + ?Sized> {
    /// The map as it was produced.
    pub map: &'a D::Map,
    /// The batch norm through which it enters the sum.
    pub norm: Option<&'a Norm<D::Vector>>,
}

impl<D: Device + ?Sized> Clone for Term<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Device + ?Sized> Copy for Term<'_, D> {}

impl<'a, D: Device + ?Sized> Term<'a, D> {
    /// The map itself.
    pub fn plain(map: &'a D::Map) -> Self {
        Self { map, norm: None }
    }
}

/// The sums of [`Device::combine`]'s terms: none for a term without batch norm.
pub type TermSums<V> = Vec<Option<NormSums<V>>>;

/// The layer operations of one machine.
///
/// `onto` arguments hold a map or weight that the result is added to; its storage may be reused.
/// Whatever the number of threads, the same arguments give the same bits.
pub trait Device: Sync {
    /// A value of one layer for a batch.
    type Map: Clone + fmt::Debug + Send + Sync;
    /// The weight of a convolution or linear layer, or a gradient of that form.
    type Weight: Clone + fmt::Debug + Send + Sync;
    /// One number a channel (biases, statistics), or one an image and channel.
    type Vector: Clone + fmt::Debug + Send + Sync;

    /// The device's name in messages and provenance.
    fn name(&self) -> &str;

    /// The largest magnitude that it can hold: what lies beyond becomes infinite.
    fn largest(&self) -> f64;

    /// Stores a map `[images, C, H, W]`.
    fn upload_map(&self, images: usize, shape: Shape, values: &[f64]) -> Self::Map;

    /// The values of a map in the order `[N, C, H, W]`.
    fn download_map(&self, map: &Self::Map) -> Vec<f64>;

    /// A map of zeros.
    fn zeros(&self, images: usize, shape: Shape) -> Self::Map;

    /// Images in a map.
    fn images(&self, map: &Self::Map) -> usize;

    /// Shape of one image of a map.
    fn shape(&self, map: &Self::Map) -> Shape;

    /// Stores a weight `[out, in / groups, k, k]`.
    fn upload_weight(&self, conv: &Conv, values: &[f64]) -> Self::Weight;

    /// The values of a weight in the order `[out, in / groups, k, k]`.
    fn download_weight(&self, weight: &Self::Weight) -> Vec<f64>;

    /// Stores a vector.
    fn upload_vector(&self, values: &[f64]) -> Self::Vector;

    /// The values of a vector.
    fn download_vector(&self, vector: &Self::Vector) -> Vec<f64>;

    /// Bytes that a map occupies, padding included.
    fn map_bytes(&self, images: usize, shape: Shape) -> u64;

    /// Bytes that a weight or its gradient occupies, padding included.
    fn weight_bytes(&self, conv: &Conv) -> u64;

    /// Bytes that a weight occupies in addition once some work has been done with it.
    fn packing_bytes(&self, conv: &Conv, work: Work) -> u64;

    /// Bytes of working memory that some work of a convolution needs beside its results.
    fn scratch_bytes(&self, conv: &Conv, images: usize, input: Shape, work: Work) -> u64;

    /// `y = conv(x, w) + bias + onto`.
    fn conv(
        &self,
        conv: &Conv,
        weight: &Self::Weight,
        bias: Option<&Self::Vector>,
        input: &Self::Map,
        onto: Option<Self::Map>,
    ) -> Self::Map;

    /// `dx = conv^T(d, w) + onto` for an input of the given shape.
    fn conv_input_gradient(
        &self,
        conv: &Conv,
        weight: &Self::Weight,
        delta: &Self::Map,
        input: Shape,
        onto: Option<Self::Map>,
    ) -> Self::Map;

    /// `dw = x * d + onto`, summed over the batch.
    fn conv_weight_gradient(
        &self,
        conv: &Conv,
        input: &Self::Map,
        delta: &Self::Map,
        onto: Option<Self::Weight>,
    ) -> Self::Weight;

    /// The sum of each channel over batch and pixels: the gradient of a bias.
    fn channel_sums(&self, map: &Self::Map) -> Self::Vector;

    /// Mean and biased variance of each channel, over the batch ([`Coupling::Batch`]) or of each
    /// image alone ([`Coupling::Image`]).
    fn moments(&self, map: &Self::Map, coupling: Coupling) -> Moments<Self::Vector>;

    /// `y = activation(sum of terms)`; all maps have one shape and there is at least one.
    fn combine(&self, terms: &[Term<'_, Self>], activation: Activation) -> Self::Map;

    /// `dz = dy` where the ReLU's output `y` is positive, 0 elsewhere.
    fn relu_gradient(&self, dy: Self::Map, output: &Self::Map) -> Self::Map;

    /// `sum dz` and `sum dz * xhat` of each channel, `xhat = (x - mean) / sqrt(variance + eps)`.
    fn norm_sums(
        &self,
        dz: &Self::Map,
        input: &Self::Map,
        norm: &Norm<Self::Vector>,
    ) -> NormSums<Self::Vector>;

    /// The batch norm's input gradient `gamma r (dz - S1/m - xhat S2/m) + onto` with `S1`, `S2` of
    /// [`Device::norm_sums`], `r = 1 / sqrt(variance + eps)`, `m` the numbers that share a mean; with
    /// [`Coupling::Fixed`] only `gamma r dz + onto`.
    ///
    /// The operator is symmetric, so the same method carries a tangent forwards.
    fn norm_gradient(
        &self,
        dz: &Self::Map,
        input: &Self::Map,
        norm: &Norm<Self::Vector>,
        sums: &NormSums<Self::Vector>,
        onto: Option<Self::Map>,
    ) -> Self::Map;

    /// The derivative of [`Device::norm_gradient`] when its input and its `dz` both move: see
    /// [`NormTangent`].
    fn norm_gradient_tangent(&self, at: NormTangent<'_, Self>) -> Self::Map;

    /// Average pooling that leaves the padding out of the average.
    fn avg_pool(&self, pool: &Pool, input: &Self::Map) -> Self::Map;

    /// The gradient of [`Device::avg_pool`], plus `onto`.
    fn avg_pool_gradient(
        &self,
        pool: &Pool,
        dy: &Self::Map,
        input: Shape,
        onto: Option<Self::Map>,
    ) -> Self::Map;

    /// The mean of each channel over all pixels.
    fn global_avg_pool(&self, input: &Self::Map) -> Self::Map;

    /// The gradient of [`Device::global_avg_pool`], plus `onto`.
    fn global_avg_pool_gradient(
        &self,
        dy: &Self::Map,
        input: Shape,
        onto: Option<Self::Map>,
    ) -> Self::Map;

    /// A convolution together with the moments of its output.
    fn conv_with_moments(
        &self,
        conv: &Conv,
        weight: &Self::Weight,
        bias: Option<&Self::Vector>,
        input: &Self::Map,
        coupling: Coupling,
    ) -> (Self::Map, Moments<Self::Vector>) {
        let output = self.conv(conv, weight, bias, input, None);
        let moments = self.moments(&output, coupling);
        (output, moments)
    }

    /// The gradient of [`Device::combine`] up to the sum, with the sums that each batch norm needs.
    ///
    /// `output` is the ReLU's output, absent without one. Terms without batch norm have no sums.
    fn combine_gradient(
        &self,
        dy: Self::Map,
        output: Option<&Self::Map>,
        terms: &[Term<'_, Self>],
    ) -> (Self::Map, TermSums<Self::Vector>) {
        let dz = match output {
            Some(y) => self.relu_gradient(dy, y),
            None => dy,
        };
        let sums = terms
            .iter()
            .map(|t| t.norm.map(|norm| self.norm_sums(&dz, t.map, norm)))
            .collect();
        (dz, sums)
    }

    /// The gradients of a convolution, its batch norm's backward included where it is still to do.
    fn conv_gradients(
        &self,
        step: &ConvStep<'_, Self>,
        wanted: Wanted,
        input_gradient: InputGradient<Self::Map>,
    ) -> ConvGradients<Self> {
        gradient::compose(self, step, wanted, input_gradient)
    }

    /// `G[i][j] += <dw_i, dw_j>` for the weight gradients of several deltas on one input; `gram` is
    /// square, row-major, one row a delta.
    fn conv_gram(&self, conv: &Conv, input: &Self::Map, deltas: &[Self::Map], gram: &mut [f64]) {
        let gradients: Vec<_> = deltas
            .iter()
            .map(|d| self.conv_weight_gradient(conv, input, d, None))
            .collect();
        reading::add_gram(gram, gradients.len(), |i, j| {
            self.weight_dot(&gradients[i], &gradients[j])
        });
    }

    /// The sum over images of the sign of each one's weight gradient; a magnitude of at most `negligible`
    /// times the largest of that image's has sign 0, and so has NaN.
    fn conv_sign_sums(
        &self,
        conv: &Conv,
        input: &Self::Map,
        delta: &Self::Map,
        negligible: f64,
    ) -> Self::Weight {
        reading::sign_sums(self, conv, [input, delta], negligible)
    }

    /// `sum a * b` over a weight, in double precision.
    fn weight_dot(&self, a: &Self::Weight, b: &Self::Weight) -> f64 {
        reading::dot(&self.download_weight(a), &self.download_weight(b))
    }

    /// `sum |a * b|` over a weight, in double precision.
    fn weight_abs_dot(&self, a: &Self::Weight, b: &Self::Weight) -> f64 {
        let (a, b) = (self.download_weight(a), self.download_weight(b));
        a.iter().zip(&b).map(|(a, b)| (a * b).abs()).sum()
    }

    /// `a x + b y`, rounded to the device's precision: of what descent, averages and accumulated gradients
    /// are made.
    fn weighted_sum(
        &self,
        conv: &Conv,
        (a, x): (f64, Self::Weight),
        (b, y): (f64, &Self::Weight),
    ) -> Self::Weight {
        let (x, y) = (self.download_weight(&x), self.download_weight(y));
        let sum: Vec<f64> = x.iter().zip(&y).map(|(x, y)| a * x + b * y).collect();
        self.upload_weight(conv, &sum)
    }

    /// `sum a * b` over the pixels of each image and channel: `[N, C]`.
    fn channel_dots(&self, a: &Self::Map, b: &Self::Map) -> Vec<f64> {
        let pixels = self.shape(a).pixels();
        let (a, b) = (self.download_map(a), self.download_map(b));
        a.chunks(pixels)
            .zip(b.chunks(pixels))
            .map(|(a, b)| reading::dot(a, b))
            .collect()
    }

    /// Which numbers of each image are positive, as bits.
    fn signs(&self, map: &Self::Map) -> Signs {
        Signs::of(self.images(map), &self.download_map(map))
    }
}
