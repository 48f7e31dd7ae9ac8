//! A sweep: networks, images, proxies, and the scores of one network.

mod score;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nbz_engine::Weights;
use nbz_proxy::{Inputs, Plan, Proxy, ProxyError};
use nbz_space::{Arch, Network, Task};
use nbz_table::sha256_hex;

use crate::error::{Result, SweepError};
use crate::images::{Prepared, Source};
use crate::journal::Record;
use crate::networks::Networks;
use crate::program::{self, Program};
use crate::recipe::Recipe;
use crate::room::Room;
use crate::settings::Settings;
use crate::shard::Shard;

/// Everything that a score needs, ready.
pub struct Sweep {
    recipe: Recipe,
    task: Task,
    names: Vec<String>,
    archs: Vec<Arch>,
    own_spaces: Vec<String>,
    proxies: Vec<&'static dyn Proxy>,
    images: Prepared,
    remarks: Vec<String>,
    /// Where each network draws its own batch from.
    source: Option<Source>,
    weights: Option<Weights>,
    /// Whether any process of each program has ever answered.
    proven: Vec<AtomicBool>,
    answer_limit: Duration,
}

/// A proxy that cannot look at a network, and why.
type Unable = (&'static str, &'static str);

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
    /// Images or weights that cannot be read, a batch that is too small for a proxy, absurd settings,
    /// neither proxies nor programs.
    pub fn new(
        networks: &Networks,
        proxies: &[&'static dyn Proxy],
        settings: &Settings,
    ) -> Result<Self> {
        let programs = &settings.programs;
        let plan = match proxies {
            [] if !programs.is_empty() => None,
            some => Some(Plan::new(some)?),
        };
        settings.check()?;
        program::check_names(programs)?;
        let Settings {
            task,
            batch,
            ntk_batch,
            seed,
            repeats,
            ..
        } = *settings;
        let has_second = plan.as_ref().is_some_and(Plan::needs_second_batch);
        let source = Source::open(settings, has_second)?;
        let remarks = source.remarks();
        let source_digest = || source.records_digest().unwrap_or("drawn".to_owned());
        let batch_per_network = settings.batch_per_network.then(source_digest);
        let names: Vec<String> = networks.archs().iter().map(ToString::to_string).collect();
        let first = batch_per_network.as_ref().and(names.first());
        let mut images = source.draw(first.map(String::as_str))?;
        if plan.as_ref().is_some_and(Plan::needs_noise) {
            source.add_noise(&mut images)?;
        }
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
            device: settings.winograd.then(|| Recipe::WINOGRAD.to_owned()),
            networks: networks.source().to_owned(),
            count,
            networks_digest: networks.digest(),
            resolution: task.resolution(),
            classes: task.classes(),
            proxies: proxies.iter().map(|p| p.name().to_owned()).collect(),
            programs: programs.clone(),
            data: settings.data.to_string(),
            batch,
            ntk_batch,
            batch_digest: images.batch.to_string(),
            batch_per_network,
            augment: settings.augment.then(|| "crop_flip".to_owned()),
            second_digest: images.second.map(|d| d.to_string()),
            noise_digest: images.noise.clone(),
            seed,
            repeats,
            weights_digest: weights.as_ref().map(|(_, digest)| digest.clone()),
        };
        let sweep = Self {
            recipe,
            task,
            names,
            archs: networks.archs().to_vec(),
            own_spaces: networks.own_spaces().to_vec(),
            proxies: proxies.to_vec(),
            images,
            remarks,
            source: settings.batch_per_network.then_some(source),
            weights: weights.map(|(weights, _)| weights),
            proven: programs.iter().map(|_| AtomicBool::new(false)).collect(),
            answer_limit: settings.answer_limit,
        };
        sweep.applicable(&sweep.archs[0].network(task), &sweep.images.inputs)?;
        Ok(sweep)
    }

    /// What is to be said of the images before scores rest on them.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// By what the scores are made.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// The architectures as they are written, in the order of the list.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Definitions of their spaces that the program has not.
    pub(crate) fn own_spaces(&self) -> &[String] {
        &self.own_spaces
    }

    /// How many networks of a share may be scored side by side within `limit` bytes, at most `threads`.
    ///
    /// # Errors
    /// [`SweepError::Memory`] if one alone does not fit; [`SweepError::Engine`] if there is no such device.
    pub fn room(&self, shard: Shard, threads: usize, limit: Option<u64>) -> Result<Room> {
        let places: Vec<usize> = shard.places(self.names.len()).collect();
        self.room_of(&places, threads, limit)
    }

    /// The same for some places of the list.
    ///
    /// # Errors
    /// As [`Sweep::room`].
    pub fn room_of(&self, places: &[usize], threads: usize, limit: Option<u64>) -> Result<Room> {
        if self.proxies.is_empty() {
            return Ok(Room {
                threads,
                fullest: None,
            });
        }
        let (plan, devices) = (Plan::new(&self.proxies)?, self.devices()?);
        let bytes = |place: usize, images: usize| {
            let network = self.archs[place].network(self.task);
            let few = self.recipe.ntk_batch.min(images);
            let fullest = plan.fullest(&devices, &network, images, few);
            fullest.map_or(0, |fullest| fullest.bytes)
        };
        let (names, batch) = (&self.names, self.recipe.batch);
        Room::of(names, places, batch, (threads, limit), &bytes)
    }

    /// The proxies that can look at a network, and why the others cannot.
    ///
    /// That a proxy refuses one network for its shape, or a batch that was drawn for that network alone, is no failure of
    /// the sweep; that it refuses the images that all networks see is.
    fn applicable(
        &self,
        network: &Network,
        inputs: &Inputs,
    ) -> Result<(Vec<&'static dyn Proxy>, Vec<Unable>), ProxyError> {
        let (mut able, mut unable) = (Vec::new(), Vec::new());
        let own_batch = self.source.is_some();
        for &proxy in &self.proxies {
            match Plan::new(&[proxy])?.check(network, inputs) {
                Ok(()) => able.push(proxy),
                Err(ProxyError::SinglePixel { .. }) => unable.push((proxy.name(), "single_pixel")),
                Err(ProxyError::OneClass { .. }) if own_batch => {
                    unable.push((proxy.name(), "one_class"));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((able, unable))
    }

    /// The programs, each beside whether it has ever answered.
    pub(crate) fn programs(&self) -> impl Iterator<Item = (&Program, &AtomicBool)> {
        self.recipe.programs.iter().zip(&self.proven)
    }

    /// How long an answer of a program may take.
    pub(crate) const fn answer_limit(&self) -> Duration {
        self.answer_limit
    }

    /// Takes the scores of an earlier start as proof that a program works.
    pub(crate) fn believe(&self, record: &Record) {
        let scores = record.scores.iter().skip(self.proxies.len());
        for (score, proven) in scores.zip(&self.proven) {
            if score.is_some_and(|bits| f64::from_bits(bits).is_finite()) {
                proven.store(true, Ordering::Relaxed);
            }
        }
    }
}
