//! What plans, workers, status and collecting cost beside the work itself, on 50,000 units that cost nothing.
//!
//! `cargo bench -p nbz-sweep --bench cluster [-- FOLDER]`; the numbers are in docs/cluster.md. The folder of runs is
//! made in FOLDER, by default where temporary files go: a network's file system gives other numbers.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use nbz_data::Stream;
use nbz_proxy::registry;
use nbz_space::{Dataset, Space};
use nbz_sweep::cluster::{self, Hand, Options, Order, Outcome, Pace, Plan, Runs, Task, TriedOut};
use nbz_sweep::journal::Record;
use nbz_sweep::{Data, Networks, Result, Settings, Shard, Sweep, distinct_of};

type Anything = Box<dyn std::error::Error>;

/// As many scores as the paper's proxies and the naive ones have, and times of as many passes.
struct Nothing;

impl Task for Nothing {
    fn hand(&self) -> Result<Box<dyn Hand + '_>> {
        Ok(Box::new(Self))
    }
}

impl Hand for Nothing {
    fn unit(&mut self, unit: usize, _: &dyn Fn() -> bool) -> Result<Option<Outcome>> {
        let score = |at: usize| Some((unit as f64 / (at + 3) as f64).to_bits());
        let pass = |at: usize| (format!("pass_{at}"), 0.1 / (unit + at + 1) as f64);
        Ok(Some(Outcome::Scored(Record {
            place: unit,
            scores: (0..12).map(score).collect(),
            deviations: Vec::new(),
            reasons: Vec::new(),
            seconds: (0..8).map(pass).collect(),
            run: 0,
            messages: Vec::new(),
        })))
    }

    fn try_out(&mut self, _: usize) -> Result<Option<TriedOut>> {
        Ok(None)
    }
}

fn timed<T>(what: &str, goal: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!(
        "{what:<58} {:8.3} s   goal {goal}",
        start.elapsed().as_secs_f64()
    );
    done
}

/// The paper's lists, r1, r2 and mb, and of NAS-Bench-201 as many cells as are missing to `count`.
fn networks(count: usize) -> std::result::Result<Networks, Anything> {
    let mut lists = Vec::new();
    for (name, count) in [("r1", 14_964), ("r2", 10_187), ("mb", 9_743)] {
        lists.push(Networks::of_space(
            Space::builtin(name).ok_or("no such space")?,
            count,
            0,
        )?);
    }
    if let Some(more @ 1..) = count.checked_sub(34_894) {
        let all = distinct_of("nb201").ok_or("no such space")?;
        lists.push(Networks::of_public("nb201", &all, Some(more), 0)?);
    }
    Ok(Networks::joined(lists)?)
}

fn order(networks: &Networks) -> std::result::Result<Order, Anything> {
    let settings = Settings::new(Dataset::Cifar100.into(), Data::Noise);
    let sweep = Sweep::new(networks, &registry::select("paper,naive")?, &settings)?;
    Ok(Order::Score(Box::new(sweep.recipe().clone())))
}

fn main() -> std::result::Result<(), Anything> {
    // `cargo bench` passes flags of its own.
    let named = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let place = named.map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(place)?;
    let start = Instant::now();
    let lists = timed("  the paper's three lists drawn", "-", || networks(34_894))?;
    let named = timed("  images drawn, recipe named", "-", || order(&lists))?;
    let plan = timed("  costs predicted, parts cut", "-", || {
        Plan::new(named, &lists, "noise".to_owned(), None)
    })?;
    timed("  files written", "-", || {
        plan.write(&folder.path().join("plan"))
    })?;
    let what = format!(
        "plan of 34,894 units in {} parts",
        plan.units().parts().len()
    );
    println!(
        "{what:<58} {:8.3} s   goal 1 s",
        start.elapsed().as_secs_f64()
    );
    let networks = networks(50_000)?;
    let plan = Plan::new(order(&networks)?, &networks, "noise".to_owned(), None)?;
    let parts = plan.units().parts().len();
    let runs = Runs::begin(&folder.path().join("runs"), plan)?;
    let stop = AtomicBool::new(false);
    let options = Options {
        shard: Shard::WHOLE,
        threads: 2,
        pace: Pace::default(),
        helps: true,
        stop: &stop,
        command: "cargo bench".to_owned(),
    };
    let start = Instant::now();
    timed(
        &format!("work on 50,000 units of nothing, {parts} parts"),
        "-",
        || cluster::work(&runs, &Nothing, &options, &|_| {}),
    )?;
    let each = start.elapsed().as_secs_f64() / 50_000.0 * options.threads as f64;
    println!(
        "  {:.3} ms of a thread a unit: {:.3} % of a second   goal 1 %",
        1e3 * each,
        100.0 * each
    );
    let found = timed("status over 50,000 outcomes", "1 s", || {
        cluster::status(&runs, Duration::from_mins(4))
    })?;
    assert_eq!(found.done, 50_000);
    timed("collect 50,000 outcomes", "10 s", || {
        cluster::collect(&runs, &folder.path().join("table.parquet"))
    })?;
    balance()
}

