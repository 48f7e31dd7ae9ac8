//! One named tensor on the host: a shape and row-major values in the precision in which they came.

use std::borrow::Cow;

use crate::error::EngineError;

/// The values of a tensor in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
}

impl Values {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(v) => v.len(),
            Self::F64(v) => v.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Vec<f32>> for Values {
    fn from(values: Vec<f32>) -> Self {
        Self::F32(values)
    }
}

impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Self {
        Self::F64(values)
    }
}

/// A shape and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    dims: Vec<usize>,
    values: Values,
}

impl Tensor {
    /// A tensor; `name` is for the error when the values are not as many as the shape says.
    pub fn new(
        name: &str,
        dims: Vec<usize>,
        values: impl Into<Values>,
    ) -> Result<Self, EngineError> {
        let values = values.into();
        let count = dims.iter().try_fold(1_usize, |n, &d| n.checked_mul(d));
        if count == Some(values.len()) {
            return Ok(Self { dims, values });
        }
        Err(EngineError::ValueCount {
            name: name.into(),
            shape: dims,
            values: values.len(),
        })
    }

    /// The shape.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The values in double precision; widening is exact.
    pub fn to_f64(&self) -> Cow<'_, [f64]> {
        match &self.values {
            Values::F32(v) => v.iter().map(|&v| f64::from(v)).collect(),
            Values::F64(v) => v.into(),
        }
    }

    pub(super) fn to_single(&self) -> Self {
        let values = match &self.values {
            Values::F32(v) => v.clone(),
            Values::F64(v) => v.iter().map(|&v| v as f32).collect(),
        };
        Self {
            dims: self.dims.clone(),
            values: Values::F32(values),
        }
    }

    pub(super) fn abs(&self) -> Self {
        let values = match &self.values {
            Values::F32(v) => Values::F32(v.iter().map(|v| v.abs()).collect()),
            Values::F64(v) => Values::F64(v.iter().map(|v| v.abs()).collect()),
        };
        Self {
            dims: self.dims.clone(),
            values,
        }
    }

    pub(super) fn check_finite(&self, name: &str) -> Result<(), EngineError> {
        match self.find(|v| !v.is_finite()) {
            None => Ok(()),
            Some((position, value)) => Err(EngineError::NotFinite {
                name: name.into(),
                shape: self.dims.clone(),
                position,
                value,
            }),
        }
    }

    pub(crate) fn check_within(&self, name: &str, largest: f64) -> Result<(), EngineError> {
        match self.find(|v| v.abs() > largest) {
            None => Ok(()),
            Some((position, value)) => Err(EngineError::TooLarge {
                name: name.into(),
                position,
                value,
                largest,
            }),
        }
    }

    pub(super) fn check_variance(&self, name: &str) -> Result<(), EngineError> {
        match self.find(|v| v < 0.0) {
            None => Ok(()),
            Some((position, value)) => Err(EngineError::NegativeVariance {
                name: name.into(),
                position,
                value,
            }),
        }
    }

    fn find(&self, wrong: impl Fn(f64) -> bool) -> Option<(usize, f64)> {
        let hit = |(i, v): (usize, f64)| wrong(v).then_some((i, v));
        match &self.values {
            Values::F32(v) => v.iter().map(|&v| f64::from(v)).enumerate().find_map(hit),
            Values::F64(v) => v.iter().copied().enumerate().find_map(hit),
        }
    }
}
