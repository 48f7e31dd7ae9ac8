//! The backward pass: walks the plan against its order with one cotangent.

use std::sync::Arc;

use nbz_space::network::{Conv, LayerId};

use crate::adjoint::{Adjoint, Carried, Slot, delta};
use crate::batch::{Labels, Targets};
use crate::device::{ConvStep, Coupling, Device, InputGradient, NormSums, Wanted};
use crate::error::EngineError;
use crate::forward::Trace;
use crate::gradients::Gradients;
use crate::loss::{cross_entropy, soft_cross_entropy};
use crate::observer::{Observer, Seen};
use crate::plan::{Action, ValueId};

/// What is differentiated: the cotangent at the last value.
#[derive(Debug, Clone, Copy)]
pub enum Cotangent<'a> {
    /// The mean cross entropy of the logits.
    CrossEntropy(&'a Labels),
    /// The sum of all outputs.
    Ones,
    /// The product of the outputs with a given matrix `[N, C, H, W]`.
    Matrix(&'a [f64]),
}

/// Which gradients a backward pass gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Of all parameters.
    Parameters,
    /// Of the images.
    Input,
    /// Of both.
    Both,
}

impl Of {
    pub(crate) fn parameters(self) -> bool {
        self != Of::Input
    }

    pub(crate) fn input(self) -> bool {
        self != Of::Parameters
    }
}

impl<'m, D: Device> Trace<'m, D> {
    /// Gradients from a cotangent; the trace stays and can serve another one.
    pub fn backward(
        &self,
        cotangent: Cotangent<'_>,
        of: Of,
        observer: &mut dyn Observer<D>,
    ) -> Result<Gradients<'m, D>, EngineError> {
        let values = self.cotangent(cotangent)?;
        let seed = self.upload(self.plan.end, &values)?;
        let mut backward = Backward::new(self, self.plan.end, seed, of);
        for step in self.plan.steps.iter().rev() {
            match &step.action {
                Action::Conv {
                    layer, conv, input, ..
                } => drop(backward.conv(*layer, conv, *input, step.output, observer, false)),
                action => drop(backward.carry(action, step.output)),
            }
        }
        if of.input() {
            let map = backward.adjoint.take_map(0);
            backward.gradients.set_input(map);
        }
        Ok(backward.gradients)
    }

    /// The vector-Jacobian product between two layers: the gradient at `to` of the product of `from`'s
    /// value with `cotangent`, along paths that pass no value before `to`'s; zero where there is none.
    ///
    /// # Errors
    /// A layer without a value in this pass, a cotangent of another size, or a `to` that comes after `from`.
    pub fn pull_back(
        &self,
        from: LayerId,
        cotangent: &[f64],
        to: LayerId,
    ) -> Result<D::Map, EngineError> {
        let (start, goal) = (self.id_of(from)?, self.id_of(to)?);
        if goal > start {
            let name = |id: LayerId| self.model.network().layer(id).name.clone();
            let (from, to) = (name(from), name(to));
            return Err(EngineError::WrongWay { from, to });
        }
        let seed = self.upload(start, cotangent)?;
        let mut backward = Backward::new(self, start, seed, Of::Input);
        let steps = self.plan.steps.iter().rev();
        for step in steps.filter(|s| s.output <= start && s.output > goal) {
            match &step.action {
                Action::Conv {
                    layer, conv, input, ..
                } => drop(backward.conv(*layer, conv, *input, step.output, &mut (), false)),
                action => drop(backward.carry(action, step.output)),
            }
        }
        Ok(backward.adjoint.take_map(goal))
    }

    /// The mean cross entropy of the logits against distributions, and its gradient: a cotangent for
    /// [`Trace::backward`].
    ///
    /// # Errors
    /// Targets of another number of images or classes than the pass has.
    pub fn soft_cross_entropy(&self, targets: &Targets) -> Result<(f64, Vec<f64>), EngineError> {
        self.check_labels(targets.count(), targets.classes())?;
        soft_cross_entropy(&self.output(), targets)
    }

    fn check_labels(&self, labels: usize, classes: usize) -> Result<(), EngineError> {
        let (images, outputs) = (self.images, self.plan.values[self.plan.end].shape.len());
        if labels != images {
            return Err(EngineError::LabelCount { labels, images });
        }
        if classes != outputs {
            let labels = classes;
            return Err(EngineError::ClassCount { labels, outputs });
        }
        Ok(())
    }

    /// The values of a cotangent at the end of the pass.
    pub(crate) fn cotangent(&self, cotangent: Cotangent<'_>) -> Result<Vec<f64>, EngineError> {
        let count = self.images * self.plan.values[self.plan.end].shape.len();
        match cotangent {
            Cotangent::CrossEntropy(labels) => {
                self.check_labels(labels.values().len(), labels.classes())?;
                Ok(cross_entropy(&self.output(), labels)?.1)
            }
            Cotangent::Ones => Ok(vec![1.0; count]),
            Cotangent::Matrix(values) => Ok(values.to_vec()),
        }
    }

    pub(crate) fn upload(&self, at: ValueId, values: &[f64]) -> Result<D::Map, EngineError> {
        let shape = self.plan.values[at].shape;
        let expected = self.images * shape.len();
        if values.len() != expected {
            let found = values.len();
            return Err(EngineError::CotangentCount { expected, found });
        }
        Ok(self.model.device().upload_map(self.images, shape, values))
    }
}

