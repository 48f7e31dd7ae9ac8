//! Twenty steps of three small networks against PyTorch, with the same weights, images and targets.
//!
//! Oracle: `golden/make.py`, PyTorch 2.15 on a CPU. In double precision 1e-9 of the norm of each tensor. In
//! single precision three times the largest distance between two of PyTorch's own runs (1 and 2 threads, NCHW
//! and channels_last, with oneDNN and without), which the file holds: 1e-7 for losses, 2e-7 to 2e-6 for weights,
//! 5e-7 to 1e-6 for running statistics, 8e-7 to 2e-4 for velocities.

#![expect(clippy::unwrap_used, reason = "a failed step must stop the test")]

use std::collections::BTreeMap;
use std::io::Read;

use nbz_engine::cpu::Path;
use nbz_engine::{Cpu, Device, Images, Init, Reference, Targets, Tensor, Weights};
use nbz_space::Network;
use nbz_space::network::{Conv, Join, NetworkBuilder, Shape};
use nbz_train::{Learner, Recipe, Schedule};
use safetensors::tensor::{Dtype, SafeTensors};

const STEPS: usize = 20;
const BATCH: usize = 12;
const SIDE: usize = 8;
const CLASSES: usize = 5;

/// The file's tensors: shapes and values.
struct Golden(BTreeMap<String, (Vec<usize>, Vec<f64>)>);

impl Golden {
    fn load() -> Self {
        let packed: &[u8] = include_bytes!("golden/steps.safetensors.gz");
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(packed)
            .read_to_end(&mut bytes)
            .unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let numbers = |dtype, data: &[u8]| -> Vec<f64> {
            match dtype {
                Dtype::U8 => data.iter().map(|&b| f64::from(b)).collect(),
                Dtype::F32 => {
                    let (words, _) = data.as_chunks();
                    words
                        .iter()
                        .map(|&b| f64::from(f32::from_le_bytes(b)))
                        .collect()
                }
                _ => {
                    let (words, _) = data.as_chunks();
                    words.iter().map(|&b| f64::from_le_bytes(b)).collect()
                }
            }
        };
        let tensor = |(name, view): (String, safetensors::tensor::TensorView<'_>)| {
            (
                name,
                (view.shape().to_vec(), numbers(view.dtype(), view.data())),
            )
        };
        Self(file.tensors().into_iter().map(tensor).collect())
    }

    fn numbers(&self, name: &str) -> &[f64] {
        &self.0[name].1
    }

    /// The tensors behind a prefix.
    fn tensors(&self, prefix: &str) -> Weights {
        let mut out = Weights::new();
        for (name, (dims, values)) in &self.0 {
            if let Some(name) = name.strip_prefix(prefix) {
                out.insert(
                    name,
                    Tensor::new(name, dims.clone(), values.clone()).unwrap(),
                );
            }
        }
        out
    }

    fn batch(&self, step: usize) -> (Images, Targets) {
        let size = BATCH * 3 * SIDE * SIDE;
        let pixels = &self.numbers("pixels")[step * size..][..size];
        let values = pixels.iter().map(|b| (b - 128.0) / 64.0).collect();
        let rows = self.numbers("targets")[step * BATCH * CLASSES..][..BATCH * CLASSES].to_vec();
        (
            Images::new(Shape::new(3, SIDE, SIDE), values).unwrap(),
            Targets::new(CLASSES, rows).unwrap(),
        )
    }
}

fn stem(b: &mut NetworkBuilder, width: usize) -> nbz_space::network::LayerId {
    let x = b.conv("conv0", b.input(), Conv::dense(3, width, 3, 1));
    let x = b.batch_norm("bn0", x);
    b.relu("relu0", x)
}

fn basic() -> Network {
    let (w, mut b) = (8, NetworkBuilder::new(Shape::new(3, SIDE, SIDE)));
    let x = stem(&mut b, w);
    let y = b.conv("conv1", x, Conv::dense(w, 2 * w, 3, 2));
    let y = b.batch_norm("bn1", y);
    let y = b.relu("relu1", y);
    let y = b.conv("conv2", y, Conv::dense(2 * w, 2 * w, 3, 1));
    let y = b.batch_norm("bn2", y);
    let s = b.conv("shortcut", x, Conv::dense(w, 2 * w, 1, 2));
    let s = b.batch_norm("shortcut_bn", s);
    let y = b.add("add", Join::Residual, &[y, s]);
    let y = b.relu("relu2", y);
    b.classifier(y, CLASSES)
}

