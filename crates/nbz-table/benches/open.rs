//! Opening the embedded NAS-Bench-201 table and reading from it: medians, printed as a table.
//!
//! `cargo bench -p nbz-table`. Goals: open and read two columns below 1 ms warm and 5 ms in a cold
//! process. The first line is the cold one: the first call of this process, not repeated.

#![expect(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use nbz_table::{Embedded, Query, Result, Table};

const REPEATS: usize = 201;

fn main() -> Result<()> {
    let start = Instant::now();
    open_and_read()?;
    let cold = start.elapsed();
    println!("| work | median of {REPEATS} |\n|---|---|");
    row("open, read two columns, first call", cold);
    row("open, read two columns", median(open_and_read)?);
    row("open", median(|| Ok(Table::nas_bench_201()))?);
    let table = Table::nas_bench_201();
    for column in [
        "cifar10_test_acc",
        "cifar10_macs",
        "cifar10_nbsz_zen",
        "arch",
    ] {
        row(&format!("read {column}"), median(|| table.column(column))?);
    }
    row(
        "build the index of names",
        median(|| Table::nas_bench_201().find("210210"))?,
    );
    let find = median(|| table.find(black_box("210210")))?;
    row("find a cell by its code", find);
    let query = Query {
        dataset: Some("cifar10".to_owned()),
        constraints: vec!["macs<=60M".parse()?, "raspi4_latency_ms<=20ms".parse()?],
        by: Some("test_acc".to_owned()),
    };
    row("query: two limits, ordered", median(|| query.run(&table))?);
    let scored = || Embedded::NasBenchMacro.scored();
    row("open NAS-Bench-Macro with our own scores", median(scored)?);
    Ok(())
}

fn open_and_read() -> Result<()> {
    let table = Table::nas_bench_201();
    black_box(table.column_f64("cifar10_test_acc")?);
    black_box(table.column_f64("cifar10_macs")?);
    Ok(())
}

fn median<T>(mut work: impl FnMut() -> Result<T>) -> Result<Duration> {
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
    println!("| {work} | {:.1} us |", time.as_secs_f64() * 1e6);
}