/// A backward pass on its way.
pub(crate) struct Backward<'t, 'm, D: Device> {
    trace: &'t Trace<'m, D>,
    adjoint: Adjoint<'t, 'm, D>,
    pub(crate) gradients: Gradients<'m, D>,
    of: Of,
}

impl<'t, 'm, D: Device> Backward<'t, 'm, D> {
    pub(crate) fn new(trace: &'t Trace<'m, D>, at: ValueId, seed: D::Map, of: Of) -> Self {
        Self {
            trace,
            adjoint: Adjoint::new(trace, at, seed),
            gradients: Gradients::none(trace.model.device(), trace.model.network()),
            of,
        }
    }

    /// A step without parameters of its own.
    pub(crate) fn carry(&mut self, action: &Action, output: ValueId) -> Carried<D> {
        let carried = self.adjoint.carry(action, output);
        if self.of.parameters() {
            for (norm, sums) in &carried.norms {
                let parameters = parameter_sums(self.trace, *norm, sums.clone());
                let gradients = self.gradients.layer_mut(*norm);
                gradients.scale = Some(parameters.dz_xhat);
                gradients.shift = Some(parameters.dz);
            }
        }
        carried
    }

    /// A convolution; hands back the gradient at its output where that is to be kept.
    pub(crate) fn conv(
        &mut self,
        layer: LayerId,
        conv: &Conv,
        input: ValueId,
        output: ValueId,
        observer: &mut dyn Observer<D>,
        keep: bool,
    ) -> Option<Arc<D::Map>> {
        let (trace, device) = (self.trace, self.trace.model.device());
        let slot = match self.adjoint.take(output) {
            Slot::Empty => {
                let shape = trace.plan.values[output].shape;
                Slot::Map(Arc::new(device.zeros(trace.images, shape)))
            }
            slot => slot,
        };
        let step = ConvStep {
            conv,
            weight: trace.model.conv_parameters(layer).0,
            input: trace.value(input),
            input_shape: trace.plan.values[input].shape,
            delta: delta(trace, &slot, output),
        };
        let watched = observer.wants_deltas();
        let wanted = Wanted {
            weight: self.of.parameters(),
            delta: keep || watched || (conv.bias && self.of.parameters()),
        };
        let input_gradient = if input == 0 && !self.of.input() {
            InputGradient::Skip
        } else {
            InputGradient::Onto(self.adjoint.take_onto(input))
        };
        let given = device.conv_gradients(&step, wanted, input_gradient);
        let delta = match slot {
            Slot::Map(map) => Some(map),
            _ => given.delta.map(Arc::new),
        };
        if let Some(delta) = &delta {
            if watched {
                let seen = Seen {
                    device,
                    network: trace.model.network(),
                    layer,
                    value: trace.value(output),
                };
                observer.delta(seen, delta);
            }
            if conv.bias && self.of.parameters() {
                self.gradients.layer_mut(layer).shift = Some(device.channel_sums(delta));
            }
        }
        self.gradients.layer_mut(layer).weight = given.weight;
        if let Some(map) = given.input {
            self.adjoint.put(input, map);
        }
        delta
    }
}

/// The sums over the whole batch, which are the gradients of scale and shift.
pub(crate) fn parameter_sums<D: Device>(
    trace: &Trace<'_, D>,
    norm: LayerId,
    sums: NormSums<D::Vector>,
) -> NormSums<D::Vector> {
    if trace.norm(norm).coupling != Coupling::Image {
        return sums;
    }
    let device = trace.model.device();
    let over_images = |vector: &D::Vector| {
        let values = device.download_vector(vector);
        let channels = values.len() / trace.images;
        let totals: Vec<f64> = (0..channels)
            .map(|c| values[c..].iter().step_by(channels).sum())
            .collect();
        device.upload_vector(&totals)
    };
    NormSums {
        dz: over_images(&sums.dz),
        dz_xhat: over_images(&sums.dz_xhat),
    }
}
