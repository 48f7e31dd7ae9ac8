//! The forward, the backward and the per-sample pass with sizes in place of maps.

use std::rc::Rc;

use nbz_space::network::Conv;

use super::ledger::{Change, Kind, Ledger};
use super::{MemoryPlan, Sizes};
use crate::backward::Of;
use crate::device::{Activation, Device, Work};
use crate::plan::{Action, Step, Summand, ValueId};

/// Forward alone: a value goes after its last reader.
pub(super) fn infer<D: Device>(sizes: &Sizes<'_, D>) -> MemoryPlan {
    let mut ledger = Ledger::default();
    take_weights(sizes, &mut ledger);
    let mut readers: Vec<usize> = sizes.plan.values.iter().map(|v| v.readers).collect();
    ledger.take(Kind::Values, sizes.value(0));
    for step in &sizes.plan.steps {
        ledger.take(Kind::Values, sizes.value(step.output));
        if let Action::Conv { conv, input, .. } = &step.action {
            let packing = sizes.device.packing_bytes(conv, Work::Convolution);
            ledger.take(Kind::Parameters, packing.into());
            ledger.pass_by(
                Kind::Scratch,
                sizes.scratch(conv, *input, Work::Convolution),
            );
        }
        for input in step.action.inputs() {
            readers[input] -= 1;
            if readers[input] == 0 {
                ledger.free(Kind::Values, sizes.value(input));
            }
        }
    }
    ledger.plan()
}

/// Forward and one backward.
pub(super) fn backward<D: Device>(sizes: &Sizes<'_, D>, of: Of) -> MemoryPlan {
    let mut walk = Walk::new(sizes, 1);
    for Step { action, output } in sizes.plan.steps.iter().rev() {
        match action {
            Action::Conv { conv, input, .. } => walk.conv_gradients(conv, *input, *output, of),
            action => walk.pass(action, *output),
        }
    }
    if of.input() {
        let map = walk.take_map(0);
        walk.owned(map, 0);
        walk.settle();
    }
    walk.ledger.plan()
}

/// Forward and the rows of all images back at once.
pub(super) fn per_sample<D: Device>(sizes: &Sizes<'_, D>) -> MemoryPlan {
    let mut walk = Walk::new(sizes, sizes.images as u128);
    for Step { action, output } in sizes.plan.steps.iter().rev() {
        match action {
            Action::Conv { conv, input, .. } => walk.conv_gram(conv, *input, *output),
            action => walk.pass(action, *output),
        }
    }
    walk.ledger.plan()
}

/// What a forward pass leaves for the passes after it: weights and every value.
pub(super) fn take_trace<D: Device>(sizes: &Sizes<'_, D>, ledger: &mut Ledger) {
    take_weights(sizes, ledger);
    for step in &sizes.plan.steps {
        if let Action::Conv { conv, .. } = &step.action {
            let packing = sizes.device.packing_bytes(conv, Work::Convolution);
            ledger.take(Kind::Parameters, packing.into());
        }
    }
    for value in 0..sizes.plan.values.len() {
        ledger.take(Kind::Values, sizes.value(value));
    }
}

fn take_weights<D: Device>(sizes: &Sizes<'_, D>, ledger: &mut Ledger) {
    for step in &sizes.plan.steps {
        if let Action::Conv { conv, .. } = &step.action {
            ledger.take(Kind::Parameters, sizes.device.weight_bytes(conv).into());
        }
    }
}

/// A map that several holders may share: its bytes.
pub(super) type Shared = Rc<u128>;

/// The cotangent of one value so far.
#[derive(Debug)]
struct Slot {
    map: Shared,
    behind_norm: bool,
}

/// Cotangents on their way back, as `Adjoint` moves them, for a number of copies that take every step
/// together.
pub(super) struct Walk<'s, 'd, D: Device> {
    pub(super) sizes: &'s Sizes<'d, D>,
    pub(super) ledger: Ledger,
    slots: Vec<Option<Slot>>,
    copies: u128,
    work: Change,
}

