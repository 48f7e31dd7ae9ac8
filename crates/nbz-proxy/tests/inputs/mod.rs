//! Small batches for the tests: eight images of a fixed pattern of numbers, and their noise.

#![expect(clippy::unwrap_used, reason = "a refused input must stop the test")]

use nbz_engine::{Images, Labels};
use nbz_proxy::{Batch, Inputs, Noise, Seeded};
use nbz_space::{Arch, Network, Task};

/// Images of a batch.
const COUNT: usize = 8;

/// A network for images of 16 pixels a side and 10 classes.
pub(crate) fn task_network(architecture: &str) -> Network {
    let task = Task::new(16, 10).unwrap();
    architecture.parse::<Arch>().unwrap().network(task)
}

/// The draw of seed 0.
pub(crate) fn seeded(architecture: &str) -> Seeded<'_> {
    Seeded {
        seed: 0,
        architecture,
        given: None,
    }
}

/// Two batches and noise; ntk and swap look at all images.
pub(crate) fn inputs(network: &Network) -> Inputs {
    Inputs {
        second: Some(batch(network, 1)),
        noise: Some(Noise {
            x: batch(network, 2),
            e: images(network, 3),
        }),
        few: COUNT,
        ..Inputs::new(batch(network, 0))
    }
}

/// Images with labels that count through the classes, two images each.
pub(crate) fn batch(network: &Network, stream: u64) -> Batch {
    let classes = network.classes();
    let labels = (0..COUNT).map(|i| (i / 2 % classes) as u32).collect();
    Batch::new(
        images(network, stream),
        Labels::new(classes, labels).unwrap(),
    )
    .unwrap()
}

/// Uniform numbers of a linear congruential generator, variance 1.
pub(crate) fn images(network: &Network, stream: u64) -> Images {
    let shape = network.input_shape();
    let mut state = stream;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 * 2_f64.powi(-53) - 0.5) * 12_f64.sqrt()
    };
    let values = (0..COUNT * shape.len()).map(|_| draw()).collect();
    Images::new(shape, values).unwrap()
}
