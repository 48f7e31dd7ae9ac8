//! The plan: the fewest passes that satisfy the needs of all requested proxies.
//!
//! Needs are merged in three steps. Those of one initialisation share its weights on the device; those of
//! one batch in one mode share its forward pass; those of one cotangent share its backward pass. With the
//! paper's nine proxies that is, `F` being a forward of the batch of 64:
//!
//! | pass | gives | cost |
//! |---|---|---|
//! | forward | codes, logits | F |
//! | tangent | gradients, Fisher, curvature | 6 F |
//! | jacobian | gradient at the images | F |
//! | flow | synflow in f64 | 3 forwards of one image |
//! | tangent kernel | 16 images, 16 backwards | 33 forwards of 16 images |
//! | plain distance | two forwards of noise | 2 F |
//!
//! A finding is made in one way only, whatever else was asked for: a score's bits depend on the network,
//! its weights and its images alone. Without curvature a backward pass of 2 F takes the tangent's place; the
//! engine makes the gradients by the same steps in both, with the same bits.

mod clock;
mod devices;
mod inputs;
mod memory;
mod pass;
mod running;

use nbz_engine::Device;
use nbz_space::Network;

pub use devices::Devices;
pub(crate) use inputs::first;
pub use inputs::{Batch, Draw, Inputs, Noise, Seeded};
pub use memory::Fullest;
pub use pass::Pass;

use crate::error::ProxyError;
use crate::findings::{Findings, Need};
use crate::passes::codes::MOST_IMAGES;
use crate::proxy::Proxy;
use crate::score::Score;
use running::Running;

/// Proxies and the merged passes that they need.
#[derive(Clone)]
pub struct Plan<'p> {
    proxies: Vec<&'p dyn Proxy>,
    needs: Vec<Need>,
}

/// What a plan found out about one network.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What the passes offer.
    pub findings: Findings,
    /// Seconds by pass; these alone differ from run to run.
    pub seconds: Vec<(Pass, f64)>,
}

/// The scores of one network.
#[derive(Debug, Clone)]
pub struct Scores {
    /// One entry a proxy, in the plan's order.
    pub scores: Vec<(&'static str, Score)>,
    /// Seconds by pass; these alone differ from run to run.
    pub seconds: Vec<(Pass, f64)>,
}

impl<'p> Plan<'p> {
    /// Merges the needs of proxies.
    ///
    /// ```
    /// use nbz_proxy::{Pass, Plan, registry};
    /// let plan = Plan::new(&registry::select("snip,fisher,grad_norm")?)?;
    /// assert_eq!(plan.passes(), [Pass::Weights, Pass::Forward, Pass::Backward]);
    /// assert!(Plan::new(&registry::select("params")?)?.passes().is_empty());
    /// # Ok::<(), nbz_proxy::ProxyError>(())
    /// ```
    ///
    /// # Errors
    /// [`ProxyError::NoProxy`].
    pub fn new(proxies: &[&'p dyn Proxy]) -> Result<Self, ProxyError> {
        if proxies.is_empty() {
            return Err(ProxyError::NoProxy);
        }
        let mut needs: Vec<Need> = proxies.iter().flat_map(|p| p.needs()).copied().collect();
        needs.sort_unstable();
        needs.dedup();
        Ok(Self {
            proxies: proxies.to_vec(),
            needs,
        })
    }

    /// The proxies in the order in which they were given.
    pub fn proxies(&self) -> &[&'p dyn Proxy] {
        &self.proxies
    }

    /// The merged needs, each once.
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// The passes that run, each once, in order.
    pub fn passes(&self) -> Vec<Pass> {
        let mut passes: Vec<Pass> = self
            .needs
            .iter()
            .flat_map(|n| n.passes())
            .copied()
            .collect();
        passes.sort_unstable();
        passes.dedup();
        if passes.contains(&Pass::Tangent) {
            // Its backward gives the gradients too.
            passes.retain(|&pass| pass != Pass::Backward);
        }
        passes
    }

    /// Whether a proxy needs a second batch.
    pub fn needs_second_batch(&self) -> bool {
        self.needs.contains(&Need::Ratios)
    }

    /// Whether a proxy needs noise.
    pub fn needs_noise(&self) -> bool {
        self.needs.iter().any(|n| n.reads_noise())
    }

    /// Whether these inputs serve every proxy on this network; [`Plan::run`] begins with it.
    ///
    /// # Errors
    /// [`ProxyError`] with the first proxy that they do not serve.
    pub fn check(&self, network: &Network, inputs: &Inputs) -> Result<(), ProxyError> {
        for &proxy in &self.proxies {
            check(proxy, network, inputs)?;
        }
        Ok(())
    }

    /// Runs the passes.
    ///
    /// # Errors
    /// Of [`Plan::check`], and [`ProxyError::Engine`] for weights or images that the engine refuses.
    pub fn run<D: Device, E: Device>(
        &self,
        devices: &Devices<D, E>,
        network: &Network,
        inputs: &Inputs,
        draw: &dyn Draw,
    ) -> Result<Outcome, ProxyError> {
        self.check(network, inputs)?;
        let mut running = Running::new(devices, network, inputs, draw, &self.needs);
        running.own_weights()?;
        running.normal_weights()?;
        running.kaiming_weights()?;
        Ok(running.finish())
    }

    /// Runs the passes and computes every proxy's score.
    ///
    /// ```
    /// use nbz_engine::{Images, Labels, cpu::Path};
    /// use nbz_proxy::{Batch, Devices, Inputs, Plan, Seeded, registry};
    /// use nbz_space::{Arch, Dataset};
    ///
    /// let architecture = "r1:16s1x1-32s2x1-64s2x1-128s2x1";
    /// let network = architecture.parse::<Arch>()?.network(Dataset::Cifar10);
    /// let pixels = (0..4 * 3072).map(|i| f64::from(i * i % 101) / 50.0 - 1.0).collect();
    /// let images = Images::new(network.input_shape(), pixels)?;
    /// let batch = Batch::new(images, Labels::new(10, vec![3, 1, 4, 1])?)?;
    ///
    /// let plan = Plan::new(&registry::select("snip,ln_synflow,params")?)?;
    /// let devices = Devices::cpu(Path::fastest(), 1)?;
    /// let draw = Seeded { seed: 0, architecture, given: None };
    /// let scored = plan.score(&devices, &network, &Inputs::new(batch), &draw)?;
    /// let names: Vec<_> = scored.scores.iter().map(|(name, _)| *name).collect();
    /// assert_eq!(names, ["snip", "ln_synflow", "params"]);
    /// assert!(scored.scores.iter().all(|(_, score)| score.value() > 0.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Of [`Plan::run`].
    pub fn score<D: Device, E: Device>(
        &self,
        devices: &Devices<D, E>,
        network: &Network,
        inputs: &Inputs,
        draw: &dyn Draw,
    ) -> Result<Scores, ProxyError> {
        let Outcome { findings, seconds } = self.run(devices, network, inputs, draw)?;
        let score = |p: &&dyn Proxy| (p.name(), p.score(&findings));
        Ok(Scores {
            scores: self.proxies.iter().map(score).collect(),
            seconds,
        })
    }
}

impl std::fmt::Debug for Plan<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.proxies.iter().map(|p| p.name()).collect();
        f.debug_struct("Plan")
            .field("proxies", &names)
            .field("needs", &self.needs)
            .finish()
    }
}