impl<'s, 'd, D: Device> Walk<'s, 'd, D> {
    pub(super) fn new(sizes: &'s Sizes<'d, D>, copies: u128) -> Self {
        let mut ledger = Ledger::default();
        take_trace(sizes, &mut ledger);
        let mut walk = Self {
            sizes,
            ledger,
            slots: sizes.plan.values.iter().map(|_| None).collect(),
            copies,
            work: Change::default(),
        };
        let end = sizes.plan.end;
        let map = walk.new_map(end);
        walk.put(end, map);
        walk.settle();
        walk
    }

    /// What was done since, for each copy.
    pub(super) fn settle(&mut self) {
        let work = std::mem::take(&mut self.work);
        self.ledger.repeat(Kind::Cotangents, work, self.copies);
    }

    pub(super) fn new_map(&mut self, value: ValueId) -> Shared {
        let bytes = self.sizes.value(value);
        self.work.take(bytes);
        Rc::new(bytes)
    }

    pub(super) fn free(&mut self, map: Shared) {
        if let Ok(bytes) = Rc::try_unwrap(map) {
            self.work.free(bytes);
        }
    }

    fn put(&mut self, value: ValueId, map: Shared) {
        self.slots[value] = Some(Slot {
            map,
            behind_norm: false,
        });
    }

    /// A cotangent as a map: zeros, or the batch norm's gradient, are new ones.
    fn take_map(&mut self, value: ValueId) -> Shared {
        match self.slots[value].take() {
            Some(slot) if !slot.behind_norm => slot.map,
            slot => {
                let map = self.new_map(value);
                if let Some(slot) = slot {
                    self.free(slot.map);
                }
                map
            }
        }
    }

    /// A map to be written on: a copy if it is shared.
    pub(super) fn owned(&mut self, map: Shared, value: ValueId) -> Shared {
        if Rc::strong_count(&map) == 1 {
            return map;
        }
        drop(map);
        self.new_map(value)
    }

    /// Something is added to a value's cotangent, or stands for it.
    fn add(&mut self, value: ValueId) {
        let map = match self.slots[value].take() {
            Some(slot) => self.owned(slot.map, value),
            None => self.new_map(value),
        };
        self.put(value, map);
    }

    /// A convolution whose delta is kept beside its gradients: the delta.
    pub(super) fn conv_and_delta(
        &mut self,
        conv: &Conv,
        input: ValueId,
        output: ValueId,
    ) -> Shared {
        let slot = self.slots[output].take();
        let (dz, delta) = match slot {
            Some(slot) if slot.behind_norm => (Some(slot.map), self.new_map(output)),
            Some(slot) => (None, slot.map),
            None => (None, self.new_map(output)),
        };
        self.settle();
        self.weight_gradient(conv, input, false);
        if input != 0 {
            self.add(input);
            self.input_gradient(conv, input);
        }
        if let Some(dz) = dz {
            self.free(dz);
        }
        self.settle();
        delta
    }

    fn conv_gradients(&mut self, conv: &Conv, input: ValueId, output: ValueId, of: Of) {
        let slot = self.slots[output].take().unwrap_or_else(|| Slot {
            map: self.new_map(output),
            behind_norm: false,
        });
        // Behind a batch norm all gradients are made in one sweep, unless a bias needs the delta for the whole
        // batch; else the weight's comes first.
        let whole_delta = conv.bias && of.parameters();
        let one_sweep = slot.behind_norm && !whole_delta;
        let delta = if slot.behind_norm && whole_delta {
            self.sizes.value(output)
        } else {
            0
        };
        self.ledger.take(Kind::Scratch, delta);
        if !one_sweep && of.parameters() {
            self.weight_gradient(conv, input, false);
        }
        if input != 0 || of.input() {
            self.add(input);
            self.input_gradient(conv, input);
        }
        self.settle();
        if one_sweep && of.parameters() {
            self.weight_gradient(conv, input, true);
        } else if one_sweep {
            let scratch = self.sizes.scratch(conv, input, Work::InputBehindNorm);
            self.ledger.pass_by(Kind::Scratch, scratch);
        }
        self.ledger.free(Kind::Scratch, delta);
        self.free(slot.map);
        self.settle();
    }

