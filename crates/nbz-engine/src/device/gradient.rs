//! The backward step of one convolution with the batch norm behind it.
//!
//! `d` is the gradient at the convolution's output. Behind a batch norm it is not stored: the pass
//! hands over `dz`, the gradient at the norm's output, with the sums that turn it into `d`, so that a
//! device can do both in one sweep.

use nbz_space::network::{Conv, Shape};

use super::{Device, Norm, NormSums};

/// How the gradient at a convolution's output is given.
#[derive(Debug)]
pub enum Delta<'a, D: Device + ?Sized> {
    /// As it is.
    Ready(&'a D::Map),
    /// Through the batch norm that reads the output.
    BehindNorm {
        /// Gradient at the batch norm's output.
        dz: &'a D::Map,
        /// The convolution's output.
        output: &'a D::Map,
        /// The batch norm.
        norm: &'a Norm<D::Vector>,
        /// Its sums over `dz`.
        sums: &'a NormSums<D::Vector>,
    },
}

/// What the gradients of one convolution are computed from.
#[derive(Debug)]
pub struct ConvStep<'a, D: Device + ?Sized> {
    /// The layer.
    pub conv: &'a Conv,
    /// Its weight.
    pub weight: &'a D::Weight,
    /// Its input.
    pub input: &'a D::Map,
    /// Shape of the input.
    pub input_shape: Shape,
    /// The gradient at its output.
    pub delta: Delta<'a, D>,
}

/// Which gradients of the parameters are computed, and whether the delta is handed back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The weight's gradient.
    pub weight: bool,
    /// The gradient at the output, for an observer or a bias.
    pub delta: bool,
}

/// Whether the input's gradient is computed and what it is added to.
#[derive(Debug)]
pub enum InputGradient<M> {
    /// Nothing upstream needs it.
    Skip,
    /// The sum of the result and what other readers of the input have given so far.
    Onto(Option<M>),
}

/// The gradients of one convolution, those that were asked for.
#[derive(Debug)]
pub struct ConvGradients<D: Device + ?Sized> {
    /// Of the weight.
    pub weight: Option<D::Weight>,
    /// Of the input.
    pub input: Option<D::Map>,
    /// At the output, if asked for and not given ready.
    pub delta: Option<D::Map>,
}

pub(super) fn compose<D: Device + ?Sized>(
    device: &D,
    step: &ConvStep<'_, D>,
    wanted: Wanted,
    input_gradient: InputGradient<D::Map>,
) -> ConvGradients<D> {
    let computed = match step.delta {
        Delta::Ready(_) => None,
        Delta::BehindNorm {
            dz,
            output,
            norm,
            sums,
        } => Some(device.norm_gradient(dz, output, norm, sums, None)),
    };
    let delta = match (&step.delta, &computed) {
        (Delta::Ready(d), _) => d,
        (_, Some(d)) => d,
        (Delta::BehindNorm { .. }, None) => unreachable!("computed above"),
    };
    let weight = wanted
        .weight
        .then(|| device.conv_weight_gradient(step.conv, step.input, delta, None));
    let input = match input_gradient {
        InputGradient::Skip => None,
        InputGradient::Onto(onto) => {
            Some(device.conv_input_gradient(step.conv, step.weight, delta, step.input_shape, onto))
        }
    };
    ConvGradients {
        weight,
        input,
        delta: computed.filter(|_| wanted.delta),
    }
}
