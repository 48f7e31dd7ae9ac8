//! Whole commands, as a person waits for them: wall-clock time, processor time of all cores, and the most memory held.
//!
//! `cargo bench -p nbzero`; the numbers are in docs/benchmarks.md. Each command runs in a folder of its own, first without
//! anything kept from earlier, then again. Memory is the most that any command so far has held.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

type Anything = Box<dyn std::error::Error>;

fn main() -> Result<(), Anything> {
    println!("| command | wall clock | processor | most memory so far |\n|---|---|---|---|");
    let folder = tempfile::tempdir()?;
    let commands: [&[&str]; 5] = [
        &["best", "--table", "nas-bench-macro", "--max-macs", "60M"],
        &["explore", "-o", "page.html"],
        &[
            "factors",
            "--table",
            "nas-bench-macro",
            "--target",
            "accuracy",
        ],
        &["reproduce"],
        &["reproduce", "all", "-o", "whole"],
    ];
    for command in commands {
        run("", command, folder.path())?;
        if command[0] == "reproduce" {
            run(", again", command, folder.path())?;
        }
    }
    Ok(())
}

fn run(note: &str, command: &[&str], folder: &Path) -> Result<(), Anything> {
    let before = used()?;
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_nbzero"))
        .arg("--quiet")
        .args(command)
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()?;
    let wall = start.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("nbzero {}: {status}", command.join(" ")).into());
    }
    let after = used()?;
    println!(
        "| `nbzero {}`{note} | {wall:.2} s | {:.2} s | {:.0} MB |",
        command.join(" "),
        after.seconds - before.seconds,
        after.megabytes,
    );
    Ok(())
}

/// What all ended children have used together.
struct Used {
    seconds: f64,
    megabytes: f64,
}

#[cfg(unix)]
fn used() -> Result<Used, Anything> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = usage.user_time() + usage.system_time();
    // Linux counts kilobytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") {
        1e-6
    } else {
        1.024e-3
    };
    Ok(Used {
        seconds: time.num_microseconds() as f64 * 1e-6,
        megabytes: usage.max_rss() as f64 * unit,
    })
}

#[cfg(not(unix))]
fn used() -> Result<Used, Anything> {
    Ok(Used {
        seconds: f64::NAN,
        megabytes: f64::NAN,
    })
}
