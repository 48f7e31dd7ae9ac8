//! Weights as safetensors bytes.
//!
//! The header is checked by the `safetensors` library (size limit, overlaps, ends) before anything is
//! allocated, and each tensor takes only as many bytes as the file has for it. PyTorch's counters
//! `num_batches_tracked` are left out.

use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::{Tensor, Values, Weights};
use crate::error::EngineError;

impl Weights {
    /// Reads the bytes of a safetensors file with tensors of type F32 or F64.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, EngineError> {
        let file = SafeTensors::deserialize(bytes).map_err(refused)?;
        let mut weights = Self::new();
        for (name, view) in file.tensors() {
            if name.ends_with(".num_batches_tracked") {
                continue;
            }
            let values = read(&name, &view)?;
            weights.insert(
                name.clone(),
                Tensor::new(&name, view.shape().to_vec(), values)?,
            );
        }
        Ok(weights)
    }

    /// The bytes of a safetensors file that holds these tensors, each in its own precision.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, EngineError> {
        let bytes: Vec<(&str, Vec<u8>)> = self
            .iter()
            .map(|(name, tensor)| (name, little_endian(tensor.values())))
            .collect();
        let views = bytes
            .iter()
            .zip(self.iter())
            .map(|((name, bytes), (_, tensor))| {
                let dtype = match tensor.values() {
                    Values::F32(_) => Dtype::F32,
                    Values::F64(_) => Dtype::F64,
                };
                let view = TensorView::new(dtype, tensor.dims().to_vec(), bytes);
                view.map(|v| (*name, v)).map_err(refused)
            })
            .collect::<Result<Vec<_>, _>>()?;
        safetensors::serialize(views, None).map_err(refused)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn refused(error: safetensors::SafeTensorError) -> EngineError {
    EngineError::Safetensors {
        reason: error.to_string(),
    }
}

fn read(name: &str, view: &TensorView<'_>) -> Result<Values, EngineError> {
    let (four, _) = view.data().as_chunks::<4>();
    let (eight, _) = view.data().as_chunks::<8>();
    match view.dtype() {
        Dtype::F32 => Ok(Values::F32(
            four.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        )),
        Dtype::F64 => Ok(Values::F64(
            eight.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        )),
        dtype => Err(EngineError::WeightType {
            name: name.into(),
            shape: view.shape().to_vec(),
            dtype: format!("{dtype:?}"),
        }),
    }
}

fn little_endian(values: &Values) -> Vec<u8> {
    match values {
        Values::F32(v) => v.iter().flat_map(|v| v.to_le_bytes()).collect(),
        Values::F64(v) => v.iter().flat_map(|v| v.to_le_bytes()).collect(),
    }
}