fn bottleneck() -> Network {
    let (w, mut b) = (24, NetworkBuilder::new(Shape::new(3, SIDE, SIDE)));
    let x = stem(&mut b, w);
    let mut y = x;
    let (inner, convs) = (w / 4, [(w, w / 4, 1), (w / 4, w / 4, 3), (w / 4, w, 1)]);
    assert_eq!(inner, 6);
    for (i, (from, to, kernel)) in convs.into_iter().enumerate() {
        y = b.conv(
            format!("conv{}", i + 1),
            y,
            Conv::dense(from, to, kernel, 1),
        );
        y = b.batch_norm(format!("bn{}", i + 1), y);
        if i < 2 {
            y = b.relu(format!("relu{}", i + 1), y);
        }
    }
    let y = b.add("add", Join::Residual, &[y, x]);
    let y = b.relu("relu3", y);
    b.classifier(y, CLASSES)
}

fn inverted() -> Network {
    let (w, mut b) = (12, NetworkBuilder::new(Shape::new(3, SIDE, SIDE)));
    let x = stem(&mut b, w);
    let y = b.conv("expand", x, Conv::dense(w, 3 * w, 1, 1));
    let y = b.batch_norm("bn1", y);
    let y = b.relu("relu1", y);
    let y = b.conv("depthwise", y, Conv::depthwise(3 * w, 3, 1));
    let y = b.batch_norm("bn2", y);
    let y = b.relu("relu2", y);
    let y = b.conv("project", y, Conv::dense(3 * w, w, 1, 1));
    let y = b.batch_norm("bn3", y);
    let y = b.add("add", Join::Residual, &[y, x]);
    b.classifier(y, CLASSES)
}

