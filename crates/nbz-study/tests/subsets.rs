//! The search over subsets against the same hybrids measured one by one, and what a split test must show.
//!
//! Oracle: [`Pool::hybrid_search`], which the golden cases hold. Picks, ranks and ties must be equal;
//! means are of the same terms in another order, so 1e-12.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use nbz_study::{Axis, Cost, Hybrid, PAPER_BUDGETS, Pool, RankScope, Recipe, StudyError, Subset};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

const TOLERANCE: f64 = 1e-12;

struct Draw(ChaCha8Rng);

impl Draw {
    fn column(&mut self, n: usize, distinct: u32) -> Vec<f64> {
        (0..n)
            .map(|_| f64::from(self.0.next_u32() % distinct))
            .collect()
    }
}

/// A pool of `n` networks under budgets of two costs, and proxies; few distinct values make many ties.
fn pool(n: usize, proxies: usize, distinct: u32) -> (Pool, Vec<Vec<f64>>) {
    let mut draw = Draw(ChaCha8Rng::from_seed([9; 32]));
    let accuracy = draw.column(n, 1 << 20);
    let mut pool = Pool::new(&accuracy).unwrap();
    for cost in ["macs", "params"] {
        let values = draw.column(n, 12);
        let axis = Axis::even(Cost::new(cost, &values), PAPER_BUDGETS).unwrap();
        pool = pool.with_axis(axis).unwrap();
    }
    let mut columns: Vec<Vec<f64>> = (0..proxies).map(|_| draw.column(n, distinct)).collect();
    columns[0][3] = f64::NAN;
    columns[1][5] = f64::INFINITY;
    (pool, columns)
}

#[test]
fn every_subset_finds_what_its_hybrid_finds() {
    for distinct in [5, 1000] {
        let (pool, columns) = pool(257, 4, distinct);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        for hybrid in [Hybrid::RankSum, Hybrid::LogRankSum] {
            let search = pool.search_subsets(hybrid, &columns).unwrap();
            assert_eq!(search.results().len(), 15);
            for result in search.results() {
                let members: Vec<&[f64]> = result.subset.members().map(|m| columns[m]).collect();
                let found = pool
                    .hybrid_search(hybrid, &members, RankScope::Global)
                    .unwrap()
                    .unwrap();
                let picks = found.axes.iter().flat_map(|axis| &axis.picks);
                for (pick, expected) in result.picks.iter().zip(picks) {
                    assert_eq!((pick.row, pick.ties), (expected.pick, expected.ties));
                    assert!((pick.r_ties - expected.r_ties).abs() < TOLERANCE);
                    assert!(
                        (pick.accuracy - expected.pick_acc_ties).abs() < 1e-6 * expected.pick_acc
                    );
                }
                assert!((result.mbr_all - found.all.mbr_ties).abs() < TOLERANCE);
                for (mbr, axis) in result.mbr.iter().zip(&found.axes) {
                    assert!((mbr - axis.mean.mbr_ties).abs() < TOLERANCE);
                }
            }
        }
    }
}

#[test]
fn thread_count_changes_no_bit() {
    let (pool, columns) = pool(200, 6, 40);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let run = |threads| {
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        threads.install(|| {
            let search = pool.search_subsets(Hybrid::LogRankSum, &columns).unwrap();
            let recipe = Recipe { seed: 4, draws: 6 };
            let split = pool
                .split_test_subsets(Hybrid::RankSum, &columns, None, recipe)
                .unwrap();
            (search, split)
        })
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn a_choice_among_noise_is_optimistic_where_it_was_made_and_nowhere_else() {
    let (pool, columns) = pool(400, 8, 1 << 20); // proxies that know nothing of accuracy
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let recipe = Recipe { seed: 1, draws: 40 };
    let tests = pool
        .split_test_subsets(Hybrid::RankSum, &columns, None, recipe)
        .unwrap()
        .tests;
    let any = tests.last().unwrap();
    // The best of 255 useless subsets looks far better than chance, (N - 1) / 2N on average, and is not:
    // one useless pick lies anywhere between 0 and 1, so its spread over splits is wide.
    assert!(any.chosen.high < 0.1, "{any:?}");
    assert!(any.optimism.estimate > 0.25, "{any:?}");
    assert!((any.tested.estimate - 0.5).abs() < 0.15, "{any:?}");
    assert!(!any.gain_over_single.excludes_zero(), "{any:?}");
}

#[test]
fn a_proxy_that_knows_the_accuracy_is_chosen_on_every_half() {
    let (pool, mut columns) = pool(300, 5, 1 << 20);
    columns[2] = pool.accuracy().to_vec();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let recipe = Recipe { seed: 1, draws: 20 };
    let tests = pool
        .split_test_subsets(Hybrid::RankSum, &columns, Some(0), recipe)
        .unwrap()
        .tests;
    let single = &tests[0];
    assert_eq!(single.favourite, (Subset::of([2]), 1.0));
    assert!(single.tested.high < 1e-2, "{single:?}");
}

#[test]
fn a_transfer_reads_the_choice_of_one_pool_on_another() {
    let (here, mut columns) = pool(150, 3, 1 << 20);
    columns[1] = here.accuracy().to_vec();
    let there = {
        let turned: Vec<f64> = here.accuracy().iter().map(|a| -a).collect();
        let axis = Axis::even(
            Cost::new(
                "macs",
                &columns[0]
                    .iter()
                    .map(|v| if v.is_nan() { 0.0 } else { *v })
                    .collect::<Vec<_>>(),
            ),
            5,
        );
        let pool = Pool::new(&turned)
            .unwrap()
            .with_axis(axis.unwrap())
            .unwrap();
        let other = Axis::even(Cost::new("params", &turned), 5).unwrap();
        pool.with_axis(other).unwrap()
    };
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let fitted = here.search_subsets(Hybrid::RankSum, &columns).unwrap();
    let tested = there.search_subsets(Hybrid::RankSum, &columns).unwrap();
    let transfer = fitted.transfer(&tested, Some(1), Some(0)).unwrap();
    assert_eq!(transfer.subset, Subset::of([1]));
    assert!(transfer.mbr_here < TOLERANCE);
    // There the same score is the worst possible: the last of every feasible set.
    assert!(transfer.mbr_there > 0.9 && transfer.best_single_there < transfer.mbr_there);
    assert!(transfer.better_there > 0);
}

#[test]
fn what_cannot_be_searched_is_refused() {
    let (pool, columns) = pool(20, 2, 9);
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let refused =
        |result: Result<_, StudyError>| result.map(|_: nbz_study::SubsetSearch| ()).unwrap_err();
    assert!(matches!(
        refused(pool.search_subsets(Hybrid::Vote, &columns)),
        StudyError::NotByRanks { hybrid: "vote" }
    ));
    assert!(matches!(
        refused(pool.search_subsets(Hybrid::RankSum, &[columns[0]; 17])),
        StudyError::TooManyProxies {
            proxies: 17,
            limit: 16
        }
    ));
    assert!(matches!(
        refused(pool.search_subsets(Hybrid::RankSum, &[])),
        StudyError::NothingToCombine
    ));
    let few = Pool::new(&[1.0, 2.0]).unwrap();
    assert!(matches!(
        refused(few.search_subsets(Hybrid::RankSum, &[&[1.0, 2.0]])),
        StudyError::NoBudget { .. }
    ));
}
