//! A sweep: networks, images, proxies, and the scores of one network.

use std::path::PathBuf;

use nbz_engine::{Cpu, Weights};
use nbz_proxy::{Devices, Plan, Proxy, ProxyError, Score, Seeded};
use nbz_space::{Arch, Network, Task};
use nbz_table::sha256_hex;

use crate::error::{Result, SweepError};
use crate::images::{self, Data, Prepared};
use crate::journal::Record;
use crate::networks::Networks;
use crate::recipe::Recipe;

/// How networks are scored.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Resolution and classes.
    pub task: Task,
    /// Where the images are from.
    pub data: Data,
    /// Images in the batch.
    pub batch: usize,
    /// Images that ntk and swap look at.
    pub ntk_batch: usize,
    /// The seed of weights, images and noise.
    pub seed: u64,
    /// How often each network's weights are drawn; scores are means.
    pub repeats: u32,
    /// A safetensors file of the weights, for a single network.
    pub weights: Option<PathBuf>,
}

/// Everything that a score needs, ready.
pub struct Sweep {
    recipe: Recipe,
    task: Task,
    names: Vec<String>,
    archs: Vec<Arch>,
    proxies: Vec<&'static dyn Proxy>,
    images: Prepared,
    weights: Option<Weights>,
}

impl std::fmt::Debug for Sweep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sweep")
            .field("recipe", &self.recipe)
            .finish_non_exhaustive()
    }
}

