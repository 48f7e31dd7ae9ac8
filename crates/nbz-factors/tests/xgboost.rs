//! Importances equal XGBoost's own on the embedded tables.

use nbz_factors::{Design, Importances, Scale};
use nbz_study::Recipe;
use nbz_table::Table;
use serde_json::Value;

/// Oracle: PyPI's xgboost 3.2.0, `tree_method="exact"`, which took the attributes from the networks' strings by its own
/// script (xgboost/golden.py). Tolerance: shares of gain within 1e-5 of each other; both sum single-precision gradients,
/// in different orders. Splits may differ by one in a thousand where two gains are equal to rounding.
#[test]
fn gains_equal_those_of_xgboost() {
    let golden: Value = serde_json::from_str(include_str!("xgboost/golden.json")).unwrap();
    let cases = golden.as_object().unwrap().iter();
    let mut seen = 0;
    for (case, golden) in cases.filter(|(name, _)| *name != "xgboost") {
        let (name, column) = case.split_once(' ').unwrap();
        let table = match name {
            "nas-bench-macro" => Table::nas_bench_macro(),
            _ => Table::nas_bench_201(),
        };
        let values = table.column_f64(column).unwrap();
        let rows: Vec<usize> = table.distinct_rows().unwrap();
        let known = rows
            .into_iter()
            .filter_map(|row| Some((row, values.get(row)?)));
        let (archs, values): (Vec<_>, Vec<f64>) = known
            .map(|(row, value)| (table.arch(row).unwrap().unwrap(), value))
            .unzip();
        let design = Design::of(&archs).unwrap();
        let recipe = Recipe { seed: 0, draws: 2 };
        let found = Importances::of(&design, column, &values, Scale::Values, recipe).unwrap();
        assert_eq!(
            found.networks as u64,
            golden["networks"].as_u64().unwrap(),
            "{case}"
        );
        let gains = golden["gain"].as_array().unwrap();
        assert_eq!(found.factors.len(), gains.len(), "{case}");
        for (at, factor) in found.factors.iter().enumerate() {
            let (ours, theirs) = (factor.gain.estimate, gains[at].as_f64().unwrap());
            let splits = golden["splits"][at].as_f64().unwrap();
            assert!(
                (ours - theirs).abs() < 1e-5,
                "{case} {}: {ours} {theirs}",
                factor.name()
            );
            let off = (factor.splits as f64 - splits).abs();
            assert!(
                off <= 1e-3 * splits,
                "{case} {}: {} {splits}",
                factor.name(),
                factor.splits
            );
        }
        seen += 1;
    }
    assert_eq!(seen, 5);
}
