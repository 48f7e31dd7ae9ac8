//! Training images a second, here and in PyTorch: one network on all threads, and a population, one network a thread.
//!
//! `NBZERO_PYTHON=python cargo bench -p nbz-train --bench steps` prints; the name of a network measures that alone,
//! `-- --threads 2` sets the threads. `NBZERO_PYTHON` names a Python with torch and numpy; without it PyTorch is left
//! out. Ours and theirs take turns, and of each the best round counts, so that a busy machine slows both.
//! Goals: 1.3 times PyTorch's channels_last for one network, 1.6 times for a population.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::unwrap_used, reason = "a failed benchmark must stop")]

#[path = "../../../nbz-engine/benches/engine/networks.rs"]
mod networks;
mod ours;
mod theirs;

use std::time::Instant;

use nbz_space::network::Network;
use nbz_space::{Arch, Dataset, Space};
use nbz_train::Recipe;

/// Seconds of ours that rounds of a measurement take together: many short ones, for what else a machine does seldom
/// spares a long one.
const SECONDS: f64 = 10.0;
/// Seconds that a round takes at least.
const ROUND: f64 = 0.25;

/// How a network is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// One training on all threads.
    Alone,
    /// As many trainings as threads, side by side.
    Population,
}

/// What is measured.
struct Case<'n> {
    name: &'n str,
    network: &'n Network,
    way: Way,
    threads: usize,
    /// With crops and mirrors, or on the images as they are.
    augmented: bool,
}

impl Case<'_> {
    /// Batches of 64, SGD with Nesterov's momentum and decay.
    fn recipe(&self) -> Recipe {
        let plain = Recipe::named("mini").unwrap().with("batch=64").unwrap();
        plain
            .with(&format!("crop_flip={}", self.augmented))
            .unwrap()
    }
}

fn main() {
    // `cargo test --benches` and `cargo bench` pass flags of their own.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if arguments.iter().any(|a| a == "--test") {
        return;
    }
    let given = arguments.iter().skip_while(|a| *a != "--threads").nth(1);
    let threads = given.map_or(2, |a| a.parse().unwrap());
    let subjects = networks::all();
    let smallest = smallest();
    let networks = subjects
        .iter()
        .map(|s| (s.name, &s.network, s.mmac, Way::Alone))
        .chain(
            smallest
                .iter()
                .map(|(name, network, mmac)| (name.as_str(), network, *mmac, Way::Population)),
        );
    let chosen = |name: &str| {
        let known = |a: &&String| subjects.iter().any(|s| s.name == **a) || a.contains(':');
        let mut named = arguments.iter().filter(known).peekable();
        named.peek().is_none() || named.any(|a| a == name)
    };
    println!(
        "| network | M MACs | trained | crop and flip | images/s | NCHW | factor | channels_last | factor |\n\
         |---|---|---|---|---|---|---|---|---|"
    );
    for (name, network, mmac, way) in networks.filter(|(name, ..)| chosen(name)) {
        for augmented in [false, true] {
            let case = Case {
                name,
                network,
                way,
                threads,
                augmented,
            };
            println!("{}", row(&case, mmac));
        }
    }
}

/// Measures ours and theirs in turn.
fn row(case: &Case<'_>, mmac: f64) -> String {
    let mut ours = ours::Trainings::new(case);
    let mut theirs = ["NCHW", "channels_last"].map(|layout| theirs::Trainings::new(case, layout));
    let mut best = [0.0f64; 3];
    let mut spent = 0.0;
    while spent < SECONDS {
        let begin = Instant::now();
        best[0] = best[0].max(ours.images_per_second(ROUND));
        spent += begin.elapsed().as_secs_f64();
        for (best, theirs) in best[1..].iter_mut().zip(&mut theirs) {
            if let Some(theirs) = theirs {
                *best = best.max(theirs.images_per_second(ROUND));
            }
        }
    }
    let trained = match case.way {
        Way::Alone => format!("alone on {} threads", case.threads),
        Way::Population => format!("{} side by side", case.threads),
    };
    let against = |theirs: f64| {
        if theirs > 0.0 {
            format!("{theirs:.0} | {:.2}", best[0] / theirs)
        } else {
            "- | -".to_owned()
        }
    };
    format!(
        "| {} | {mmac:.1} | {trained} | {} | {:.0} | {} | {} |",
        case.name,
        if case.augmented { "yes" } else { "no" },
        best[0],
        against(best[1]),
        against(best[2]),
    )
}

/// The network with the fewest MACs of each of the paper's lists.
fn smallest() -> Vec<(String, Network, f64)> {
    let macs = |arch: &Arch| arch.costs(Dataset::Cifar10).macs;
    let least = |space: &Space| {
        let listed = space.list().into_iter().map(Arch::Staged);
        listed.min_by_key(macs)
    };
    let named = |arch: Arch| {
        let network = arch.network(Dataset::Cifar10);
        (arch.to_string(), network, macs(&arch).get() as f64 / 1e6)
    };
    Space::all().iter().filter_map(least).map(named).collect()
}
