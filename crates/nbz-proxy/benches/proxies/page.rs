//! The page: machine, the nine against the published codes, passes against their operations.

use std::fmt::Write as _;

use nbz_engine::cpu::{Path, info};
use nbz_proxy::Pass;

use crate::networks::Subject;
use crate::ours::{self, How, Nine, predicted};
use crate::published::{self, Published};

/// What one network took on a number of threads.
pub(crate) struct Row {
    name: &'static str,
    runs: Vec<Run>,
}

struct Run {
    threads: usize,
    ours: Nine,
    /// By Winograd's form.
    winograd: Nine,
    theirs: Vec<(&'static str, Vec<Published>)>,
}

impl Row {
    pub(crate) fn measure(path: Path, subject: &Subject, threads: &[usize]) -> Self {
        let inputs = ours::inputs(&subject.network);
        let run = |&threads: &usize| {
            let by = |winograd| {
                let rounds = 4;
                let how = How {
                    path,
                    threads,
                    winograd,
                    rounds,
                };
                ours::nine(subject.name, &subject.network, how)
            };
            let (ours, winograd) = (by(false), by(true));
            eprintln!(
                "{}, {threads} threads: {:.3} s, Winograd {:.3} s",
                subject.name, ours.seconds, winograd.seconds
            );
            let theirs = ["NCHW", "channels_last"].into_iter().filter_map(|layout| {
                let (name, network) = (subject.name, &subject.network);
                let codes = published::measure(name, network, &inputs, threads, layout)?;
                eprintln!("  published, {layout}: {:.3} s", total(&codes));
                Some((layout, codes))
            });
            Run {
                threads,
                ours,
                winograd,
                theirs: theirs.collect(),
            }
        };
        Self {
            name: subject.name,
            runs: threads.iter().map(run).collect(),
        }
    }
}

fn total(codes: &[Published]) -> f64 {
    codes.iter().map(|c| c.seconds).sum()
}

/// Title, machine and how to read the page.
pub(crate) fn opening(path: Path) -> String {
    let info = info(path);
    format!(
        "# What the proxies cost\n\n\
         Written by `NBZERO_PYTHON=python cargo bench -p nbz-proxy -- --write docs/proxy-benchmarks.md`.\n\n\
         Machine: {}, {} cores; kernel path {}. Times are the best of several: processor time on one thread; on\n\
         two the time on the wall, for us with one network a thread and divided by their number, for PyTorch with\n\
         two threads in one network. Batch 64, ntk 16 images, 32 x 32 pixels, 10 classes.\n\n",
        info.processor, info.cores, info.path,
    )
}

/// All tables of the networks.
pub(crate) fn tables(rows: &[Row]) -> String {
    totals(rows) + &codes(rows) + &passes(rows)
}

fn totals(rows: &[Row]) -> String {
    let mut text = String::from(
        "## The nine against the published codes\n\n\
         `crates/nbz-proxy/benches/published.py` computes them one by one, each from a fresh copy of the network, as\n\
         zero-cost-nas, TE-NAS and ZenNAS do; a factor is their sum over our one plan, by the definition's sums and by\n\
         Winograd's form (`score --winograd`). The last column is the largest relative difference of a score by the\n\
         definition's sums, plain aside, which is noise around 0.\n\n\
         | network | threads | ours s | Winograd s | layout | published s | factor | Winograd | difference |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        for run in &row.runs {
            let (ours, winograd) = (run.ours.seconds, run.winograd.seconds);
            for (layout, codes) in &run.theirs {
                let theirs = total(codes);
                writeln!(
                    text,
                    "| {} | {} | {ours:.3} | {winograd:.3} | {layout} | {theirs:.2} | {:.1} | {:.1} | {:.0e} |",
                    row.name,
                    run.threads,
                    theirs / ours,
                    theirs / winograd,
                    difference(run, codes)
                )
                .unwrap();
            }
            if run.theirs.is_empty() {
                writeln!(
                    text,
                    "| {} | {} | {ours:.3} | {winograd:.3} | | | | | |",
                    row.name, run.threads
                )
                .unwrap();
            }
        }
    }
    text + "\n"
}

fn difference(run: &Run, codes: &[Published]) -> f64 {
    let scores = &run.ours.scores.scores;
    let of = |code: &Published| {
        let (_, score) = scores.iter().find(|(name, _)| *name == code.proxy)?;
        Some((score.value() - code.value).abs() / code.value.abs())
    };
    codes
        .iter()
        .filter(|c| c.proxy != "plain")
        .filter_map(of)
        .fold(0.0, f64::max)
}

/// Seconds of every published code on one thread.
fn codes(rows: &[Row]) -> String {
    let runs = rows
        .iter()
        .flat_map(|row| row.runs.iter().map(move |run| (row, run)));
    let all: Vec<_> = runs
        .flat_map(|(row, run)| {
            run.theirs
                .iter()
                .map(move |(layout, codes)| (row, run, layout, codes))
        })
        .collect();
    let Some((.., first)) = all.first() else {
        return String::new();
    };
    let names: Vec<&str> = first.iter().map(|c| c.proxy.as_str()).collect();
    let mut text = format!(
        "Milliseconds of each published code (PyTorch {}):\n\n| network | threads | layout | {} |\n|---|---|---|{}\n",
        first[0].version,
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for (row, run, layout, codes) in all {
        write!(text, "| {} | {} | {layout} |", row.name, run.threads).unwrap();
        for code in codes {
            write!(text, " {:.0} |", 1e3 * code.seconds).unwrap();
        }
        text.push('\n');
    }
    text + "\n"
}

/// Our passes against what their operations predict from the forward pass.
fn passes(rows: &[Row]) -> String {
    let mut text = String::from(
        "## Passes\n\n\
         Milliseconds on the wall, and in brackets the time over what the pass's operations predict from the forward\n\
         pass of the batch: tangent 6 F, tangent kernel 8.25 F, flow 0.094 F (one image in double precision), plain\n\
         distance 2 F. The last column is the sum over the predicted 18.3 F.\n\n\
         | network | threads | weights | forward | jacobian | tangent | tangent kernel | flow | plain distance | all |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    let order = [
        Pass::Weights,
        Pass::Forward,
        Pass::Jacobian,
        Pass::Tangent,
        Pass::TangentKernel,
        Pass::Flow,
        Pass::PlainDistance,
    ];
    for row in rows {
        for run in &row.runs {
            write!(text, "| {} | {} |", row.name, run.threads).unwrap();
            let of = |pass| run.ours.passes.iter().find(|(p, _)| *p == pass).unwrap().1;
            let forward = of(Pass::Forward);
            let (mut taken, mut forwards) = (0.0, 0.0);
            for pass in order {
                let seconds = of(pass);
                taken += seconds;
                match predicted(pass) {
                    Some(n) => {
                        forwards += n;
                        let ratio = seconds / (n * forward);
                        write!(text, " {:.1} ({ratio:.2}) |", 1e3 * seconds).unwrap();
                    }
                    None => write!(text, " {:.1} |", 1e3 * seconds).unwrap(),
                }
            }
            writeln!(text, " {:.2} |", taken / (forwards * forward)).unwrap();
        }
    }
    text + "\n"
}
