//! What a backward pass gives: gradients by layer, readable by name.

use nbz_space::network::{LayerId, Network};

use crate::device::Device;

/// The gradients of one layer's parameters.
#[derive(Debug)]
pub(crate) struct LayerGradients<D: Device> {
    pub(crate) weight: Option<D::Weight>,
    /// Of a batch norm's scale.
    pub(crate) scale: Option<D::Vector>,
    /// Of a bias, or of a batch norm's shift.
    pub(crate) shift: Option<D::Vector>,
}

impl<D: Device> LayerGradients<D> {
    pub(crate) fn none() -> Self {
        Self {
            weight: None,
            scale: None,
            shift: None,
        }
    }
}

/// The gradients of all parameters, apart from the pass that gave them: what a descent step takes.
#[derive(Debug)]
pub struct ParameterGradients<D: Device> {
    pub(crate) layers: Vec<LayerGradients<D>>,
}

/// The gradients of a pass. Layers that the run left out have none.
#[derive(Debug)]
pub struct Gradients<'m, D: Device> {
    device: &'m D,
    network: &'m Network,
    layers: Vec<LayerGradients<D>>,
    input: Option<D::Map>,
}

impl<'m, D: Device> Gradients<'m, D> {
    pub(crate) fn none(device: &'m D, network: &'m Network) -> Self {
        Self {
            device,
            network,
            layers: network.ids().map(|_| LayerGradients::none()).collect(),
            input: None,
        }
    }

    pub(crate) fn layer_mut(&mut self, layer: LayerId) -> &mut LayerGradients<D> {
        &mut self.layers[layer.index()]
    }

    pub(crate) fn set_input(&mut self, map: D::Map) {
        self.input = Some(map);
    }

    /// The parameters' gradients alone: they borrow nothing, so the model may change while they stand.
    pub fn into_parameters(self) -> ParameterGradients<D> {
        ParameterGradients {
            layers: self.layers,
        }
    }

    /// The gradient of a convolution's or linear layer's weight; none of any other, or beyond the network.
    pub fn weight(&self, layer: LayerId) -> Option<&D::Weight> {
        self.layers.get(layer.index())?.weight.as_ref()
    }

    /// The gradient of the images, if it was asked for.
    pub fn input(&self) -> Option<&D::Map> {
        self.input.as_ref()
    }

    /// The gradient of a parameter by its name in the state dict, in row-major order; `None` for names
    /// of no parameter (buffers included) and for layers that the run left out.
    pub fn read(&self, name: &str) -> Option<Vec<f64>> {
        let (layer, part) = name.rsplit_once('.')?;
        let index = self.network.layers().iter().position(|l| l.name == layer)?;
        let of = &self.layers[index];
        let vector = |v: &Option<D::Vector>| v.as_ref().map(|v| self.device.download_vector(v));
        match part {
            "weight" if of.scale.is_some() => vector(&of.scale),
            "weight" => of.weight.as_ref().map(|w| self.device.download_weight(w)),
            "bias" => vector(&of.shift),
            _ => None,
        }
    }
}
