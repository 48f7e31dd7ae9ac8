//! Every pass of every device and kernel path against the reference device, on small networks of odd
//! sizes that together have every layer type.
//!
//! Oracle: `Reference` in f64, itself held against finite differences. Tolerance, relative to the norm
//! of each result: 1e-10 for f64 devices, which differ in the order of sums alone. In f32 a rounding of
//! 2^-24 grows through about ten layers and batch norms of few numbers (a variance over two values may
//! nearly vanish), and a ReLU bit may flip on a value near 0, so 2e-3 is asked, and cases are drawn by
//! recipe so that a failure repeats.

#![expect(clippy::unwrap_used, reason = "a failed pass must stop the test")]

#[expect(dead_code, reason = "the differences use the rest")]
mod nets;
mod passes;

use nbz_engine::cpu::{Element, Path};
use nbz_engine::{Cpu, Fusion, NormMode, Reference, Residuals, Run};
use nbz_space::network::Conv;
use passes::{Case, Named, results};
use proptest::prelude::*;

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Batch norm makes some gradients zero up to rounding (a whole kind of them where every image is its
/// own batch and only pooling follows), so the bound is a share of the largest result of the kind, and
/// of 0.1 at least: the terms that cancel are about 1.
fn assert_like(found: &[Named], expected: &[Named], tolerance: f64, device: &str) {
    let names = |all: &[Named]| -> Vec<String> { all.iter().map(|(n, _)| n.clone()).collect() };
    assert_eq!(names(found), names(expected), "{device}");
    let kind = |name: &str| name.split(' ').next().unwrap_or_default().to_string();
    for ((name, found), (_, values)) in found.iter().zip(expected) {
        let alike = expected.iter().filter(|(n, _)| kind(n) == kind(name));
        let largest = alike.map(|(_, v)| norm(v)).fold(0.1, f64::max);
        let error: Vec<f64> = found.iter().zip(values).map(|(f, e)| f - e).collect();
        let bound = tolerance * largest;
        assert!(
            found.len() == values.len() && norm(&error) <= bound,
            "{device}: {name} is off by {} > {bound}",
            norm(&error)
        );
    }
}

fn assert_conforms<E: Element>(case: &Case, tolerance: f64) {
    let expected = results(&Reference, case);
    for path in Path::available() {
        for threads in [1, 2] {
            let direct = || Cpu::<E>::new(path, threads).unwrap();
            for (form, device) in [("direct", direct()), ("Winograd", direct().with_winograd())] {
                let found = results(&device, case);
                let what = format!("{path:?}, {threads}, {form}");
                assert_like(&found, &expected, tolerance, &what);
            }
        }
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let networks = (
        0..5_usize,
        prop::sample::select(vec![1, 3, 17, 24, 40]),
        prop::sample::select(vec![2, 3, 5, 7]),
    );
    let norms = prop::sample::select(vec![
        NormMode::Batch,
        NormMode::Image,
        NormMode::Running,
        NormMode::Removed,
    ]);
    let residuals = prop::sample::select(vec![Residuals::Kept, Residuals::Removed]);
    let fusion = prop::sample::select(vec![Fusion::Groups, Fusion::Layers]);
    let images = prop::sample::select(vec![2, 3, 15]);
    (networks, norms, residuals, fusion, images, 0..1000_u64).prop_map(
        |((kind, width, side), norm, residuals, fusion, count, seed)| {
            let network = match kind {
                0 => nets::one_conv(Conv::dense(3, width, 5, 2), side),
                1 => nets::plain(width, side),
                // Wide enough in space that no batch of one image is a single number.
                2 => nets::residual(width.min(17), side.max(3)),
                3 => nets::inverted(width.min(17), side),
                _ => nets::cell(width, side.max(4)),
            };
            let (images, labels) = nets::batch(&network, count, seed);
            let run = Run {
                norm,
                residuals,
                fusion,
                // Small maps have small variances; a large eps keeps f32 meaningful there.
                eps: 0.1,
                ..Run::default()
            };
            Case {
                network,
                images,
                labels,
                run,
                seed,
            }
        },
    )
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            images, run, seed, ..
        } = self;
        let names: Vec<&str> = self
            .network
            .layers()
            .iter()
            .map(|l| l.name.as_str())
            .collect();
        write!(
            f,
            "{names:?} {} of {}, {run:?}, {seed}",
            images.count(),
            images.shape()
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: proptest::test_runner::RngSeed::Fixed(4), ..ProptestConfig::default() })]

    #[test]
    fn double_precision_passes_are_those_of_the_reference(case in cases()) {
        assert_conforms::<f64>(&case, 1e-10);
    }

    #[test]
    fn single_precision_passes_are_near_those_of_the_reference(case in cases()) {
        assert_conforms::<f32>(&case, 2e-3);
    }
}

/// One image, two whole groups and the largest odd batch, once each.
#[test]
fn batches_of_one_of_whole_groups_and_of_a_rest_conform() {
    for count in [1, 16, 33] {
        let network = nets::residual(5, 7);
        let (images, labels) = nets::batch(&network, count, 8);
        let case = Case {
            network,
            images,
            labels,
            run: Run::default(),
            seed: 8,
        };
        assert_conforms::<f64>(&case, 1e-10);
        assert_conforms::<f32>(&case, 2e-3);
    }
}