/// Whether inputs serve one proxy.
fn check(proxy: &dyn Proxy, network: &Network, inputs: &Inputs) -> Result<(), ProxyError> {
    let needs = proxy.needs();
    let (name, given) = (proxy.name(), inputs.batch.images().count());
    let reads = |what: fn(Need) -> bool| needs.iter().any(|&n| what(n));
    let too_small = |needed| ProxyError::BatchTooSmall {
        proxy: name,
        needed,
        given,
    };
    if given < proxy.fewest_images() {
        return Err(too_small(proxy.fewest_images()));
    }
    if reads(Need::reads_few) {
        if inputs.few < proxy.fewest_images() || given < inputs.few {
            return Err(too_small(inputs.few.max(proxy.fewest_images())));
        }
        if needs.contains(&Need::Patterns) && inputs.few > MOST_IMAGES {
            return Err(ProxyError::TooManyImages {
                proxy: name,
                most: MOST_IMAGES,
                given: inputs.few,
            });
        }
    }
    let missing = |what| ProxyError::MissingInput { proxy: name, what };
    if needs.contains(&Need::Ratios) && inputs.second.is_none() {
        return Err(missing("a second batch"));
    }
    if reads(Need::reads_noise) && inputs.noise.is_none() {
        return Err(missing("noise"));
    }
    check_labels(proxy, network, &inputs.batch)?;
    if reads(Need::normalises_one_image) {
        let lone =
            |l: &&nbz_space::Layer| l.op == nbz_space::Op::BatchNorm && l.shape.pixels() == 1;
        if let Some(layer) = network.layers().iter().find(lone) {
            return Err(ProxyError::SinglePixel {
                proxy: name,
                layer: layer.name.clone(),
            });
        }
    }
    Ok(())
}

/// Whether labels fit the network and say something.
fn check_labels(proxy: &dyn Proxy, network: &Network, batch: &Batch) -> Result<(), ProxyError> {
    let labels = batch.labels();
    if labels.classes() != network.classes() {
        return Err(ProxyError::Classes {
            labels: labels.classes(),
            network: network.classes(),
        });
    }
    let class = labels.values()[0];
    let several = labels.values().len() > 1;
    let alike = several && labels.values().iter().all(|&l| l == class);
    if proxy.needs().iter().any(|n| n.reads_labels()) && (alike || labels.classes() == 1) {
        return Err(ProxyError::OneClass {
            proxy: proxy.name(),
            class,
        });
    }
    Ok(())
}

/// The scores of one network by the proxies given: a plan made and run once.
///
/// Make a [`Plan`] yourself to score many networks.
///
/// # Errors
/// Of [`Plan::new`] and [`Plan::run`].
pub fn score_network<D: Device, E: Device>(
    proxies: &[&dyn Proxy],
    devices: &Devices<D, E>,
    network: &Network,
    inputs: &Inputs,
    draw: &dyn Draw,
) -> Result<Scores, ProxyError> {
    Plan::new(proxies)?.score(devices, network, inputs, draw)
}
