//! Both backwards of a tangent pass: the gradients, and how they move.
//!
//! The gradients move by the derivative of the backward pass, `dW' = x' * d + x * d'`,
//! `dx' = conv^T(d', W) + conv^T(d, V)`, with the batch norm's second order of [`NormTangent`]. ReLU's
//! second derivative is 0. The weight part is the exact Hessian-vector product `H V` (Pearlmutter's
//! R-operator). With `V = W` one convolution does for two: `dx' = conv^T(d + d', W)`.
//!
//! The gradient itself comes from the steps of the plain backward pass and has its bits: whoever wants
//! both needs no other backward.

use std::sync::Arc;

use nbz_space::network::{Conv, LayerId};

use super::{Tangent, add};
use crate::adjoint::Carried;
use crate::backward::{Backward, Cotangent, Of};
use crate::device::{Activation, Device, NormSums, NormTangent};
use crate::error::EngineError;
use crate::gradients::Gradients;
use crate::loss::cross_entropy_gradient_tangent;
use crate::observer::Observer;
use crate::plan::{Action, Step, Summand, ValueId};

impl<'m, D: Device> Tangent<'_, 'm, D> {
    /// The gradients of all parameters, and how those of the convolution and linear weights move along
    /// the direction: for the cross entropy, the gradient `g` and the Hessian-vector product `H V`.
    ///
    /// The observer sees what it would see of [`Trace::backward`](crate::Trace::backward).
    pub fn backward(
        &self,
        cotangent: Cotangent<'_>,
        observer: &mut dyn Observer<D>,
    ) -> Result<(Gradients<'m, D>, Gradients<'m, D>), EngineError> {
        let (trace, model) = (self.trace, self.trace.model);
        let end = trace.plan.end;
        let seed = trace.upload(end, &trace.cotangent(cotangent)?)?;
        let mut pass = TangentBackward {
            tangent: self,
            backward: Backward::new(trace, end, seed, Of::Parameters),
            slots: vec![None; trace.plan.values.len()],
            moved: Gradients::none(model.device(), model.network()),
        };
        if let Cotangent::CrossEntropy(labels) = cotangent {
            let (logits, moved) = (trace.output(), self.output());
            let moved = cross_entropy_gradient_tangent(&logits, &moved, labels.classes())?;
            pass.slots[end] = Some(Arc::new(trace.upload(end, &moved)?));
        }
        for step in trace.plan.steps.iter().rev() {
            pass.step(step, observer);
        }
        Ok((pass.backward.gradients, pass.moved))
    }
}

struct TangentBackward<'a, 't, 'm, D: Device> {
    tangent: &'a Tangent<'t, 'm, D>,
    backward: Backward<'t, 'm, D>,
    /// How the cotangents move; `None` stands for zero.
    slots: Vec<Option<Arc<D::Map>>>,
    moved: Gradients<'m, D>,
}

impl<D: Device> TangentBackward<'_, '_, '_, D> {
    fn step(&mut self, step: &Step, observer: &mut dyn Observer<D>) {
        let moved = self.slots[step.output].take();
        if let Action::Conv {
            layer, conv, input, ..
        } = &step.action
        {
            let backward = &mut self.backward;
            let delta = backward.conv(*layer, conv, *input, step.output, observer, true);
            let delta = delta.expect("a delta that is to be kept is handed back");
            return self.conv(*layer, conv, *input, &delta, moved);
        }
        let carried = self.backward.carry(&step.action, step.output);
        let device = self.tangent.trace.model.device();
        let shape = |value: ValueId| self.tangent.trace.plan.values[value].shape;
        match (&step.action, moved) {
            (Action::Combine { terms, activation }, moved) => {
                self.combine(terms, *activation, step.output, carried, moved);
            }
            (Action::AvgPool { pool, input }, Some(dy)) => {
                let dx = device.avg_pool_gradient(pool, &dy, shape(*input), None);
                self.give(*input, Arc::new(dx));
            }
            (Action::GlobalAvgPool { input }, Some(dy)) => {
                let dx = device.global_avg_pool_gradient(&dy, shape(*input), None);
                self.give(*input, Arc::new(dx));
            }
            _ => {}
        }
    }

    fn conv(
        &mut self,
        layer: LayerId,
        conv: &Conv,
        input: ValueId,
        delta: &D::Map,
        moved_delta: Option<Arc<D::Map>>,
    ) {
        let trace = self.tangent.trace;
        let device = trace.model.device();
        let x = trace.value(input);
        let first = self.tangent.values[input]
            .as_ref()
            .map(|moved_x| device.conv_weight_gradient(conv, moved_x, delta, None));
        self.moved.layer_mut(layer).weight = match &moved_delta {
            Some(moved_delta) => Some(device.conv_weight_gradient(conv, x, moved_delta, first)),
            None => first,
        };
        if input == 0 {
            return;
        }
        let weight = trace.model.conv_parameters(layer).0;
        let shape = trace.plan.values[input].shape;
        let back = |w: &D::Weight, d: &D::Map, onto: Option<D::Map>| {
            device.conv_input_gradient(conv, w, d, shape, onto)
        };
        let dx = match (self.tangent.direction_of(layer), moved_delta) {
            (None, None) => back(weight, delta, None),
            (None, Some(moved)) => back(weight, &add(device, delta, &moved), None),
            (Some(v), None) => back(v, delta, None),
            (Some(v), Some(moved)) => back(weight, &moved, Some(back(v, delta, None))),
        };
        self.give(input, Arc::new(dx));
    }

    fn combine(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        output: ValueId,
        carried: Carried<D>,
        moved: Option<Arc<D::Map>>,
    ) {
        let trace = self.tangent.trace;
        let device = trace.model.device();
        let rectified = match activation {
            Activation::Relu => Some(trace.value(output)),
            Activation::Linear => None,
        };
        let moved = moved.map(|dy| {
            let terms = trace.terms(terms);
            let (dz, sums) = device.combine_gradient(Arc::unwrap_or_clone(dy), rectified, &terms);
            (Arc::new(dz), sums)
        });
        let dz = carried.dz.expect("a sum has a cotangent");
        let mut norms = carried.norms.iter();
        for (i, term) in terms.iter().enumerate() {
            match (term.norm, &moved) {
                (Some(norm), moved) => {
                    let (_, dz_sums) = norms.next().expect("every batch norm has sums");
                    let moved = moved
                        .as_ref()
                        .and_then(|(m, sums)| Some((&**m, sums[i].as_ref()?)));
                    self.carry_norm(term.value, norm, (&dz, dz_sums), moved);
                }
                (None, Some((moved, _))) => self.give(term.value, moved.clone()),
                (None, None) => {}
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
        self.give(input, Arc::new(moved));
    }

    fn give(&mut self, value: ValueId, moved: Arc<D::Map>) {
        let device = self.tangent.trace.model.device();
        self.slots[value] = Some(match self.slots[value].take() {
            Some(before) => Arc::new(add(device, &before, &moved)),
            None => moved,
        });
    }
}
