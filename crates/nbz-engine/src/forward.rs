//! The forward pass: walks the plan's steps in order and leaves a [`Trace`].

use std::sync::Arc;

use nbz_space::network::{LayerId, Shape};

use crate::batch::Images;
use crate::device::{Activation, Coupling, Device, Moments, Norm, Term};
use crate::error::EngineError;
use crate::model::Model;
use crate::observer::{Observer, Seen, Statistics};
use crate::plan::{Action, Plan, Step, Summand, ValueId};
use crate::run::Run;

/// What a forward pass keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// Every value: a backward or tangent pass follows.
    All,
    /// Only values that a later step reads, and the last.
    Needed,
}

/// A finished forward pass: every value that the passes after it read.
#[derive(Debug)]
pub struct Trace<'m, D: Device> {
    pub(crate) model: &'m Model<'m, D>,
    pub(crate) plan: Plan,
    pub(crate) images: usize,
    values: Vec<Option<Arc<D::Map>>>,
    norms: Vec<Option<Norm<D::Vector>>>,
}

impl<'m, D: Device> Model<'m, D> {
    /// Runs the network and keeps every value, for passes that follow.
    ///
    /// Batch statistics of a single number per channel (one image, one pixel) are refused, as PyTorch
    /// refuses them.
    pub fn forward(
        &'m self,
        images: &Images,
        run: &Run,
        observer: &mut dyn Observer<D>,
    ) -> Result<Trace<'m, D>, EngineError> {
        self.walk(images, run, observer, Keep::All)
    }

    /// Runs the network, letting go of every value once its last reader is done, and gives the last:
    /// logits or features.
    pub fn infer(
        &'m self,
        images: &Images,
        run: &Run,
        observer: &mut dyn Observer<D>,
    ) -> Result<D::Map, EngineError> {
        let trace = self.walk(images, run, observer, Keep::Needed)?;
        Ok(trace.into_end())
    }

    fn walk(
        &'m self,
        images: &Images,
        run: &Run,
        observer: &mut dyn Observer<D>,
        keep: Keep,
    ) -> Result<Trace<'m, D>, EngineError> {
        run.check()?;
        images.check(self.network(), self.device().largest())?;
        let plan = Plan::new(self.network(), run);
        check_norms(self, &plan, run, images.count())?;
        let map = self
            .device()
            .upload_map(images.count(), images.shape(), images.values());
        let mut forward = Forward {
            readers: plan.values.iter().map(|v| v.readers).collect(),
            trace: Trace {
                model: self,
                images: images.count(),
                values: vec![None; plan.values.len()],
                norms: vec![None; self.network().layers().len()],
                plan,
            },
            run,
            keep,
            moments: vec![None; self.network().layers().len()],
        };
        forward.store(0, map, observer);
        for step in forward.trace.plan.steps.clone() {
            forward.step(&step, observer);
        }
        Ok(forward.trace)
    }
}

fn check_norms<D: Device>(
    model: &Model<'_, D>,
    plan: &Plan,
    run: &Run,
    images: usize,
) -> Result<(), EngineError> {
    for (norm, value) in plan.norms() {
        let count = match run.norm.coupling() {
            Some(coupling @ (Coupling::Batch | Coupling::Image)) => {
                numbers(coupling, images, plan.values[value].shape)
            }
            Some(Coupling::Fixed) | None => continue,
        };
        if count == 1 {
            let layer = model.network().layer(norm).name.clone();
            return Err(EngineError::SingleNumber { layer });
        }
    }
    Ok(())
}

/// How many numbers of a channel share a mean.
fn numbers(coupling: Coupling, images: usize, shape: Shape) -> usize {
    match coupling {
        Coupling::Image => shape.pixels(),
        Coupling::Batch | Coupling::Fixed => images * shape.pixels(),
    }
}

struct Forward<'m, 'r, D: Device> {
    trace: Trace<'m, D>,
    run: &'r Run,
    keep: Keep,
    readers: Vec<usize>,
    moments: Vec<Option<Moments<D::Vector>>>,
}

impl<D: Device> Forward<'_, '_, D> {
    fn step(&mut self, step: &Step, observer: &mut dyn Observer<D>) {
        let device = self.trace.model.device();
        let map = match &step.action {
            Action::Conv {
                layer, input, norm, ..
            } => self.conv(*layer, *input, *norm),
            Action::Combine { terms, activation } => self.combine(terms, *activation, observer),
            Action::AvgPool { pool, input } => device.avg_pool(pool, self.trace.value(*input)),
            Action::GlobalAvgPool { input } => device.global_avg_pool(self.trace.value(*input)),
            Action::Zero { input } => {
                device.zeros(self.trace.images, self.trace.plan.values[*input].shape)
            }
        };
        self.store(step.output, map, observer);
        self.release(step);
    }

