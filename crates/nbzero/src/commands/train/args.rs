//! What can be typed behind `nbzero train`.

use std::path::PathBuf;
use std::time::Duration;

use nbz_sweep::Shard;
use nbz_train::Recipe;

use crate::bytes::Limit;
use crate::failure::CommandError;

/// Train networks by a recipe
///
/// Training images are split as the paper does: 90 % to train on, 10 % for the validation behind each epoch; the
/// test images are looked at once, at the end. The folder gets the weights, the curve and the result. A training
/// that was killed goes on from its last checkpoint when the same command is given again, and ends with the same
/// bytes; SIGTERM and SIGUSR1 make it keep one and end with code 85, Ctrl-C with code 130, and a second Ctrl-C ends it
/// at once. With --list many networks are trained, one a thread, into a folder with a table.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The network: r1:..., nb201:212043, r1-000123, ...
    #[arg(value_name = "ARCH", required_unless_present = "list")]
    pub(super) arch: Option<String>,
    /// The networks of a file instead: one a line, or a CSV with a column `arch`
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "arch",
        help_heading = "Lists"
    )]
    pub(super) list: Option<PathBuf>,
    /// The space of the networks, where it is a TOML file of your own
    #[arg(long, value_name = "FILE.toml")]
    pub(super) space: Option<String>,
    /// Only every N-th network of the list, beginning with the I-th; shards may share a folder
    #[arg(
        long,
        value_name = "I/N",
        default_value = "1/1",
        requires = "list",
        help_heading = "Lists"
    )]
    pub(super) shard: Shard,
    /// How often each network of the list is trained, with seeds that follow each other
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 1,
        value_parser = clap::value_parser!(u16).range(1..),
        requires = "list",
        help_heading = "Lists"
    )]
    pub(super) repeats: u16,
    /// cifar10:PATH, cifar100:PATH, imagenet16:PATH, folder:PATH, npy:PATH, FILE.safetensors, or noise
    ///
    /// Of CIFAR-10 some training batches may be absent. A folder has a folder of PNG or JPEG files a class, below train
    /// and test if there are such; npy is a folder of train_images.npy, train_labels.npy, test_images.npy and
    /// test_labels.npy; safetensors has images and labels, test_images and test_labels. Noise is for trials of speed.
    #[arg(long, value_name = "IMAGES")]
    pub(super) data: String,
    /// nbz360 (the paper's), nbz36, nbz12, mini, or a TOML file
    #[arg(long, value_name = "RECIPE", default_value = "nbz12")]
    recipe: String,
    /// Change a number of the recipe: epochs=3, mixup=0; may be given again
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The seed of weights, order, augmentation and mixing
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub(super) seed: u64,
    /// Only the first training images, in canonical order [default: all]
    #[arg(long, value_name = "COUNT")]
    pub(super) images: Option<usize>,
    /// The folder to write
    #[arg(long, short, value_name = "FOLDER")]
    pub(super) output: PathBuf,
    /// Threads, of a list networks trained side by side [default: the machine's cores]
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// Most memory of all networks at work, such as 4G, 512MiB, or a share of what is free
    #[arg(long, value_name = "AMOUNT", default_value = "80%")]
    pub(super) max_memory: Limit,
    /// Minutes between checkpoints
    #[arg(long, value_name = "MINUTES", default_value_t = 10.0)]
    checkpoint_every: f64,
}

impl Args {
    /// The recipe with its changes.
    pub(super) fn recipe(&self) -> nbz_train::Result<Recipe> {
        let recipe = Recipe::named(&self.recipe)?;
        self.set.iter().try_fold(recipe, |recipe, s| recipe.with(s))
    }

    /// Threads of the device.
    pub(super) fn threads(&self) -> Result<usize, CommandError> {
        crate::commands::threads(self.threads)
    }

    /// Time between checkpoints.
    pub(super) fn checkpoint_every(&self) -> Result<Duration, CommandError> {
        minutes(self.checkpoint_every)
    }
}

/// Minutes between checkpoints.
pub(crate) fn minutes(count: f64) -> Result<Duration, CommandError> {
    Duration::try_from_secs_f64(60.0 * count).map_err(|_| CommandError::Usage {
        problem: format!("a checkpoint every {count} minutes"),
        hint: "take a number of minutes, such as 10 or 0.5".to_owned(),
    })
}
