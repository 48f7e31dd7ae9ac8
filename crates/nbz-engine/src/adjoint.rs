//! Cotangents on their way back through a plan: what the backward and the per-sample pass share.
//!
//! Every value has a slot that gathers the cotangents of its readers. A value that only one batch norm
//! reads, the output of a convolution, keeps `dz` and the norm's sums instead of its own gradient, so
//! that the convolution's step can do the norm's backward in the same sweep.

use std::sync::Arc;

use nbz_space::network::LayerId;

use crate::device::{Activation, Delta, Device, NormSums};
use crate::forward::Trace;
use crate::plan::{Action, Summand, ValueId};

/// The cotangent of one value so far.
#[derive(Debug)]
pub(crate) enum Slot<D: Device> {
    Empty,
    Map(Arc<D::Map>),
    BehindNorm {
        dz: Arc<D::Map>,
        norm: LayerId,
        sums: NormSums<D::Vector>,
    },
}

/// What a step without parameters of its own leaves behind.
#[derive(Debug)]
pub(crate) struct Carried<D: Device> {
    /// The cotangent of the sum, behind its activation; none of a step that is no sum.
    pub(crate) dz: Option<Arc<D::Map>>,
    /// The sums of every batch norm that it passed.
    pub(crate) norms: Vec<(LayerId, NormSums<D::Vector>)>,
}

/// Cotangents of all values of a trace.
#[derive(Debug)]
pub(crate) struct Adjoint<'t, 'm, D: Device> {
    trace: &'t Trace<'m, D>,
    slots: Vec<Slot<D>>,
}

impl<'t, 'm, D: Device> Adjoint<'t, 'm, D> {
    pub(crate) fn new(trace: &'t Trace<'m, D>, at: ValueId, cotangent: D::Map) -> Self {
        let mut slots: Vec<_> = trace.plan.values.iter().map(|_| Slot::Empty).collect();
        slots[at] = Slot::Map(Arc::new(cotangent));
        Self { trace, slots }
    }

    pub(crate) fn take(&mut self, value: ValueId) -> Slot<D> {
        std::mem::replace(&mut self.slots[value], Slot::Empty)
    }

    /// The cotangent of a value as a map, zero if nothing reached it.
    pub(crate) fn take_map(&mut self, value: ValueId) -> D::Map {
        let device = self.trace.model.device();
        match self.take(value) {
            Slot::Empty => device.zeros(self.trace.images, self.trace.plan.values[value].shape),
            Slot::Map(map) => Arc::unwrap_or_clone(map),
            Slot::BehindNorm { dz, norm, sums } => {
                let norm = self.trace.norm(norm);
                device.norm_gradient(&dz, self.trace.value(value), norm, &sums, None)
            }
        }
    }

    /// What other readers have given to a value so far, to add to; the sum goes back with
    /// [`Adjoint::put`].
    pub(crate) fn take_onto(&mut self, value: ValueId) -> Option<D::Map> {
        match self.take(value) {
            Slot::Empty => None,
            Slot::Map(map) => Some(Arc::unwrap_or_clone(map)),
            Slot::BehindNorm { .. } => unreachable!("such a value has one reader"),
        }
    }

    pub(crate) fn put(&mut self, value: ValueId, map: D::Map) {
        self.slots[value] = Slot::Map(Arc::new(map));
    }

    /// Carries the cotangent of a step without parameters of its own to its inputs.
    pub(crate) fn carry(&mut self, action: &Action, output: ValueId) -> Carried<D> {
        let device = self.trace.model.device();
        let dy = self.take_map(output);
        let shape = |value: ValueId| self.trace.plan.values[value].shape;
        match action {
            Action::Combine { terms, activation } => {
                return self.carry_sum(terms, *activation, output, dy);
            }
            Action::AvgPool { pool, input } => {
                let shape = shape(*input);
                let onto = self.take_onto(*input);
                self.put(*input, device.avg_pool_gradient(pool, &dy, shape, onto));
            }
            Action::GlobalAvgPool { input } => {
                let shape = shape(*input);
                let onto = self.take_onto(*input);
                self.put(*input, device.global_avg_pool_gradient(&dy, shape, onto));
            }
            Action::Zero { .. } => {}
            Action::Conv { .. } => unreachable!("convolutions have parameters of their own"),
        }
        Carried {
            dz: None,
            norms: Vec::new(),
        }
    }

    fn carry_sum(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        output: ValueId,
        dy: D::Map,
    ) -> Carried<D> {
        let device = self.trace.model.device();
        let rectified = match activation {
            Activation::Relu => Some(self.trace.value(output)),
            Activation::Linear => None,
        };
        let (dz, sums) = device.combine_gradient(dy, rectified, &self.trace.terms(terms));
        let dz = Arc::new(dz);
        let mut norms = Vec::new();
        for (term, sums) in terms.iter().zip(sums) {
            match (term.norm, sums) {
                (Some(norm), Some(sums)) => {
                    norms.push((norm, sums.clone()));
                    self.give_behind_norm(term.value, norm, &dz, sums);
                }
                _ => self.give(term.value, &dz),
            }
        }
        Carried {
            dz: Some(dz),
            norms,
        }
    }

    fn give(&mut self, value: ValueId, dz: &Arc<D::Map>) {
        let device = self.trace.model.device();
        self.slots[value] = match self.take(value) {
            Slot::Map(map) => {
                let terms = [map.as_ref(), dz.as_ref()].map(crate::device::Term::plain);
                Slot::Map(Arc::new(device.combine(&terms, Activation::Linear)))
            }
            _ => Slot::Map(dz.clone()),
        };
    }

    fn give_behind_norm(
        &mut self,
        value: ValueId,
        norm: LayerId,
        dz: &Arc<D::Map>,
        sums: NormSums<D::Vector>,
    ) {
        if self.trace.plan.values[value].readers == 1 {
            let dz = dz.clone();
            self.slots[value] = Slot::BehindNorm { dz, norm, sums };
            return;
        }
        let onto = self.take_onto(value);
        let gradient = self.trace.model.device().norm_gradient(
            dz,
            self.trace.value(value),
            self.trace.norm(norm),
            &sums,
            onto,
        );
        self.put(value, gradient);
    }
}

/// The gradient at the output of a convolution, as a device wants it.
pub(crate) fn delta<'a, D: Device>(
    trace: &'a Trace<'_, D>,
    slot: &'a Slot<D>,
    output: ValueId,
) -> Delta<'a, D> {
    match slot {
        Slot::Map(map) => Delta::Ready(map.as_ref()),
        Slot::BehindNorm { dz, norm, sums } => Delta::BehindNorm {
            dz,
            output: trace.value(output),
            norm: trace.norm(*norm),
            sums,
        },
        Slot::Empty => unreachable!("an empty slot is filled with zeros first"),
    }
}
