//! The measures on a pool of NAS-Bench-201's size: medians, printed as a table.
//!
//! `cargo bench -p nbz-study`. Goals on 2 cores: tau-b of 15,625 pairs below 2 ms; all measures of 16
//! proxies on 15,625 networks with three cost axes below 300 ms; all subsets of 12 proxies by both sums of
//! ranks, with 20 splits and 20 votes, below 10 s. Synthetic columns from one ChaCha8
//! stream; the costs have few distinct values, as real ones do.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use nbz_study::{Axis, Cost, Hybrid, PAPER_BUDGETS, Pool, Recipe, Score, StudyError, tau_b};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

const NETWORKS: usize = 15_625;
const PROXIES: usize = 16;
const REPEATS: usize = 11;

fn main() -> Result<(), StudyError> {
    let mut random = ChaCha8Rng::from_seed([5; 32]);
    let mut column = |distinct: u32| -> Vec<f64> {
        (0..NETWORKS)
            .map(|_| f64::from(random.next_u32() % distinct))
            .collect()
    };
    let accuracy = column(1 << 30);
    let costs = [column(28), column(28), column(16)];
    let proxies: Vec<Vec<f64>> = (0..PROXIES).map(|_| column(1 << 20)).collect();
    let mut pool = Pool::new(&accuracy)?;
    for (name, values) in ["macs", "params", "depth"].into_iter().zip(&costs) {
        pool = pool.with_axis(Axis::even(Cost::new(name, values), PAPER_BUDGETS)?)?;
    }
    let names: Vec<String> = (0..PROXIES).map(|i| format!("proxy {i}")).collect();
    let scores: Vec<Score<'_>> = names
        .iter()
        .zip(&proxies)
        .map(|(name, values)| Score::new(name, values))
        .collect();

    println!("| work | time | repeats |\n|---|---|---|");
    row("tau-b of 15,625 pairs", REPEATS, || {
        tau_b(&proxies[0], &accuracy)
    });
    row("all measures, 16 proxies, 3 cost axes", REPEATS, || {
        proxies
            .par_iter()
            .map(|proxy| pool.measures(proxy))
            .collect::<Result<Vec<_>, _>>()
    });
    row(
        "the same with 1,000 half-samples and the jackknife",
        1,
        || pool.compare(&scores, Recipe::default()),
    );
    let twelve: Vec<&[f64]> = proxies[..12].iter().map(Vec::as_slice).collect();
    for hybrid in [Hybrid::RankSum, Hybrid::LogRankSum] {
        row(
            &format!("all 4,095 subsets of 12 proxies by {hybrid}"),
            3,
            || pool.search_subsets(hybrid, &twelve),
        );
    }
    let splits = Recipe { seed: 0, draws: 20 };
    row("the same on 20 halves, tested on the others", 1, || {
        pool.split_test_subsets(Hybrid::RankSum, &twelve, None, splits)
    });
    row("20 hybrids of 6 proxies by vote", 1, || {
        (0..20)
            .map(|first| {
                let six: Vec<&[f64]> = (0..6).map(|i| twelve[(first + i) % 12]).collect();
                Hybrid::Vote.combine(&six)
            })
            .collect::<Result<Vec<_>, _>>()
    });
    Ok(())
}

fn row<T>(work: &str, repeats: usize, mut run: impl FnMut() -> T) {
    let mut times: Vec<Duration> = (0..repeats)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "| {work} | {:.3} ms | {repeats} |",
        times[repeats / 2].as_secs_f64() * 1e3
    );
}
