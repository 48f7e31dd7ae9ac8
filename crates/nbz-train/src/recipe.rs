//! A recipe: every number on which a training depends, apart from seed, network and images.
//!
//! Recipes are TOML. Those built in, `nbz360`, `nbz36`, `nbz12` and `mini`, are the files of the folder
//! `recipes/`, which say beside each number whether the paper says it. A recipe's hash is the SHA-256 of its
//! canonical form: the JSON object of all settings but the name, keys in alphabetical order, without blanks.
//! So two recipes of one hash train alike, whatever they are called.

use std::path::Path;

use nbz_data::Digest;
use serde::{Deserialize, Serialize};

use crate::error::{Result, TrainError};

const BUILT_IN: [(&str, &str); 4] = [
    ("nbz360", include_str!("../recipes/nbz360.toml")),
    ("nbz36", include_str!("../recipes/nbz36.toml")),
    ("nbz12", include_str!("../recipes/nbz12.toml")),
    ("mini", include_str!("../recipes/mini.toml")),
];

/// How weights are drawn; see [`nbz_engine::Init`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Normal with variance `2 / fan_in`, biases 0.
    Kaiming,
    /// Uniform in `+-1 / sqrt(fan_in)`, biases too.
    Torch,
}

impl From<Init> for nbz_engine::Init {
    fn from(init: Init) -> Self {
        match init {
            Init::Kaiming => Self::Kaiming,
            Init::Torch => Self::Torch,
        }
    }
}

/// Everything on which a training depends but seed, network and images.
///
/// ```
/// use nbz_train::Recipe;
/// let recipe = Recipe::named("nbz12")?;
/// assert_eq!((recipe.epochs, recipe.batch), (12, 256));
/// let short = recipe.with("epochs = 2")?.with("mixup=0")?;
/// assert_eq!((short.epochs, short.name.as_str()), (2, "nbz12 with epochs=2 mixup=0"));
/// assert_ne!(short.hash(), recipe.hash());
/// assert!(recipe.with("epochs=0").is_err());
/// assert!(recipe.with("colour=red").is_err());
/// # Ok::<(), nbz_train::TrainError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What people call it; not part of the hash.
    pub name: String,
    /// Times that every training image is seen.
    pub epochs: u32,
    /// Images in a step. What is left of an epoch after its last whole batch is not seen in it.
    pub batch: usize,
    /// Pieces in which a batch is run, one after the other, to save memory; each has batch statistics of its
    /// own, and their gradients are averaged.
    pub pieces: usize,
    /// The highest learning rate.
    pub rate: f64,
    /// Epochs in which the rate rises to it, linearly and step by step.
    pub warm_up: f64,
    /// Momentum of SGD.
    pub momentum: f64,
    /// Whether it is Nesterov's.
    pub nesterov: bool,
    /// Weight decay, of convolutions' and linear layers' weights.
    pub decay: f64,
    /// By how much of the batch's statistics the running statistics move.
    pub norm_momentum: f64,
    /// Added to every variance.
    pub norm_eps: f64,
    /// How the weights are drawn.
    pub init: Init,
    /// What of each target is spread evenly over the classes.
    pub smoothing: f64,
    /// Alpha of the Beta distribution of mixup; 0 for none.
    pub mixup: f64,
    /// Whether training images are cropped and mirrored.
    pub crop_flip: bool,
    /// Whether AutoAugment's CIFAR-10 policy is applied.
    pub auto_augment: bool,
    /// The share of the training images that is held back for validation.
    pub validation: f64,
    /// Decay of the moving average of the weights that is validated, tested and kept in their place; 0 for none. Not in
    /// the canonical form where it is 0: recipes of before have the hash that they had.
    #[serde(default, skip_serializing_if = "is_none")]
    pub average: f64,
    /// Epochs without a better validation accuracy after which the training ends; 0 for never. Not in the canonical form
    /// where it is 0.
    #[serde(default, skip_serializing_if = "is_never")]
    pub patience: u32,
}

