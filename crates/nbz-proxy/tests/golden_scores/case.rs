//! A golden case as a plan's inputs.

use std::borrow::Cow;

use nbz_engine::{EngineError, Images, Init, Weights};
use nbz_proxy::{Batch, Inputs, Noise};
use nbz_space::Network;

use crate::golden::{Case, Draw};

/// Weights and signs of a case.
pub(crate) struct Given<'a> {
    pub(crate) case: &'a Case,
    /// What stands for the network's own weights.
    pub(crate) own: Draw,
}

impl nbz_proxy::Draw for Given<'_> {
    fn weights(
        &self,
        _: &Network,
        init: Init,
        repeat: usize,
    ) -> Result<Cow<'_, Weights>, EngineError> {
        assert_eq!(repeat, 0, "the cases hold one draw");
        Ok(Cow::Owned(self.case.weights(match init {
            Init::Torch => self.own,
            Init::Normal => Draw::Normal,
            Init::Kaiming => Draw::Kaiming,
        })))
    }

    fn signs(&self, pair: usize, count: usize) -> Vec<f64> {
        let stream = self.case.stream(&format!("az.signs.{pair}"));
        let sign = |k| if stream.unit(k) >= 0.5 { 1.0 } else { -1.0 };
        (0..count).map(sign).collect()
    }
}

/// Batches and noise of a case; ntk and swap look at all its 16 images.
pub(crate) fn inputs(case: &Case) -> Inputs {
    let batch = |name: &str| {
        let (images, labels) = case.batch(name);
        Batch::new(images, labels).unwrap()
    };
    let shape = case.network.input_shape();
    let noise = |name: &str| Images::from_f32(shape, &case.noise(name)).unwrap();
    let labels = batch("batch").labels().clone();
    Inputs {
        second: Some(batch("batch2")),
        noise: Some(Noise {
            x: Batch::new(noise("x"), labels).unwrap(),
            e: noise("e"),
        }),
        ..Inputs::new(batch("batch"))
    }
}

impl Case {
    /// Whether gradients that are zero in exact arithmetic give the file's gradsign arbitrary signs.
    pub(crate) fn ambiguous(&self) -> bool {
        let signs = self.values.pointer("/newer/gradsign/ambiguous_signs");
        signs.and_then(serde_json::Value::as_u64).unwrap_or(0) > 0
    }
}
