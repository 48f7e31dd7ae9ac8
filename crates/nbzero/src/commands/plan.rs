//! `nbzero plan`: what many machines are to do.

use std::path::PathBuf;

use nbz_space::Dataset;
use nbz_sweep::cluster::{Order, Plan, TrainingOrder};
use nbz_sweep::program::ANSWER_LIMIT;
use nbz_sweep::training::material;
use nbz_sweep::{Data, Networks, Sweep};
use nbz_train::Recipe;
use serde::Serialize;

use super::score::How;
use super::score::networks;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::source::counted;

/// Plan a run that many machines share: scores or trainings
///
/// The folder gets plan.toml, which says what is done and by which recipe, and units.parquet, a row a network (of
/// trainings a row a network and seed) with its predicted cost. The same command writes the same bytes. `check`
/// estimates what a plan takes, `work` does a share of it, `submit` gives it to a cluster.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Networks of spaces, separated by commas: r1, r2, mb, nbmacro, cbmr, cbmm, nb201, or TOML files
    #[arg(
        long,
        value_name = "SPACES",
        value_delimiter = ',',
        required_unless_present = "from",
        help_heading = "Networks"
    )]
    spaces: Vec<String>,
    /// How many of each: of r1, r2, mb the first of their list, of others a fair draw [default: all]
    #[arg(
        long,
        value_name = "COUNTS",
        value_delimiter = ',',
        requires = "spaces",
        help_heading = "Networks"
    )]
    counts: Vec<usize>,
    /// The seed of the lists or draws
    #[arg(
        long,
        value_name = "SEED",
        default_value_t = 0,
        help_heading = "Networks"
    )]
    list_seed: u64,
    /// The networks of a file instead: one a line, or a CSV with a column `arch`
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "spaces",
        help_heading = "Networks"
    )]
    from: Option<PathBuf>,

    /// What is done with them
    #[arg(long, value_enum, default_value_t = Task::Score)]
    task: Task,
    /// cifar10:PATH, cifar100:PATH, imagenet16:PATH, folder:PATH, npy:PATH, FILE.safetensors, or noise [default to score:
    /// noise]
    ///
    /// The place is kept in the plan, made absolute; `work --data` names another. Images are told by their digest.
    #[arg(long, value_name = "IMAGES")]
    data: Option<String>,
    #[command(flatten)]
    how: How,

    /// nbz360 (the paper's), nbz36, nbz12, mini, or a TOML file [default: nbz12]
    #[arg(long, value_name = "RECIPE", help_heading = "Trainings")]
    recipe: Option<String>,
    /// Change a number of the recipe: epochs=3, mixup=0; may be given again
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Trainings")]
    set: Vec<String>,
    /// How often each network is trained, with seeds that follow --seed
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..),
        help_heading = "Trainings"
    )]
    seeds: u16,
    /// Only the first training images, in canonical order [default: all]
    #[arg(long, value_name = "COUNT", help_heading = "Trainings")]
    images: Option<usize>,

    /// Parts: what is claimed, written and lost [default: by cost, some thirty seconds each; a training is a part]
    #[arg(long, value_name = "COUNT")]
    parts: Option<usize>,
    /// The folder to write
    #[arg(long, short, value_name = "FOLDER")]
    output: PathBuf,
}

/// What a plan's units are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Task {
    /// Networks scored by proxies, as `nbzero score` does
    Score,
    /// Networks trained by a recipe, as `nbzero train` does
    Train,
}

