//! The golden cases: values of published code on weights and images that a seed gives.
//!
//! Made with PyTorch 2.15 in f64 by the repositories named in each test. The stream of a tensor is
//! SplitMix64 from the FNV-1a hash of `{seed}/{name}`; element order is row-major.

#![expect(clippy::unwrap_used, reason = "a damaged case must stop the test")]

use std::io::Read;

use flate2::read::GzDecoder;
use nbz_engine::{Images, Labels, Tensor, Weights};
use nbz_space::{Arch, Network, Shape, Task};
use serde_json::Value;

/// One case: its file, network and seed.
pub(crate) struct Case {
    pub(crate) values: Value,
    pub(crate) network: Network,
    pub(crate) seed: u64,
}

/// The initialisations of the generator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Draw {
    Torch,
    Perturbed,
    Normal,
    Kaiming,
}

impl Case {
    /// Case `P{number}`.
    pub(crate) fn load(number: usize) -> Self {
        let path = format!(
            "{}/../nbz-engine/tests/golden/P{number}.json.gz",
            env!("CARGO_MANIFEST_DIR")
        );
        let mut text = String::new();
        let file = std::fs::File::open(path).unwrap();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        let values: Value = serde_json::from_str(&text).unwrap();
        let number = |key: &str| values[key].as_u64().unwrap();
        let arch: Arch = values["arch"].as_str().unwrap().parse().unwrap();
        let task = Task::new(number("resolution") as usize, number("classes") as usize).unwrap();
        Self {
            network: arch.network(task),
            seed: number("seed"),
            values,
        }
    }

    /// A number of the file by its path, `/`-separated.
    pub(crate) fn number(&self, path: &str) -> f64 {
        let value = self.values.pointer(&format!("/{path}"));
        value
            .and_then(Value::as_f64)
            .unwrap_or_else(|| panic!("{path} is a number"))
    }

    /// A list of numbers of the file.
    pub(crate) fn numbers(&self, path: &str) -> Vec<f64> {
        let value = self.values.pointer(&format!("/{path}")).unwrap();
        let list = value.as_array().unwrap();
        list.iter().map(|v| v.as_f64().unwrap()).collect()
    }

    /// The weights of an initialisation.
    pub(crate) fn weights(&self, draw: Draw) -> Weights {
        let mut weights = Weights::new();
        for (name, values) in self.tensors(draw) {
            let dims = self
                .network
                .tensors()
                .into_iter()
                .find(|(n, _)| *n == name)
                .unwrap()
                .1;
            let tensor = Tensor::new(&name, dims, values).unwrap();
            weights.insert(name, tensor);
        }
        weights
    }

    /// Names and values in module order, as the generator writes them.
    pub(crate) fn tensors(&self, draw: Draw) -> Vec<(String, Vec<f32>)> {
        let mut fan_in = 1.0;
        let mut out = Vec::new();
        for (name, dims) in self.network.tensors() {
            let count = dims.iter().product();
            if dims.len() > 1 {
                fan_in = dims[1..].iter().product::<usize>() as f64;
            }
            let values = self.tensor(draw, &name, dims.len(), count, fan_in);
            out.push((name, values));
        }
        out
    }

    fn tensor(&self, draw: Draw, name: &str, rank: usize, count: usize, fan_in: f64) -> Vec<f32> {
        let flat = matches!(draw, Draw::Torch | Draw::Perturbed);
        let stream = self.stream(name);
        if name == "fc.bias" && !flat {
            return vec![0.0; count];
        }
        if (rank > 1 || name == "fc.bias") && flat {
            let bound = 1.0 / fan_in.sqrt();
            return (0..count)
                .map(|i| ((2.0 * stream.unit(i) - 1.0) * bound) as f32)
                .collect();
        }
        if rank > 1 {
            let scale = if draw == Draw::Normal {
                1.0
            } else {
                (2.0 / fan_in).sqrt()
            };
            return (0..count)
                .map(|i| (stream.bell(i) * scale) as f32)
                .collect();
        }
        let one = name.ends_with(".weight") || name.ends_with(".running_var");
        let base = if one { 1.0 } else { 0.0 };
        (0..count)
            .map(|i| match draw {
                Draw::Perturbed => (base + (2.0 * stream.unit(i) - 1.0) * 0.5) as f32,
                _ => base as f32,
            })
            .collect()
    }

    /// The images and labels called `name`.
    pub(crate) fn batch(&self, name: &str) -> (Images, Labels) {
        let shape = self.network.input_shape();
        let count = self.values["batch"].as_u64().unwrap() as usize;
        let (images, labels) = self.batch_values(name, count, shape);
        let classes = self.network.classes();
        (
            Images::from_f32(shape, &images).unwrap(),
            Labels::new(classes, labels).unwrap(),
        )
    }

    /// The noise called `name` (`x` or `e`), as many images as the batch has.
    pub(crate) fn noise(&self, name: &str) -> Vec<f32> {
        let count = self.values["batch"].as_u64().unwrap() as usize;
        let stream = self.stream(&format!("noise.{name}"));
        (0..count * self.network.input_shape().len())
            .map(|i| stream.bell(i) as f32)
            .collect()
    }

    fn batch_values(&self, name: &str, count: usize, shape: Shape) -> (Vec<f32>, Vec<u32>) {
        let (side, quarter) = (shape.width, shape.width / 4);
        let mut images = Vec::with_capacity(count * shape.len());
        let [coarse, fine] = ["coarse", "fine"].map(|k| self.stream(&format!("{name}.{k}")));
        for plane in 0..count * shape.channels {
            for y in 0..side {
                for x in 0..side {
                    let c = coarse.bell((plane * quarter + y / 4) * quarter + x / 4);
                    let f = fine.bell((plane * side + y) * side + x);
                    images.push((0.75 * c + 0.625 * f) as f32);
                }
            }
        }
        let stream = self.stream(&format!("{name}.labels"));
        let classes = self.network.classes() as u64;
        let label = |i| ((stream.number(i) >> 11) % classes) as u32;
        (images, (0..count).map(label).collect())
    }

    /// The stream of a tensor's name.
    pub(crate) fn stream(&self, name: &str) -> Stream {
        Stream::new(self.seed, name)
    }
}

/// The numbers of one tensor.
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        Self(fnv(&format!("{seed}/{name}")))
    }

    /// The `k`-th number.
    pub(crate) fn number(&self, k: usize) -> u64 {
        let steps = (k as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0.wrapping_add(steps);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The `k`-th number in `[0, 1)`.
    pub(crate) fn unit(&self, k: usize) -> f64 {
        (self.number(k) >> 11) as f64 * 2.0_f64.powi(-53)
    }

    fn bell(&self, i: usize) -> f64 {
        (0..12).map(|j| self.unit(12 * i + j)).sum::<f64>() - 6.0
    }
}

/// FNV-1a, 64 bits.
pub(crate) fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3)
    })
}
