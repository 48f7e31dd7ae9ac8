//! What the paper's nine proxies cost: against the published PyTorch codes on the same networks, weights and
//! images, against what their operations predict, and by space.
//!
//! `cargo bench -p nbz-proxy` prints; `-- --write FILE` writes the page `docs/proxy-benchmarks.md`; the name of a
//! network measures that alone, `spaces` the spaces alone; `-- 1` one thread, `-- 2` two. `NBZERO_PYTHON` names a
//! Python with torch, numpy and safetensors, without which the published codes are left out.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::print_stderr, reason = "and says meanwhile what it measures")]
#![expect(clippy::unwrap_used, reason = "a failed benchmark must stop")]

#[expect(dead_code, reason = "the engine's benchmark uses the rest")]
#[path = "../../../nbz-engine/benches/engine/networks.rs"]
mod networks;
mod ours;
mod page;
mod published;
mod spaces;

use nbz_engine::cpu::Path;

/// What the numbers do not say by themselves.
const NOTES: &str = concat!("\n", include_str!("notes.md"));

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
    let named = |name: &str| arguments.iter().any(|a| a == name);
    let mut subjects = networks::all();
    let all = !subjects.iter().any(|s| named(s.name)) && !named("spaces");
    subjects.retain(|s| all || named(s.name));
    let mut page = page::opening(path);
    if !subjects.is_empty() {
        let measured: Vec<_> = subjects
            .iter()
            .map(|s| page::Row::measure(path, s, &threads))
            .collect();
        page += &page::tables(&measured);
    }
    if all || named("spaces") {
        page += &spaces::table(path);
    }
    page += NOTES;
    println!("{page}");
    if let Some(i) = arguments.iter().position(|a| a == "--write") {
        std::fs::write(&arguments[i + 1], &page).unwrap();
    }
}
