//! `nbzero submit`: a plan given to a cluster.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use nbz_sweep::cluster::Runs;
use nbz_sweep::cluster::engine::{
    self, Engine, HyperQueue, Job, Kubernetes, Local, Parallel, Rendered, Slurm,
};
use serde::Serialize;

use super::cluster::begin;
use crate::bytes::Limit;
use crate::console::{Console, Form};
use crate::failure::CommandError;
use crate::names::nearest;

/// Give a plan to a cluster: Slurm, HyperQueue, Kubernetes, GNU parallel, or this machine
///
/// Writes what the engine's own users would write, shows it with --dry-run, and submits it. A plan that is under way
/// is not submitted again. local and parallel stay until their workers have ended.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that `nbzero plan` wrote
    #[arg(long, value_name = "FOLDER")]
    plan: PathBuf,
    /// The folder of runs, which every worker can reach
    #[arg(long, short, value_name = "FOLDER")]
    output: PathBuf,
    /// local, slurm, hyperqueue, kubernetes or parallel
    #[arg(long, value_name = "ENGINE")]
    engine: String,
    /// Workers; more than can run at once do no harm [default: 16, with local 1]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    shards: Option<u32>,
    /// Workers that may run at once [default: as the engine likes]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    at_once: Option<u32>,
    /// Threads of each [default: 1, with local the machine's cores shared out]
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// Memory of each, such as 4G; `nbzero check` says what a thread needs [default: the engine's]
    #[arg(long, value_name = "AMOUNT")]
    memory: Option<Limit>,
    /// Time of each, as the engine writes it: 4:00:00 for Slurm, 4h for HyperQueue, seconds for Kubernetes
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// Seconds before the end of that time at which Slurm tells a worker: more than one network takes
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=65_535))]
    notice: u32,
    /// Where the images are on the workers' machines [default: where they were for `plan`]
    #[arg(long, value_name = "IMAGES")]
    data: Option<String>,
    /// This program on the workers' machines [default: where it is here]
    #[arg(long, value_name = "PROGRAM")]
    program: Option<PathBuf>,
    /// The container image with nbzero
    #[arg(long, value_name = "IMAGE", help_heading = "Kubernetes")]
    image: Option<String>,
    /// A persistent volume claim and where every pod mounts it; may be given again
    #[arg(long, value_name = "CLAIM=/PATH", help_heading = "Kubernetes")]
    volume: Vec<String>,
    /// Add workers while earlier ones are under way
    #[arg(long)]
    more: bool,
    /// Show what would be submitted, and submit nothing
    #[arg(long)]
    dry_run: bool,
    /// Passed on to the engine's command: -- --partition=long --account=me
    #[arg(last = true, value_name = "OPTIONS")]
    extra: Vec<String>,
}

/// Memory in which no worker can begin: the program and a batch of images.
const SMALLEST: u64 = 16 << 20;

#[derive(Serialize)]
struct Document {
    engine: &'static str,
    shards: u32,
    script: Option<String>,
    commands: Vec<String>,
    ids: Vec<String>,
    is_submitted: bool,
    /// What the engine said of the commands that it did not take.
    refusal: Option<String>,
}

/// The engine of a name, of which nothing is to be written.
pub(super) fn engine_of(name: &str) -> Option<Box<dyn Engine>> {
    engine(name, Kubernetes::default())
}

/// The engine of a name.
fn engine(name: &str, kubernetes: Kubernetes) -> Option<Box<dyn Engine>> {
    Some(match name {
        "local" => Box::new(Local),
        "slurm" => Box::new(Slurm),
        "hyperqueue" | "hq" => Box::new(HyperQueue),
        "kubernetes" | "k8s" => Box::new(kubernetes),
        "parallel" => Box::new(Parallel),
        _ => return None,
    })
}

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let plan = nbz_sweep::cluster::Plan::open(&args.plan)?;
    let kubernetes = Kubernetes {
        image: args.image.clone(),
        volumes: args.volume.clone(),
        // A plan may be submitted again: what ended keeps its name. Inside containers process numbers come again.
        job: format!(
            "nbzero-{}-{:08x}",
            &plan.digest()[..8],
            RandomState::new().hash_one(std::process::id()) as u32
        ),
    };
    let engine = engine(&args.engine, kubernetes).ok_or_else(|| CommandError::Unknown {
        what: "engine",
        name: args.engine.clone(),
        hint: match nearest(&args.engine, engine::NAMES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are: {}", engine::NAMES.join(", ")),
        },
    })?;
    let job = args.job(engine.name() == "local")?;
    if args.dry_run {
        return show(engine.as_ref(), &job, console);
    }
    let runs = begin(&args.plan, &args.output)?;
    give(&runs, engine.as_ref(), &job, args.more, console)
}

