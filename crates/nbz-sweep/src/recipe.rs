//! Everything on which a score depends, in words that can be compared.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::program::Program;

/// The name of a computation: two sweeps of one recipe give the same scores.
///
/// Files enter by the digest of what they hold, never by their path; threads, shards and machines do not
/// enter at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// The version of this program.
    pub version: String,
    /// [`Recipe::NUMERICS`] of the program that scored.
    pub numerics: u32,
    /// The device's name where it is not `cpu`: `cpu-winograd` rounds otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Where the list of networks is from, in words: `r1, first 1000 of seed 0`.
    pub networks: String,
    /// How many networks.
    pub count: usize,
    /// SHA-256 of the architectures, each followed by a line feed, and of the definitions of their own spaces behind them.
    pub networks_digest: String,
    /// Height and width of the images.
    pub resolution: usize,
    /// Classes of the networks.
    pub classes: usize,
    /// Names of the proxies, in the registry's order.
    pub proxies: Vec<String>,
    /// The user's own, in the order in which they were given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<Program>,
    /// `cifar10`, `cifar100`, `imagenet16-120`, `folder`, `npy`, `file` or `noise`.
    pub data: String,
    /// Images in the batch.
    pub batch: usize,
    /// Images that ntk and swap look at.
    pub ntk_batch: usize,
    /// Digest of the batch; with a batch for each network that of the first one of the list.
    pub batch_digest: String,
    /// Digests of the records from which each network draws its own batch, joined by `+`; `drawn` where
    /// that is noise, none where all see one batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_per_network: Option<String>,
    /// What is done to training images before a network sees them: `crop_flip`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augment: Option<String>,
    /// Digest of the second batch; none if no proxy needs one.
    pub second_digest: Option<String>,
    /// Digests of the noise and of its move; none if no proxy needs noise.
    pub noise_digest: Option<String>,
    /// The seed of weights, images and noise.
    pub seed: u64,
    /// How many times each network's weights are drawn.
    pub repeats: u32,
    /// SHA-256 of the weights' file; none if weights are drawn by the seed.
    pub weights_digest: Option<String>,
}

impl Recipe {
    /// Counts the changes of any bit of any score: a kernel that sums in another order is one. Files of
    /// different numbers are never put together. `tests/bits.rs` fails where this was forgotten.
    pub const NUMERICS: u32 = 2;

    /// The name of the device that takes Winograd's form.
    pub(crate) const WINOGRAD: &str = "cpu-winograd";

    /// The names of all columns of scores, in their order: proxies, then programs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let programs = self.programs.iter().map(Program::name);
        self.proxies.iter().map(String::as_str).chain(programs)
    }

    /// What differs, a line a key: `seed: 0 there, 1 here`.
    pub fn differences(&self, here: &Self) -> Vec<String> {
        differences(self, here)
    }
}

/// What differs between two documents, a line a key: `seed: 0 there, 1 here`.
pub(crate) fn differences<T: Serialize>(there: &T, here: &T) -> Vec<String> {
    let (there, here) = (fields(there), fields(here));
    let mut keys: Vec<&String> = there.keys().chain(here.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let line = |key: &String| {
        let [there, here] = [&there, &here].map(|map| map.get(key).unwrap_or(&Value::Null));
        let differ = || format!("{key}: {} there, {} here", brief(there), brief(here));
        (there != here).then(differ)
    };
    keys.into_iter().filter_map(line).collect()
}

fn fields(document: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(document) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(), // plain data always has an object's form
    }
}

/// Digests and lists are long: their beginning tells them apart.
fn brief(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Array(items) => {
            let words: Vec<String> = items.iter().map(brief).collect();
            return words.join(",");
        }
        Value::Object(map) => {
            let words: Vec<String> = map
                .iter()
                .map(|(k, v)| format!("{k} {}", brief(v)))
                .collect();
            return format!("({})", words.join(", "));
        }
        other => other.to_string(),
    };
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_named() {
        let there = Recipe {
            device: None,
            version: "0.1.0".to_owned(),
            numerics: Recipe::NUMERICS,
            networks: "r1".to_owned(),
            count: 2,
            networks_digest: "a".to_owned(),
            resolution: 32,
            classes: 100,
            proxies: vec!["snip".to_owned()],
            programs: Vec::new(),
            data: "noise".to_owned(),
            batch: 64,
            ntk_batch: 16,
            batch_digest: "b".to_owned(),
            batch_per_network: None,
            augment: None,
            second_digest: None,
            noise_digest: None,
            seed: 0,
            repeats: 1,
            weights_digest: None,
        };
        assert!(there.differences(&there).is_empty());
        let here = Recipe {
            seed: 1,
            proxies: vec!["snip".to_owned(), "zen".to_owned()],
            ..there.clone()
        };
        assert_eq!(
            there.differences(&here),
            [
                "proxies: snip there, snip,zen here",
                "seed: 0 there, 1 here"
            ]
        );
        let own = |text: &str| Recipe {
            programs: vec![text.parse().expect("a program")],
            ..there.clone()
        };
        let lines = own("own=cmd:./a 1").differences(&own("own=cmd:./a 2"));
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0].starts_with("programs: (command ./a 1,"),
            "{lines:?}"
        );
        assert!(there.differences(&own("own=cmd:./a 1"))[0].starts_with("programs: none there,"));
    }
}
