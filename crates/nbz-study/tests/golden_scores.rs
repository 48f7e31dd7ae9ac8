//! The measures against values computed in exact rational arithmetic (tests/golden/README.md).
//!
//! Tolerance 1e-12, relative above 1 and absolute below: the reference is rounded once, ours a few
//! hundred times at most. Counts, rows, orders and nulls must be equal.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod golden;

use nbz_study::{Axis, Cost, PAPER_BUDGETS, Pool};
use serde_json::Value;

use golden::{TOLERANCE, column};

fn cases() -> Vec<Value> {
    golden::cases(include_bytes!("golden/scores.json.gz"))
}

fn measured(case: &Value) -> Value {
    let inputs = &case["inputs"];
    let mut pool = Pool::new(&column(&inputs["y"])).unwrap();
    for cost in ["macs", "params", "depth"] {
        if let Some(values) = inputs.get(cost) {
            let axis = Axis::even(Cost::new(cost, &column(values)), PAPER_BUDGETS).unwrap();
            pool = pool.with_axis(axis).unwrap();
        }
    }
    serde_json::to_value(pool.measures(&column(&inputs["x"])).unwrap()).unwrap()
}

/// Every key of `expected` stands in `found` with an equal value; `found` may hold more.
fn compare(at: &str, expected: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                compare(
                    &format!("{at}.{key}"),
                    value,
                    found.get(key).unwrap_or(&Value::Null),
                    wrong,
                );
            }
        }
        (Value::Array(e), Value::Array(f)) if e.len() == f.len() => {
            for (index, (expected, found)) in e.iter().zip(f).enumerate() {
                compare(&format!("{at}[{index}]"), expected, found, wrong);
            }
        }
        (Value::Number(e), Value::Number(f)) => {
            let (e, f) = (e.as_f64().unwrap(), f.as_f64().unwrap());
            if (e - f).abs() > TOLERANCE * e.abs().max(1.0) {
                wrong.push(format!("{at}: {f} where {e} was expected"));
            }
        }
        (expected, found) if expected == found => {}
        (expected, found) => wrong.push(format!("{at}: {found} where {expected} was expected")),
    }
}

#[test]
fn every_score_case_equals_its_exact_value() {
    let cases = cases();
    assert_eq!(cases.len(), 41);
    let mut wrong = Vec::new();
    for case in &cases {
        compare(
            case["name"].as_str().unwrap(),
            &case["expected"],
            &measured(case),
            &mut wrong,
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_tied_scores_the_mean_over_ties_is_the_plain_measure() {
    for case in cases() {
        let measured = measured(&case);
        let Some(axes) = measured["mbr"].as_object() else {
            continue;
        };
        for (name, axis) in axes.iter().filter(|(name, _)| *name != "all") {
            let untied = axis["ties"]
                .as_array()
                .unwrap()
                .iter()
                .all(|ties| *ties == 1);
            if untied {
                assert_eq!(
                    axis["mbr_ties"], axis["mbr_feasible"],
                    "{} {name}",
                    case["name"]
                );
            }
        }
    }
}
