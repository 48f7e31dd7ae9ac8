//! The steps into which a network falls for one run.
//!
//! A pass walks steps, not layers: a convolution is a step, and a batch norm, an addition and the ReLU
//! behind it are one [`Step::Combine`], `y = activation(sum of terms)`, where a term is a value or the
//! batch norm of a value. Layers that do nothing in the run (identities, removed batch norms and
//! additions) share the value of their input, and layers that the end does not depend on are left out.
//!
//! A sum is left open until somebody reads it: it closes as its own step unless its only reader can
//! take it in. Blocks and features always close, because observers ask for them.

use nbz_space::network::{Conv, Join, LayerId, Network, Op, Pool, Shape};

use crate::device::Activation;
use crate::run::{Fusion, NormMode, Residuals, Run, Until};

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
        self.value_of[layer.index()]
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

/// What stands for a layer while the plan is made.
#[derive(Debug, Clone)]
enum Standing {
    Closed(ValueId),
    Open(Vec<Summand>),
}

struct Planner<'a> {
    network: &'a Network,
    run: &'a Run,
    readers: Vec<usize>,
    standing: Vec<Option<Standing>>,
    steps: Vec<Step>,
    values: Vec<Value>,
}

impl<'a> Planner<'a> {
    fn new(network: &'a Network, run: &'a Run, end: LayerId) -> Self {
        let mut readers = vec![0; network.layers().len()];
        readers[end.index()] = 1;
        readers[0] += 1;
        for id in network.ids().rev() {
            if readers[id.index()] > 0 {
                for input in read_by(network, run, id) {
                    readers[input.index()] += 1;
                }
            }
        }
        for id in network.blocks().iter().chain([&network.features()]) {
            if readers[id.index()] > 0 {
                readers[id.index()] += 1;
            }
        }
        Self {
            network,
            run,
            standing: vec![None; readers.len()],
            readers,
            steps: Vec::new(),
            values: Vec::new(),
        }
    }

    fn place(&mut self, id: LayerId) {
        let layer = self.network.layer(id);
        let inputs = read_by(self.network, self.run, id);
        match layer.op {
            Op::Input => {
                let value = self.new_value(id);
                self.standing[id.index()] = Some(Standing::Closed(value));
            }
            Op::Conv(conv) => self.place_conv(id, conv, inputs[0]),
            Op::Linear {
                in_features,
                out_features,
            } => self.place_conv(id, linear(in_features, out_features), inputs[0]),
            Op::BatchNorm if self.run.norm != NormMode::Removed => {
                let value = self.close(inputs[0]);
                let norm = Some(id);
                self.open(id, vec![Summand { value, norm }]);
            }
            Op::Relu => self.place_relu(id, inputs[0]),
            Op::Add(_) if inputs.len() > 1 => {
                let terms = inputs.iter().map(|&i| self.summand(i)).collect();
                self.open(id, terms);
            }
            Op::BatchNorm | Op::Add(_) | Op::Identity => self.pass_on(id, inputs[0]),
            Op::AvgPool(pool) => {
                let input = self.close(inputs[0]);
                self.push(id, Action::AvgPool { pool, input });
            }
            Op::GlobalAvgPool => {
                let input = self.close(inputs[0]);
                self.push(id, Action::GlobalAvgPool { input });
            }
            Op::Zero => {
                let input = self.close(inputs[0]);
                self.push(id, Action::Zero { input });
            }
        }
    }

    fn place_conv(&mut self, layer: LayerId, conv: Conv, input: LayerId) {
        let input = self.close(input);
        let action = Action::Conv {
            layer,
            conv,
            input,
            norm: None,
        };
        self.push(layer, action);
    }

    fn place_relu(&mut self, id: LayerId, input: LayerId) {
        let alone = self.readers[input.index()] == 1 && self.run.fusion == Fusion::Groups;
        let terms = match self.standing[input.index()].clone() {
            Some(Standing::Open(terms)) if alone => terms,
            _ => vec![Summand {
                value: self.close(input),
                norm: None,
            }],
        };
        let activation = Activation::Relu;
        self.push(id, Action::Combine { terms, activation });
    }

    /// A layer that leaves its input as it is.
    fn pass_on(&mut self, id: LayerId, input: LayerId) {
        let value = self.close(input);
        self.values[value].layers.push(id);
        self.standing[id.index()] = Some(Standing::Closed(value));
    }

    fn open(&mut self, id: LayerId, terms: Vec<Summand>) {
        self.standing[id.index()] = Some(Standing::Open(terms));
        if self.run.fusion == Fusion::Layers {
            self.close(id);
        }
    }

    /// An input of an addition: the batch norm itself if nobody else reads it.
    fn summand(&mut self, input: LayerId) -> Summand {
        match &self.standing[input.index()] {
            Some(Standing::Open(terms)) if terms.len() == 1 && self.readers[input.index()] == 1 => {
                terms[0]
            }
            _ => Summand {
                value: self.close(input),
                norm: None,
            },
        }
    }

    /// The value of a layer, computed by a step of its own if it was still open.
    fn close(&mut self, id: LayerId) -> ValueId {
        match self.standing[id.index()].clone() {
            Some(Standing::Closed(value)) => value,
            Some(Standing::Open(terms)) => self.push(
                id,
                Action::Combine {
                    terms,
                    activation: Activation::Linear,
                },
            ),
            None => unreachable!("inputs are placed before the layers that read them"),
        }
    }

    fn push(&mut self, id: LayerId, action: Action) -> ValueId {
        let output = self.new_value(id);
        self.steps.push(Step { action, output });
        self.standing[id.index()] = Some(Standing::Closed(output));
        output
    }

    fn new_value(&mut self, id: LayerId) -> ValueId {
        self.values.push(Value {
            shape: self.network.layer(id).shape,
            layers: vec![id],
            readers: 0,
        });
        self.values.len() - 1
    }

    fn finish(mut self, end: ValueId) -> Plan {
        for step in &self.steps {
            for input in step.action.inputs() {
                self.values[input].readers += 1;
            }
        }
        self.values[end].readers += 1;
        let mut plan = Plan {
            value_of: vec![None; self.standing.len()],
            steps: self.steps,
            values: self.values,
            end,
        };
        for (value, of) in plan.values.iter().enumerate() {
            for layer in &of.layers {
                plan.value_of[layer.index()] = Some(value);
            }
        }
        let norms: Vec<_> = plan.norms().collect();
        for step in &mut plan.steps {
            if let Action::Conv { norm, .. } = &mut step.action {
                let mut readers = norms.iter().filter(|(_, v)| *v == step.output);
                *norm = readers
                    .next()
                    .filter(|_| plan.values[step.output].readers == 1)
                    .map(|(n, _)| *n);
            }
        }
        plan
    }
}

/// The inputs that a layer reads in this run.
fn read_by(network: &Network, run: &Run, id: LayerId) -> Vec<LayerId> {
    let layer = network.layer(id);
    match layer.op {
        Op::Add(Join::Residual) if run.residuals == Residuals::Removed => vec![layer.inputs[0]],
        _ => layer.inputs.clone(),
    }
}

/// A linear layer as the convolution of a map of one pixel.
pub(crate) fn linear(in_features: usize, out_features: usize) -> Conv {
    Conv {
        bias: true,
        ..Conv::dense(in_features, out_features, 1, 1)
    }
}
