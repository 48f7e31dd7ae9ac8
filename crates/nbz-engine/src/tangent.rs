//! The tangent pass: how every value, and then every gradient, moves when the weights move.
//!
//! Along a direction `V` of the convolution and linear weights (biases and batch norms stand still) the
//! values move by
//!
//! - convolution: `a' = conv(x, V) + conv(x', W)`;
//! - batch norm, sum, ReLU, pooling: their derivative at the value, which for a batch norm is the same
//!   symmetric operator as its backward;
//!
//! and the gradients move by the derivative of the backward pass, `dW' = x' * d + x * d'`,
//! `dx' = conv^T(d', W) + conv^T(d, V)`, with the batch norm's second order of
//! [`NormTangent`]. ReLU's second derivative is 0. The weight part is the exact Hessian-vector product
//! `H V` (Pearlmutter's R-operator).
//!
//! With `V = W` one convolution does for two: `a' = conv(x + x', W)` and `dx' = conv^T(d + d', W)`.

use std::sync::Arc;

use nbz_space::network::{Conv, LayerId};

use crate::backward::Cotangent;
use crate::device::{Activation, Device, NormSums, NormTangent, Term};
use crate::error::EngineError;
use crate::forward::Trace;
use crate::gradients::Gradients;
use crate::loss::cross_entropy_gradient_tangent;
use crate::model::conv_of;
use crate::plan::{Action, Step, Summand, ValueId};
use crate::weights::Weights;

/// Along what the weights move.
#[derive(Debug, Clone, Copy)]
pub enum Direction<'a> {
    /// Along the weights themselves.
    Weights,
    /// Along given tensors: the `.weight` of every convolution and linear layer, other names are not
    /// read.
    Given(&'a Weights),
}

/// A trace together with how each of its values moves.
#[derive(Debug)]
pub struct Tangent<'t, 'm, D: Device> {
    trace: &'t Trace<'m, D>,
    /// The direction by layer; none where it is the weight itself.
    direction: Option<Vec<Option<D::Weight>>>,
    /// `None` stands for zero.
    values: Vec<Option<D::Map>>,
    /// Sums of every batch norm's input tangent.
    sums: Vec<Option<NormSums<D::Vector>>>,
}

impl<'m, D: Device> Trace<'m, D> {
    /// Carries a direction of the weights through the network.
    pub fn tangent(&self, direction: Direction<'_>) -> Result<Tangent<'_, 'm, D>, EngineError> {
        let mut tangent = Tangent {
            trace: self,
            direction: self.upload_direction(direction)?,
            values: vec![None; self.plan.values.len()],
            sums: vec![None; self.model.network().layers().len()],
        };
        for step in &self.plan.steps {
            tangent.values[step.output] = tangent.forward(step);
        }
        Ok(tangent)
    }