fn show(engine: &dyn Engine, job: &Job, console: &Console) -> anyhow::Result<()> {
    let rendered = engine.render(job)?;
    if console.form() == Form::Json {
        let document = document(engine, job, &rendered, Vec::new(), false);
        return Ok(console.json(&document)?);
    }
    let mut text = String::new();
    let mut name = String::new();
    if let Some((ending, script)) = &rendered.file {
        name = format!("0001.{ending}");
        text.push_str(script);
        text.push_str("\n# and then\n");
    }
    for command in &rendered.commands {
        text.push_str(&format!("{}\n", words(&command.words, &name)));
    }
    Ok(console.data(text)?)
}

fn give(
    runs: &Runs,
    engine: &dyn Engine,
    job: &Job,
    more: bool,
    console: &Console,
) -> anyhow::Result<()> {
    let rendered = engine.render(job)?;
    for command in &rendered.commands {
        console.note(words(&command.words, "SCRIPT"));
    }
    let submitted = console.while_waiting("submitting", || {
        engine::submit(runs, engine, job, more, &engine_of)
    });
    let (submission, refusal) = submitted?;
    if let Some(refusal) = &refusal {
        console.warn(format_args!(
            "{refusal}; the workers that were taken do the parts of the others too"
        ));
    }
    let folder = runs.root().display();
    if submission.is_over {
        console.note(format_args!(
            "the workers have ended: nbzero status {folder}"
        ));
    } else {
        console.note(format_args!(
            "submitted as {}: nbzero status {folder}",
            submission.ids.join(", ")
        ));
    }
    if console.form() == Form::Json {
        let refusal = refusal.map(|refusal| refusal.to_string());
        let document = document(engine, job, &rendered, submission.ids, true);
        console.json(&Document {
            refusal,
            ..document
        })?;
    }
    Ok(())
}

fn document(
    engine: &dyn Engine,
    job: &Job,
    rendered: &Rendered,
    ids: Vec<String>,
    is_submitted: bool,
) -> Document {
    let commands = rendered.commands.iter().map(|c| words(&c.words, "SCRIPT"));
    Document {
        engine: engine.name(),
        shards: job.shards,
        script: rendered.file.as_ref().map(|(_, text)| text.clone()),
        commands: commands.collect(),
        ids,
        is_submitted,
        refusal: None,
    }
}

/// A command as one would type it.
fn words(words: &[String], file: &str) -> String {
    let word = |word: &String| match word.as_str() {
        "{file}" => file.to_owned(),
        other => nbz_sweep::cluster::engine::quoted(other).unwrap_or_else(|_| other.to_owned()),
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

impl Args {
    fn memory(&self) -> Result<Option<u64>, CommandError> {
        match self.memory {
            Some(Limit::OfFree(_)) => Err(CommandError::Usage {
                problem: "a share of memory that is free here".to_owned(),
                hint: "name an amount, such as 4G: it is for other machines".to_owned(),
            }),
            Some(Limit::Bytes(bytes)) if bytes < SMALLEST => Err(CommandError::Usage {
                problem: format!("a worker cannot live in {bytes} bytes"),
                hint: "`nbzero check` says what a thread needs".to_owned(),
            }),
            Some(Limit::Bytes(bytes)) => Ok(Some(bytes)),
            None => Ok(None),
        }
    }

    fn job(&self, is_local: bool) -> anyhow::Result<Job> {
        let absolute = |path: &PathBuf| {
            std::path::absolute(path).map_err(|source| CommandError::File {
                verb: "find",
                path: path.display().to_string(),
                source,
            })
        };
        let program = match &self.program {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        let shards = self.shards.unwrap_or(if is_local { 1 } else { 16 });
        let threads = match self.threads {
            Some(threads) => super::threads(Some(threads))?,
            None if is_local => (super::threads(None)? / shards as usize).max(1),
            None => 1,
        };
        Ok(Job {
            program,
            plan: absolute(&self.plan)?,
            runs: absolute(&self.output)?,
            data: self.data.clone(),
            shards,
            at_once: self.at_once,
            threads,
            memory: self.memory()?,
            time: self.time.clone(),
            notice: self.notice,
            extra: self.extra.clone(),
        })
    }
}
