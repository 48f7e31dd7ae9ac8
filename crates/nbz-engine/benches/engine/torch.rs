//! The same networks in PyTorch, in a process of its own.

use std::fmt::Write as _;
use std::process::Command;

use serde::Deserialize;

use crate::passes::Measured;

/// One line of `pytorch.py`.
#[derive(Debug, Deserialize)]
pub(crate) struct Theirs {
    network: String,
    threads: usize,
    layout: String,
    forward: f64,
    both: f64,
    version: String,
}

/// Runs `pytorch.py` with the Python that `NBZERO_PYTHON` names, if it names one.
pub(crate) fn measure(threads: &[usize]) -> Option<Vec<Theirs>> {
    let python = std::env::var_os("NBZERO_PYTHON")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/pytorch.py");
    let output = Command::new(python)
        .arg(script)
        .args(threads.iter().map(usize::to_string))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    Some(
        text.lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect(),
    )
}

/// Their times and how many times ours they are.
pub(crate) fn table(ours: &[Measured], theirs: &[Theirs]) -> String {
    let version = theirs.first().map_or("", |t| &t.version);
    let mut text = format!(
        "## Against PyTorch {version}\n\n\
         Measured by `benches/pytorch.py` right after ours; a factor is their time over ours, by the definition's\n\
         sums and by Winograd's form.\n\n\
         | network | threads | layout | forward ms | factor | Winograd | forward + backward ms | factor | Winograd |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    for t in theirs {
        let by = |winograd| {
            let is_it = |o: &&Measured| {
                (o.name, o.threads, o.winograd) == (&t.network, t.threads, winograd)
            };
            ours.iter().find(is_it)
        };
        let (Some(sums), Some(winograd)) = (by(false), by(true)) else {
            continue;
        };
        writeln!(
            text,
            "| {} | {} | {} | {:.1} | {:.2} | {:.2} | {:.1} | {:.2} | {:.2} |",
            t.network,
            t.threads,
            t.layout,
            1e3 * t.forward,
            t.forward / sums.forward.seconds,
            t.forward / winograd.forward.seconds,
            1e3 * t.both,
            t.both / sums.both.seconds,
            t.both / winograd.both.seconds,
        )
        .unwrap();
    }
    text + "\n"
}
