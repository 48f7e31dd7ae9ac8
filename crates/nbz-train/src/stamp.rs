//! Everything on which the outcome of a training depends, in words that can be compared.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::recipe::Recipe;

/// The name of a training: two of one stamp have the same outcome, to the bit.
///
/// Images enter by digest, never by path; threads and machines do not enter at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// The version of this program.
    pub version: String,
    /// [`Stamp::NUMERICS`] of the program that trained.
    pub numerics: u32,
    /// The architecture as it is written.
    pub arch: String,
    /// SHA-256 of its layers, where its string is of a space that the program has not: the space might be edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_digest: Option<String>,
    /// The data set's name.
    pub data: String,
    /// SHA-256 of the training images, those held back included.
    pub training_digest: String,
    /// How many these are.
    pub training_images: usize,
    /// SHA-256 of the test images.
    pub test_digest: String,
    /// How many these are.
    pub test_images: usize,
    /// Mean and deviation by channel, where they were measured on the training images; none of known data sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalisation: Option<[[f32; 3]; 2]>,
    /// The seed of weights, order, augmentation and mixing.
    pub seed: u64,
    /// The device: `cpu-winograd`, `cpu`, `cpu-f64` or `reference`.
    pub device: String,
    /// SHA-256 of the recipe's canonical form.
    pub recipe_hash: String,
    /// The recipe.
    pub recipe: Recipe,
}

impl Stamp {
    /// Counts the changes of any bit of any outcome.
    pub const NUMERICS: u32 = 1;

    /// What differs, a line a key: `seed: 0 there, 1 here`; of a key that one side lacks `absent` there or here.
    pub fn differences(&self, here: &Self) -> Vec<String> {
        let fields = |stamp: &Self| match serde_json::to_value(stamp) {
            Ok(Value::Object(mut map)) => {
                if let Some(Value::Object(recipe)) = map.remove("recipe") {
                    map.extend(recipe.into_iter().map(|(k, v)| (format!("recipe.{k}"), v)));
                }
                map
            }
            _ => serde_json::Map::new(), // plain data always has an object's form
        };
        let (there, here) = (fields(self), fields(here));
        let mut keys: Vec<&String> = there.keys().chain(here.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let differs = |key: &String| {
            let (there, here) = (there.get(key), here.get(key));
            // The name does not change a training.
            let counts = there != here && key != "recipe.name";
            counts.then(|| format!("{key}: {} there, {} here", brief(there), brief(here)))
        };
        keys.into_iter().filter_map(differs).collect()
    }
}

fn brief(value: Option<&Value>) -> String {
    let text = match value {
        None => return "absent".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
