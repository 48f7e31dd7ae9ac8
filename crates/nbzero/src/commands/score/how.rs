//! How networks are scored, as it is typed behind `score` and `plan`.

use std::path::PathBuf;
use std::time::Duration;

use nbz_proxy::{Proxy, ProxyError, registry};
use nbz_space::{Dataset, Task};
use nbz_sweep::{Data, Program, Settings};

use crate::console::Console;
use crate::failure::CommandError;

/// Proxies, and everything else on which their scores depend but networks and images.
#[derive(Debug, clap::Args)]
pub(crate) struct How {
    /// Names, separated by commas, or paper, naive, newer, all [default: paper,naive, and none beside --proxy]
    #[arg(long, value_name = "PROXIES")]
    proxies: Option<String>,
    /// Images in the batch
    #[arg(long, value_name = "COUNT", default_value_t = 64)]
    pub(crate) batch: usize,
    /// Draw a batch for each network, by seed and architecture [default: all networks see one batch]
    #[arg(long)]
    pub(crate) batch_per_network: bool,
    /// Crop (padding 4) and flip training images at random, each by its own draw
    #[arg(long)]
    pub(crate) augment: bool,
    /// Images that ntk and swap look at
    #[arg(long, value_name = "COUNT", default_value_t = 16)]
    pub(crate) ntk_batch: usize,
    /// The seed of weights, images and noise
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Take Winograd's form of 3 x 3 convolutions: ResNets a third faster, scores that round otherwise
    #[arg(long)]
    pub(crate) winograd: bool,
    /// How often each network's weights are drawn; scores are means, beside their deviations
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    pub(crate) repeats: u32,
    /// Classes of the networks [default: those of the images or of the table's data set]
    #[arg(long, value_name = "COUNT")]
    pub(crate) classes: Option<usize>,
    /// Height and width of the images [default: that of the images or of the table's data set]
    #[arg(long, value_name = "PIXELS")]
    pub(crate) resolution: Option<usize>,
    /// cifar10, cifar100 or imagenet16-120: classes and resolution together
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Option<String>,

    /// A proxy of your own: any program that reads networks, one a line, and answers with numbers
    ///
    /// `help own-proxy` tells the lines. It is run without a shell, one process a thread, and named NAME, or as its script.
    #[arg(
        long,
        value_name = "[NAME=]cmd:COMMAND",
        help_heading = "A proxy of your own"
    )]
    proxy: Vec<Program>,
    /// Those of them whose smaller scores are better
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',', requires = "proxy", help_heading = "A proxy of your own")]
    smaller: Vec<String>,
}

impl How {
    /// The proxies of the registry; none of them if only programs are asked for.
    pub(crate) fn proxies(&self) -> Result<Vec<&'static dyn Proxy>, ProxyError> {
        match &self.proxies {
            Some(names) => registry::select(names),
            None if self.proxy.is_empty() => registry::select("paper,naive"),
            None => Ok(Vec::new()),
        }
    }

    /// The user's own proxies.
    pub(crate) fn programs(&self) -> Result<Vec<Program>, CommandError> {
        for name in &self.smaller {
            if self.proxy.iter().all(|p| p.name() != name) {
                let names: Vec<&str> = self.proxy.iter().map(Program::name).collect();
                return Err(CommandError::Unknown {
                    what: "program",
                    name: name.clone(),
                    hint: format!("known are: {}", names.join(", ")),
                });
            }
        }
        let programs = self.proxy.iter().cloned();
        Ok(programs
            .map(|program| {
                let is_smaller = self.smaller.iter().any(|name| program.name() == name);
                program.smaller_is_better(is_smaller)
            })
            .collect())
    }

    /// Resolution and classes: what was typed, then what the images say, then the networks' data set.
    pub(crate) fn task(
        &self,
        data: &Data,
        of_networks: Option<Dataset>,
        console: &Console,
    ) -> anyhow::Result<Task> {
        let typed = self
            .dataset
            .as_deref()
            .map(str::parse::<Dataset>)
            .transpose()?;
        let images = data.describe()?;
        let dataset = typed.or(of_networks);
        let of_images = images.classes.filter(|_| typed.is_none());
        let classes = self.classes.or(of_images);
        if classes.is_none() && dataset.is_none() {
            let taken = Dataset::default();
            console.note(format_args!("no --dataset named: taking {taken}"));
        }
        let dataset = dataset.unwrap_or_default();
        let classes = classes.unwrap_or(dataset.classes());
        let resolution = self.resolution.or(images.resolution);
        let resolution = resolution.unwrap_or(dataset.resolution());
        Ok(Task::new(resolution, classes)?)
    }

    /// All of it, with what belongs to one run.
    pub(crate) fn settings(
        &self,
        task: Task,
        data: Data,
        weights: Option<PathBuf>,
        answer_limit: Duration,
    ) -> Result<Settings, CommandError> {
        Ok(Settings {
            task,
            data,
            batch: self.batch,
            batch_per_network: self.batch_per_network,
            augment: self.augment,
            ntk_batch: self.ntk_batch,
            seed: self.seed,
            repeats: self.repeats,
            winograd: self.winograd,
            weights,
            programs: self.programs()?,
            answer_limit,
        })
    }
}