impl Recipe {
    /// The names of the recipes that are built in.
    pub fn built_in() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A recipe that is built in, or the TOML file of that path.
    ///
    /// # Errors
    /// [`TrainError::UnknownRecipe`], [`TrainError::NotARecipe`], [`TrainError::Setting`],
    /// [`TrainError::Read`].
    pub fn named(name: &str) -> Result<Self> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
            return Self::parse(name, text);
        }
        let path = Path::new(name);
        if path.extension().is_none_or(|e| e != "toml") {
            return Err(TrainError::UnknownRecipe { name: name.into() });
        }
        let text = std::fs::read_to_string(path).map_err(|source| TrainError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(name, &text)
    }

    fn parse(from: &str, text: &str) -> Result<Self> {
        let recipe: Self = toml::from_str(text).map_err(|error| TrainError::NotARecipe {
            from: from.to_owned(),
            reason: error.message().to_owned(),
        })?;
        recipe.check()?;
        Ok(recipe)
    }

    /// The same recipe with one setting changed, `epochs=3`; the change is added to the name.
    ///
    /// # Errors
    /// [`TrainError::NotARecipe`] for a setting that there is not or a value of another kind,
    /// [`TrainError::Setting`] for one out of its range.
    pub fn with(&self, setting: &str) -> Result<Self> {
        let refused = |reason: String| TrainError::NotARecipe {
            from: format!("`{setting}`"),
            reason,
        };
        let (key, value) = setting
            .split_once('=')
            .ok_or_else(|| refused("write KEY=VALUE".to_owned()))?;
        let (key, value) = (key.trim(), value.trim());
        let reason = |error: toml::de::Error| refused(error.message().to_owned());
        // A word needs no quotes here.
        let text = if value.chars().all(|c| c.is_ascii_alphabetic()) && !is_bool(value) {
            format!("{key} = \"{value}\"")
        } else {
            format!("{key} = {value}")
        };
        let change: toml::Table = toml::from_str(&text).map_err(reason)?;
        let mut all = toml::Table::try_from(self).map_err(|e| refused(e.to_string()))?;
        all.extend(change);
        let mut changed: Self = all.try_into().map_err(reason)?;
        let joint = if self.name.contains(" with ") {
            " "
        } else {
            " with "
        };
        if key != "name" {
            changed.name = format!("{}{joint}{key}={value}", self.name);
        }
        changed.check()?;
        Ok(changed)
    }

    /// The canonical form: JSON, all settings but the name, keys in alphabetical order.
    ///
    /// # Panics
    /// Never: plain numbers and words have a JSON form.
    pub fn canonical(&self) -> String {
        let mut value = serde_json::to_value(self).expect("plain data has a JSON form");
        if let Some(object) = value.as_object_mut() {
            object.remove("name");
        }
        value.to_string()
    }

    /// SHA-256 of [`Recipe::canonical`].
    pub fn hash(&self) -> Digest {
        Digest::of(&[self.canonical().as_bytes()])
    }

    fn check(&self) -> Result<()> {
        let share = "at least 0 and below 1";
        let positive = "above 0";
        let rules: [(&'static str, f64, bool, &'static str); 15] = [
            (
                "epochs",
                f64::from(self.epochs),
                self.epochs > 0,
                "at least 1",
            ),
            ("batch", self.batch as f64, self.batch > 1, "at least 2"),
            (
                "pieces",
                self.pieces as f64,
                self.pieces > 0
                    && self.batch.is_multiple_of(self.pieces)
                    && self.batch > self.pieces,
                "a divisor of the batch that leaves pieces of at least 2 images",
            ),
            ("rate", self.rate, self.rate > 0.0, positive),
            (
                "warm_up",
                self.warm_up,
                (0.0..=f64::from(self.epochs)).contains(&self.warm_up),
                "at least 0 and at most the epochs",
            ),
            ("momentum", self.momentum, is_share(self.momentum), share),
            ("decay", self.decay, self.decay >= 0.0, "at least 0"),
            (
                "norm_momentum",
                self.norm_momentum,
                self.norm_momentum > 0.0 && self.norm_momentum <= 1.0,
                "above 0 and at most 1",
            ),
            ("norm_eps", self.norm_eps, self.norm_eps > 0.0, positive),
            ("smoothing", self.smoothing, is_share(self.smoothing), share),
            (
                "mixup",
                self.mixup,
                self.mixup == 0.0 || (0.01..=10.0).contains(&self.mixup),
                "0 for none, or 0.01 to 10",
            ),
            (
                "validation",
                self.validation,
                is_share(self.validation),
                share,
            ),
            ("rate", self.rate, self.rate.is_finite(), "finite"),
            ("average", self.average, is_share(self.average), share),
            (
                "patience",
                f64::from(self.patience),
                self.patience == 0 || self.validation > 0.0,
                "0 where no images are held back for validation",
            ),
        ];
        match rules.iter().find(|(_, _, good, _)| !good) {
            None => Ok(()),
            Some((name, value, _, expected)) => Err(TrainError::Setting {
                name,
                value: value.to_string(),
                expected,
            }),
        }
    }
}

