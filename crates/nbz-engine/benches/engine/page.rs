//! The page around the tables.

use nbz_engine::cpu::{Path, info};

/// What the numbers do not say by themselves.
pub(crate) const NOTES: &str = include_str!("notes.md");

/// Title, machine and how to read the page.
pub(crate) fn opening(path: Path) -> String {
    let info = info(path);
    let caches: Vec<String> = info
        .caches
        .iter()
        .map(|c| format!("L{} {} KiB", c.level, c.bytes / 1024))
        .collect();
    format!(
        "# What the engine reaches\n\n\
         Written by `cargo bench -p nbz-engine -- --write docs/engine-benchmarks.md`.\n\n\
         Machine: {}, {} cores, {}; kernel path {}; measured f32 peak of one core {:.0} GFLOP/s.\n\
         Times are the best of several, for 64 images of 32 x 32: processor time on one thread, time on the wall\n\
         on two, where other work on the machine shows; a share is of the peak measured between\n\
         the repeats of the same line. Operations are nominal (two for each multiply-add of the layers'\n\
         definition, padding included), so a kernel that skips the padding can pass 100 %.\n\n",
        processor(),
        info.cores,
        caches.join(", "),
        info.path,
        info.peak / 1e9,
    )
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|l| l.starts_with(name))?;
        line.split_once(':').map(|(_, v)| v.trim().to_owned())
    };
    match (field("model name"), field("cpu family"), field("model\t")) {
        (Some(name), Some(family), Some(model)) => {
            format!("{name} (family {family}, model {model})")
        }
        _ => std::env::consts::ARCH.to_owned(),
    }
}
