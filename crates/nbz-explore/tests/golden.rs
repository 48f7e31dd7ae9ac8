//! What the page's program must compute: the answers of `nbzero best` and `nbzero evaluate` for some budgets, committed as
//! `page/test/golden.json` and compared there by the program's own tests, bit for bit. Oracle here: `nbz-report`.

use std::path::Path;

use nbz_report::{AxisRequest, Lineup, ORACLE, best, rankings};
use nbz_study::{Axis, Bound, Budget, Cost, Pool};
use nbz_table::{Constraint, Table};
use serde_json::{Value, json};

/// The limits asked for, by cost.
const LIMITS: [&[(&str, f64)]; 6] = [
    &[],
    &[("macs", 6e7)],
    &[("params", 400_000.0)],
    &[("macs", 9e7), ("params", 700_000.0)],
    &[("macs", 5.5e7), ("depth", 30.0)],
    &[("macs", 7_783_360.0)],
];

fn answers(table: &Table, dataset: &str) -> Vec<Value> {
    LIMITS
        .iter()
        .map(|limits| answer(table, dataset, limits))
        .collect()
}

fn answer(table: &Table, dataset: &str, limits: &[(&str, f64)]) -> Value {
    let spelled = limits
        .iter()
        .map(|(cost, limit)| format!("{cost}<={limit}"));
    let constraints: Vec<Constraint> = spelled.map(|text| text.parse().expect("a limit")).collect();
    let columns: Vec<&str> = rankings(table, Some(dataset))
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    let answer =
        best(table, Some(dataset), &constraints, &columns).expect("some network is feasible");
    let pick = |p: &nbz_report::Pick| {
        json!({
            "column": p.column, "row": p.row, "score": p.score.to_string(), "accuracy": p.accuracy, "rank": p.rank,
            "shared": p.shared, "shared_accuracy": p.shared_accuracy, "shared_rank": p.shared_rank, "scored": p.scored,
        })
    };
    json!({
        "limits": limits.iter().map(|&(cost, limit)| json!([cost, limit])).collect::<Vec<_>>(),
        "feasible": answer.feasible,
        "oracle": pick(&answer.oracle),
        "random_accuracy": answer.random_accuracy,
        "picks": answer.picks.iter().map(pick).collect::<Vec<_>>(),
        "mbr": mean_best_ranks(table, dataset, limits),
    })
}

/// mBR over five even budgets up to the limits, all of them bounded at once; without limits over those of MACs.
fn mean_best_ranks(table: &Table, dataset: &str, limits: &[(&str, f64)]) -> Value {
    let lineup = Lineup::of(table, Some(dataset), &[], None).expect("a line-up");
    let values = |name: &str| {
        let mut scores = lineup.scores();
        scores.find(|(score, _)| *score == name).expect("a score").1
    };
    let axis = if limits.is_empty() {
        let even = AxisRequest::Even {
            costs: vec!["macs".to_owned()],
            count: 5,
        };
        even.on(|name| Some(values(name))).expect("an axis")
    } else {
        let costs: Vec<Cost<'_>> = limits
            .iter()
            .map(|(cost, _)| Cost::new(cost, values(cost)))
            .collect();
        let low = |cost: &str| values(cost).iter().copied().fold(f64::INFINITY, f64::min);
        let budget = |step: u32| Budget {
            bounds: limits
                .iter()
                .map(|&(cost, limit)| {
                    let low = low(cost);
                    let even = low + f64::from(step) * (limit - low) / 5.0;
                    Bound::at_most(cost, if step == 5 { limit } else { even })
                })
                .collect(),
        };
        match Axis::new("limits", &costs, (1..=5).map(budget).collect()) {
            Ok(axis) => axis,
            Err(_) => return Value::Null,
        }
    };
    let pool = Pool::new(lineup.pool().accuracy())
        .expect("a pool")
        .with_axis(axis)
        .expect("an axis");
    let random = pool.random_choice().mbr;
    let mean = |(name, scores): (&str, &[f64])| {
        let measured = pool
            .measures(scores)
            .expect("measures")
            .mbr
            .expect("an axis");
        (
            name.to_owned(),
            json!([measured.all.mbr, measured.all.mbr_ties]),
        )
    };
    let means = lineup
        .scores()
        .filter(|(name, _)| *name != ORACLE)
        .map(mean);
    json!({ "networks": pool.len(), "random": random, "scores": means.collect::<serde_json::Map<_, _>>() })
}

#[test]
fn the_golden_answers_are_what_the_commands_compute() {
    let tables = [
        ("nas-bench-201", "cifar10", Table::nas_bench_201()),
        ("nas-bench-201", "imagenet16-120", Table::nas_bench_201()),
        ("nas-bench-macro", "cifar10", Table::nas_bench_macro()),
    ];
    let golden: Vec<Value> = tables
        .iter()
        .map(|(name, dataset, table)| json!({ "table": name, "dataset": dataset, "answers": answers(table, dataset) }))
        .collect();
    let text = serde_json::to_string(&golden)
        .expect("JSON")
        .replace("},{", "},\n{")
        + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("page/test/golden.json");
    if std::env::var_os("NBZERO_WRITE").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        held == text,
        "page/test/golden.json is out of date; `./test --write` rewrites it"
    );
}