    fn upload_direction(
        &self,
        direction: Direction<'_>,
    ) -> Result<Option<Vec<Option<D::Weight>>>, EngineError> {
        let Direction::Given(weights) = direction else {
            return Ok(None);
        };
        let network = self.model.network();
        let shapes = network.tensors();
        let upload = |id: LayerId| -> Result<Option<D::Weight>, EngineError> {
            let layer = network.layer(id);
            let Some(conv) = conv_of(layer.op) else {
                return Ok(None);
            };
            let name = format!("{}.weight", layer.name);
            let expected = shapes.iter().find(|(n, _)| *n == name);
            weights.check_tensor(&name, &expected.expect("every weighted layer has one").1)?;
            let values = weights.values(&name)?;
            Ok(Some(self.model.device().upload_weight(&conv, &values)))
        };
        network
            .ids()
            .map(upload)
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

impl<'m, D: Device> Tangent<'_, 'm, D> {
    /// How the last value moves, in double precision. With all weights and the image positive and
    /// batch norms removed, the sum along the weights is synflow.
    pub fn output(&self) -> Vec<f64> {
        let trace = self.trace;
        match &self.values[trace.plan.end] {
            Some(map) => trace.model.device().download_map(map),
            None => vec![0.0; trace.images * trace.plan.values[trace.plan.end].shape.len()],
        }
    }

    /// The gradients of the convolution and linear weights, and how they move along the direction: for
    /// the cross entropy, the gradient `g` and the Hessian-vector product `H V`.
    pub fn backward(
        &self,
        cotangent: Cotangent<'_>,
    ) -> Result<(Gradients<'m, D>, Gradients<'m, D>), EngineError> {
        let (trace, model) = (self.trace, self.trace.model);
        let values = trace.cotangent(cotangent)?;
        let end = trace.plan.end;
        let moved = match cotangent {
            Cotangent::CrossEntropy(labels) => {
                let moved = cross_entropy_gradient_tangent(
                    &trace.output(),
                    &self.output(),
                    labels.classes(),
                );
                Some(Arc::new(trace.upload(end, &moved)?))
            }
            Cotangent::Ones | Cotangent::Matrix(_) => None,
        };
        let mut backward = TangentBackward {
            tangent: self,
            slots: trace.plan.values.iter().map(|_| Pair::EMPTY).collect(),
            gradients: Gradients::none(model.device(), model.network()),
            moved: Gradients::none(model.device(), model.network()),
        };
        backward.slots[end] = Pair {
            cotangent: Some(Arc::new(trace.upload(end, &values)?)),
            moved,
        };
        for step in trace.plan.steps.iter().rev() {
            backward.step(step);
        }
        Ok((backward.gradients, backward.moved))
    }

    fn forward(&mut self, step: &Step) -> Option<D::Map> {
        let device = self.trace.model.device();
        match &step.action {
            Action::Conv {
                layer, conv, input, ..
            } => Some(self.conv(*layer, conv, *input)),
            Action::Combine { terms, activation } => self.combine(terms, *activation, step.output),
            Action::AvgPool { pool, input } => self.values[*input]
                .as_ref()
                .map(|x| device.avg_pool(pool, x)),
            Action::GlobalAvgPool { input } => self.values[*input]
                .as_ref()
                .map(|x| device.global_avg_pool(x)),
            Action::Zero { .. } => None,
        }
    }

    fn conv(&self, layer: LayerId, conv: &Conv, input: ValueId) -> D::Map {
        let (device, x) = (self.trace.model.device(), self.trace.value(input));
        let weight = self.trace.model.conv_parameters(layer).0;
        let moved = self.values[input].as_ref();
        match (self.direction_of(layer), moved) {
            (None, None) => device.conv(conv, weight, None, x, None),
            (None, Some(moved)) => {
                let sum = add(device, x, moved);
                device.conv(conv, weight, None, &sum, None)
            }
            (Some(v), None) => device.conv(conv, v, None, x, None),
            (Some(v), Some(moved)) => {
                let first = device.conv(conv, v, None, x, None);
                device.conv(conv, weight, None, moved, Some(first))
            }
        }
    }

    fn combine(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        output: ValueId,
    ) -> Option<D::Map> {
        let (trace, device) = (self.trace, self.trace.model.device());
        let mut sum: Option<D::Map> = None;
        for term in terms {
            let Some(moved) = &self.values[term.value] else {
                continue;
            };
            sum = Some(match term.norm {
                None => match sum {
                    None => moved.clone(),
                    Some(sum) => add(device, &sum, moved),
                },
                Some(id) => {
                    let (norm, x) = (trace.norm(id), trace.value(term.value));
                    let sums = device.norm_sums(moved, x, norm);
                    let out = device.norm_gradient(moved, x, norm, &sums, sum);
                    self.sums[id.index()] = Some(sums);
                    out
                }
            });
        }
        match activation {
            Activation::Linear => sum,
            Activation::Relu => sum.map(|dy| device.relu_gradient(dy, trace.value(output))),
        }
    }

    fn direction_of(&self, layer: LayerId) -> Option<&D::Weight> {
        self.direction
            .as_ref()
            .and_then(|d| d[layer.index()].as_ref())
    }
}

/// A cotangent and how it moves; `None` stands for zero.
#[derive(Debug)]
struct Pair<D: Device> {
    cotangent: Option<Arc<D::Map>>,
    moved: Option<Arc<D::Map>>,
}

impl<D: Device> Pair<D> {
    const EMPTY: Self = Self {
        cotangent: None,
        moved: None,
    };
}

struct TangentBackward<'a, 't, 'm, D: Device> {
    tangent: &'a Tangent<'t, 'm, D>,
    slots: Vec<Pair<D>>,
    gradients: Gradients<'m, D>,
    moved: Gradients<'m, D>,
}