impl Sweep {
    /// Draws the images, checks what can be checked before the first network, and names the recipe.
    ///
    /// # Errors
    /// Images or weights that cannot be read, a batch that is too small for a proxy, absurd settings.
    pub fn new(
        networks: &Networks,
        proxies: &[&'static dyn Proxy],
        settings: &Settings,
    ) -> Result<Self> {
        let plan = Plan::new(proxies)?;
        check(settings)?;
        let Settings {
            task,
            batch,
            ntk_batch,
            seed,
            repeats,
            ..
        } = *settings;
        let mut images = images::prepare(&settings.data, &plan, task, batch, seed)?;
        images.inputs.few = ntk_batch;
        let weights = settings.weights.as_ref().map(|path| {
            let bytes = std::fs::read(path).map_err(|source| SweepError::File {
                verb: "read",
                path: path.clone(),
                source,
            })?;
            let digest = sha256_hex(&bytes);
            Ok::<_, SweepError>((Weights::from_safetensors(&bytes)?, digest))
        });
        let weights = weights.transpose()?;
        let count = networks.archs().len();
        if weights.is_some() && count > 1 {
            return Err(SweepError::WeightsOfMany { count });
        }
        let recipe = Recipe {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            numerics: Recipe::NUMERICS,
            networks: networks.source().to_owned(),
            count,
            networks_digest: networks.digest(),
            resolution: task.resolution(),
            classes: task.classes(),
            proxies: proxies.iter().map(|p| p.name().to_owned()).collect(),
            data: settings.data.to_string(),
            batch,
            ntk_batch,
            batch_digest: images.batch.to_string(),
            second_digest: images.second.map(|d| d.to_string()),
            noise_digest: images.noise.clone(),
            seed,
            repeats,
            weights_digest: weights.as_ref().map(|(_, digest)| digest.clone()),
        };
        let sweep = Self {
            recipe,
            task,
            names: networks.archs().iter().map(ToString::to_string).collect(),
            archs: networks.archs().to_vec(),
            proxies: proxies.to_vec(),
            images,
            weights: weights.map(|(weights, _)| weights),
        };
        sweep.applicable(&sweep.archs[0].network(task))?;
        Ok(sweep)
    }

    /// By what the scores are made.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The architectures as they are written, in the order of the list.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The proxies that can look at a network, and why the others cannot.
    ///
    /// That a proxy refuses one network for its shape is no failure of the sweep; that it refuses the
    /// images is.
    fn applicable(
        &self,
        network: &Network,
    ) -> Result<(Vec<&'static dyn Proxy>, Vec<&'static str>), ProxyError> {
        let (mut able, mut unable) = (Vec::new(), Vec::new());
        for &proxy in &self.proxies {
            match Plan::new(&[proxy])?.check(network, &self.images.inputs) {
                Ok(()) => able.push(proxy),
                Err(ProxyError::SinglePixel { .. }) => unable.push(proxy.name()),
                Err(error) => return Err(error),
            }
        }
        Ok((able, unable))
    }

    /// Scores the network at a place in the list.
    ///
    /// # Errors
    /// [`SweepError::Network`] with what the proxies or the engine refuse.
    pub fn score(&self, place: usize, devices: &Devices<Cpu<f32>, Cpu<f64>>) -> Result<Record> {
        let fault = |source| SweepError::Network {
            arch: self.names[place].clone(),
            source,
        };
        let network = self.archs[place].network(self.task);
        let (able, unable) = self.applicable(&network).map_err(fault)?;
        let mut reasons: Vec<(String, String)> = unable
            .iter()
            .map(|name| ((*name).to_owned(), "single_pixel".to_owned()))
            .collect();
        let mut seconds: Vec<(String, f64)> = Vec::new();
        let mut draws: Vec<Vec<Score>> = Vec::new();
        if !able.is_empty() {
            let plan = Plan::new(&able).map_err(fault)?;
            for repeat in 0..u64::from(self.recipe.repeats) {
                let draw = Seeded {
                    seed: self.recipe.seed.wrapping_add(repeat),
                    architecture: &self.names[place],
                    given: self.weights.as_ref(),
                };
                let scored = plan
                    .score(devices, &network, &self.images.inputs, &draw)
                    .map_err(fault)?;
                draws.push(scored.scores.iter().map(|(_, score)| *score).collect());
                for (pass, time) in scored.seconds {
                    match seconds.iter_mut().find(|(name, _)| name == pass.name()) {
                        Some((_, sum)) => *sum += time,
                        None => seconds.push((pass.name().to_owned(), time)),
                    }
                }
            }
        }
        let mut scores = Vec::with_capacity(self.proxies.len());
        let mut deviations = Vec::new();
        for proxy in &self.proxies {
            let Some(at) = able.iter().position(|p| p.name() == proxy.name()) else {
                scores.push(None);
                deviations.push(None);
                continue;
            };
            let values: Vec<f64> = draws.iter().map(|d| d[at].value()).collect();
            let (mean, deviation) = mean_and_deviation(&values);
            scores.push(Some(mean.to_bits()));
            deviations.push(Some(deviation.to_bits()));
            if let Some(reason) = draws.iter().find_map(|d| d[at].reason()) {
                reasons.push((proxy.name().to_owned(), reason.name().to_owned()));
            }
        }
        if self.recipe.repeats == 1 {
            deviations.clear();
        }
        Ok(Record {
            place,
            scores,
            deviations,
            reasons,
            seconds,
            run: 0,
        })
    }
}

/// The mean, and the deviation with the divisor n - 1; of one value the value itself and 0.
fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let &[first, _, ..] = values else {
        return (values[0], 0.0);
    };
    let count = values.len() as f64;
    // About the first value, so that equal values have exactly that mean and deviation 0.
    let mean = first + values.iter().map(|v| v - first).sum::<f64>() / count;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0)).sqrt())
}

fn check(settings: &Settings) -> Result<()> {
    let fault = |name, value: usize, expected| SweepError::Setting {
        name,
        value: value.to_string(),
        expected,
    };
    if !(1..=4096).contains(&settings.batch) {
        return Err(fault("the batch", settings.batch, "1 to 4096"));
    }
    if !(1..=1024).contains(&settings.ntk_batch) {
        return Err(fault("the batch of ntk", settings.ntk_batch, "1 to 1024"));
    }
    if !(1..=1000).contains(&settings.repeats) {
        let repeats = settings.repeats as usize;
        return Err(fault("the number of repeats", repeats, "1 to 1000"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::mean_and_deviation;

    #[test]
    fn means_and_deviations_are_those_of_the_textbook() {
        assert_eq!(mean_and_deviation(&[3.5]), (3.5, 0.0));
        assert_eq!(mean_and_deviation(&[0.1, 0.1, 0.1]), (0.1, 0.0));
        // By hand: mean 2, squares 1 + 0 + 1 over 2.
        assert_eq!(mean_and_deviation(&[1.0, 2.0, 3.0]), (2.0, 1.0));
        assert!(mean_and_deviation(&[1.0, f64::NAN]).0.is_nan());
    }
}
