//! Who watches a pass.
//!
//! A pass offers every value as it is made and every delta as it passes, so that nobody has to keep a
//! network's maps. What an observer sees are the values of steps: with [`Fusion::Groups`] a batch norm
//! or sum that a ReLU follows at once is not seen, only the ReLU's output, which is positive exactly
//! where its pre-activation is.
//!
//! [`Fusion::Groups`]: crate::run::Fusion::Groups

use nbz_space::network::{LayerId, Network, Op};

use crate::device::{Coupling, Device, Moments};

/// A layer and its value, as an observer sees it.
#[derive(Debug)]
pub struct Seen<'a, D: Device> {
    /// The device that holds the value.
    pub device: &'a D,
    /// The network.
    pub network: &'a Network,
    /// The layer.
    pub layer: LayerId,
    /// Its value.
    pub value: &'a D::Map,
}

impl<D: Device> Clone for Seen<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Device> Copy for Seen<'_, D> {}

impl<D: Device> Seen<'_, D> {
    /// What the layer does.
    pub fn op(&self) -> Op {
        self.network.layer(self.layer).op
    }
}

/// The statistics that a batch norm took from its input, as an observer sees them.
#[derive(Debug)]
pub struct Statistics<'a, D: Device> {
    /// The device that holds them.
    pub device: &'a D,
    /// The batch norm.
    pub norm: LayerId,
    /// Mean and biased variance.
    pub moments: &'a Moments<D::Vector>,
    /// Whether they are of the batch or of each image.
    pub coupling: Coupling,
    /// How many numbers of a channel each mean is of.
    pub numbers: usize,
}

/// Watches a pass; every method does nothing unless it is written.
pub trait Observer<D: Device> {
    /// The value of a layer, in execution order. A value that several layers share is offered once for
    /// each of them.
    fn value(&mut self, seen: Seen<'_, D>) {
        let _ = seen;
    }

    /// The statistics that a batch norm takes from the batch, or from each image.
    fn moments(&mut self, statistics: Statistics<'_, D>) {
        let _ = statistics;
    }

    /// Whether [`Observer::delta`] is to be called: deltas behind batch norms are stored only then.
    fn wants_deltas(&self) -> bool {
        false
    }

    /// The output of a convolution or linear layer (with its bias, before any batch norm) and the
    /// gradient there, against execution order.
    fn delta(&mut self, seen: Seen<'_, D>, delta: &D::Map) {
        let _ = (seen, delta);
    }
}

/// Watches nothing.
impl<D: Device> Observer<D> for () {}
