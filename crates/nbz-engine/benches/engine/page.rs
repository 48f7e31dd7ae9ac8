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
        info.processor,
        info.cores,
        caches.join(", "),
        info.path,
        info.peak / 1e9,
    )
}
