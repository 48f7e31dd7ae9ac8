//! Initialisations, the same bits on every machine.
//!
//! Each tensor has its own ChaCha8 stream, keyed by the SHA-256 of `nbzero weights 1`, the seed in
//! decimal, the architecture, the purpose and the tensor's name, joined by line feeds. A uniform number is
//! `u = (next_u64 >> 11) * 2^-53`; a normal pair comes from two of them by Box and Muller,
//! `r = sqrt(-2 ln(1 - u1))`, `z = r cos(2 pi u2), r sin(2 pi u2)`, with the logarithm, cosine and sine
//! of the `libm` crate, which is arithmetic alone and so the same everywhere. Everything is computed in
//! double precision and rounded once to single.

use std::f64::consts::PI;

use nbz_space::network::Network;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

use super::{Tensor, Weights};
use crate::error::EngineError;

/// How weights are drawn. Batch norms start as scale 1, shift 0, mean 0, variance 1 in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Init {
    /// PyTorch's default: weights and biases uniform in `+-1 / sqrt(fan_in)`.
    Torch,
    /// Weights normal with variance 1, biases 0.
    Normal,
    /// Weights normal with variance `2 / fan_in`, biases 0.
    Kaiming,
}

/// Names the streams of one network's weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe<'a> {
    /// The seed.
    pub seed: u64,
    /// The architecture as it is written.
    pub architecture: &'a str,
    /// What the weights are for: two purposes have independent weights.
    pub purpose: &'a str,
}

impl Weights {
    /// Draws the weights of a network.
    ///
    /// ```
    /// use nbz_engine::{Init, Recipe, Weights};
    /// use nbz_space::{Arch, Dataset};
    ///
    /// let architecture = "r1:16s1x1-32s2x1-64s2x1-128s2x1";
    /// let network = architecture.parse::<Arch>()?.network(Dataset::Cifar10);
    /// let recipe = Recipe { seed: 0, architecture, purpose: "score" };
    /// let weights = Weights::init(&network, Init::Torch, &recipe)?;
    /// assert_eq!(weights, Weights::init(&network, Init::Torch, &recipe)?);
    /// assert_ne!(weights, Weights::init(&network, Init::Torch, &Recipe { seed: 1, ..recipe })?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn init(network: &Network, init: Init, recipe: &Recipe<'_>) -> Result<Self, EngineError> {
        let mut weights = Self::new();
        // The bias of a layer follows its weight and shares its fan-in.
        let mut fan_in = 1;
        for (name, dims) in network.tensors() {
            let count = dims.iter().product();
            let is_weight = dims.len() > 1;
            if is_weight {
                fan_in = dims[1..].iter().product();
            }
            let layer = name.rsplit_once('.').map_or("", |(layer, _)| layer);
            let of_norm = weights
                .get(&format!("{layer}.weight"))
                .is_some_and(|t| t.dims().len() == 1)
                || (dims.len() == 1 && name.ends_with(".weight"));
            let values = if of_norm {
                let ones = name.ends_with(".weight") || name.ends_with(".running_var");
                vec![if ones { 1.0 } else { 0.0 }; count]
            } else {
                let mut stream = Stream::new(recipe, &name);
                init.draw(&mut stream, count, fan_in as f64, is_weight)
            };
            let tensor = Tensor::new(&name, dims, values)?;
            weights.insert(name, tensor);
        }
        Ok(weights)
    }
}

impl Init {
    fn draw(self, stream: &mut Stream, count: usize, fan_in: f64, is_weight: bool) -> Vec<f32> {
        match self {
            Init::Torch => {
                let bound = 1.0 / fan_in.sqrt();
                let value = |u: f64| ((2.0 * u - 1.0) * bound) as f32;
                (0..count).map(|_| value(stream.uniform())).collect()
            }
            _ if !is_weight => vec![0.0; count],
            Init::Normal => stream.normals(count, 1.0),
            Init::Kaiming => stream.normals(count, (2.0 / fan_in).sqrt()),
        }
    }
}

struct Stream(ChaCha8Rng);

impl Stream {
    fn new(recipe: &Recipe<'_>, name: &str) -> Self {
        let Recipe {
            seed,
            architecture,
            purpose,
        } = recipe;
        let text = format!("nbzero weights 1\n{seed}\n{architecture}\n{purpose}\n{name}");
        Self(ChaCha8Rng::from_seed(Sha256::digest(text).into()))
    }

    /// In `[0, 1)`.
    fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * 2.0_f64.powi(-53)
    }

    fn normals(&mut self, count: usize, deviation: f64) -> Vec<f32> {
        let mut values = Vec::with_capacity(count + 1);
        while values.len() < count {
            let radius = deviation * (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
            let angle = 2.0 * PI * self.uniform();
            values.push((radius * libm::cos(angle)) as f32);
            values.push((radius * libm::sin(angle)) as f32);
        }
        values.truncate(count);
        values
    }
}
