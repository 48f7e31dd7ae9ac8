//! The bits of every score, so that nobody changes them without saying so.
//!
//! Oracle: this program at `Recipe::NUMERICS`. The digest is over the bits of every proxy of three small
//! networks. Logarithms come from the system's mathematical library, so it is held on Linux alone.

use nbz_proxy::registry;
use nbz_space::Dataset;
use nbz_sweep::{Data, Networks, Recipe, Settings, Sweep, SweepError};
use nbz_table::sha256_hex;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn scores_have_the_bits_that_their_numerics_promise() -> Result<(), SweepError> {
    let archs = [
        "nbmacro:10100100",
        "nb201:212043",
        "mb:16s1x1-24s2x1-48s2x1-96s2x1",
    ];
    let archs = archs.map(|a| a.parse().expect("an architecture")).to_vec();
    let settings = Settings {
        task: Dataset::Cifar10.into(),
        data: Data::Noise,
        batch: 6,
        batch_per_network: false,
        augment: false,
        ntk_batch: 4,
        seed: 7,
        repeats: 1,
        weights: None,
        programs: Vec::new(),
        winograd: false,
        answer_limit: nbz_sweep::program::ANSWER_LIMIT,
    };
    let proxies: Vec<_> = registry::all().collect();
    let sweep = Sweep::new(&Networks::listed("a test", archs)?, &proxies, &settings)?;
    let mut text = String::new();
    for record in sweep.records(2)? {
        for (proxy, bits) in proxies.iter().zip(record.scores) {
            text += &format!("{} {} {bits:x?}\n", record.place, proxy.name());
        }
    }
    assert_eq!(
        (Recipe::NUMERICS, sha256_hex(text.as_bytes()).as_str()),
        (
            2,
            "63dccdd4cbc355b8ca9a92ade15a92b732e84d83c0a00ed63c51f05e63ebc143"
        ),
        "a score has other bits: raise Recipe::NUMERICS and write the new digest here"
    );
    Ok(())
}