    /// What an input gradient, the map of which is taken, needs beside.
    fn input_gradient(&mut self, conv: &Conv, input: ValueId) {
        self.settle();
        let packing = self.sizes.device.packing_bytes(conv, Work::Gradients);
        self.ledger.take(Kind::Parameters, packing.into());
        let scratch = self.sizes.scratch(conv, input, Work::Convolution);
        self.ledger.pass_by(Kind::Scratch, scratch);
    }

    pub(super) fn weight_gradient(&mut self, conv: &Conv, input: ValueId, behind_norm: bool) {
        let bytes = self.sizes.device.weight_bytes(conv);
        self.ledger.take(Kind::Gradients, bytes.into());
        let work = if behind_norm {
            Work::GradientsBehindNorm
        } else {
            Work::Gradients
        };
        let scratch = self.sizes.scratch(conv, input, work);
        self.ledger.pass_by(Kind::Scratch, scratch);
    }

    fn conv_gram(&mut self, conv: &Conv, input: ValueId, output: ValueId) {
        let delta = self.take_map(output);
        self.settle();
        let device = self.sizes.device;
        let rows = self.copies * u128::from(device.weight_bytes(conv));
        self.ledger.take(Kind::Gradients, rows);
        let scratch = self.sizes.scratch(conv, input, Work::Gradients);
        self.ledger.pass_by(Kind::Scratch, scratch);
        self.ledger.free(Kind::Gradients, rows);
        let mut scratch = 0;
        if input != 0 {
            let packing = self.sizes.device.packing_bytes(conv, Work::Gradients);
            self.ledger.take(Kind::Parameters, packing.into());
            scratch = self.sizes.scratch(conv, input, Work::Convolution);
            self.add(input);
        }
        self.free(delta);
        self.ledger.take(Kind::Scratch, scratch);
        self.settle();
        self.ledger.free(Kind::Scratch, scratch);
    }

    fn pass(&mut self, action: &Action, output: ValueId) {
        if let Some(dz) = self.carry(action, output) {
            self.free(dz);
        }
        self.settle();
    }

    /// A step without parameters of its own: the cotangent of a sum, for its holder to free.
    pub(super) fn carry(&mut self, action: &Action, output: ValueId) -> Option<Shared> {
        let dy = self.take_map(output);
        match action {
            Action::Combine { terms, activation } => {
                let dz = match activation {
                    Activation::Relu => self.owned(dy, output),
                    Activation::Linear => dy,
                };
                for term in terms {
                    self.give(*term, &dz);
                }
                return Some(dz);
            }
            Action::AvgPool { input, .. } | Action::GlobalAvgPool { input } => {
                self.add(*input);
                self.free(dy);
            }
            Action::Zero { .. } => self.free(dy),
            Action::Conv { .. } => unreachable!("convolutions have parameters of their own"),
        }
        None
    }

    fn give(&mut self, term: Summand, dz: &Shared) {
        let alone = self.sizes.plan.values[term.value].readers == 1;
        match (term.norm, self.slots[term.value].take()) {
            (Some(_), _) if alone => {
                self.slots[term.value] = Some(Slot {
                    map: dz.clone(),
                    behind_norm: true,
                });
            }
            (Some(_), slot) => {
                self.slots[term.value] = slot;
                self.add(term.value);
            }
            (None, Some(slot)) => {
                let sum = self.new_map(term.value);
                self.free(slot.map);
                self.put(term.value, sum);
            }
            (None, None) => self.put(term.value, dz.clone()),
        }
    }
}
