//! Hybrids against values computed in exact rational arithmetic (tests/golden/README.md).
//!
//! Tolerance 1e-12, relative above 1 and absolute below: sums of at most four logarithms, rounded a few
//! times. Orders, picks, ranks, counts and nulls must be equal.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod golden;

use nbz_study::{
    Axis, Cost, Hybrid, PAPER_BUDGETS, PairwiseVote, Pool, RankScope, predicted_order, spearman,
    tau_b,
};
use serde_json::Value;

use golden::{TOLERANCE, column};

fn cases() -> Vec<Value> {
    golden::cases(include_bytes!("golden/combine.json.gz"))
}

fn proxies(case: &Value) -> Vec<Vec<f64>> {
    let map = case["inputs"]["proxies"].as_object().unwrap();
    map.values().map(column).collect()
}

fn near(at: &str, expected: &Value, found: Option<f64>) {
    match (expected.as_f64(), found) {
        (None, None) => {}
        (Some(e), Some(f)) if (e - f).abs() <= TOLERANCE * e.abs().max(1.0) => {}
        _ => panic!("{at}: {found:?} where {expected} was expected"),
    }
}

#[test]
fn every_hybrid_has_its_exact_scores_order_and_correlations() {
    let cases = cases();
    assert_eq!(cases.len(), 11);
    for case in &cases {
        let (columns, accuracy) = (proxies(case), column(&case["inputs"]["y"]));
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        for hybrid in Hybrid::ALL {
            let at = format!("{} {hybrid}", case["name"]);
            let expected = &case["expected"][hybrid.name()];
            let scores = hybrid.combine(&columns).unwrap();
            let wanted = expected["score"].as_array().unwrap();
            assert_eq!(wanted.len(), scores.len(), "{at}");
            for (wanted, &score) in wanted.iter().zip(&scores) {
                near(&at, wanted, Some(score));
            }
            let order: Vec<Value> = predicted_order(&scores)
                .into_iter()
                .map(Value::from)
                .collect();
            assert_eq!(expected["order"].as_array().unwrap(), &order, "{at}");
            near(&at, &expected["kd"], tau_b(&scores, &accuracy));
            near(&at, &expected["sr"], spearman(&scores, &accuracy));
        }
    }
}

#[test]
fn exact_ties_of_the_product_are_ties_of_the_score() {
    for case in cases() {
        let columns = proxies(&case);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let scores = Hybrid::LogRankSum.combine(&columns).unwrap();
        let mut tied = vec![false; scores.len()];
        for group in case["expected"]["logranksum"]["ties"].as_array().unwrap() {
            let rows: Vec<usize> = column(group).into_iter().map(|row| row as usize).collect();
            for &row in &rows {
                tied[row] = true;
                assert!(
                    scores[row].to_bits() == scores[rows[0]].to_bits(),
                    "{}",
                    case["name"]
                );
            }
        }
        let mut untied: Vec<u64> = (0..scores.len())
            .filter(|&row| !tied[row])
            .map(|row| scores[row].to_bits())
            .collect();
        untied.sort_unstable();
        assert!(
            untied.windows(2).all(|pair| pair[0] != pair[1]),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn every_hybrid_picks_the_exact_networks_under_budgets_in_both_scopes() {
    let mut compared = 0;
    for case in cases() {
        let inputs = &case["inputs"];
        let mut pool = Pool::new(&column(&inputs["y"])).unwrap();
        for cost in ["macs", "params", "depth"] {
            if let Some(values) = inputs.get(cost) {
                let axis = Axis::even(Cost::new(cost, &column(values)), PAPER_BUDGETS).unwrap();
                pool = pool.with_axis(axis).unwrap();
            }
        }
        let columns = proxies(&case);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        for hybrid in Hybrid::ALL {
            for (scope, key) in [
                (RankScope::Global, "global"),
                (RankScope::Feasible, "feasible"),
            ] {
                let Some(expected) = case["expected"][hybrid.name()]["mbr"][key].as_object() else {
                    continue;
                };
                let found = pool.hybrid_search(hybrid, &columns, scope).unwrap();
                let found = serde_json::to_value(found.unwrap()).unwrap();
                for (axis, expected) in expected {
                    let at = format!("{} {hybrid} {key} {axis}", case["name"]);
                    for (name, expected) in expected.as_object().unwrap() {
                        let found = &found[axis][name];
                        match (expected.as_array(), found.as_array()) {
                            (Some(e), Some(f)) => {
                                assert_eq!(e.len(), f.len(), "{at} {name}");
                                for (e, f) in e.iter().zip(f) {
                                    near(&format!("{at} {name}"), e, f.as_f64());
                                }
                            }
                            _ => near(&format!("{at} {name}"), expected, found.as_f64()),
                        }
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 100, "only {compared} values had a reference");
}

#[test]
fn the_pairwise_vote_decides_as_many_pairs_as_the_notebook() {
    for case in cases() {
        let columns = proxies(&case);
        let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let vote = PairwiseVote::of(&columns, &column(&case["inputs"]["y"])).unwrap();
        let expected = &case["expected"]["notebook_vote"];
        assert_eq!(expected["right"], vote.right, "{}", case["name"]);
        assert_eq!(expected["total"], vote.total, "{}", case["name"]);
        near(
            case["name"].as_str().unwrap(),
            &expected["accuracy"],
            vote.accuracy(),
        );
    }
}
