//! The tangent pass with sizes in place of maps: forwards along the values, and back with pairs of a
//! cotangent and its tangent.

use std::rc::Rc;

use nbz_space::network::Conv;

use super::ledger::{Kind, Ledger};
use super::walk::{Shared, take_trace};
use super::{MemoryPlan, Sizes};
use crate::device::{Activation, Device};
use crate::plan::{Action, Step, Summand, ValueId};

/// Forward, tangent, and both backwards.
pub(super) fn both<D: Device>(sizes: &Sizes<'_, D>) -> MemoryPlan {
    let mut walk = Walk {
        sizes,
        ledger: Ledger::default(),
        moved: sizes.plan.values.iter().map(|_| None).collect(),
        slots: sizes.plan.values.iter().map(|_| Pair::default()).collect(),
    };
    take_trace(sizes, &mut walk.ledger);
    for step in &sizes.plan.steps {
        walk.forward(step);
    }
    let end = sizes.plan.end;
    let seeds = [(); 2].map(|()| Some(walk.new_map(Kind::Cotangents, end)));
    walk.slots[end] = Pair(seeds);
    for step in sizes.plan.steps.iter().rev() {
        walk.back(step);
    }
    walk.ledger.plan()
}

/// A cotangent and how it moves.
#[derive(Debug, Default)]
struct Pair([Option<Shared>; 2]);

struct Walk<'s, 'd, D: Device> {
    sizes: &'s Sizes<'d, D>,
    ledger: Ledger,
    /// Tangents of the values; none is zero.
    moved: Vec<Option<Shared>>,
    slots: Vec<Pair>,
}

impl<D: Device> Walk<'_, '_, D> {
    fn new_map(&mut self, kind: Kind, value: ValueId) -> Shared {
        let bytes = self.sizes.value(value);
        self.ledger.take(kind, bytes);
        Rc::new(bytes)
    }

    fn free(&mut self, kind: Kind, map: Option<Shared>) {
        if let Some(bytes) = map.and_then(|m| Rc::try_unwrap(m).ok()) {
            self.ledger.free(kind, bytes);
        }
    }

    /// A map to be written on: a copy if it is shared.
    fn owned(&mut self, kind: Kind, map: Shared, value: ValueId) -> Shared {
        if Rc::strong_count(&map) == 1 {
            return map;
        }
        drop(map);
        self.new_map(kind, value)
    }

    fn forward(&mut self, step: &Step) {
        let moved = match &step.action {
            Action::Conv { input, .. } => {
                let sum = match self.moved[*input] {
                    Some(_) => self.sizes.value(*input),
                    None => 0,
                };
                self.ledger.take(Kind::Scratch, sum);
                let map = self.new_map(Kind::Values, step.output);
                self.ledger.free(Kind::Scratch, sum);
                Some(map)
            }
            Action::Combine { terms, activation } => self.combine(terms, *activation, step.output),
            Action::AvgPool { input, .. } | Action::GlobalAvgPool { input } => self.moved[*input]
                .is_some()
                .then(|| self.new_map(Kind::Values, step.output)),
            Action::Zero { .. } => None,
        };
        self.moved[step.output] = moved;
    }

    fn combine(
        &mut self,
        terms: &[Summand],
        activation: Activation,
        output: ValueId,
    ) -> Option<Shared> {
        let mut sum: Option<Shared> = None;
        for term in terms {
            let Some(moved) = self.moved[term.value].clone() else {
                continue;
            };
            sum = Some(match (term.norm, sum) {
                (None, None) => moved,
                (Some(_), None) => self.new_map(Kind::Values, output),
                (Some(_), Some(sum)) => self.owned(Kind::Values, sum, output),
                (None, Some(sum)) => {
                    let map = self.new_map(Kind::Values, output);
                    self.free(Kind::Values, Some(sum));
                    map
                }
            });
        }
        match activation {
            Activation::Linear => sum,
            Activation::Relu => sum.map(|map| self.owned(Kind::Values, map, output)),
        }
    }

    fn back(&mut self, step: &Step) {
        let pair = std::mem::take(&mut self.slots[step.output]);
        match &step.action {
            Action::Conv { conv, input, .. } => self.conv(conv, *input, step.output, pair),
            Action::Combine { terms, activation } => {
                let pair =
                    match activation {
                        Activation::Linear => pair,
                        Activation::Relu => Pair(pair.0.map(|map| {
                            map.map(|map| self.owned(Kind::Cotangents, map, step.output))
                        })),
                    };
                for term in terms {
                    let given = match term.norm {
                        None => Pair(pair.0.clone()),
                        Some(_) => self.new_pair(term.value),
                    };
                    self.give(term.value, given);
                }
                self.free_pair(pair);
            }
            Action::AvgPool { input, .. } | Action::GlobalAvgPool { input } => {
                let given = self.new_pair(*input);
                self.free_pair(pair);
                self.give(*input, given);
            }
            Action::Zero { .. } => self.free_pair(pair),
        }
    }

    fn conv(&mut self, conv: &Conv, input: ValueId, output: ValueId, pair: Pair) {
        let device = self.sizes.device;
        let pair = Pair(
            pair.0
                .map(|map| Some(map.unwrap_or_else(|| self.new_map(Kind::Cotangents, output)))),
        );
        let weight = u128::from(device.weight_bytes(conv));
        let shape = self.sizes.plan.values[input].shape;
        let scratch = device.scratch_bytes(conv, self.sizes.images, shape, false);
        self.ledger.take(Kind::Gradients, 2 * weight);
        self.ledger.pass_by(Kind::Scratch, scratch.into());
        if input != 0 {
            self.ledger
                .take(Kind::Parameters, device.packing_bytes(conv).into());
            let dx = self.new_map(Kind::Cotangents, input);
            // The sum of the cotangent and its tangent, for the second convolution.
            let sum = self.sizes.value(output);
            self.ledger.take(Kind::Scratch, sum);
            let moved = self.new_map(Kind::Cotangents, input);
            self.ledger.free(Kind::Scratch, sum);
            self.give(input, Pair([Some(dx), Some(moved)]));
        }
        self.free_pair(pair);
    }

    fn new_pair(&mut self, value: ValueId) -> Pair {
        Pair([(); 2].map(|()| Some(self.new_map(Kind::Cotangents, value))))
    }

    fn free_pair(&mut self, pair: Pair) {
        for map in pair.0 {
            self.free(Kind::Cotangents, map);
        }
    }

    fn give(&mut self, value: ValueId, given: Pair) {
        let before = std::mem::take(&mut self.slots[value]);
        let mut sums = before.0.into_iter().zip(given.0);
        let mut sum = || match sums.next() {
            Some((Some(a), Some(b))) => {
                let map = self.new_map(Kind::Cotangents, value);
                self.free(Kind::Cotangents, Some(a));
                self.free(Kind::Cotangents, Some(b));
                Some(map)
            }
            Some((a, b)) => a.or(b),
            None => None,
        };
        let pair = [sum(), sum()];
        self.slots[value] = Pair(pair);
    }
}
