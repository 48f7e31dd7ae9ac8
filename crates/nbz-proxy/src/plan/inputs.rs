//! What a plan looks at: batches, noise, and the weights that each proxy prescribes.
//!
//! Images are given as numbers and serve every network; weights and signs are drawn a network, by a
//! [`Draw`].

use std::borrow::Cow;

use nbz_engine::{EngineError, Images, Init, Labels, Recipe, Weights};
use nbz_space::Network;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Images with their labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    images: Images,
    labels: Labels,
}

impl Batch {
    /// Puts images and labels together.
    ///
    /// # Errors
    /// [`EngineError::LabelCount`].
    pub fn new(images: Images, labels: Labels) -> Result<Self, EngineError> {
        if images.count() == labels.values().len() {
            return Ok(Self { images, labels });
        }
        Err(EngineError::LabelCount {
            labels: labels.values().len(),
            images: images.count(),
        })
    }

    /// The images.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// Their labels.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }
}

/// Standard normal images.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    /// What the network looks at, with uniform labels.
    pub x: Batch,
    /// Where `x` moves: `x + 0.01 e`.
    pub e: Images,
}

/// All images of a plan, the same for every network.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// The batch.
    pub batch: Batch,
    /// A second batch, for zico.
    pub second: Option<Batch>,
    /// Noise of the batch's size, for zen, az, meco and grad_norm_zennas.
    pub noise: Option<Noise>,
    /// How many images of the batch ntk and swap look at.
    pub few: usize,
    /// How often swap draws weights.
    pub swap_repeats: usize,
}

impl Inputs {
    /// A batch alone: no second one, no noise, 16 images for ntk and swap, one repeat.
    pub fn new(batch: Batch) -> Self {
        Self {
            batch,
            second: None,
            noise: None,
            few: 16,
            swap_repeats: 1,
        }
    }

    /// The first `few` images of the batch.
    pub(crate) fn first_images(&self) -> Result<Images, EngineError> {
        first(&self.batch.images, self.few)
    }
}

/// The first `count` images.
pub(crate) fn first(images: &Images, count: usize) -> Result<Images, EngineError> {
    let shape = images.shape();
    let values = images.values()[..count * shape.len()].to_vec();
    Images::new(shape, values)
}

/// What is random about one network.
pub trait Draw: Sync {
    /// The weights of an initialisation; `repeat` counts independent draws of one.
    ///
    /// # Errors
    /// Whatever keeps the weights from being drawn.
    fn weights(
        &self,
        network: &Network,
        init: Init,
        repeat: usize,
    ) -> Result<Cow<'_, Weights>, EngineError>;

    /// `count` numbers of `+-1` for the `pair`-th pair of features, the last pair first.
    fn signs(&self, pair: usize, count: usize) -> Vec<f64>;
}

/// Draws by recipe: weights from the streams (seed, architecture, purpose), signs from (seed, purpose),
/// so that they depend neither on other networks nor on other proxies.
///
/// The purposes of weights are `torch`, `normal` and `kaiming`, from the second draw on `normal.1`, ...;
/// proxies that prescribe one initialisation share its weights. Given weights stand for the network's
/// own, PyTorch's initialisation; proxies that prescribe another draw theirs.
#[derive(Debug, Clone, Copy)]
pub struct Seeded<'a> {
    /// The seed.
    pub seed: u64,
    /// The architecture as it is written.
    pub architecture: &'a str,
    /// The network's own weights, if they are not to be drawn.
    pub given: Option<&'a Weights>,
}

impl Draw for Seeded<'_> {
    fn weights(
        &self,
        network: &Network,
        init: Init,
        repeat: usize,
    ) -> Result<Cow<'_, Weights>, EngineError> {
        if let (Init::Torch, 0, Some(given)) = (init, repeat, self.given) {
            return Ok(Cow::Borrowed(given));
        }
        let name = match init {
            Init::Torch => "torch",
            Init::Normal => "normal",
            Init::Kaiming => "kaiming",
        };
        let purpose = match repeat {
            0 => name.to_owned(),
            _ => format!("{name}.{repeat}"),
        };
        let recipe = Recipe {
            seed: self.seed,
            architecture: self.architecture,
            purpose: &purpose,
        };
        Weights::init(network, init, &recipe).map(Cow::Owned)
    }

    /// The bits of ChaCha8 keyed by the SHA-256 of `nbzero signs 1`, the seed and `az.signs.{pair}`,
    /// joined by line feeds; lowest bit of a number first, 1 is `+1`.
    fn signs(&self, pair: usize, count: usize) -> Vec<f64> {
        let text = format!("nbzero signs 1\n{}\naz.signs.{pair}", self.seed);
        let mut stream = ChaCha8Rng::from_seed(Sha256::digest(text).into());
        let mut signs = Vec::with_capacity(count.next_multiple_of(64));
        while signs.len() < count {
            let bits = stream.next_u64();
            signs.extend((0..64).map(|i| if bits >> i & 1 == 1 { 1.0 } else { -1.0 }));
        }
        signs.truncate(count);
        signs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_even_and_a_shorter_draw_is_a_prefix() {
        // Oracle: 100,000 fair signs have a sum within 5 deviations of 316.
        let draw = Seeded {
            seed: 3,
            architecture: "",
            given: None,
        };
        let signs = draw.signs(0, 100_000);
        assert!(signs.iter().all(|s| [-1.0, 1.0].contains(s)));
        assert!(signs.iter().sum::<f64>().abs() < 5.0 * 316.3);
        assert_eq!(signs[..100], draw.signs(0, 100));
        assert_ne!(signs[..100], draw.signs(1, 100));
    }
}
