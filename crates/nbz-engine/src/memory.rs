//! Memory before a run: what a pass will hold, by kind, in the bytes of its device.
//!
//! The plan of a pass is walked with sizes in place of values, so nothing is allocated and no number of
//! the user's reaches an allocator. Counted are parameters, the values that a pass keeps, the cotangents
//! that are alive at one time, weight gradients, and the working memory of the largest convolution.
//! Vectors (one number a channel) and matrices of logits are too small to count.

use nbz_space::network::{Conv, Network};

use crate::device::Device;
use crate::error::EngineError;
use crate::plan::{Action, Plan, Step};
use crate::run::Run;

/// Which pass is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Forward alone, values let go after their last reader.
    Infer,
    /// Forward and one backward.
    Backward,
    /// Forward, tangent and both backwards.
    Tangent,
    /// Forward and the Gram matrix of all images' gradients.
    PerSample,
}

/// Bytes of a pass by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryPlan {
    /// Weights, packings included.
    pub parameters: u64,
    /// Values and their tangents.
    pub values: u64,
    /// Cotangents and their tangents, at the widest place.
    pub cotangents: u64,
    /// Weight gradients.
    pub gradients: u64,
    /// Working memory of one convolution.
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
        let images = images.min(LARGEST_BATCH);
        let sizes = Sizes {
            device,
            plan: Plan::new(network, run),
            images,
        };
        let weights = sizes.weights();
        let largest_weight = weights.iter().copied().max().unwrap_or(0);
        let parameters: u64 = weights.iter().sum();
        let (all, alive) = (sizes.all_values(), sizes.values_alive());
        let cotangents = sizes.cotangents_alive();
        let rows = images as u64;
        let (values, cotangents, gradients) = match pass {
            Pass::Infer => (alive, 0, 0),
            Pass::Backward => (all, cotangents, parameters),
            Pass::Tangent => (
                all.saturating_mul(2),
                cotangents.saturating_mul(2),
                2 * parameters + largest_weight,
            ),
            Pass::PerSample => (
                all,
                rows.saturating_mul(cotangents),
                rows.saturating_mul(largest_weight),
            ),
        };
        Self {
            parameters,
            values,
            cotangents,
            gradients,
            scratch: sizes.scratch(),
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

/// Beyond any memory, and small enough that no product of sizes overflows.
const LARGEST_BATCH: usize = 1 << 32;

struct Sizes<'a, D: Device> {
    device: &'a D,
    plan: Plan,
    images: usize,
}

impl<D: Device> Sizes<'_, D> {
    fn value(&self, value: usize) -> u64 {
        self.device
            .map_bytes(self.images, self.plan.values[value].shape)
    }

    fn convs(&self) -> impl Iterator<Item = (&Conv, usize)> {
        self.plan.steps.iter().filter_map(|s| match &s.action {
            Action::Conv { conv, input, .. } => Some((conv, *input)),
            _ => None,
        })
    }

    fn weights(&self) -> Vec<u64> {
        self.convs()
            .map(|(c, _)| self.device.weight_bytes(c))
            .collect()
    }

    fn scratch(&self) -> u64 {
        self.convs()
            .map(|(conv, input)| {
                let shape = self.plan.values[input].shape;
                self.device.scratch_bytes(conv, self.images, shape)
            })
            .max()
            .unwrap_or(0)
    }

    fn all_values(&self) -> u64 {
        (0..self.plan.values.len()).fold(0, |sum, v| self.value(v).saturating_add(sum))
    }

    /// The most bytes of values at one time when each is let go after its last reader.
    fn values_alive(&self) -> u64 {
        let mut readers: Vec<usize> = self.plan.values.iter().map(|v| v.readers).collect();
        let (mut alive, mut most) = (self.value(0), 0);
        for step in &self.plan.steps {
            alive += self.value(step.output);
            most = alive.max(most);
            for input in step.action.inputs() {
                readers[input] -= 1;
                if readers[input] == 0 {
                    alive -= self.value(input);
                }
            }
        }
        most
    }

    /// The most bytes of cotangents at one time, with one map more where a step makes a new one from
    /// the old.
    fn cotangents_alive(&self) -> u64 {
        let mut held = vec![false; self.plan.values.len()];
        held[self.plan.end] = true;
        let (mut alive, mut most) = (self.value(self.plan.end), 0);
        for Step { action, output } in self.plan.steps.iter().rev() {
            for input in action.inputs() {
                if !std::mem::replace(&mut held[input], true) {
                    alive += self.value(input);
                }
            }
            most = (alive + self.value(*output)).max(most);
            if std::mem::replace(&mut held[*output], false) {
                alive -= self.value(*output);
            }
        }
        most
    }
}
