//! A network with its weights on a device.

use nbz_space::network::{Conv, LayerId, Network, Op};

use crate::device::{Coupling, Device, Moments, Norm};
use crate::error::EngineError;
use crate::plan::linear;
use crate::run::Run;
use crate::weights::Weights;

/// The parameters of one layer on a device.
#[derive(Debug)]
pub(crate) enum Parameters<D: Device> {
    Conv {
        weight: D::Weight,
        bias: Option<D::Vector>,
    },
    Norm {
        gamma: D::Vector,
        beta: D::Vector,
        running: Moments<D::Vector>,
    },
    None,
}

/// A network with its weights on a device: what the passes run.
#[derive(Debug)]
pub struct Model<'a, D: Device> {
    device: &'a D,
    network: &'a Network,
    parameters: Vec<Parameters<D>>,
}

impl<'a, D: Device> Model<'a, D> {
    /// Checks the weights against the network and stores them on the device.
    ///
    /// Refuses missing, surplus, misshapen and non-finite tensors and negative running variances.
    pub fn new(
        device: &'a D,
        network: &'a Network,
        weights: &Weights,
    ) -> Result<Self, EngineError> {
        weights.check(network)?;
        let parameters = network
            .ids()
            .map(|id| upload(device, network, id, weights))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            device,
            network,
            parameters,
        })
    }

    /// The device.
    pub fn device(&self) -> &'a D {
        self.device
    }

    /// The network.
    pub fn network(&self) -> &'a Network {
        self.network
    }

    /// The weight of a convolution or linear layer.
    pub fn weight(&self, layer: LayerId) -> Option<&D::Weight> {
        match &self.parameters[layer.index()] {
            Parameters::Conv { weight, .. } => Some(weight),
            _ => None,
        }
    }

    pub(crate) fn conv_parameters(&self, layer: LayerId) -> (&D::Weight, Option<&D::Vector>) {
        match &self.parameters[layer.index()] {
            Parameters::Conv { weight, bias } => (weight, bias.as_ref()),
            _ => unreachable!("a convolution step belongs to a layer with a weight"),
        }
    }

    /// The batch norm of a layer in a run, with the given or the running statistics.
    pub(crate) fn norm(
        &self,
        layer: LayerId,
        run: &Run,
        coupling: Coupling,
        batch: Option<Moments<D::Vector>>,
    ) -> Norm<D::Vector> {
        match &self.parameters[layer.index()] {
            Parameters::Norm {
                gamma,
                beta,
                running,
            } => Norm {
                gamma: gamma.clone(),
                beta: beta.clone(),
                moments: batch.unwrap_or_else(|| running.clone()),
                eps: run.eps,
                coupling,
            },
            _ => unreachable!("a norm term belongs to a batch norm"),
        }
    }
}

/// The convolution that a weighted layer is.
pub(crate) fn conv_of(op: Op) -> Option<Conv> {
    match op {
        Op::Conv(conv) => Some(conv),
        Op::Linear {
            in_features,
            out_features,
        } => Some(linear(in_features, out_features)),
        _ => None,
    }
}

fn upload<D: Device>(
    device: &D,
    network: &Network,
    id: LayerId,
    weights: &Weights,
) -> Result<Parameters<D>, EngineError> {
    let layer = network.layer(id);
    let vector = |part: &str| -> Result<D::Vector, EngineError> {
        let values = weights.values(&format!("{}.{part}", layer.name))?;
        Ok(device.upload_vector(&values))
    };
    if let Some(conv) = conv_of(layer.op) {
        let values = weights.values(&format!("{}.weight", layer.name))?;
        let weight = device.upload_weight(&conv, &values);
        let bias = if conv.bias {
            Some(vector("bias")?)
        } else {
            None
        };
        return Ok(Parameters::Conv { weight, bias });
    }
    if layer.op != Op::BatchNorm {
        return Ok(Parameters::None);
    }
    Ok(Parameters::Norm {
        gamma: vector("weight")?,
        beta: vector("bias")?,
        running: Moments {
            mean: vector("running_mean")?,
            variance: vector("running_var")?,
        },
    })
}