fn is_bool(word: &str) -> bool {
    matches!(word, "true" | "false" | "inf" | "nan")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_none(average: &f64) -> bool {
    *average == 0.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_never(patience: &u32) -> bool {
    *patience == 0
}

fn is_share(value: f64) -> bool {
    (0.0..1.0).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_recipes_are_called_as_they_are_named_and_the_papers_differ_in_epochs_alone() {
        let first = Recipe::named("nbz360").expect("a recipe");
        for name in Recipe::built_in() {
            let recipe = Recipe::named(name).expect("a recipe");
            assert_eq!(recipe.name, name);
            if !name.starts_with("nbz") {
                continue; // `mini` is for few images
            }
            let same = Recipe {
                name: first.name.clone(),
                epochs: first.epochs,
                ..recipe
            };
            assert_eq!(same, first);
        }
    }

    #[test]
    fn the_hash_is_of_the_canonical_form_and_not_of_the_name() {
        // Oracle: the form written by hand; its digest by Python's hashlib.
        let recipe = Recipe::named("nbz360").expect("a recipe");
        assert_eq!(
            recipe.canonical(),
            "{\"auto_augment\":true,\"batch\":256,\"crop_flip\":true,\"decay\":0.0005,\"epochs\":360,\
             \"init\":\"kaiming\",\"mixup\":0.2,\"momentum\":0.9,\"nesterov\":true,\"norm_eps\":0.00001,\
             \"norm_momentum\":0.1,\"pieces\":1,\"rate\":0.1,\"smoothing\":0.1,\"validation\":0.1,\
             \"warm_up\":0.0}"
        );
        let digest = "94ab220e8ae120e2d9b5242c2fa0b95e5d6a5853e8bcc3ac8cef039f426afe88";
        assert_eq!(recipe.hash().to_string(), digest);
        let averaged = recipe.with("average=0.99").expect("a recipe");
        assert_ne!(averaged.hash(), recipe.hash());
        assert_eq!(
            averaged.with("average=0").expect("a recipe").hash(),
            recipe.hash()
        );
        let renamed = recipe.with("name=mine").expect("a recipe");
        assert_eq!(renamed.hash(), recipe.hash());
        assert_eq!(renamed.name, "mine");
    }

    #[test]
    fn words_need_no_quotes_and_numbers_keep_their_kind() {
        let recipe = Recipe::named("nbz12").expect("a recipe");
        assert_eq!(
            recipe.with("init=torch").expect("a recipe").init,
            Init::Torch
        );
        assert!(!recipe.with("nesterov=false").expect("a recipe").nesterov);
        for wrong in [
            "epochs",
            "epochs=1.5",
            "rate=nan",
            "batch=1",
            "pieces=3",
            "mixup=0.001",
            "average=1",
            "patience=-1",
        ] {
            assert!(recipe.with(wrong).is_err(), "{wrong}");
        }
    }
}
