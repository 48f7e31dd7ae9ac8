//! `nbzero info`: what the engine found on this machine.

use nbz_engine::cpu::{self, Path};
use nbz_engine::memory;
use serde::Serialize;

use crate::bytes::mib;
use crate::console::{Console, Form};

/// Show what the engine found on this machine: kernels, cores, caches, measured peak
///
/// The environment variable NBZERO_KERNELS names another kernel path (avx512, avx2, portable). All give the
/// same bits.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

#[derive(Debug, Serialize)]
struct Document {
    version: &'static str,
    processor: String,
    kernels: String,
    available: Vec<String>,
    cores: usize,
    caches: Vec<Cache>,
    peak_gflops: f64,
    free_bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Cache {
    level: u32,
    bytes: u64,
}

pub(crate) fn run(_args: &Args, console: &Console) -> anyhow::Result<()> {
    let info = cpu::info(Path::from_environment()?);
    let document = Document {
        version: env!("CARGO_PKG_VERSION"),
        processor: info.processor,
        kernels: info.path.to_string(),
        available: info.available.iter().map(Path::to_string).collect(),
        cores: info.cores,
        caches: info
            .caches
            .iter()
            .map(|c| Cache {
                level: c.level,
                bytes: c.bytes,
            })
            .collect(),
        peak_gflops: info.peak / 1e9,
        free_bytes: memory::available(),
    };
    match console.form() {
        Form::Json => console.json(&document)?,
        Form::Text => console.data(text(&document))?,
    }
    Ok(())
}

fn text(document: &Document) -> String {
    let caches: Vec<String> = document
        .caches
        .iter()
        .map(|c| format!("L{} {} KiB", c.level, c.bytes / 1024))
        .collect();
    let unknown = || "the system does not tell".to_owned();
    let free = document.free_bytes;
    let lines = [
        ("version", document.version.to_owned()),
        ("processor", document.processor.clone()),
        (
            "kernels",
            format!(
                "{} (this machine runs {})",
                document.kernels,
                document.available.join(", ")
            ),
        ),
        ("cores", document.cores.to_string()),
        (
            "caches",
            if caches.is_empty() {
                unknown()
            } else {
                caches.join(", ")
            },
        ),
        (
            "f32 peak",
            format!("{:.1} GFLOP/s a core, measured", document.peak_gflops),
        ),
        (
            "memory",
            free.map_or_else(unknown, |bytes| format!("{} MiB free", mib(bytes))),
        ),
    ];
    let lines = lines.map(|(name, value)| format!("{name:<9}  {value}\n"));
    lines.concat()
}
