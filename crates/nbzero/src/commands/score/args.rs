//! What can be typed behind `nbzero score`.

use std::path::PathBuf;
use std::time::Duration;

use nbz_sweep::Shard;
use nbz_sweep::program::ANSWER_LIMIT;

use super::how::How;
use crate::bytes::Limit;
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

    #[command(flatten)]
    pub(super) how: How,
    /// cifar10:PATH, cifar100:PATH, imagenet16:PATH, folder:PATH, npy:PATH, FILE.safetensors, or noise [default: noise]
    ///
    /// Batches are drawn from the training images. A safetensors file of F32 `images` and I64 `labels` is one batch, taken
    /// as it is; for its other form and the folders see `train`.
    #[arg(long, visible_alias = "inputs", value_name = "IMAGES")]
    pub(super) data: Option<String>,
    /// The weights of a single network, a safetensors file [default: drawn by the seed]
    #[arg(long, value_name = "FILE")]
    pub(super) weights: Option<PathBuf>,
    /// Seconds that an answer may take, before its score is NaN and the program started again
    #[arg(long, value_name = "SECONDS", default_value_t = ANSWER_LIMIT.as_secs_f64(), help_heading = "A proxy of your own")]
    proxy_timeout: f64,

    /// Networks scored side by side [default: the machine's cores]
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// Most memory of all networks at work, such as 4G, 512MiB, or a share of what is free
    #[arg(long, value_name = "AMOUNT", default_value = "80%")]
    pub(super) max_memory: Limit,
    /// The Parquet file of scores to write; times and machines go beside it, to FILE.runs.parquet
    #[arg(long, short, value_name = "FILE.parquet")]
    pub(super) output: Option<PathBuf>,
}

impl Args {
    /// How long an answer of a program may take.
    pub(super) fn answer_limit(&self) -> Result<Duration, CommandError> {
        let positive = Some(self.proxy_timeout).filter(|seconds| *seconds > 0.0);
        let limit = positive.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        limit.ok_or_else(|| CommandError::Usage {
            problem: format!("a time limit of {} s", self.proxy_timeout),
            hint: "take a number of seconds above 0".to_owned(),
        })
    }

    /// Networks scored side by side.
    pub(super) fn threads(&self) -> Result<usize, CommandError> {
        crate::commands::threads(self.threads)
    }
}
