//! A network with its weights on a device.

use nbz_space::network::{Conv, LayerId, Network, Op};

use crate::device::{Coupling, Device, Moments, Norm};
use crate::error::EngineError;
use crate::plan::linear;
use crate::run::Run;
use crate::running::RunningStatistics;
use crate::weights::{Tensor, Values, Weights};

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
    /// Refuses missing, surplus, misshapen and non-finite tensors, numbers that the device cannot hold,
    /// negative running variances, and convolutions in groups that are not depthwise.
    pub fn new(
        device: &'a D,
        network: &'a Network,
        weights: &Weights,
    ) -> Result<Self, EngineError> {
        check_groups(network)?;
        weights.check(network)?;
        weights.check_within(device.largest())?;
        let parameters = network
            .ids()
            .map(|id| upload(device, network, id, weights))
            .collect();
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

    /// The weight of a convolution or linear layer; none of any other, or beyond the network.
    pub fn weight(&self, layer: LayerId) -> Option<&D::Weight> {
        match self.parameters.get(layer.index())? {
            Parameters::Conv { weight, .. } => Some(weight),
            _ => None,
        }
    }

    /// The weights as they are now, each in single precision where that loses nothing of it.
    pub fn weights(&self) -> Result<Weights, EngineError> {
        let mut out = Weights::new();
        for (name, dims) in self.network.tensors() {
            let values = self.values_of(&name);
            let tensor = tensor(&name, dims, values)?;
            out.insert(name, tensor);
        }
        Ok(out)
    }

    fn values_of(&self, name: &str) -> Vec<f64> {
        let (layer, part) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut layers = self.network.layers().iter();
        let index = layers.position(|l| l.name == layer);
        let vector = |v: &D::Vector| self.device.download_vector(v);
        match (index.map(|i| &self.parameters[i]), part) {
            (Some(Parameters::Conv { weight, .. }), "weight") => {
                self.device.download_weight(weight)
            }
            (Some(Parameters::Conv { bias, .. }), _) => bias.as_ref().map_or(Vec::new(), vector),
            (Some(Parameters::Norm { gamma, .. }), "weight") => vector(gamma),
            (Some(Parameters::Norm { beta, .. }), "bias") => vector(beta),
            (Some(Parameters::Norm { running, .. }), "running_mean") => vector(&running.mean),
            (Some(Parameters::Norm { running, .. }), _) => vector(&running.variance),
            (Some(Parameters::None) | None, _) => Vec::new(),
        }
    }

    /// Moves the running statistics by those that a forward pass in train mode has shown, in double
    /// precision.
    ///
    /// # Errors
    /// [`EngineError::ImageStatistics`] if the pass took the statistics of each image.
    pub fn move_running(
        &mut self,
        seen: &RunningStatistics,
        momentum: f64,
    ) -> Result<(), EngineError> {
        for (id, batch) in seen.seen() {
            if let Parameters::Norm { running, .. } = &mut self.parameters[id.index()] {
                let old =
                    [&running.mean, &running.variance].map(|v| self.device.download_vector(v));
                let layer = &self.network.layer(id).name;
                let [mean, variance] = batch.moved(layer, &old, momentum)?;
                running.mean = self.device.upload_vector(&mean);
                running.variance = self.device.upload_vector(&variance);
            }
        }
        Ok(())
    }

    pub(crate) fn parameters_mut(&mut self, layer: LayerId) -> &mut Parameters<D> {
        &mut self.parameters[layer.index()]
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

/// A tensor of numbers from a device: in single precision where every one of them is such a number.
pub(crate) fn tensor(
    name: &str,
    dims: Vec<usize>,
    values: Vec<f64>,
) -> Result<Tensor, EngineError> {
    let single = |v: &f64| f64::from(*v as f32).to_bits() == v.to_bits();
    let values: Values = if values.iter().all(single) {
        values.iter().map(|&v| v as f32).collect::<Vec<_>>().into()
    } else {
        values.into()
    };
    Tensor::new(name, dims, values)
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

/// Devices convolve all channels with all, or each alone.
fn check_groups(network: &Network) -> Result<(), EngineError> {
    for layer in network.layers() {
        let Op::Conv(conv) = layer.op else { continue };
        let (groups, in_channels, out_channels) =
            (conv.groups, conv.in_channels, conv.out_channels);
        let depthwise = groups == in_channels && in_channels == out_channels;
        if groups != 1 && !depthwise {
            return Err(EngineError::Grouped {
                layer: layer.name.clone(),
                groups,
                in_channels,
                out_channels,
            });
        }
    }
    Ok(())
}

/// The parameters of one layer, of weights that were checked.
fn upload<D: Device>(
    device: &D,
    network: &Network,
    id: LayerId,
    weights: &Weights,
) -> Parameters<D> {
    let layer = network.layer(id);
    let values = |part: &str| weights.values(&format!("{}.{part}", layer.name));
    let vector = |part: &str| device.upload_vector(&values(part));
    if let Some(conv) = conv_of(layer.op) {
        return Parameters::Conv {
            weight: device.upload_weight(&conv, &values("weight")),
            bias: conv.bias.then(|| vector("bias")),
        };
    }
    if layer.op != Op::BatchNorm {
        return Parameters::None;
    }
    Parameters::Norm {
        gamma: vector("weight"),
        beta: vector("bias"),
        running: Moments {
            mean: vector("running_mean"),
            variance: vector("running_var"),
        },
    }
}
