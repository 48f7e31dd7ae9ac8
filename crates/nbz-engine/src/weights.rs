//! Named weights: what a network's parameters are before a device has them.

mod file;
mod init;
mod tensor;

use std::borrow::Cow;
use std::collections::BTreeMap;

use nbz_space::network::Network;

pub use init::{Init, Recipe};
pub use tensor::{Tensor, Values};

use crate::error::EngineError;

/// Tensors by their name in the state dict.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weights {
    tensors: BTreeMap<String, Tensor>,
}

impl Weights {
    /// No tensors.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tensor, or replaces the one of that name.
    pub fn insert(&mut self, name: impl Into<String>, tensor: Tensor) {
        self.tensors.insert(name.into(), tensor);
    }

    /// A tensor by name.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.tensors.get(name)
    }

    /// All tensors in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.tensors.iter().map(|(n, t)| (n.as_str(), t))
    }

    /// The same tensors with every value replaced by its magnitude, batch norm buffers included.
    #[must_use]
    pub fn abs(&self) -> Self {
        let tensors = self.tensors.iter().map(|(n, t)| (n.clone(), t.abs()));
        Self {
            tensors: tensors.collect(),
        }
    }

    /// The same tensors rounded to single precision.
    #[must_use]
    pub fn to_single(&self) -> Self {
        let tensors = self.tensors.iter();
        Self {
            tensors: tensors.map(|(n, t)| (n.clone(), t.to_single())).collect(),
        }
    }

    /// Whether these are exactly the tensors of a network, all finite, with no negative variance.
    pub fn check(&self, network: &Network) -> Result<(), EngineError> {
        let expected: BTreeMap<_, _> = network.tensors().into_iter().collect();
        for (name, dims) in &expected {
            let tensor = self.check_tensor(name, dims)?;
            if name.ends_with(".running_var") {
                tensor.check_variance(name)?;
            }
        }
        match self.iter().find(|(name, _)| !expected.contains_key(*name)) {
            None => Ok(()),
            Some((name, tensor)) => Err(EngineError::SurplusWeight {
                name: name.into(),
                shape: tensor.dims().to_vec(),
            }),
        }
    }

    /// A tensor that must be there, of this shape and finite.
    pub(crate) fn check_tensor(&self, name: &str, dims: &[usize]) -> Result<&Tensor, EngineError> {
        let tensor = self.get(name).ok_or_else(|| EngineError::MissingWeight {
            name: name.into(),
            expected: dims.to_vec(),
        })?;
        if tensor.dims() != dims {
            return Err(EngineError::WeightShape {
                name: name.into(),
                expected: dims.to_vec(),
                found: tensor.dims().to_vec(),
            });
        }
        tensor.check_finite(name)?;
        Ok(tensor)
    }

    /// Whether a device can hold every number, if its numbers end at `largest`.
    pub(crate) fn check_within(&self, largest: f64) -> Result<(), EngineError> {
        self.iter()
            .try_for_each(|(name, tensor)| tensor.check_within(name, largest))
    }

    /// The values of a tensor that [`Weights::check`] has found.
    pub(crate) fn values(&self, name: &str) -> Cow<'_, [f64]> {
        let tensor = self.get(name);
        tensor.expect("a tensor that was checked").to_f64()
    }
}