fn networks() -> [(&'static str, Network); 3] {
    [
        ("basic", basic()),
        ("bottleneck", bottleneck()),
        ("inverted", inverted()),
    ]
}

/// What twenty steps left.
struct Trained {
    losses: Vec<f64>,
    weights: Weights,
    velocity: Weights,
    classes: Vec<f64>,
}

fn train<D: Device>(device: &D, golden: &Golden, name: &str, network: &Network) -> Trained {
    let start = golden.tensors(&format!("{name}/start/"));
    train_from(&start, device, golden, network)
}

fn train_from<D: Device>(
    start: &Weights,
    device: &D,
    golden: &Golden,
    network: &Network,
) -> Trained {
    let recipe = Recipe::named("nbz12").unwrap();
    let mut learner = Learner::new(device, network, start, None, &recipe).unwrap();
    let schedule = Schedule::new(0.1, 5, STEPS as u64);
    let losses = (0..STEPS).map(|step| {
        let rate = schedule.rate(step as u64);
        // libm's cosine and Python's agree to one unit in the last place.
        assert!(
            (rate - golden.numbers("rates")[step]).abs() < 1e-16,
            "rate of step {step}"
        );
        learner.step(&[golden.batch(step)], rate).unwrap().loss
    });
    let losses = losses.collect();
    let classes = (0..STEPS).flat_map(|s| learner.classes(&golden.batch(s).0).unwrap());
    Trained {
        losses,
        classes: classes.map(|c| c.unwrap() as f64).collect(),
        weights: learner.weights().unwrap(),
        velocity: learner.velocity().unwrap(),
    }
}

/// `|found - expected| / |expected|`.
fn distance(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let norm = |v: &mut dyn Iterator<Item = f64>| v.map(|v| v * v).sum::<f64>().sqrt();
    norm(&mut found.iter().zip(expected).map(|(a, b)| a - b)) / norm(&mut expected.iter().copied())
}

/// All numbers of the tensors that `expected` has, in the order of their names.
fn joined(found: &Weights, expected: &Weights) -> (Vec<f64>, Vec<f64>) {
    let of = |from: &Weights, name: &str| from.get(name).unwrap().to_f64().into_owned();
    let names = || expected.iter().map(|(name, _)| name);
    (
        names().flat_map(|n| of(found, n)).collect(),
        names().flat_map(|n| of(expected, n)).collect(),
    )
}

#[test]
fn double_precision_follows_pytorch_to_nine_digits() {
    let golden = Golden::load();
    for (name, network) in networks() {
        let trained = train(&Reference, &golden, name, &network);
        let losses = golden.numbers(&format!("{name}/loss"));
        for (step, (found, expected)) in trained.losses.iter().zip(losses).enumerate() {
            assert!(
                (found / expected - 1.0).abs() < 1e-9,
                "{name}: loss of step {step}"
            );
        }
        for (kind, found) in [
            ("weight", &trained.weights),
            ("running", &trained.weights),
            ("velocity", &trained.velocity),
        ] {
            for (tensor, expected) in golden.tensors(&format!("{name}/{kind}/")).iter() {
                let found = found.get(tensor).unwrap().to_f64();
                let error = distance(&found, &expected.to_f64());
                assert!(error < 1e-9, "{name}: {kind} {tensor} is off by {error:e}");
            }
        }
        assert_eq!(
            trained.classes,
            golden.numbers(&format!("{name}/classes")),
            "{name}"
        );
    }
}

#[test]
fn single_precision_stays_within_three_times_pytorch_s_own_spread() {
    let golden = Golden::load();
    let cpu = Cpu::<f32>::new(Path::fastest(), 1).unwrap();
    for (name, network) in networks() {
        let trained = train(&cpu, &golden, name, &network);
        let spread = golden.numbers(&format!("{name}/spread"));
        let of = |kind: &str, found: &Weights| {
            let (found, expected) = joined(found, &golden.tensors(&format!("{name}/{kind}/")));
            distance(&found, &expected)
        };
        let errors = [
            distance(&trained.losses, golden.numbers(&format!("{name}/loss"))),
            of("weight", &trained.weights),
            of("running", &trained.weights),
            of("velocity", &trained.velocity),
        ];
        for ((kind, error), spread) in ["loss", "weight", "running", "velocity"]
            .iter()
            .zip(errors)
            .zip(spread)
        {
            assert!(
                error <= 3.0 * spread,
                "{name}: {kind} is off by {error:e}, the spread is {spread:e}"
            );
        }
        assert_eq!(
            trained.classes,
            golden.numbers(&format!("{name}/classes")),
            "{name}"
        );
    }
}

/// Wide enough for Winograd's form.
fn wide() -> Network {
    let (w, mut b) = (32, NetworkBuilder::new(Shape::new(3, SIDE, SIDE)));
    let x = stem(&mut b, w);
    let y = b.conv("conv1", x, Conv::dense(w, w, 3, 1));
    let y = b.batch_norm("bn1", y);
    let y = b.relu("relu1", y);
    let y = b.conv("conv2", y, Conv::dense(w, w, 3, 1));
    let y = b.batch_norm("bn2", y);
    let y = b.add("add", Join::Residual, &[y, x]);
    let y = b.relu("relu2", y);
    b.classifier(y, CLASSES)
}

/// Oracle: the training in f64, which follows PyTorch. Tolerance: three times what single precision by the
/// definition's sums is off.
#[test]
fn winograd_s_form_is_no_further_from_double_precision_than_the_definition_s_sums() {
    let (golden, network) = (Golden::load(), wide());
    let named = nbz_engine::Recipe {
        seed: 3,
        architecture: "wide",
        purpose: "train",
    };
    let start = Weights::init(&network, Init::Kaiming, &named).unwrap();
    let cpu = || Cpu::<f32>::new(Path::fastest(), 1).unwrap();
    let exact = train_from(&start, &Reference, &golden, &network);
    let direct = train_from(&start, &cpu(), &golden, &network);
    let winograd = train_from(&start, &cpu().with_winograd(), &golden, &network);
    assert_ne!(winograd.losses, direct.losses, "the form was taken");
    let errors = |trained: &Trained| {
        let (found, expected) = joined(&trained.weights, &exact.weights);
        [
            distance(&trained.losses, &exact.losses),
            distance(&found, &expected),
        ]
    };
    for (found, allowed) in errors(&winograd).iter().zip(errors(&direct)) {
        assert!(*found <= 3.0 * allowed, "{found:e} beside {allowed:e}");
    }
}
