//! How a plan is made: layers are placed in their order, and a sum is left open until somebody reads it.

use nbz_space::network::{Conv, Join, LayerId, Network, Op};

use super::{Action, Plan, Step, Summand, Value, ValueId, linear};
use crate::device::Activation;
use crate::run::{Fusion, NormMode, Residuals, Run};

/// What stands for a layer while the plan is made.
#[derive(Debug, Clone)]
enum Standing {
    Closed(ValueId),
    Open(Vec<Summand>),
}

/// The plan under way.
pub(super) struct Planner<'a> {
    network: &'a Network,
    run: &'a Run,
    pub(super) readers: Vec<usize>,
    standing: Vec<Option<Standing>>,
    steps: Vec<Step>,
    values: Vec<Value>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(network: &'a Network, run: &'a Run, end: LayerId) -> Self {
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

    pub(super) fn place(&mut self, id: LayerId) {
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
    pub(super) fn close(&mut self, id: LayerId) -> ValueId {
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

    pub(super) fn finish(mut self, end: ValueId) -> Plan {
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
