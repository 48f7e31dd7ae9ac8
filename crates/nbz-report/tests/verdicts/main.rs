//! Every test of every claim, on an input of which the answer is known, and on the same turned round.
//!
//! Oracle: by hand. A score that is the accuracy picks the best network under any budget (mBR 0), one that is its
//! negative the worst (mBR 1), whatever the budgets are of, and one with two values that say nothing of the accuracy is
//! as good as chance (mBR 0.5). So rules hold or fail by far more than an interval over halves is wide.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of these tests fail by panicking"
)]

mod extent;
mod inputs;
mod pools;

use std::collections::BTreeSet;

use nbz_report::Candidates;
use nbz_report::claims::Verdict::{self, DoesNotHold, Holds};
use nbz_report::claims::{Claim, Evidence, claims};
use nbz_study::Recipe;

use inputs::{
    OVERFITTED, Value, accuracy, all_but_four, compensating, contrary, costs_know, disaster,
    except, five_know, four_know, only_four, other_shapes, overfitted, proxies_know,
    shapes_of_the_paper, snip_and_synflow_compensate, two_costs, two_proxies,
};
use pools::{against_cells, cell, depth, nearness_to_the_middle, pool, stages, two, width, zen_of};

/// Tests (from 0) that `claims.rs` turns round: their inputs are networks of stages, or scores of a public table.
const IN_CLAIMS_RS: [(u32, &[usize]); 7] = [
    (3, &[0, 1, 2]),
    (5, &[0]),
    (12, &[0]),
    (14, &[0, 1]),
    (15, &[0]),
    (16, &[0, 1, 4]),
    (17, &[4]),
];

/// A claim, tests of it, why their verdicts must be so, and the pools on which they hold and on which they do not.
struct Row(
    u32,
    &'static [usize],
    &'static str,
    Vec<Candidates>,
    Vec<Candidates>,
);

/// What only macro spaces can say, and what any can, is asked on one.
fn one(value: Value) -> Vec<Candidates> {
    vec![stages(value)]
}

fn both(on_cells: Value, on_stages: Value) -> Vec<Candidates> {
    vec![cell(on_cells), stages(on_stages)]
}

fn rows() -> impl Iterator<Item = Row> {
    let all = [
        rows_of_spaces(),
        rows_of_budgets(),
        rows_across_pools(),
        rows_of_hybrids(),
    ];
    all.into_iter().flatten()
}

fn rows_of_spaces() -> Vec<Row> {
    vec![
        Row(
            1,
            &[0, 1],
            "the four are mBR 1 from MACs, on the side that the claim gives each kind of space",
            both(costs_know, proxies_know),
            both(proxies_know, costs_know),
        ),
        Row(
            2,
            &[0],
            "a pick goes against the correlation in at least 20 of 66 pairs, or in none",
            one(contrary),
            one(five_know),
        ),
        Row(
            2,
            &[1],
            "accuracies found go as mBR and against Spearman, or the reverse, in every pair of scores",
            one(contrary),
            one(disaster),
        ),
        Row(
            4,
            &[0],
            "the sum of two that know each other's lack picks the best; of two opposites it is constant",
            one(compensating),
            one(proxies_know),
        ),
        Row(
            6,
            &[0, 1],
            "costs are perfect where synflow is the opposite, and the reverse",
            both(costs_know, proxies_know),
            both(proxies_know, costs_know),
        ),
        Row(
            7,
            &[0, 1, 2],
            "every number of a whole space is twice that of NAS-Bench-201, or half",
            against_cells(|_, _| 0.5),
            against_cells(|_, _| 2.0),
        ),
        Row(
            8,
            &[0],
            "scores of one shape are equal and of two unrelated, or the reverse",
            one(shapes_of_the_paper),
            one(other_shapes),
        ),
    ]
}

fn rows_of_budgets() -> Vec<Row> {
    vec![
        Row(
            9,
            &[0, 1, 2],
            "zen and synflow are perfect where costs are the opposite, and the reverse",
            one(proxies_know),
            one(costs_know),
        ),
        Row(
            9,
            &[3],
            "every proxy is at mBR 1, or at 0",
            one(costs_know),
            one(proxies_know),
        ),
        Row(
            10,
            &[0],
            "all are perfect, or zen and synflow are 1 above",
            one(|_, i| accuracy(i)),
            one(costs_know),
        ),
        Row(
            10,
            &[0],
            "all are perfect, or zen and synflow are 1 below",
            one(|_, i| accuracy(i)),
            one(proxies_know),
        ),
        Row(
            11,
            &[0, 1],
            "MACs at 0, zen and synflow at 0.5, params and depth at 1, or the reverse",
            one(|name, i| except(&["zen", "synflow"], &["params", "depth"], name, i)),
            one(|name, i| except(&["zen", "synflow"], &["macs"], name, i)),
        ),
    ]
}