    fn conv(&mut self, layer: LayerId, input: ValueId, norm: Option<LayerId>) -> D::Map {
        let model = self.trace.model;
        let (weight, bias) = model.conv_parameters(layer);
        let conv = crate::model::conv_of(model.network().layer(layer).op)
            .expect("a convolution step belongs to a weighted layer");
        let x = self.trace.value(input);
        let device = model.device();
        match (norm, self.run.norm.coupling()) {
            (Some(norm), Some(coupling @ (Coupling::Batch | Coupling::Image))) => {
                let (y, moments) = device.conv_with_moments(&conv, weight, bias, x, coupling);
                self.moments[norm.index()] = Some(moments);
                y
            }
            _ => device.conv(&conv, weight, bias, x, None),
        }
    }

    fn combine(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        observer: &mut dyn Observer<D>,
    ) -> D::Map {
        for term in terms {
            if let Some(norm) = term.norm {
                self.prepare_norm(norm, term.value, observer);
            }
        }
        let terms = self.trace.terms(terms);
        self.trace.model.device().combine(&terms, activation)
    }

    fn prepare_norm(&mut self, norm: LayerId, input: ValueId, observer: &mut dyn Observer<D>) {
        let model = self.trace.model;
        let coupling = self
            .run
            .norm
            .coupling()
            .expect("a plan without batch norms has no norm terms");
        let moments = match coupling {
            Coupling::Fixed => None,
            Coupling::Batch | Coupling::Image => {
                let moments = self.moments[norm.index()]
                    .take()
                    .unwrap_or_else(|| model.device().moments(self.trace.value(input), coupling));
                let shape = self.trace.plan.values[input].shape;
                observer.moments(Statistics {
                    device: model.device(),
                    norm,
                    moments: &moments,
                    coupling,
                    numbers: numbers(coupling, self.trace.images, shape),
                });
                Some(moments)
            }
        };
        self.trace.norms[norm.index()] = Some(model.norm(norm, self.run, coupling, moments));
    }

    fn store(&mut self, value: ValueId, map: D::Map, observer: &mut dyn Observer<D>) {
        let model = self.trace.model;
        for &layer in &self.trace.plan.values[value].layers {
            observer.value(Seen {
                device: model.device(),
                network: model.network(),
                layer,
                value: &map,
            });
        }
        self.trace.values[value] = Some(Arc::new(map));
    }

    fn release(&mut self, step: &Step) {
        for input in step.action.inputs() {
            self.readers[input] -= 1;
            if self.readers[input] == 0 && self.keep == Keep::Needed {
                self.trace.values[input] = None;
            }
        }
    }
}

impl<'m, D: Device> Trace<'m, D> {
    /// The model that ran.
    pub fn model(&self) -> &'m Model<'m, D> {
        self.model
    }

    /// Images of the batch.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The last value, `[N, classes]` or the features, in double precision.
    pub fn output(&self) -> Vec<f64> {
        self.model.device().download_map(self.value(self.plan.end))
    }

    /// The value of a layer, if this run computed one for it.
    pub fn value_of(&self, layer: LayerId) -> Result<&D::Map, EngineError> {
        Ok(self.value(self.id_of(layer)?))
    }

    /// The batch norm of a layer as it was used, if the run evaluated it.
    pub fn norm_of(&self, layer: LayerId) -> Option<&Norm<D::Vector>> {
        self.norms.get(layer.index())?.as_ref()
    }

    pub(crate) fn id_of(&self, layer: LayerId) -> Result<ValueId, EngineError> {
        self.plan
            .value_of(layer)
            .ok_or_else(|| EngineError::NoValue {
                layer: match self.model.network().layers().get(layer.index()) {
                    Some(layer) => layer.name.clone(),
                    None => format!("{} of another network", layer.index()),
                },
            })
    }

    fn into_end(mut self) -> D::Map {
        let end = self.values[self.plan.end].take();
        Arc::unwrap_or_clone(end.expect("the end counts as a reader of itself"))
    }

    pub(crate) fn value(&self, value: ValueId) -> &D::Map {
        self.values[value]
            .as_deref()
            .expect("values are kept until their last reader")
    }

    pub(crate) fn norm(&self, layer: LayerId) -> &Norm<D::Vector> {
        self.norms[layer.index()]
            .as_ref()
            .expect("a norm is prepared before it is read")
    }

    pub(crate) fn terms<'t>(&'t self, terms: &[Summand]) -> Vec<Term<'t, D>> {
        terms
            .iter()
            .map(|t| Term {
                map: self.value(t.value),
                norm: t.norm.map(|n| self.norm(n)),
            })
            .collect()
    }
}
