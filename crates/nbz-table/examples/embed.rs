//! Makes the embedded tables from the published files.
//!
//! `cargo run -p nbz-table --example embed -- FOLDER` reads `nas_bench_201.parquet` and
//! `nas_bench_macro_cifar10.parquet` from the folder and writes `crates/nbz-table/data/`. The same files
//! give the same bytes.

use std::error::Error;
use std::path::Path;

use nbz_table::{Result, export, import};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("usage: embed FOLDER")?;
    Ok(embed(Path::new(&folder))?)
}

fn embed(folder: &Path) -> Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    for (published, ours) in [
        ("nas_bench_macro_cifar10.parquet", "nas-bench-macro.parquet"),
        ("nas_bench_201.parquet", "nas-bench-201.parquet"),
    ] {
        let frame = import::import_published(&folder.join(published))?;
        export::write_parquet(&frame, &data.join(ours))?;
    }
    Ok(())
}
