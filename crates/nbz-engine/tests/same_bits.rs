//! The promise that a result is a function of its inputs alone: every pass gives the same bits on any
//! number of threads and any kernel path, and beside any other work.
//!
//! Oracle: the same pass on one thread, alone, on a fresh device. Tolerance: none.

#[expect(dead_code, reason = "the differences use the rest")]
mod nets;
mod passes;

use nbz_engine::cpu::{Element, Path};
use nbz_engine::{
    Cotangent, Cpu, Device, Direction, Gradients, Model, Observer, Of, Reference, Residuals, Run,
    Seen,
};
use nbz_space::network::Network;
use passes::{Case, Named, results};

fn case(network: Network, images: usize) -> Case {
    let (images, labels) = nets::batch(&network, images, 8);
    Case {
        network,
        images,
        labels,
        run: Run::default(),
        seed: 8,
    }
}

/// Batches that fill one group, several, and none; widths that leave vectors incomplete. The number of
/// groups lies between the numbers of threads, so that steps are fused for some of them and not for others.
fn cases() -> Vec<Case> {
    let mut removed = case(nets::residual(17, 5), 9);
    removed.run.residuals = Residuals::Removed;
    vec![
        case(nets::residual(17, 7), 33),
        case(nets::inverted(9, 5), 33),
        case(nets::cell(40, 6), 2),
        case(nets::plain(24, 3), 8),
        // Several strips a group by Winograd's form, several runs of rows by the definition's sums.
        case(nets::cell(40, 9), 17),
        removed,
    ]
}

fn on<E: Element>(path: Path, threads: usize, case: &Case) -> Vec<Named> {
    let device = Cpu::<E>::new(path, threads).expect("threads start");
    results(&device, case)
}

/// By the definition's sums, then by Winograd's form.
fn both_on<E: Element>(path: Path, threads: usize, case: &Case) -> Vec<Named> {
    let device = Cpu::<E>::new(path, threads).expect("threads start");
    let mut found = on::<E>(path, threads, case);
    found.extend(results(&device.with_winograd(), case));
    found
}

/// Names the first result that differs, and where.
fn assert_same(found: &[Named], expected: &[Named], device: &str) {
    assert_eq!(found.len(), expected.len());
    for ((name, found), (_, expected)) in found.iter().zip(expected) {
        let differ = |(a, b): (&f64, &f64)| a.to_bits() != b.to_bits();
        let at = found.iter().zip(expected).position(differ);
        assert!(
            found.len() == expected.len() && at.is_none(),
            "{device}: {name} differs at {at:?}"
        );
    }
}

fn assert_paths_and_threads_agree<E: Element>() {
    for case in cases() {
        let alone = both_on::<E>(Path::fastest(), 1, &case);
        for threads in [2, 3, 7] {
            let found = both_on::<E>(Path::fastest(), threads, &case);
            assert_same(&found, &alone, &format!("{threads} threads"));
        }
        for path in Path::available() {
            let found = both_on::<E>(path, 2, &case);
            assert_same(&found, &alone, &path.to_string());
        }
    }
}

#[test]
fn single_precision_passes_have_the_same_bits_on_every_path_and_number_of_threads() {
    assert_paths_and_threads_agree::<f32>();
}

#[test]
fn double_precision_passes_have_the_same_bits_on_every_path_and_number_of_threads() {
    assert_paths_and_threads_agree::<f64>();
}

/// Networks on one device one after the other, backwards too: what one leaves in freed buffers must not
/// reach the next.
#[test]
fn a_network_after_others_has_the_bits_of_the_network_alone() {
    let shared = Cpu::<f32>::new(Path::fastest(), 2).expect("threads start");
    let cases = cases();
    let expected: Vec<_> = cases
        .iter()
        .map(|c| on::<f32>(Path::fastest(), 1, c))
        .collect();
    let there_and_back = (0..cases.len()).chain((0..cases.len()).rev());
    for i in there_and_back {
        assert_same(
            &results(&shared, &cases[i]),
            &expected[i],
            &format!("case {i}"),
        );
    }
}

/// Networks on one device at the same time, each called from a thread of its own.
#[test]
fn a_network_beside_others_has_the_bits_of_the_network_alone() {
    let shared = Cpu::<f32>::new(Path::fastest(), 3).expect("threads start");
    let cases = cases();
    std::thread::scope(|scope| {
        for (i, case) in cases.iter().enumerate() {
            let shared = &shared;
            scope.spawn(move || {
                let alone = on::<f32>(Path::fastest(), 1, case);
                for _ in 0..3 {
                    assert_same(&results(shared, case), &alone, &format!("case {i}"));
                }
            });
        }
    });
}

#[test]
fn the_reference_gives_the_same_bits_on_any_number_of_threads() {
    let case = case(nets::residual(5, 7), 15);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads start");
        pool.install(|| results(&Reference, &case))
    };
    let one = on(1);
    for threads in [2, 3, 7] {
        assert_same(&on(threads), &one, &format!("{threads} threads"));
    }
}

/// What a backward pass gives: every gradient, and every delta in the order in which it is offered.
#[derive(Default)]
struct Deltas(Vec<Vec<f64>>);

impl<D: Device> Observer<D> for Deltas {
    fn wants_deltas(&self) -> bool {
        true
    }

    fn delta(&mut self, seen: Seen<'_, D>, delta: &D::Map) {
        self.0.push(seen.device.download_map(delta));
    }
}

fn assert_tangent_gives_the_backward_passes_gradients<D: Device>(device: &D, case: &Case) {
    let weights = nets::weights(&case.network, case.seed);
    let model = Model::new(device, &case.network, &weights).expect("weights of the network");
    let trace = model.forward(&case.images, &case.run, &mut ());
    let trace = trace.expect("a batch of the network");
    let loss = Cotangent::CrossEntropy(&case.labels);
    let named = |gradients: &Gradients<'_, D>| -> Vec<Named> {
        let tensors = case.network.tensors().into_iter();
        tensors
            .filter_map(|(name, _)| Some((name.clone(), gradients.read(&name)?)))
            .collect()
    };
    let numbered = |deltas: Deltas| -> Vec<Named> {
        let named = |(i, values)| (format!("delta {i}"), values);
        deltas.0.into_iter().enumerate().map(named).collect()
    };
    let backward = |watch: &mut dyn Observer<D>| trace.backward(loss, Of::Parameters, watch);
    let expected = named(&backward(&mut ()).expect("labels"));
    let mut watched = Deltas::default();
    // Deltas are stored for an observer alone; that changes no gradient.
    let gradients = backward(&mut watched).expect("labels");
    assert_same(&named(&gradients), &expected, "backward with an observer");
    let tangent = trace.tangent(Direction::Weights).expect("weights");
    let mut deltas = Deltas::default();
    let (gradients, _) = tangent.backward(loss, &mut deltas).expect("labels");
    assert_same(&named(&gradients), &expected, "the tangent's backward");
    assert_same(
        &numbered(deltas),
        &numbered(watched),
        "the tangent's deltas",
    );
}

#[test]
fn a_tangents_gradients_have_the_bits_of_the_backward_pass() {
    for case in cases() {
        for threads in [1, 3] {
            let device = Cpu::<f32>::new(Path::fastest(), threads).expect("threads start");
            assert_tangent_gives_the_backward_passes_gradients(&device, &case);
            let device = device.with_winograd();
            assert_tangent_gives_the_backward_passes_gradients(&device, &case);
        }
        assert_tangent_gives_the_backward_passes_gradients(&Reference, &case);
    }
}
