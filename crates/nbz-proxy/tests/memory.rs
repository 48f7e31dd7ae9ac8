//! What a plan says it will hold against what the device held.
//!
//! Oracle: the device's own count of the bytes in use at one time. The plan may be too large by what a pass leaves
//! out (a forward alone is planned with its backward), never too small by more than 1 %.

#![expect(clippy::unwrap_used, reason = "a failed plan must stop the test")]

use nbz_engine::cpu::Path;
use nbz_engine::{Images, Labels};
use nbz_proxy::{Batch, Devices, Inputs, Noise, Plan, Seeded, registry};
use nbz_space::{Arch, Dataset, Network};

fn inputs(network: &Network, images: usize) -> Inputs {
    let shape = network.input_shape();
    let batch = |salt: usize| {
        let value = |i: usize| ((i * 2_654_435_761 + salt) % 2001) as f64 / 1000.0 - 1.0;
        let values = (0..images * shape.len()).map(value).collect();
        let labels = (0..images as u32).map(|i| i % 10).collect();
        let images = Images::new(shape, values).unwrap();
        Batch::new(images, Labels::new(10, labels).unwrap()).unwrap()
    };
    Inputs {
        second: Some(batch(5)),
        noise: Some(Noise {
            x: batch(7),
            e: batch(9).images().clone(),
        }),
        few: 8,
        ..Inputs::new(batch(0))
    }
}

#[test]
fn no_proxy_holds_more_than_its_plan_says() {
    for arch in [
        "r1:16s1x1-32s2x1-64s2x1-128s2x1",
        "nbmacro:01220101",
        "nb201:212043",
    ] {
        let network = arch.parse::<Arch>().unwrap().network(Dataset::Cifar10);
        let inputs = inputs(&network, 16);
        let alone = registry::all().map(|proxy| vec![proxy]);
        for proxies in alone.chain([registry::all().collect()]) {
            let plan = Plan::new(&proxies).unwrap();
            let devices = Devices::cpu(Path::fastest(), 1).unwrap();
            let fullest = plan.fullest(&devices, &network, 16, 8);
            let planned = fullest.map_or(0, |f| f.bytes);
            let draw = Seeded {
                seed: 0,
                architecture: arch,
                given: None,
            };
            plan.score(&devices, &network, &inputs, &draw).unwrap();
            let held = devices.passes.peak_bytes().max(devices.double.peak_bytes());
            assert!(
                held <= planned + planned / 100,
                "{plan:?} of {arch} held {held}, planned {fullest:?}"
            );
        }
    }
}
