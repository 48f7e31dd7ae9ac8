//! A training as bytes, from which it goes on as if it had never stopped.
//!
//! The bytes are a safetensors file: tensors `weight/NAME`, `velocity/NAME` and, where a moving average is kept,
//! `average/NAME`, each in single precision where that loses nothing, and one metadata entry `training`: JSON of the stamp, the step, the curve, the sums of the
//! epoch under way, and the SHA-256 of everything else. Numbers of the state are kept as bits.

use nbz_data::Digest;
use nbz_engine::{Values, Weights};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use crate::curve::{Epoch, Sums};
use crate::error::{Result, TrainError};
use crate::evaluate::Accuracy;
use crate::stamp::Stamp;

/// The only metadata entry: several would be written in no fixed order.
const ENTRY: &str = "training";

/// Where a training stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    /// Steps done, of all epochs.
    pub(crate) step: u64,
    pub(crate) sums: Sums,
    pub(crate) curve: Vec<Epoch>,
    pub(crate) weights: Weights,
    pub(crate) velocity: Weights,
    /// No tensors where no average is kept.
    pub(crate) average: Weights,
}

impl State {
    /// Whether all numbers are finite.
    pub(crate) fn is_finite(&self) -> bool {
        let mut tensors = self.weights.iter().chain(self.velocity.iter());
        tensors.all(|(_, tensor)| tensor.to_f64().iter().all(|v| v.is_finite()))
    }
}

/// What the metadata entry holds.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    stamp: Stamp,
    step: u64,
    sums: (u64, u64, usize, usize),
    curve: Vec<(u32, u64, u64, Accuracy, Option<Accuracy>)>,
    digest: String,
}

/// The bytes of a state.
pub(crate) fn write(stamp: &Stamp, state: &State) -> Result<Vec<u8>> {
    let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    for (kind, weights) in [
        ("weight", &state.weights),
        ("velocity", &state.velocity),
        ("average", &state.average),
    ] {
        for (name, tensor) in weights.iter() {
            let (dtype, bytes) = match tensor.values() {
                Values::F32(v) => (Dtype::F32, v.iter().flat_map(|v| v.to_le_bytes()).collect()),
                Values::F64(v) => (Dtype::F64, v.iter().flat_map(|v| v.to_le_bytes()).collect()),
            };
            tensors.push((
                format!("{kind}/{name}"),
                dtype,
                tensor.dims().to_vec(),
                bytes,
            ));
        }
    }
    let views = tensors
        .iter()
        .map(|(name, dtype, dims, bytes)| {
            let view = TensorView::new(*dtype, dims.clone(), bytes).map_err(refused)?;
            Ok((name.as_str(), view))
        })
        .collect::<Result<Vec<_>>>()?;
    let epoch = |e: &Epoch| {
        let bits = (e.rate.to_bits(), e.loss.to_bits());
        (e.epoch, bits.0, bits.1, e.training, e.validation)
    };
    let sums = &state.sums;
    let mut entry = Entry {
        stamp: stamp.clone(),
        step: state.step,
        sums: (sums.steps, sums.loss.to_bits(), sums.correct, sums.images),
        curve: state.curve.iter().map(epoch).collect(),
        digest: String::new(),
    };
    entry.digest = digest_of(&entry, &views).to_string();
    let text = serde_json::to_string(&entry).map_err(refused)?;
    let metadata = std::iter::once((ENTRY.to_owned(), text)).collect();
    safetensors::serialize(views, Some(metadata)).map_err(refused)
}

/// The state of bytes, if they are whole and of this training.
pub(crate) fn read(stamp: &Stamp, bytes: &[u8]) -> Result<State> {
    let (_, head) = SafeTensors::read_metadata(bytes).map_err(refused)?;
    let file = SafeTensors::deserialize(bytes).map_err(refused)?;
    let text = head.metadata().as_ref().and_then(|m| m.get(ENTRY));
    let text = text.ok_or_else(|| refused("it does not say of which training it is"))?;
    let mut entry: Entry = serde_json::from_str(text).map_err(refused)?;
    let differences = entry.stamp.differences(stamp);
    if !differences.is_empty() {
        return Err(TrainError::OtherTraining { differences });
    }
    let mut views: Vec<_> = file.tensors();
    views.sort_by(|a, b| a.0.cmp(&b.0));
    let mut by_kind = ["weight/", "velocity/", "average/"].map(|kind| (kind, Weights::new()));
    let mut ordered = Vec::new();
    for (kind, weights) in &mut by_kind {
        for (name, view) in &views {
            if let Some(short) = name.strip_prefix(*kind) {
                weights.insert(short, tensor(short, view)?);
                ordered.push((name.as_str(), view.clone()));
            }
        }
    }
    let digest = std::mem::take(&mut entry.digest);
    if digest != digest_of(&entry, &ordered).to_string() {
        return Err(refused("its digest does not fit"));
    }
    let [(_, weights), (_, velocity), (_, average)] = by_kind;
    let epoch = |(epoch, rate, loss, training, validation)| Epoch {
        epoch,
        rate: f64::from_bits(rate),
        loss: f64::from_bits(loss),
        training,
        validation,
    };
    let (steps, loss, correct, images) = entry.sums;
    Ok(State {
        step: entry.step,
        sums: Sums {
            steps,
            loss: f64::from_bits(loss),
            correct,
            images,
        },
        curve: entry.curve.into_iter().map(epoch).collect(),
        weights,
        velocity,
        average,
    })
}

fn tensor(name: &str, view: &TensorView<'_>) -> Result<nbz_engine::Tensor> {
    let values: Values = if view.dtype() == Dtype::F32 {
        let (words, _) = view.data().as_chunks();
        words
            .iter()
            .map(|b| f32::from_le_bytes(*b))
            .collect::<Vec<_>>()
            .into()
    } else {
        let (words, _) = view.data().as_chunks();
        words
            .iter()
            .map(|b| f64::from_le_bytes(*b))
            .collect::<Vec<_>>()
            .into()
    };
    Ok(nbz_engine::Tensor::new(
        name,
        view.shape().to_vec(),
        values,
    )?)
}

/// Of the entry without its digest, and the names and bytes of the tensors.
fn digest_of(entry: &Entry, views: &[(&str, TensorView<'_>)]) -> Digest {
    let entry = serde_json::to_vec(entry).unwrap_or_default(); // plain data has a JSON form
    let mut parts: Vec<&[u8]> = vec![&entry];
    for (name, view) in views {
        parts.push(name.as_bytes());
        parts.push(view.data());
    }
    Digest::of(&parts)
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn refused(reason: impl ToString) -> TrainError {
    TrainError::Damaged {
        reason: reason.to_string(),
    }
}
