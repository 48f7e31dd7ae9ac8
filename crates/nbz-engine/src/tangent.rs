//! The tangent pass: how every value moves when the weights move; [`backward`] has how every gradient does.
//!
//! Along a direction `V` of the convolution and linear weights (biases and batch norms stand still) the
//! values move by
//!
//! - convolution: `a' = conv(x, V) + conv(x', W)`;
//! - batch norm, sum, ReLU, pooling: their derivative at the value, which for a batch norm is the same
//!   symmetric operator as its backward;
//!
//! With `V = W` one convolution does for two: `a' = conv(x + x', W)`.

mod backward;

use nbz_space::network::{Conv, LayerId};

use crate::device::{Activation, Device, NormSums, Term};
use crate::error::EngineError;
use crate::forward::Trace;
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
            let dims = &expected.expect("every weighted layer has one").1;
            let tensor = weights.check_tensor(&name, dims)?;
            let device = self.model.device();
            tensor.check_within(&name, device.largest())?;
            Ok(Some(device.upload_weight(&conv, &tensor.to_f64())))
        };
        network
            .ids()
            .map(upload)
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

impl<D: Device> Tangent<'_, '_, D> {
    /// How the last value moves, in double precision. With all weights and the image positive and
    /// batch norms removed, the sum along the weights is synflow.
    pub fn output(&self) -> Vec<f64> {
        let trace = self.trace;
        match &self.values[trace.plan.end] {
            Some(map) => trace.model.device().download_map(map),
            None => vec![0.0; trace.images * trace.plan.values[trace.plan.end].shape.len()],
        }
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

fn add<D: Device>(device: &D, a: &D::Map, b: &D::Map) -> D::Map {
    device.combine(&[Term::plain(a), Term::plain(b)], Activation::Linear)
}
