//! Memory before a run: what a pass will hold, by kind, in the bytes of its device.
//!
//! The plan of a pass is walked with sizes in place of values, so nothing is allocated and no number of
//! the user's reaches an allocator. The walk takes down every map and weight where the pass would make it
//! and where it would let it go, and the memory plan is the fullest moment. Vectors (one number a channel)
//! and matrices of logits are too small to count.

mod available;
mod ledger;
mod tangent;
mod walk;

pub use available::available;
use nbz_space::network::{Conv, Network};

use crate::backward::Of;
use crate::device::{Device, Work};
use crate::error::EngineError;
use crate::plan::Plan;
use crate::run::Run;

/// Which pass is planned.
///
/// Not planned are what an observer keeps, deltas kept for an observer
/// ([`Observer::wants_deltas`](crate::Observer::wants_deltas), and with it
/// [`Trace::sign_sums`](crate::Trace::sign_sums)), [`Trace::pull_back`](crate::Trace::pull_back), and a
/// direction of the tangent pass that is given. A tangent without its backwards is less than
/// [`Pass::Tangent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Forward alone, values let go after their last reader.
    Infer,
    /// Forward and one backward to the parameters ([`Of::Parameters`]).
    Backward,
    /// Forward and one backward to the images ([`Of::Input`]).
    BackwardToInput,
    /// Forward and one backward to both ([`Of::Both`]).
    BackwardToBoth,
    /// Forward, tangent and both backwards.
    Tangent,
    /// Forward and the Gram matrix of all images' gradients.
    PerSample,
}

/// Bytes of a pass by kind, at its fullest moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryPlan {
    /// Weights, packings included.
    pub parameters: u64,
    /// Values and their tangents.
    pub values: u64,
    /// Cotangents and their tangents.
    pub cotangents: u64,
    /// Weight gradients and their tangents.
    pub gradients: u64,
    /// Working memory of the step at hand.
    pub scratch: u64,
}

impl MemoryPlan {
    /// The plan of a pass of a network on `images` images.
    ///
    /// ```
    /// use nbz_engine::{MemoryPlan, Pass, Reference, Run};
    /// use nbz_space::{Arch, Dataset};
    ///
    /// let network = "r1:16s1x1-32s2x1-64s2x1-128s2x1".parse::<Arch>()?.network(Dataset::Cifar10);
    /// let bytes = |images, pass| {
    ///     MemoryPlan::new(&Reference, &network, &Run::default(), images, pass).total()
    /// };
    /// assert!(bytes(64, Pass::Infer) < bytes(64, Pass::Backward));
    /// assert!(bytes(64, Pass::Backward) < bytes(64, Pass::Tangent));
    /// // A batch that no machine holds is planned without allocating it.
    /// assert!(bytes(usize::MAX, Pass::Backward) > 1 << 48);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new<D: Device>(
        device: &D,
        network: &Network,
        run: &Run,
        images: usize,
        pass: Pass,
    ) -> Self {
        let sizes = Sizes {
            device,
            plan: Plan::new(network, run),
            images: images.min(LARGEST_BATCH),
        };
        match pass {
            Pass::Infer => walk::infer(&sizes),
            Pass::Backward => walk::backward(&sizes, Of::Parameters),
            Pass::BackwardToInput => walk::backward(&sizes, Of::Input),
            Pass::BackwardToBoth => walk::backward(&sizes, Of::Both),
            Pass::Tangent => tangent::both(&sizes),
            Pass::PerSample => walk::per_sample(&sizes),
        }
    }

    /// All kinds together.
    pub fn total(&self) -> u64 {
        [self.values, self.cotangents, self.gradients, self.scratch]
            .iter()
            .fold(self.parameters, |sum, &bytes| sum.saturating_add(bytes))
    }

    /// The plan if it stays within `limit` bytes, otherwise an error that says how much is needed and
    /// which batch would fit.
    pub fn within<D: Device>(
        device: &D,
        network: &Network,
        run: &Run,
        images: usize,
        pass: Pass,
        limit: u64,
    ) -> Result<Self, EngineError> {
        let plan = |n| Self::new(device, network, run, n, pass);
        let whole = plan(images);
        if whole.total() <= limit {
            return Ok(whole);
        }
        // Bytes grow with the batch, so the largest that fits is found by halving.
        let (mut fits, mut fails) = (0, images.min(LARGEST_BATCH));
        while fails - fits > 1 {
            let middle = fits + (fails - fits) / 2;
            if plan(middle).total() <= limit {
                fits = middle;
            } else {
                fails = middle;
            }
        }
        Err(EngineError::Memory {
            needed: whole.total(),
            limit,
            fitting_batch: (fits > 0).then_some(fits),
        })
    }
}

/// Beyond any memory, and small enough that a product with the bytes of a map stays within 128 bits. What a
/// device tells in 64 bits ends at the largest number.
const LARGEST_BATCH: usize = 1 << 32;

/// What every walk asks.
struct Sizes<'a, D: Device> {
    device: &'a D,
    plan: Plan,
    images: usize,
}

impl<D: Device> Sizes<'_, D> {
    fn value(&self, value: usize) -> u128 {
        let shape = self.plan.values[value].shape;
        u128::from(self.device.map_bytes(self.images, shape))
    }

    /// Working memory of a convolution that reads a value.
    fn scratch(&self, conv: &Conv, input: usize, work: Work) -> u128 {
        let shape = self.plan.values[input].shape;
        u128::from(self.device.scratch_bytes(conv, self.images, shape, work))
    }
}
