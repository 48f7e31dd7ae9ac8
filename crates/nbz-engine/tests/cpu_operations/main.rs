//! Every operation of the cpu device against the reference device, on shapes that leave lanes, images
//! and tiles incomplete; and the promise that neither the kernel path nor the threads change a bit.
//!
//! Oracle: `Reference`, plain loops in f64. Tolerance: inputs are uniform in [-1, 1], so a sum of `n`
//! products in f32 errs by about `sqrt(n) 2^-24` of its terms; 2e-5 of the largest result (2e-13 in f64)
//! is several times that for the sums here (n up to 4,000).

mod cases;
mod results;

use cases::{Case, cases};
use nbz_engine::cpu::{Element, Path};
use nbz_engine::{Cpu, Reference};
use proptest::prelude::*;
use results::{Named, results};

fn cpu<E: Element>(path: Path, threads: usize, winograd: bool) -> Cpu<E> {
    let direct = Cpu::new(path, threads).expect("threads start");
    if winograd {
        direct.with_winograd()
    } else {
        direct
    }
}

fn assert_close(case: &Case, got: &[Named], expected: &[Named], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    for ((name, got), (_, expected)) in got.iter().zip(expected) {
        assert_eq!(got.len(), expected.len(), "{name} of {case:?}");
        let largest = expected.iter().fold(1.0_f64, |m, v| m.max(v.abs()));
        for (i, (g, e)) in got.iter().zip(expected).enumerate() {
            let error = (g - e).abs() / largest;
            assert!(error <= tolerance, "{name}[{i}] of {case:?}: {g} for {e}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn operations_equal_the_reference_in_both_precisions(case in cases()) {
        let expected = results(&Reference, &case);
        for winograd in [false, true] {
            let single = cpu::<f32>(Path::fastest(), 1, winograd);
            assert_close(&case, &results(&single, &case), &expected, 2e-5);
            let double = cpu::<f64>(Path::fastest(), 1, winograd);
            assert_close(&case, &results(&double, &case), &expected, 2e-13);
        }
    }

    #[test]
    fn every_path_and_number_of_threads_gives_the_same_bits(
        case in cases(),
        winograd in any::<bool>(),
    ) {
        let expected = results(&cpu::<f32>(Path::Portable, 1, winograd), &case);
        for path in Path::available() {
            let found = results(&cpu::<f32>(path, 2, winograd), &case);
            prop_assert_eq!(&found, &expected);
        }
        for threads in [1, 3, 7] {
            let found = results(&cpu::<f32>(Path::fastest(), threads, winograd), &case);
            prop_assert_eq!(&found, &expected);
        }
        let expected = results(&cpu::<f64>(Path::Portable, 1, winograd), &case);
        for path in Path::available() {
            let found = results(&cpu::<f64>(path, 2, winograd), &case);
            prop_assert_eq!(&found, &expected);
        }
    }
}
