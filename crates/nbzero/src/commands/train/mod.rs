//! `nbzero train`: networks trained by a recipe.

mod args;
mod show;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use indicatif::HumanDuration;
use nbz_engine::Device;
use nbz_engine::cpu::Path as Kernels;
use nbz_space::{Arch, Task};
use nbz_sweep::training::{Folder, Left, List, ListLeft, ListOptions, Schedule, Told, material};
use nbz_sweep::{Data, Networks};
use nbz_train::{Material, Recipe, Training};

pub(crate) use args::{Args, minutes};

use super::score::networks;
use super::space;
use crate::bytes::tell_room;
use crate::console::{Console, Form};
use crate::interrupt;
use crate::source::{counted, grouped};

pub(crate) fn run(args: &Args, console: &Console) -> anyhow::Result<()> {
    let recipe = args.recipe()?;
    let data: Data = args.data.parse()?;
    let space = args.space.as_deref().map(space::open).transpose()?;
    let found = material(&data, args.images)?;
    if let Some(remark) = &found.remark {
        console.warn(remark);
    }
    let parts = found.material.parts(recipe.validation)?;
    let images = format!(
        "{} of {}, {} held back, {} of the test",
        counted(parts.training.len(), "image"),
        found.material.pictures().name(),
        grouped(parts.validation.len() as u64),
        grouped(found.material.test().count() as u64),
    );
    let job = Job {
        args,
        console,
        material: &found.material,
        recipe: &recipe,
        images,
    };
    match (&args.list, &args.arch) {
        (Some(list), _) => {
            let archs = networks::read(list, space.as_ref())?;
            let own = space.as_ref().map_or_else(Vec::new, nbz_sweep::definition);
            job.list(&Networks::listed("a file", archs)?.defined_by(&own))
        }
        (None, Some(arch)) => job.one(&match &space {
            Some(space) => space.arch(arch)?,
            None => arch.parse()?,
        }),
        (None, None) => unreachable!("the command line asks for one of the two"),
    }
}

/// What is trained on, and how.
struct Job<'a> {
    args: &'a Args,
    console: &'a Console,
    material: &'a Material,
    recipe: &'a Recipe,
    /// The images, in words.
    images: String,
}

impl Job<'_> {
    fn one(&self, arch: &Arch) -> anyhow::Result<()> {
        let Self { args, console, .. } = self;
        let (threads, every) = (args.threads()?, args.checkpoint_every()?);
        let pictures = self.material.pictures();
        let network = arch.network(Task::new(pictures.size()[0], pictures.classes())?);
        let device = nbz_sweep::training::device(Kernels::from_environment()?, threads)?;
        let name = arch.to_string();
        let limit = args.max_memory.now();
        nbz_sweep::training::room(&device, &name, &network, self.recipe, limit)?;
        let (recipe, seed) = (self.recipe, args.seed);
        self.material.check(recipe)?;
        let training = Training::new(&name, &network, self.material, recipe, seed, device.name())?;
        console.note(format_args!(
            "training {name} by {}, seed {seed}: {}",
            recipe.name, self.images
        ));
        let folder = Folder::open(&args.output)?;
        let told_to_stop = interrupt::keep_on_ctrl_c(console)?;
        let bar = console.bar();
        let mut telling = show::Telling::new(console, &bar);
        let mut schedule = Schedule {
            every,
            threads,
            stop: &|| told_to_stop.load(Ordering::Relaxed),
            watch: &mut |progress| telling.step(progress),
        };
        let left = folder.run(&training, &device, &mut schedule)?;
        bar.end();
        let report = match left {
            Left::ToBeContinued => return Err(interrupt::stopped().into()),
            Left::Done(report) => report,
        };
        if let Some(step) = report.diverged {
            console.warn(format_args!(
                "the training diverged: no finite loss at step {step}"
            ));
        }
        if report.is_early {
            console.note(format_args!(
                "ended behind epoch {}: validation had not become better for {}",
                report.curve.len(),
                recipe.patience
            ));
        }
        let curve = show::curve(&report);
        nbz_table::atomic::write_bytes(&args.output.join("curve.svg"), curve.svg().as_bytes())?;
        nbz_table::atomic::write_bytes(&args.output.join("curve.png"), &curve.png())?;
        console.note(format_args!("wrote {}", args.output.display()));
        match console.form() {
            Form::Json => Ok(console.json(&*report)?),
            Form::Text => Ok(console.grid(&show::grid(&report))?),
        }
    }

    fn list(&self, networks: &Networks) -> anyhow::Result<()> {
        let Self { args, console, .. } = self;
        let seeds: Vec<u64> = (0..u64::from(args.repeats))
            .map(|repeat| args.seed.wrapping_add(repeat))
            .collect();
        let list = List {
            networks,
            material: self.material,
            recipe: self.recipe,
            seeds: &seeds,
        };
        let stop = interrupt::keep_on_ctrl_c(console)?;
        let limit = args.max_memory.now();
        let room = list.room(args.shard, args.threads()?, limit)?;
        let options = ListOptions {
            threads: tell_room(&room, args.threads()?, console),
            shard: args.shard,
            every: args.checkpoint_every()?,
            stop: &stop,
        };
        console.note(format_args!(
            "training {} by {}, {}, {} at a time: {}",
            counted(networks.archs().len(), "network"),
            self.recipe.name,
            counted(seeds.len(), "seed"),
            options.threads,
            self.images
        ));
        let bar = console.bar();
        let start = Instant::now();
        let left = list.run(&args.output, &options, &|told| {
            let Told { done, all, .. } = *told;
            if let Some(step) = told.diverged {
                let (arch, seed) = (told.arch, told.seed);
                bar.warn_above(
                    console,
                    format_args!("{arch}, seed {seed}, diverged: no finite loss at step {step}"),
                );
            }
            let pace = start.elapsed().as_secs_f64() / done as f64;
            let left = Duration::from_secs_f64(pace * (all - done) as f64);
            let words = format!("trainings, {} left", HumanDuration(left));
            bar.show(done as u64, all as u64, words);
        })?;
        bar.end();
        let document = match left {
            ListLeft::ToBeContinued => return Err(interrupt::stopped().into()),
            ListLeft::Whole(table) => show::ListDocument::whole(&table),
            ListLeft::Share { missing } => show::ListDocument::share(missing),
        };
        console.note(document.words());
        if console.form() == Form::Json {
            console.json(&document)?;
        }
        Ok(())
    }
}
