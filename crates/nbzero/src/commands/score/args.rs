//! What can be typed behind `nbzero score`.

use std::path::PathBuf;
use std::time::Duration;

use nbz_proxy::{Proxy, ProxyError, registry};
use nbz_space::{Dataset, Task};
use nbz_sweep::program::ANSWER_LIMIT;
use nbz_sweep::{Data, Program, Shard};

use crate::bytes::Limit;
use crate::console::Console;
use crate::failure::CommandError;

/// Score networks with zero-shot proxies
///
/// Networks are named one by one, or by --space, --table or --from. With -o the scores go to a file that
/// survives a kill: the same command goes on where it ended, and ends with the same bytes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The networks: r1:..., nb201:212043, r1-000123, ...
    #[arg(value_name = "ARCH", conflicts_with_all = ["space", "table", "from"])]
    pub(super) archs: Vec<String>,
    /// Networks of a space: r1, r2, mb, nbmacro, cbmr, cbmm, nb201, or a TOML file
    #[arg(long, value_name = "SPACE", help_heading = "Networks")]
    pub(super) space: Option<String>,
    /// The distinct networks of a table
    #[arg(
        long,
        short,
        value_name = "TABLE",
        conflicts_with = "space",
        help_heading = "Networks"
    )]
    pub(super) table: Option<String>,
    /// The networks of a file: one a line, or a CSV with a column `arch`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["space", "table"], help_heading = "Networks")]
    pub(super) from: Option<PathBuf>,
    /// How many: of r1, r2, mb the first of their list, of others a fair draw [default: all]
    #[arg(long, value_name = "COUNT", help_heading = "Networks")]
    pub(super) count: Option<usize>,
    /// The seed of the list or draw
    #[arg(
        long,
        value_name = "SEED",
        default_value_t = 0,
        help_heading = "Networks"
    )]
    pub(super) list_seed: u64,
    /// Only every N-th network, beginning with the I-th; `merge` puts shards together
    #[arg(
        long,
        value_name = "I/N",
        default_value = "1/1",
        help_heading = "Networks"
    )]
    pub(super) shard: Shard,

    /// Names, separated by commas, or paper, naive, newer, all [default: paper,naive, and none beside --proxy]
    #[arg(long, value_name = "PROXIES")]
    proxies: Option<String>,
    /// cifar10:FOLDER, cifar100:FOLDER, imagenet16:FOLDER, noise, or FILE.safetensors with `images` and `labels`
    #[arg(
        long,
        visible_alias = "inputs",
        value_name = "IMAGES",
        default_value = "noise"
    )]
    pub(super) data: String,
    /// The weights of a single network, a safetensors file [default: drawn by the seed]
    #[arg(long, value_name = "FILE")]
    pub(super) weights: Option<PathBuf>,
    /// Images in the batch
    #[arg(long, value_name = "COUNT", default_value_t = 64)]
    pub(super) batch: usize,
    /// Draw a batch for each network, by seed and architecture [default: all networks see one batch]
    #[arg(long)]
    pub(super) batch_per_network: bool,
    /// Crop (padding 4) and flip training images at random, each by its own draw
    #[arg(long)]
    pub(super) augment: bool,
    /// Images that ntk and swap look at
    #[arg(long, value_name = "COUNT", default_value_t = 16)]
    pub(super) ntk_batch: usize,
    /// The seed of weights, images and noise
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub(super) seed: u64,
    /// Take Winograd's form of 3 x 3 convolutions: ResNets a third faster, scores that round otherwise
    #[arg(long)]
    pub(super) winograd: bool,
    /// How often each network's weights are drawn; scores are means, beside their deviations
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    pub(super) repeats: u32,
    /// Classes of the networks [default: those of the images or of the table's data set]
    #[arg(long, value_name = "COUNT")]
    pub(super) classes: Option<usize>,
    /// Height and width of the images [default: that of the images or of the table's data set]
    #[arg(long, value_name = "PIXELS")]
    pub(super) resolution: Option<usize>,
    /// cifar10, cifar100 or imagenet16-120: classes and resolution together
    #[arg(long, value_name = "NAME")]
    pub(super) dataset: Option<String>,

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
    /// Seconds that an answer may take, before its score is NaN and the program started again
    #[arg(long, value_name = "SECONDS", default_value_t = ANSWER_LIMIT.as_secs_f64(), help_heading = "A proxy of your own")]
    proxy_timeout: f64,

    /// Networks scored side by side [default: the machine's cores]
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// Most memory of all networks at work, such as 4G, 512MiB, or a share of what is free
    #[arg(long, value_name = "AMOUNT", default_value = "80%")]
    pub(super) max_memory: Limit,
    /// The file of scores to write; times and machines go beside it, to FILE.runs.parquet
    #[arg(long, short, value_name = "FILE.parquet")]
    pub(super) output: Option<PathBuf>,
}

impl Args {
    /// The proxies of the registry; none of them if only programs are asked for.
    pub(super) fn proxies(&self) -> Result<Vec<&'static dyn Proxy>, ProxyError> {
        match &self.proxies {
            Some(names) => registry::select(names),
            None if self.proxy.is_empty() => registry::select("paper,naive"),
            None => Ok(Vec::new()),
        }
    }

    /// The user's own proxies.
    pub(super) fn programs(&self) -> Result<Vec<Program>, CommandError> {
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

    /// How long an answer of a program may take.
    pub(super) fn answer_limit(&self) -> Result<Duration, CommandError> {
        let positive = Some(self.proxy_timeout).filter(|seconds| *seconds > 0.0);
        let limit = positive.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        limit.ok_or_else(|| CommandError::Usage {
            problem: format!("a time limit of {} s", self.proxy_timeout),
            hint: "take a number of seconds above 0".to_owned(),
        })
    }

    /// Resolution and classes: what was typed, then what the images say, then the networks' data set.
    pub(super) fn task(
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
        let known = typed.or(data.dataset()).or(of_networks);
        let dataset = known.unwrap_or_default();
        let classes = self.classes.unwrap_or(dataset.classes());
        let of_images = data.resolution(classes)?;
        let resolution = self
            .resolution
            .or(of_images)
            .unwrap_or(dataset.resolution());
        if known.is_none() && self.classes.is_none() {
            console.note(format_args!("no --dataset named: taking {dataset}"));
        }
        Ok(Task::new(resolution, classes)?)
    }

    /// Networks scored side by side.
    pub(super) fn threads(&self) -> Result<usize, CommandError> {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        match self.threads.unwrap_or_else(cores) {
            threads @ 1..=1024 => Ok(threads),
            threads => Err(CommandError::Usage {
                problem: format!("{threads} threads"),
                hint: "take 1 to 1024".to_owned(),
            }),
        }
    }
}
