//! One step of gradient descent with momentum, on the device.
//!
//! With the gradient `g` of a weight `w` and its velocity `v` (absent before the first step),
//!
//! ```text
//! g <- g + decay w        v <- momentum v + g        d = g + momentum v   (d = v without Nesterov)
//! w <- w - rate d
//! ```
//!
//! in PyTorch's order (`torch.optim.SGD` with dampening 0: the first velocity is the gradient). The decay
//! reaches weights of convolutions and linear layers alone: biases and batch norms are not decayed, as in
//! ZenNAS's training script. Weights are rounded to the device's precision after every line above;
//! vectors (biases, batch norms) are computed in double precision.

use std::collections::BTreeMap;

use nbz_space::network::LayerId;

use crate::device::Device;
use crate::error::EngineError;
use crate::gradients::{LayerGradients, ParameterGradients};
use crate::model::{Model, Parameters, conv_of, tensor};
use crate::weights::Weights;

/// The numbers of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sgd {
    /// The learning rate.
    pub rate: f64,
    /// What of the velocity stays; 0 for none.
    pub momentum: f64,
    /// Whether the step looks ahead along the velocity.
    pub nesterov: bool,
    /// Times the weight, added to the gradient of convolutions' and linear layers' weights.
    pub decay: f64,
}

impl Sgd {
    fn check(&self) -> Result<(), EngineError> {
        let numbers = [
            ("rate", self.rate),
            ("momentum", self.momentum),
            ("decay", self.decay),
        ];
        match numbers.into_iter().find(|(_, v)| !v.is_finite()) {
            None => Ok(()),
            Some((name, value)) => Err(EngineError::StepNumber { name, value }),
        }
    }
}

/// The velocity of every parameter; none before the first step.
#[derive(Debug)]
pub struct Velocity<D: Device> {
    layers: Vec<LayerGradients<D>>,
}

impl<D: Device> Velocity<D> {
    /// Of a model that has not moved.
    pub fn still(model: &Model<'_, D>) -> Self {
        let layers = model.network().ids().map(|_| LayerGradients::none());
        Self {
            layers: layers.collect(),
        }
    }

    /// From named tensors, as [`Velocity::tensors`] gives them; a parameter without one has not moved.
    ///
    /// # Errors
    /// A tensor of no parameter (running statistics are none) or of another shape than its parameter, or a
    /// number that is not finite or that the device cannot hold.
    pub fn from_tensors(model: &Model<'_, D>, tensors: &Weights) -> Result<Self, EngineError> {
        let (device, network) = (model.device(), model.network());
        let shapes: BTreeMap<_, _> = network.tensors().into_iter().collect();
        let mut velocity = Self::still(model);
        for (name, tensor) in tensors.iter() {
            let surplus = || EngineError::SurplusWeight {
                name: name.into(),
                shape: tensor.dims().to_vec(),
            };
            let dims = shapes.get(name).ok_or_else(surplus)?;
            let values = tensors.check_tensor(name, dims)?.to_f64();
            tensor.check_within(name, device.largest())?;
            let (layer, part) = name.rsplit_once('.').unwrap_or((name, ""));
            let index = network.layers().iter().position(|l| l.name == layer);
            let index = index.ok_or_else(surplus)?;
            let of = &mut velocity.layers[index];
            match (conv_of(network.layers()[index].op), part) {
                (Some(conv), "weight") => of.weight = Some(device.upload_weight(&conv, &values)),
                (None, "weight") => of.scale = Some(device.upload_vector(&values)),
                (_, "bias") => of.shift = Some(device.upload_vector(&values)),
                _ => return Err(surplus()),
            }
        }
        Ok(velocity)
    }

    /// The velocities by the names of their parameters.
    ///
    /// # Errors
    /// None for a velocity of this model.
    pub fn tensors(&self, model: &Model<'_, D>) -> Result<Weights, EngineError> {
        let device = model.device();
        let mut out = Weights::new();
        for (name, dims) in model.network().tensors() {
            let (layer, part) = name.rsplit_once('.').unwrap_or((&name, ""));
            let layers = model.network().layers();
            let Some(index) = layers.iter().position(|l| l.name == layer) else {
                continue;
            };
            let of = &self.layers[index];
            let values = match part {
                "weight" => match (&of.weight, &of.scale) {
                    (Some(weight), _) => Some(device.download_weight(weight)),
                    (None, scale) => scale.as_ref().map(|v| device.download_vector(v)),
                },
                "bias" => of.shift.as_ref().map(|v| device.download_vector(v)),
                _ => None,
            };
            if let Some(values) = values {
                let tensor = tensor(&name, dims, values)?;
                out.insert(name, tensor);
            }
        }
        Ok(out)
    }
}