/// How even shards are by measured seconds: the paper's lists stood for by the 349 networks that were measured. Dealt
/// by these very seconds, and by the costs that are predicted before anything is measured.
fn balance() -> std::result::Result<(), Anything> {
    let lines = include_str!("measured-seconds.csv").lines().skip(1);
    let pairs: Vec<(&str, f64)> = lines
        .map(|line| {
            let (arch, seconds) = line.split_once(',').ok_or("a line without a comma")?;
            Ok((arch, seconds.parse()?))
        })
        .collect::<std::result::Result<_, Anything>>()?;
    let archs = pairs.iter().map(|(arch, _)| arch.parse());
    let measured = Networks::listed("measured", archs.collect::<std::result::Result<_, _>>()?)?;
    let plan = Plan::new(order(&measured)?, &measured, "noise".to_owned(), None)?;
    prediction(&plan, &pairs);
    let mut dice = Stream::new(0, "bench.balance");
    let drawn: Vec<usize> = (0..34_894)
        .map(|_| dice.below(pairs.len() as u64) as usize)
        .collect();
    let costs: Vec<u64> = drawn
        .iter()
        .map(|&at| plan.units().all()[at].cost)
        .collect();
    // As many parts as the paper's lists have, and four times as many (`plan --parts`).
    let of = |at: usize| (costs[at], pairs[drawn[at]].1);
    for shards in [16, 64, 256, 1_000] {
        told(shards, 5_595, &costs, &of);
    }
    told(1_000, 4 * 5_595, &costs, &of);
    Ok(())
}

/// Tells how much more the fullest shard has than the mean; `of` gives cost and seconds of a unit.
fn told(shards: usize, parts: usize, costs: &[u64], of: &dyn Fn(usize) -> (u64, f64)) {
    let part_of = cluster::balance(costs, parts);
    let (mut cost_of, mut seconds_of) = (vec![0; parts], vec![0.0; parts]);
    for (unit, &part) in part_of.iter().enumerate() {
        let (cost, seconds) = of(unit);
        cost_of[part] += cost;
        seconds_of[part] += seconds;
    }
    let seconds: f64 = seconds_of.iter().sum();
    let known: Vec<u64> = seconds_of.iter().map(|s| (1e6 * s) as u64).collect();
    let [known, predicted] = [&known, &cost_of].map(|costs| {
        let mut loads = vec![0.0; shards];
        for (part, shard) in cluster::balance(costs, shards).into_iter().enumerate() {
            loads[shard] += seconds_of[part];
        }
        100.0 * (loads.iter().copied().fold(0.0, f64::max) * shards as f64 / seconds - 1.0)
    });
    println!(
        "{shards:5} shards of {parts} parts: the fullest takes {known:.2} % more seconds than the mean dealt by them, \
         {predicted:.2} % dealt by prediction   goal 5 %"
    );
}

/// How the measured seconds lie beside the predicted costs, and what they come to for the paper's lists.
fn prediction(plan: &Plan, pairs: &[(&str, f64)]) {
    let costs: Vec<f64> = plan.units().all().iter().map(|u| u.cost as f64).collect();
    let seconds: f64 = pairs.iter().map(|(_, s)| s).sum();
    let rate = seconds / costs.iter().sum::<f64>();
    let squares = costs
        .iter()
        .zip(pairs)
        .map(|(cost, (_, s))| (s - rate * cost).powi(2));
    let count = pairs.len() as f64;
    let error = (squares.sum::<f64>() / count).sqrt() * count / seconds;
    println!(
        "single networks lie {:.1} % beside their prediction",
        100.0 * error
    );
    let mut hours = 0.0;
    for (space, networks) in [("r1", 14_964.0), ("r2", 10_187.0), ("mb", 9_743.0)] {
        let of = pairs
            .iter()
            .filter(|(arch, _)| arch.starts_with(space))
            .map(|(_, s)| *s);
        let of: Vec<f64> = of.collect();
        let mean = of.iter().sum::<f64>() / of.len() as f64;
        println!("  {space}: {mean:.2} s a network, {} measured", of.len());
        hours += networks * mean / 3600.0;
    }
    println!("  the paper's 34,894 networks: {hours:.1} core-hours");
}
