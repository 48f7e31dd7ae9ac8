//! From strings to costs, and lists with costs: medians, printed as a table.
//!
//! `cargo bench -p nbz-space`. Goals: the cost of one architecture from its string below 1
//! microsecond; a list of 14,964 with costs below 50 ms. What is timed is one pass over 1,000
//! different strings, so that no branch is learned by heart; the list is drawn anew each time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use nbz_space::{Arch, Costs, DEFAULT_SEED, Dataset, Space, SpaceError, public};

const REPEATS: usize = 51;
const STRINGS: usize = 1_000;

fn main() -> Result<(), SpaceError> {
    println!("| work | median of {REPEATS} |\n|---|---|");
    for space in Space::all() {
        let strings: Vec<String> = space
            .draw(1)
            .take(STRINGS)
            .map(|arch| arch.to_string())
            .collect();
        from_strings(space.name(), &strings)?;
    }
    from_strings(
        "nbmacro",
        &strings(public::NasBenchMacro::all().map(Arch::NasBenchMacro)),
    )?;
    from_strings(
        "cbmr",
        &strings(public::ChannelResNet::all().map(Arch::ChannelResNet)),
    )?;
    from_strings(
        "cbmm",
        &strings(public::ChannelMobileNet::all().map(Arch::ChannelMobileNet)),
    )?;
    from_strings(
        "nb201",
        &strings(public::Cell::all().map(Arch::NasBench201)),
    )?;
    let official: Vec<String> = public::Cell::all()
        .take(STRINGS)
        .map(public::Cell::official)
        .collect();
    from_strings("nb201, official string", &official)?;

    for space in Space::all() {
        let count = space.list_size().unwrap_or_default() as usize;
        let list = median(|| {
            let list = space.draw(DEFAULT_SEED).take(count);
            Ok(list
                .map(|arch| (arch.to_string(), arch.costs(space.task())))
                .collect::<Vec<_>>())
        })?;
        row(
            &format!("list of {count} of {} with strings and costs", space.name()),
            list,
        );
    }
    let arch: Arch = "r1:64s1x2-128s2x2-256s2x2-512s2x2".parse()?;
    row(
        "lower ResNet-18 to its graph",
        median(|| Ok(arch.network(Dataset::Cifar100)))?,
    );
    Ok(())
}

/// Every k-th string, so that the sample spans the whole order.
fn strings(all: impl Iterator<Item = Arch>) -> Vec<String> {
    let all: Vec<Arch> = all.collect();
    let step = all.len() / STRINGS;
    all.iter()
        .step_by(step)
        .take(STRINGS)
        .map(ToString::to_string)
        .collect()
}

fn from_strings(name: &str, strings: &[String]) -> Result<(), SpaceError> {
    let costs = |text: &String| -> Result<Costs, SpaceError> {
        Ok(text.parse::<Arch>()?.costs(Dataset::Cifar100))
    };
    let all = median(|| {
        for text in strings {
            black_box(costs(black_box(text))?);
        }
        Ok(())
    })?;
    row(
        &format!("costs from a string of {name}"),
        all / strings.len() as u32,
    );
    Ok(())
}

fn median<T>(mut work: impl FnMut() -> Result<T, SpaceError>) -> Result<Duration, SpaceError> {
    let mut times = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let start = Instant::now();
        black_box(work()?);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[REPEATS / 2])
}

fn row(work: &str, time: Duration) {
    let nanoseconds = time.as_nanos();
    match nanoseconds {
        0..10_000 => println!("| {work} | {nanoseconds} ns |"),
        10_000..10_000_000 => println!("| {work} | {:.1} us |", nanoseconds as f64 / 1e3),
        _ => println!("| {work} | {:.1} ms |", nanoseconds as f64 / 1e6),
    }
}