impl<D: Device> TangentBackward<'_, '_, '_, D> {
    fn step(&mut self, step: &Step) {
        let pair = std::mem::replace(&mut self.slots[step.output], Pair::EMPTY);
        match &step.action {
            Action::Conv {
                layer, conv, input, ..
            } => self.conv(*layer, conv, *input, step.output, pair),
            Action::Combine { terms, activation } => {
                self.combine(terms, *activation, step.output, pair);
            }
            Action::AvgPool { pool, input } => self.linear(*input, pair, |device, dy, shape| {
                device.avg_pool_gradient(pool, dy, shape, None)
            }),
            Action::GlobalAvgPool { input } => self.linear(*input, pair, |device, dy, shape| {
                device.global_avg_pool_gradient(dy, shape, None)
            }),
            Action::Zero { .. } => {}
        }
    }

    fn linear(
        &mut self,
        input: ValueId,
        pair: Pair<D>,
        gradient: impl Fn(&D, &D::Map, nbz_space::Shape) -> D::Map,
    ) {
        let trace = self.tangent.trace;
        let (device, shape) = (trace.model.device(), trace.plan.values[input].shape);
        let carry = |map: Option<Arc<D::Map>>| map.map(|dy| Arc::new(gradient(device, &dy, shape)));
        let (cotangent, moved) = (carry(pair.cotangent), carry(pair.moved));
        self.give(input, cotangent, moved);
    }

    fn conv(
        &mut self,
        layer: LayerId,
        conv: &Conv,
        input: ValueId,
        output: ValueId,
        pair: Pair<D>,
    ) {
        let trace = self.tangent.trace;
        let device = trace.model.device();
        let zeros = || Arc::new(device.zeros(trace.images, trace.plan.values[output].shape));
        let delta = pair.cotangent.unwrap_or_else(zeros);
        let x = trace.value(input);
        let gradient = device.conv_weight_gradient(conv, x, &delta, None);
        let first = self.tangent.values[input]
            .as_ref()
            .map(|moved_x| device.conv_weight_gradient(conv, moved_x, &delta, None));
        let moved_delta = pair.moved.unwrap_or_else(zeros);
        let moved = device.conv_weight_gradient(conv, x, &moved_delta, first);
        self.gradients.layer_mut(layer).weight = Some(gradient);
        self.moved.layer_mut(layer).weight = Some(moved);
        if input == 0 {
            return;
        }
        let (weight, shape) = (
            trace.model.conv_parameters(layer).0,
            trace.plan.values[input].shape,
        );
        let back = |w: &D::Weight, d: &D::Map, onto: Option<D::Map>| {
            device.conv_input_gradient(conv, w, d, shape, onto)
        };
        let dx = back(weight, &delta, None);
        let moved_dx = match self.tangent.direction_of(layer) {
            None => back(weight, &add(device, &delta, &moved_delta), None),
            Some(v) => back(weight, &moved_delta, Some(back(v, &delta, None))),
        };
        self.give(input, Some(Arc::new(dx)), Some(Arc::new(moved_dx)));
    }

    fn combine(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        output: ValueId,
        pair: Pair<D>,
    ) {
        let trace = self.tangent.trace;
        let device = trace.model.device();
        let rectified = match activation {
            Activation::Relu => Some(trace.value(output)),
            Activation::Linear => None,
        };
        let joined = trace.terms(terms);
        let carry = |dy: Arc<D::Map>| {
            let (dz, sums) = device.combine_gradient(Arc::unwrap_or_clone(dy), rectified, &joined);
            (Arc::new(dz), sums)
        };
        let Some((dz, dz_sums)) = pair.cotangent.map(carry) else {
            return;
        };
        let moved = pair.moved.map(carry);
        for (i, (term, sums)) in terms.iter().zip(&dz_sums).enumerate() {
            let moved = moved.as_ref().map(|(map, sums)| (map, &sums[i]));
            match (term.norm, sums) {
                (Some(norm), Some(sums)) => {
                    let moved = moved.and_then(|(map, sums)| Some((map.as_ref(), sums.as_ref()?)));
                    self.carry_norm(term.value, norm, (&dz, sums), moved);
                }
                _ => self.give(
                    term.value,
                    Some(dz.clone()),
                    moved.map(|(map, _)| map.clone()),
                ),
            }
        }
    }

    fn carry_norm(
        &mut self,
        input: ValueId,
        id: LayerId,
        (dz, dz_sums): (&D::Map, &NormSums<D::Vector>),
        moved: Option<(&D::Map, &NormSums<D::Vector>)>,
    ) {
        let trace = self.tangent.trace;
        let device = trace.model.device();
        let (norm, x) = (trace.norm(id), trace.value(input));
        let zeros = || {
            let map = device.zeros(trace.images, trace.plan.values[input].shape);
            let sums = device.norm_sums(&map, x, norm);
            (map, sums)
        };
        let (zero_dz, zero_x);
        let (dz_tangent, dz_tangent_sums) = if let Some(moved) = moved {
            moved
        } else {
            zero_dz = zeros();
            (&zero_dz.0, &zero_dz.1)
        };
        let known = self.tangent.sums[id.index()].as_ref();
        let (input_tangent, input_tangent_sums) =
            if let (Some(map), Some(sums)) = (&self.tangent.values[input], known) {
                (map, sums)
            } else {
                zero_x = zeros();
                (&zero_x.0, &zero_x.1)
            };
        let gradient = device.norm_gradient(dz, x, norm, dz_sums, None);
        let moved = device.norm_gradient_tangent(NormTangent {
            norm,
            input: x,
            input_tangent,
            input_tangent_sums,
            dz,
            dz_sums,
            dz_tangent,
            dz_tangent_sums,
        });
        self.give(input, Some(Arc::new(gradient)), Some(Arc::new(moved)));
    }

    fn give(&mut self, value: ValueId, cotangent: Option<Arc<D::Map>>, moved: Option<Arc<D::Map>>) {
        let device = self.tangent.trace.model.device();
        let sum = |a: Option<Arc<D::Map>>, b: Option<Arc<D::Map>>| match (a, b) {
            (Some(a), Some(b)) => Some(Arc::new(add(device, &a, &b))),
            (a, b) => a.or(b),
        };
        let slot = &mut self.slots[value];
        slot.cotangent = sum(slot.cotangent.take(), cotangent);
        slot.moved = sum(slot.moved.take(), moved);
    }
}

fn add<D: Device>(device: &D, a: &D::Map, b: &D::Map) -> D::Map {
    device.combine(&[Term::plain(a), Term::plain(b)], Activation::Linear)
}