impl<D: Device> Model<'_, D> {
    /// Moves all parameters by one step against their gradients; those without a gradient stay.
    ///
    /// Gradients are not looked at: where they are not finite, or too large, neither are the weights after.
    ///
    /// # Errors
    /// [`EngineError::StepNumber`] if a number of the rule is not finite; then nothing has moved.
    pub fn descend(
        &mut self,
        gradients: ParameterGradients<D>,
        velocity: &mut Velocity<D>,
        rule: &Sgd,
    ) -> Result<(), EngineError> {
        rule.check()?;
        let device = self.device();
        let network = self.network();
        for ((id, gradient), moved) in network
            .ids()
            .zip(gradients.layers)
            .zip(&mut velocity.layers)
        {
            match self.parameters_mut(id) {
                Parameters::None => {}
                Parameters::Conv { weight, bias } => {
                    if let Some(gradient) = gradient.weight {
                        move_weight(device, network.layer(id).op, weight, gradient, moved, rule);
                    }
                    if let (Some(bias), Some(g)) = (bias, &gradient.shift) {
                        move_vector(device, bias, g, &mut moved.shift, rule);
                    }
                }
                Parameters::Norm { gamma, beta, .. } => {
                    if let (Some(scale), Some(shift)) = (&gradient.scale, &gradient.shift) {
                        move_vector(device, gamma, scale, &mut moved.scale, rule);
                        move_vector(device, beta, shift, &mut moved.shift, rule);
                    }
                }
            }
        }
        Ok(())
    }
}

fn move_weight<D: Device>(
    device: &D,
    op: nbz_space::network::Op,
    weight: &mut D::Weight,
    gradient: D::Weight,
    moved: &mut LayerGradients<D>,
    rule: &Sgd,
) {
    let conv = conv_of(op).expect("a layer with a weight is a convolution");
    let gradient = device.weighted_sum(&conv, (1.0, gradient), (rule.decay, weight));
    let velocity = match moved.weight.take() {
        Some(old) => device.weighted_sum(&conv, (rule.momentum, old), (1.0, &gradient)),
        None => gradient.clone(),
    };
    let direction = if rule.nesterov {
        device.weighted_sum(&conv, (1.0, gradient), (rule.momentum, &velocity))
    } else {
        velocity.clone()
    };
    *weight = device.weighted_sum(&conv, (-rule.rate, direction), (1.0, weight));
    moved.weight = Some(velocity);
}

fn move_vector<D: Device>(
    device: &D,
    vector: &mut D::Vector,
    gradient: &D::Vector,
    moved: &mut Option<D::Vector>,
    rule: &Sgd,
) {
    let gradient = device.download_vector(gradient);
    let velocity: Vec<f64> = match moved.take() {
        Some(old) => device
            .download_vector(&old)
            .iter()
            .zip(&gradient)
            .map(|(v, g)| rule.momentum * v + g)
            .collect(),
        None => gradient.clone(),
    };
    let ahead = |(g, v): (&f64, &f64)| {
        if rule.nesterov {
            g + rule.momentum * v
        } else {
            *v
        }
    };
    let directions = gradient.iter().zip(&velocity).map(ahead);
    let values: Vec<f64> = device
        .download_vector(vector)
        .iter()
        .zip(directions)
        .map(|(w, d)| w - rule.rate * d)
        .collect();
    *vector = device.upload_vector(&values);
    *moved = Some(device.upload_vector(&velocity));
}

impl<D: Device> ParameterGradients<D> {
    /// `self + other`: the gradient of a batch that was too large to be run at once, of mean losses that
    /// were weighted by their share of it.
    ///
    /// # Panics
    /// If the two are of different models.
    #[must_use]
    pub fn plus(self, other: &Self, model: &Model<'_, D>) -> Self {
        let (device, network) = (model.device(), model.network());
        assert_eq!(
            self.layers.len(),
            other.layers.len(),
            "gradients of one model"
        );
        let vectors = |a: Option<D::Vector>, b: &Option<D::Vector>| match (a, b) {
            (Some(a), Some(b)) => {
                let (a, b) = (device.download_vector(&a), device.download_vector(b));
                let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
                Some(device.upload_vector(&sum))
            }
            (a, b) => a.or_else(|| b.clone()),
        };
        let add = |((id, a), b): ((LayerId, LayerGradients<D>), &LayerGradients<D>)| {
            let weight = match (a.weight, &b.weight, conv_of(network.layer(id).op)) {
                (Some(a), Some(b), Some(conv)) => {
                    Some(device.weighted_sum(&conv, (1.0, a), (1.0, b)))
                }
                (a, b, _) => a.or_else(|| b.clone()),
            };
            LayerGradients {
                weight,
                scale: vectors(a.scale, &b.scale),
                shift: vectors(a.shift, &b.shift),
            }
        };
        Self {
            layers: network
                .ids()
                .zip(self.layers)
                .zip(&other.layers)
                .map(add)
                .collect(),
        }
    }
}
