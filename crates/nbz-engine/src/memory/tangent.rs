//! The tangent pass with sizes in place of maps: forwards along the values, and back with the cotangents
//! as the plain backward pass moves them, each beside how it moves.

use std::rc::Rc;

use nbz_space::network::Conv;

use super::ledger::Kind;
use super::walk::{Shared, Walk};
use super::{MemoryPlan, Sizes};
use crate::device::{Activation, Device, Work};
use crate::plan::{Action, Step, Summand, ValueId};

/// Forward, tangent, and both backwards.
pub(super) fn both<D: Device>(sizes: &Sizes<'_, D>) -> MemoryPlan {
    let none = || sizes.plan.values.iter().map(|_| None).collect();
    let mut walk = Both {
        cotangents: Walk::new(sizes, 1),
        values: none(),
        slots: none(),
    };
    // The cotangent's seed comes after the tangents; it is too small to matter.
    for step in &sizes.plan.steps {
        walk.forward(step);
    }
    let end = sizes.plan.end;
    walk.slots[end] = Some(walk.cotangents.new_map(end));
    for step in sizes.plan.steps.iter().rev() {
        walk.back(step);
        walk.cotangents.settle();
    }
    walk.cotangents.ledger.plan()
}

struct Both<'s, 'd, D: Device> {
    cotangents: Walk<'s, 'd, D>,
    /// Tangents of the values; none is zero.
    values: Vec<Option<Shared>>,
    /// How the cotangents move; none is zero.
    slots: Vec<Option<Shared>>,
}

impl<D: Device> Both<'_, '_, D> {
    fn sizes(&self) -> &Sizes<'_, D> {
        self.cotangents.sizes
    }

    fn free(&mut self, cotangent: Option<Shared>) {
        if let Some(map) = cotangent {
            self.cotangents.free(map);
        }
    }

    fn new_value(&mut self, value: ValueId) -> Shared {
        let bytes = self.sizes().value(value);
        self.cotangents.ledger.take(Kind::Values, bytes);
        Rc::new(bytes)
    }

    fn free_value(&mut self, map: Shared) {
        if let Ok(bytes) = Rc::try_unwrap(map) {
            self.cotangents.ledger.free(Kind::Values, bytes);
        }
    }

    /// A tangent to be written on: a copy if it is shared.
    fn owned_value(&mut self, map: Shared, value: ValueId) -> Shared {
        if Rc::strong_count(&map) == 1 {
            return map;
        }
        drop(map);
        self.new_value(value)
    }

    fn forward(&mut self, step: &Step) {
        let moved = match &step.action {
            Action::Conv { conv, input, .. } => {
                let scratch = self.sizes().scratch(conv, *input, Work::Convolution);
                let sum = match self.values[*input] {
                    Some(_) => self.sizes().value(*input),
                    None => 0,
                };
                self.cotangents.ledger.take(Kind::Scratch, sum);
                let map = self.new_value(step.output);
                self.cotangents.ledger.pass_by(Kind::Scratch, scratch);
                self.cotangents.ledger.free(Kind::Scratch, sum);
                Some(map)
            }
            Action::Combine { terms, activation } => self.sum(terms, *activation, step.output),
            Action::AvgPool { input, .. } | Action::GlobalAvgPool { input } => self.values[*input]
                .is_some()
                .then(|| self.new_value(step.output)),
            Action::Zero { .. } => None,
        };
        self.values[step.output] = moved;
    }

    fn sum(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        output: ValueId,
    ) -> Option<Shared> {
        let mut sum: Option<Shared> = None;
        for term in terms {
            let Some(moved) = self.values[term.value].clone() else {
                continue;
            };
            sum = Some(match (term.norm, sum) {
                (None, None) => moved,
                (Some(_), None) => self.new_value(output),
                (Some(_), Some(sum)) => self.owned_value(sum, output),
                (None, Some(sum)) => {
                    let map = self.new_value(output);
                    self.free_value(sum);
                    map
                }
            });
        }
        match activation {
            Activation::Linear => sum,
            Activation::Relu => sum.map(|map| self.owned_value(map, output)),
        }
    }

    fn back(&mut self, step: &Step) {
        let moved = self.slots[step.output].take();
        match &step.action {
            Action::Conv { conv, input, .. } => {
                let delta = self.cotangents.conv_and_delta(conv, *input, step.output);
                self.conv(conv, *input, step.output, moved);
                self.cotangents.free(delta);
            }
            action => {
                let dz = self.cotangents.carry(action, step.output);
                match action {
                    Action::Combine { terms, activation } => {
                        self.combine(terms, *activation, step.output, moved);
                    }
                    Action::AvgPool { input, .. } | Action::GlobalAvgPool { input } => {
                        if let Some(moved) = moved {
                            let dx = self.cotangents.new_map(*input);
                            self.give(*input, dx);
                            self.cotangents.free(moved);
                        }
                    }
                    _ => self.free(moved),
                }
                self.free(dz);
            }
        }
    }

    fn conv(&mut self, conv: &Conv, input: ValueId, output: ValueId, moved: Option<Shared>) {
        self.cotangents.weight_gradient(conv, input, false);
        if input == 0 {
            self.free(moved);
            return;
        }
        // The sum of the cotangent and its tangent, for one convolution instead of two.
        let sum = moved.as_ref().map_or(0, |_| self.sizes().value(output));
        self.cotangents.ledger.take(Kind::Scratch, sum);
        let dx = self.cotangents.new_map(input);
        self.cotangents.settle();
        let scratch = self.sizes().scratch(conv, input, Work::Convolution);
        self.cotangents.ledger.pass_by(Kind::Scratch, scratch);
        self.cotangents.ledger.free(Kind::Scratch, sum);
        self.free(moved);
        self.give(input, dx);
    }

    fn combine(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        output: ValueId,
        moved: Option<Shared>,
    ) {
        let moved = moved.map(|map| match activation {
            Activation::Linear => map,
            Activation::Relu => self.cotangents.owned(map, output),
        });
        for term in terms {
            let given = match term.norm {
                Some(_) => Some(self.cotangents.new_map(term.value)),
                None => moved.clone(),
            };
            if let Some(given) = given {
                self.give(term.value, given);
            }
        }
        self.free(moved);
    }

    fn give(&mut self, value: ValueId, moved: Shared) {
        let sum = match self.slots[value].take() {
            Some(before) => {
                let map = self.cotangents.new_map(value);
                self.cotangents.free(before);
                self.cotangents.free(moved);
                map
            }
            None => moved,
        };
        self.slots[value] = Some(sum);
    }
}