fn costs_move(tables: [&str; 2]) -> Vec<Candidates> {
    two(
        tables,
        |n, i| two_costs(1.0, n, i),
        |n, i| two_costs(-1.0, n, i),
    )
}

fn proxies_move(tables: [&str; 2]) -> Vec<Candidates> {
    two(
        tables,
        |n, i| two_proxies(1.0, n, i),
        |n, i| two_proxies(-1.0, n, i),
    )
}

fn rows_across_pools() -> Vec<Row> {
    vec![
        Row(
            12,
            &[1],
            "on another data set MACs and params go from first to last, or zen and synflow do",
            costs_move(["a", "a"]),
            proxies_move(["a", "a"]),
        ),
        Row(
            13,
            &[0],
            "the same proxies are perfect on another space, or those that were not",
            two(["a", "b"], five_know, five_know),
            two(["a", "b"], five_know, four_know),
        ),
        Row(
            13,
            &[1],
            "in another space MACs and params go from first to last, or zen and synflow do",
            costs_move(["a", "b"]),
            proxies_move(["a", "b"]),
        ),
        Row(
            16,
            &[2],
            "zen is nearness to the middle width, or width",
            zen_of(nearness_to_the_middle, width),
            zen_of(<[f64]>::to_vec, width),
        ),
        Row(
            16,
            &[3],
            "zen is nearness to the middle depth, or depth",
            zen_of(nearness_to_the_middle, depth),
            zen_of(<[f64]>::to_vec, depth),
        ),
    ]
}

fn rows_of_hybrids() -> Vec<Row> {
    vec![
        Row(
            17,
            &[0, 1],
            "one pair knows what no single proxy does and all do not, or no choice carries over",
            one(snip_and_synflow_compensate),
            vec![pool(OVERFITTED, "nbmacro", overfitted)],
        ),
        Row(
            17,
            &[2, 3],
            "only those named are perfect, or only they are not",
            one(only_four),
            one(all_but_four),
        ),
        Row(
            18,
            &[0, 1],
            "costs lift the worst proxies, or spoil perfect ones",
            one(costs_know),
            one(proxies_know),
        ),
        Row(
            18,
            &[2],
            "grasp lifts the worst MACs to chance, or spoils perfect ones",
            one(proxies_know),
            one(costs_know),
        ),
    ]
}

/// A claim with one of its tests alone.
fn claim(number: u32, test: usize) -> Claim {
    let mut claim = claims()
        .into_iter()
        .find(|claim| claim.number == number)
        .unwrap();
    claim.tests = vec![claim.tests.swap_remove(test)];
    claim
}

#[test]
fn every_test_of_every_claim_is_turned_round() {
    let here = rows().map(|Row(claim, tests, ..)| (claim, tests));
    let of_tests =
        |(claim, tests): (u32, &'static [usize])| tests.iter().map(move |test| (claim, *test));
    let turned: BTreeSet<(u32, usize)> = here.chain(IN_CLAIMS_RS).flat_map(of_tests).collect();
    let all = claims()
        .into_iter()
        .flat_map(|claim| (0..claim.tests.len()).map(move |test| (claim.number, test)));
    assert_eq!(turned, all.collect());
}

#[test]
fn every_verdict_follows_its_input() {
    let recipe = Recipe {
        seed: 0,
        draws: 100,
    };
    let mut wrong = Vec::new();
    for Row(number, tests, why, holds, fails) in rows() {
        for (pools, expected) in [(holds, Holds), (fails, DoesNotHold)] {
            let evidence: Vec<Evidence> = pools
                .iter()
                .map(|pool| Evidence::of(pool, recipe).unwrap())
                .collect();
            for &test in tests {
                let found = claim(number, test)
                    .on(&evidence, &[], recipe)
                    .unwrap()
                    .outcomes;
                let verdicts: Vec<Verdict> = found.iter().map(|o| o.verdict).collect();
                if verdicts.is_empty() || verdicts.iter().any(|verdict| *verdict != expected) {
                    wrong.push(format!(
                        "claim {number}, test {test}: not `{expected}` though {why}: {found:#?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
