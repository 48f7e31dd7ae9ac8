//! What the cpu device reaches: single layers and whole networks against the arithmetic peak measured in
//! the same minute, and against PyTorch where a Python with it is named.
//!
//! `cargo bench -p nbz-engine` prints; `-- --write FILE` writes the page `docs/engine-benchmarks.md`;
//! `-- layers` or `-- networks` runs one part, the name of a network that network alone, and `-- 1` one thread
//! alone: where other work runs, time on the wall says little. `NBZERO_PYTHON` names a Python with torch, and
//! `NBZERO_KERNELS` a kernel path.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::print_stderr, reason = "and says meanwhile what it measures")]
#![expect(clippy::unwrap_used, reason = "a failed benchmark must stop")]

mod layers;
mod networks;
mod page;
mod passes;
mod timing;
mod torch;

use nbz_engine::Cpu;
use nbz_engine::cpu::Path;

/// The device that is measured.
fn device(path: Path, threads: usize, winograd: bool) -> Cpu<f32> {
    let direct = Cpu::new(path, threads).unwrap();
    if winograd {
        direct.with_winograd()
    } else {
        direct
    }
}

fn main() {
    // `cargo test --benches` and `cargo bench` pass flags of their own.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if arguments.iter().any(|a| a == "--test") {
        return;
    }
    let path = Path::from_environment().unwrap();
    let mut threads: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    if threads.is_empty() {
        threads = vec![1, 2];
    }
    let wants = |part: &str| {
        !["layers", "networks"]
            .iter()
            .any(|p| arguments.iter().any(|a| a == p))
            || arguments.iter().any(|a| a == part)
    };
    let mut page = page::opening(path);
    if wants("networks") {
        let ours = passes::networks(
            &|threads, winograd| device(path, threads, winograd),
            &arguments,
            &threads,
        );
        page += &passes::table(&ours);
        if let Some(theirs) = torch::measure(&threads) {
            page += &torch::table(&ours, &theirs);
        }
    }
    if wants("layers") {
        page += &layers::table(&|winograd| device(path, 1, winograd));
    }
    page += page::NOTES;
    println!("{page}");
    if let Some(i) = arguments.iter().position(|a| a == "--write") {
        std::fs::write(&arguments[i + 1], &page).unwrap();
    }
}