#[derive(Serialize)]
struct Document<'a> {
    task: &'static str,
    networks: &'a str,
    units: usize,
    parts: usize,
    digest: &'a str,
    written: String,
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let named = match (&args.data, args.task) {
        (Some(named), _) => named,
        (None, Task::Score) => "noise",
        // Nobody means to train thousands of networks on noise.
        (None, Task::Train) => {
            return Err(CommandError::Usage {
                problem: "there is no source of training images".to_owned(),
                hint: "name one with --data, such as cifar10:PATH".to_owned(),
            }
            .into());
        }
    };
    let data: Data = named.parse()?;
    let (networks, dataset) = args.networks()?;
    let order = match args.task {
        Task::Score => args.score(&data, &networks, dataset, console)?,
        Task::Train => args.train(&data, &networks, console)?,
    };
    let images = data.spelled().map_err(|source| CommandError::File {
        verb: "find",
        path: named.to_owned(),
        source,
    })?;
    let plan = Plan::new(order, &networks, images, args.parts)?;
    plan.write(&args.output)?;
    let units = plan.units();
    console.note(format_args!(
        "planned to {} {}: {} in {}; wrote {}",
        plan.order().verb(),
        networks.source(),
        counted(units.all().len(), "unit"),
        counted(units.parts().len(), "part"),
        args.output.display()
    ));
    if console.form() == Form::Json {
        console.json(&Document {
            task: plan.order().verb(),
            networks: networks.source(),
            units: units.all().len(),
            parts: units.parts().len(),
            digest: plan.digest(),
            written: args.output.display().to_string(),
        })?;
    }
    Ok(())
}

impl Args {
    fn networks(&self) -> anyhow::Result<(Networks, Option<Dataset>)> {
        if let Some(path) = &self.from {
            return networks::of_list("a file", networks::read(path, None)?);
        }
        let (spaces, counts) = (&self.spaces, &self.counts);
        if !counts.is_empty() && counts.len() != spaces.len() {
            return Err(CommandError::Usage {
                problem: format!("{} counts for {} spaces", counts.len(), spaces.len()),
                hint: "give one count a space, or none".to_owned(),
            }
            .into());
        }
        let mut lists = Vec::new();
        let mut datasets = Vec::new();
        for (at, space) in spaces.iter().enumerate() {
            let (list, dataset) =
                networks::of_space(space, counts.get(at).copied(), self.list_seed)?;
            lists.push(list);
            datasets.push(dataset);
        }
        // Spaces of different habits have none in common.
        let first = datasets.first().copied().flatten();
        let dataset = first.filter(|d| datasets.iter().all(|other| *other == Some(*d)));
        Ok((Networks::joined(lists)?, dataset))
    }

    fn score(
        &self,
        data: &Data,
        networks: &Networks,
        dataset: Option<Dataset>,
        console: &Console,
    ) -> anyhow::Result<Order> {
        let trains = [
            ("--recipe", self.recipe.is_some()),
            ("--set", !self.set.is_empty()),
            ("--seeds", self.seeds != 1),
            ("--images", self.images.is_some()),
        ];
        if let Some((flag, _)) = trains.iter().find(|(_, is_given)| *is_given) {
            return Err(CommandError::Usage {
                problem: format!("{flag} is of trainings"),
                hint: "with --task score leave it out; --repeats draws weights several times"
                    .to_owned(),
            }
            .into());
        }
        let task = self.how.task(data, dataset, console)?;
        let settings = self.how.settings(task, data.clone(), None, ANSWER_LIMIT)?;
        let sweep = Sweep::new(networks, &self.how.proxies()?, &settings)?;
        Ok(Order::Score(Box::new(sweep.recipe().clone())))
    }

    fn train(&self, data: &Data, networks: &Networks, console: &Console) -> anyhow::Result<Order> {
        let recipe = Recipe::named(self.recipe.as_deref().unwrap_or("nbz12"))?;
        let recipe = self
            .set
            .iter()
            .try_fold(recipe, |recipe, change| recipe.with(change))?;
        let found = material(data, self.images)?;
        if let Some(remark) = &found.remark {
            console.warn(remark);
        }
        // Refused for what it is, before a plan could call itself damaged by it.
        let pictures = found.material.pictures();
        nbz_space::Task::new(pictures.size()[0], pictures.classes())?;
        let seeds = (0..u64::from(self.seeds.max(1)))
            .map(|more| self.how.seed.wrapping_add(more))
            .collect();
        let order = TrainingOrder::new(networks, &found.material, &recipe, seeds);
        Ok(Order::Train(Box::new(order)))
    }
}
