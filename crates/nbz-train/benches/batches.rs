//! What batches of training images cost beside the steps that use them, on one core: medians, printed as tables.
//!
//! `cargo bench -p nbz-train`. Goal: making the batch is below a tenth of a step of the smallest network, which is
//! the one with the fewest MACs of NAS-Bench-Macro and of each of the paper's three lists. Batches and steps are
//! measured in turn, so that a busy machine slows both.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::hint::black_box;
use std::time::Instant;

use nbz_data::augment::{AutoAugment, CropFlip};
use nbz_data::{Data, Pictures, Stream};
use nbz_engine::cpu::Path;
use nbz_engine::{Cpu, Init, Weights};
use nbz_space::{Arch, Dataset, Space, public};
use nbz_train::{Learner, Loader, Mixture, Recipe};

type Failure = Box<dyn std::error::Error>;

const REPEATS: usize = 21;
const IMAGES: usize = 4096;
/// Steps of a network, each on a batch of its own.
const STEPS: usize = 7;

fn main() -> Result<(), Failure> {
    // `cargo test --benches` passes this flag.
    if std::env::args().any(|a| a == "--test") {
        return Ok(());
    }
    let pictures = Data::Noise.read()?.training?.pictures.first(IMAGES);
    let recipe = Recipe::named("nbz12")?;
    augmentations(&pictures, &recipe)?;
    networks(&pictures, &recipe)
}

/// Each habit alone, on images of 32 x 32, and all of them as a training makes a batch.
fn augmentations(pictures: &Pictures, recipe: &Recipe) -> Result<(), Failure> {
    let size = pictures.size();
    let of_each = |work: &dyn Fn(usize)| {
        let count = recipe.batch;
        per_second(count, || (0..count).for_each(work))
    };
    println!("| of 32 x 32 pixels, one core | images a second, median of {REPEATS} |\n|---|---|");
    let crop_flip = |n: usize| {
        let draw = CropFlip::draw(0, "train.0", n);
        black_box(draw.apply(pictures.raw(n), size, &[0; 3]));
    };
    row("crop and flip", of_each(&crop_flip));
    let auto_augment = |n: usize| {
        let mut image = pictures.raw(n).to_vec();
        AutoAugment::draw(0, "train.0", n).apply(&mut image, size);
        black_box(image);
    };
    row("AutoAugment", of_each(&auto_augment));
    let numbers: Vec<usize> = (0..recipe.batch).collect();
    let normalise = || black_box(pictures.images(&numbers));
    row("normalisation", per_second(recipe.batch, normalise));
    let (images, length) = (pictures.images(&numbers), 3 * size[0] * size[1]);
    let mixture = Mixture::draw(&mut Stream::new(0, "mixup"), recipe.mixup, recipe.batch);
    let mixup = || black_box(mixture.apply(images.pixels(), length, |v| v as f32));
    row("mixup", per_second(recipe.batch, mixup));
    let all: Vec<usize> = (0..IMAGES).collect();
    let loader = Loader::new(pictures, &all, recipe, 0, 1)?;
    let order = loader.order(0);
    let batch = || black_box(loader.batch(0, 0, &order).map(|pieces| pieces.len()));
    row("all of `nbz12`", per_second(recipe.batch, batch));
    println!();
    Ok(())
}

/// Batches and steps of the smallest networks.
fn networks(pictures: &Pictures, recipe: &Recipe) -> Result<(), Failure> {
    let device = Cpu::<f32>::new(Path::fastest(), 1)?.with_winograd();
    let all: Vec<usize> = (0..IMAGES).collect();
    let loader = Loader::new(pictures, &all, recipe, 0, 1)?;
    let order = loader.order(0);
    println!(
        "| network | M MACs | ms a batch of {} | ms a step | share of the batch |",
        recipe.batch
    );
    println!("|---|---|---|---|---|");
    for arch in smallest() {
        let name = arch.to_string();
        let network = arch.network(Dataset::Cifar10);
        let draws = nbz_engine::Recipe {
            seed: 0,
            architecture: &name,
            purpose: "train",
        };
        let weights = Weights::init(&network, Init::Kaiming, &draws)?;
        let mut learner = Learner::new(&device, &network, &weights, None, recipe)?;
        let (mut batches, mut steps) = (Vec::new(), Vec::new());
        // The first step also makes room.
        for step in 0..=STEPS {
            let start = Instant::now();
            let batch = loader.batch(0, step, &order)?;
            let made = Instant::now();
            black_box(learner.step(&batch, 0.01)?);
            if step > 0 {
                batches.push((made - start).as_secs_f64());
                steps.push(made.elapsed().as_secs_f64());
            }
        }
        let (batch, step) = (median(batches), median(steps));
        println!(
            "| {name} | {:.1} | {:.1} | {:.1} | {:.1} % |",
            arch.costs(Dataset::Cifar10).macs.get() as f64 / 1e6,
            1e3 * batch,
            1e3 * step,
            100.0 * batch / (batch + step)
        );
    }
    Ok(())
}

/// The network with the fewest MACs of NAS-Bench-Macro and of each list of the paper's.
fn smallest() -> Vec<Arch> {
    let least = |archs: &mut dyn Iterator<Item = Arch>| {
        archs.min_by_key(|arch| arch.costs(Dataset::Cifar10).macs)
    };
    let macro_ = least(&mut public::NasBenchMacro::all().map(Arch::NasBenchMacro));
    let listed = |space: &Space| least(&mut space.list().into_iter().map(Arch::Staged));
    macro_
        .into_iter()
        .chain(Space::all().iter().filter_map(listed))
        .collect()
}

fn per_second<T>(images: usize, mut work: impl FnMut() -> T) -> f64 {
    let times = (0..REPEATS).map(|_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    });
    images as f64 / median(times.collect())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

fn row(work: &str, images: f64) {
    println!("| {work} | {images:.0} |");
}
