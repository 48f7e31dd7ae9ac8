//! `evaluate` on files that stand alone, against the reference values of the measures.
//!
//! Oracle: 41 cases computed in exact rational arithmetic (`nbz-study/tests/golden`, where their origin
//! is told). Tolerance: 1e-12, relative above 1, the references' own; counts, rows and nulls are equal.
//! The file passes through CSV text and back, which keeps every bit.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;

use serde_json::Value;

use crate::run::{root, run};

const COSTS: [&str; 3] = ["macs", "params", "depth"];

#[test]
fn every_reference_case_comes_out_of_the_program() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases", cases.len());
    for case in &cases {
        let inputs = &case["inputs"];
        let costs: Vec<&str> = COSTS
            .into_iter()
            .filter(|c| inputs.get(c).is_some())
            .collect();
        fs::write(folder.path().join("case.csv"), csv(inputs, &costs))
            .expect("the case is written");
        let joined = costs.join(",");
        let mut arguments = vec![
            "evaluate",
            "case.csv",
            "--accuracy",
            "y",
            "--score",
            "x",
            "--json",
        ];
        if !costs.is_empty() {
            arguments.extend(["--cost", &joined]);
        }
        let ended = run(folder.path(), &arguments);
        let name = case["name"].as_str().expect("a case has a name");
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.stderr);
        let found: Value = serde_json::from_str(&ended.stdout).expect("one JSON document");
        contains(name, &found["scores"]["x"], &case["expected"]);
    }
}

fn cases() -> Vec<Value> {
    let path = root().join("crates/nbz-study/tests/golden/scores.json.gz");
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(path).expect("the cases are committed"))
        .read_to_string(&mut text)
        .expect("the cases are text");
    serde_json::from_str(&text).expect("the cases are JSON")
}

/// The inputs as a file: NaN, null in the case, is an empty cell.
fn csv(inputs: &Value, costs: &[&str]) -> String {
    let columns = || ["y", "x"].iter().chain(costs);
    let rows = inputs["y"].as_array().expect("accuracies").len();
    let mut text = columns().copied().collect::<Vec<_>>().join(",");
    text.push('\n');
    for row in 0..rows {
        let cells: Vec<String> = columns()
            .map(|c| match &inputs[*c][row] {
                Value::Null => String::new(),
                Value::String(infinity) => infinity.clone(),
                number => number.to_string(),
            })
            .collect();
        writeln!(text, "{}", cells.join(",")).expect("a string grows");
    }
    text
}

/// Everything expected is found; the program may say more.
fn contains(at: &str, found: &Value, expected: &Value) {
    match expected {
        Value::Object(map) => {
            for (key, value) in map {
                contains(&format!("{at}.{key}"), &found[key], value);
            }
        }
        Value::Array(list) => {
            let found = found.as_array().unwrap_or_else(|| panic!("{at} is a list"));
            assert_eq!(found.len(), list.len(), "{at}");
            for (index, (f, e)) in found.iter().zip(list).enumerate() {
                contains(&format!("{at}[{index}]"), f, e);
            }
        }
        Value::Number(number) => {
            let wanted = number.as_f64().expect("a number");
            let found = found
                .as_f64()
                .unwrap_or_else(|| panic!("{at}: {found}, not {wanted}"));
            let tolerance = 1e-12 * wanted.abs().max(1.0);
            assert!(
                (found - wanted).abs() <= tolerance,
                "{at}: {found}, not {wanted}"
            );
        }
        other => assert_eq!(found, other, "{at}"),
    }
}
