//! The per-sample pass: the Gram matrix of the gradients that each image's row of logits gives.
//!
//! Row `i` is the gradient of a cotangent that is zero but on row `i` of the output, with respect to
//! every tensor whose name ends in `weight`: convolutions, linear layers and the scales of batch norms.
//! In train mode such a cotangent reaches the other images through the batch statistics, so all rows
//! walk back at once, one [`Adjoint`] each, and only their dot products are kept: `G = sum over layers of
//! J_l J_l^T`. Memory is N times the maps of one backward pass and N gradients of the layer at hand,
//! never N gradients of the network.

use nbz_space::network::{Conv, LayerId};

use crate::adjoint::Adjoint;
use crate::backward::parameter_sums;
use crate::device::{Device, NormSums, add_gram, dot};
use crate::error::EngineError;
use crate::forward::Trace;
use crate::plan::{Action, ValueId};

/// A symmetric matrix of dot products, one row an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Gram {
    rows: usize,
    values: Vec<f64>,
}

impl Gram {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The values in row-major order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

impl<D: Device> Trace<'_, D> {
    /// The Gram matrix of the images' gradients, each the sum of the image's own outputs.
    pub fn gram(&self) -> Result<Gram, EngineError> {
        let end = self.plan.end;
        let row = self.plan.values[end].shape.len();
        let adjoints = (0..self.images)
            .map(|image| {
                let mut cotangent = vec![0.0; self.images * row];
                cotangent[image * row..][..row].fill(1.0);
                Ok(Adjoint::new(self, end, self.upload(end, &cotangent)?))
            })
            .collect::<Result<_, EngineError>>()?;
        let mut pass = PerSample {
            trace: self,
            adjoints,
            gram: vec![0.0; self.images * self.images],
        };
        for step in self.plan.steps.iter().rev() {
            match &step.action {
                Action::Conv {
                    layer, conv, input, ..
                } => pass.conv(*layer, conv, *input, step.output),
                action => pass.carry(action, step.output),
            }
        }
        Ok(Gram {
            rows: self.images,
            values: pass.gram,
        })
    }
}

struct PerSample<'t, 'm, D: Device> {
    trace: &'t Trace<'m, D>,
    adjoints: Vec<Adjoint<'t, 'm, D>>,
    gram: Vec<f64>,
}

impl<D: Device> PerSample<'_, '_, D> {
    fn conv(&mut self, layer: LayerId, conv: &Conv, input: ValueId, output: ValueId) {
        let device = self.trace.model.device();
        let deltas: Vec<D::Map> = self
            .adjoints
            .iter_mut()
            .map(|adjoint| adjoint.take_map(output))
            .collect();
        let x = self.trace.value(input);
        device.conv_gram(conv, x, &deltas, &mut self.gram);
        if input == 0 {
            return;
        }
        let weight = self.trace.model.conv_parameters(layer).0;
        let shape = self.trace.plan.values[input].shape;
        for (adjoint, delta) in self.adjoints.iter_mut().zip(deltas) {
            let onto = adjoint.take_onto(input);
            let dx = device.conv_input_gradient(conv, weight, &delta, shape, onto);
            adjoint.put(input, dx);
        }
    }

    fn carry(&mut self, action: &Action, output: ValueId) {
        let passed: Vec<Vec<(LayerId, NormSums<D::Vector>)>> = self
            .adjoints
            .iter_mut()
            .map(|adjoint| adjoint.carry(action, output).norms)
            .collect();
        let device = self.trace.model.device();
        for term in 0..passed[0].len() {
            let rows: Vec<Vec<f64>> = passed
                .iter()
                .map(|norms| {
                    let (norm, sums) = &norms[term];
                    let sums = parameter_sums(self.trace, *norm, sums.clone());
                    device.download_vector(&sums.dz_xhat)
                })
                .collect();
            add_gram(&mut self.gram, rows.len(), |i, j| dot(&rows[i], &rows[j]));
        }
    }
}
