//! The steps into which a network falls for one run.
//!
//! A pass walks steps, not layers: a convolution is a step, and a batch norm, an addition and the ReLU
//! behind it are one [`Step::Combine`], `y = activation(sum of terms)`, where a term is a value or the
//! batch norm of a value. Layers that do nothing in the run (identities, removed batch norms and
//! additions) share the value of their input, and layers that the end does not depend on are left out.
//!
//! A sum is left open until somebody reads it: it closes as its own step unless its only reader can
//! take it in. Blocks and features always close, because observers ask for them.

mod planner;

use nbz_space::network::{Conv, LayerId, Network, Pool, Shape};

use self::planner::Planner;
use crate::device::Activation;
use crate::run::{Run, Until};

/// Index of a value in the plan.
pub(crate) type ValueId = usize;

/// A value that a step produces.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) shape: Shape,
    /// The layers whose value this is, in order.
    pub(crate) layers: Vec<LayerId>,
    /// How often later steps read it.
    pub(crate) readers: usize,
}

/// A summand: a value, through a batch norm or as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summand {
    pub(crate) value: ValueId,
    pub(crate) norm: Option<LayerId>,
}

/// What one step computes.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// A convolution or linear layer.
    Conv {
        layer: LayerId,
        conv: Conv,
        input: ValueId,
        /// The batch norm that alone reads the output, whose moments come with it.
        norm: Option<LayerId>,
    },
    /// `activation(sum of terms)`.
    Combine {
        terms: Vec<Summand>,
        activation: Activation,
    },
    AvgPool {
        pool: Pool,
        input: ValueId,
    },
    GlobalAvgPool {
        input: ValueId,
    },
    Zero {
        input: ValueId,
    },
}

impl Action {
    pub(crate) fn inputs(&self) -> Vec<ValueId> {
        match self {
            Action::Combine { terms, .. } => terms.iter().map(|t| t.value).collect(),
            Action::Conv { input, .. }
            | Action::AvgPool { input, .. }
            | Action::GlobalAvgPool { input }
            | Action::Zero { input } => vec![*input],
        }
    }
}

/// One step; it produces the value `output`.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) action: Action,
    pub(crate) output: ValueId,
}

/// The steps of one network for one run; value 0 is the image.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) values: Vec<Value>,
    pub(crate) end: ValueId,
    value_of: Vec<Option<ValueId>>,
}

impl Plan {
    pub(crate) fn new(network: &Network, run: &Run) -> Self {
        let end = match run.until {
            Until::Logits => network.output(),
            Until::Features => network.features(),
        };
        let mut planner = Planner::new(network, run, end);
        for id in network.ids() {
            if planner.readers[id.index()] > 0 {
                planner.place(id);
            }
        }
        let end = planner.close(end);
        planner.finish(end)
    }

    /// The value of a layer, if the run computes it.
    pub(crate) fn value_of(&self, layer: LayerId) -> Option<ValueId> {
        *self.value_of.get(layer.index())?
    }

    /// The batch norms that the run evaluates, with the value that each one reads.
    pub(crate) fn norms(&self) -> impl Iterator<Item = (LayerId, ValueId)> + '_ {
        self.steps
            .iter()
            .flat_map(|step| match &step.action {
                Action::Combine { terms, .. } => terms.as_slice(),
                _ => &[],
            })
            .filter_map(|t| t.norm.map(|n| (n, t.value)))
    }
}

/// A linear layer as the convolution of a map of one pixel.
pub(crate) fn linear(in_features: usize, out_features: usize) -> Conv {
    Conv {
        bias: true,
        ..Conv::dense(in_features, out_features, 1, 1)
    }
}
