//! A score's bits depend on the network, its weights and its images alone.
//!
//! Oracle: the same score from another plan, order, thread count or processor path; exact equality.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

mod inputs;

use inputs::{inputs, seeded, task_network};
use nbz_engine::cpu::Path;
use nbz_engine::{Device, Reference};
use nbz_proxy::{Devices, Plan, Proxy, Score, registry};

const ARCHITECTURE: &str = "r1:16s1x1-32s2x1-64s2x1-128s2x1";
const CELL: &str = "nb201:212043";

/// Bits of every score, by name.
fn bits<D: Device, E: Device>(
    devices: &Devices<D, E>,
    architecture: &str,
    proxies: &[&dyn Proxy],
) -> Vec<(&'static str, u64, Option<nbz_proxy::Reason>)> {
    let network = task_network(architecture);
    let plan = Plan::new(proxies).unwrap();
    let draw = seeded(architecture);
    let scored = plan
        .score(devices, &network, &inputs(&network), &draw)
        .unwrap();
    let bits =
        |(name, score): (&'static str, Score)| (name, score.value().to_bits(), score.reason());
    scored.scores.into_iter().map(bits).collect()
}

fn all() -> Vec<&'static dyn Proxy> {
    registry::all().collect()
}

#[test]
fn every_proxy_alone_gives_what_it_gives_among_all() {
    let devices = Devices::cpu(Path::fastest(), 1).unwrap();
    for architecture in [ARCHITECTURE, CELL] {
        let together = bits(&devices, architecture, &all());
        for (i, proxy) in all().into_iter().enumerate() {
            assert_eq!(bits(&devices, architecture, &[proxy]), together[i..=i]);
        }
    }
}

#[test]
fn the_order_in_which_proxies_are_asked_for_changes_nothing() {
    let devices = Devices::cpu(Path::fastest(), 1).unwrap();
    let mut backwards = all();
    backwards.reverse();
    let mut found = bits(&devices, ARCHITECTURE, &backwards);
    found.reverse();
    assert_eq!(found, bits(&devices, ARCHITECTURE, &all()));
}

#[test]
fn threads_and_processor_paths_change_no_bit() {
    let one = bits(&Devices::cpu(Path::fastest(), 1).unwrap(), CELL, &all());
    for path in Path::available() {
        let devices = Devices::cpu(path, 3).unwrap();
        assert_eq!(bits(&devices, CELL, &all()), one, "{path}");
    }
}

#[test]
fn networks_scored_side_by_side_have_the_scores_of_networks_scored_alone() {
    let devices = Devices::cpu(Path::fastest(), 1).unwrap();
    let alone = bits(&devices, ARCHITECTURE, &all());
    std::thread::scope(|scope| {
        let beside = [ARCHITECTURE, CELL, ARCHITECTURE].map(|architecture| {
            let devices = &devices;
            scope.spawn(move || bits(devices, architecture, &all()))
        });
        let [first, _, last] = beside.map(|thread| thread.join().unwrap());
        assert_eq!(first, alone);
        assert_eq!(last, alone);
    });
}

#[test]
fn every_proxy_has_a_value_on_every_family_of_networks() {
    let devices = Devices::cpu(Path::fastest(), 2).unwrap();
    for architecture in [
        "r2:64s1x1-128s2x1-256s2x1-512s2x1",
        "mb:16s1x1-24s2x1-48s2x1-96s2x1",
        "nbmacro:02010001",
        "cbmr:1111111",
        "cbmm:1111111",
        CELL,
    ] {
        for (name, value, reason) in bits(&devices, architecture, &all()) {
            let value = f64::from_bits(value);
            assert!(
                value.is_finite(),
                "{architecture} {name}: {value} {reason:?}"
            );
        }
    }
}

#[test]
fn another_seed_draws_other_weights_but_looks_at_the_same_images() {
    let network = task_network(ARCHITECTURE);
    let inputs = inputs(&network);
    let value = |seed: u64| {
        let draw = nbz_proxy::Seeded {
            seed,
            ..seeded(ARCHITECTURE)
        };
        let plan = Plan::new(&all()).unwrap();
        let devices = Devices::<Reference>::REFERENCE;
        plan.score(&devices, &network, &inputs, &draw)
            .unwrap()
            .scores
    };
    for ((name, a), (_, b)) in value(0).into_iter().zip(value(1)) {
        // Eight images have 256 patterns, and both draws show all of them.
        let same = ["params", "macs", "depth", "az_comp", "swap"].contains(&name);
        assert_eq!(a == b, same, "{name}: {a:?} {b:?}");
    }
}
