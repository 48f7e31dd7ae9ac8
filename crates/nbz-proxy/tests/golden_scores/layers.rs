//! Layer by layer, block by block: the parts of totals that the golden files hold.
//!
//! In f64 a part has its total's relative tolerance, of itself; in f32, of the total, because a flipped
//! ReLU moves single layers more.

use nbz_proxy::Findings;

use crate::bounds::{Bound, Double};
use crate::golden::Case;

pub(crate) fn assert_layers(case: &Case, key: &str, found: &Findings, double: Double) {
    pruning(case, key, found, double);
    kernel(case, key, found, double);
    if key == "torch" && case.values.get("newer").is_some() {
        newer(case, found, double);
    }
}

/// Parts against a list of the file, each within `in_f64` of itself or `in_f32` of the sum.
fn assert_parts(case: &Case, path: &str, found: &[f64], tolerances: [f64; 2], double: Double) {
    let expected = case.numbers(path);
    assert_eq!(found.len(), expected.len(), "{path}");
    let total: f64 = expected.iter().map(|v| v.abs()).sum();
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        let limit = if double.0 {
            tolerances[0] * expected.abs()
        } else {
            tolerances[1] * total
        };
        let what = format!("{path} {i}");
        Bound::Absolute(limit).assert(*found, expected, 1.0, &what);
    }
}

fn pruning(case: &Case, key: &str, found: &Findings, double: Double) {
    let layers = &found.gradients.as_ref().unwrap().layers;
    let of = |name: &str| format!("{key}/{name}/per_layer_f64");
    let norms: Vec<f64> = layers.iter().map(|l| l.norm).collect();
    assert_parts(case, &of("grad_norm"), &norms, [1e-11, 1e-3], double);
    let snips: Vec<f64> = layers.iter().map(|l| l.abs_dot).collect();
    assert_parts(case, &of("snip"), &snips, [1e-11, 1e-3], double);
    let fisher = found.fisher.as_ref().unwrap();
    let fisher: Vec<f64> = fisher
        .iter()
        .map(|l| l.channels * l.fan_in as f64)
        .collect();
    assert_parts(case, &of("fisher"), &fisher, [1e-11, 2e-3], double);
    let flow = &found.flow.as_ref().unwrap().products;
    assert_parts(case, &of("synflow"), flow, [1e-12, 1e-12], double);
    let norms = found.weight_norms.as_ref().unwrap();
    assert_parts(case, &of("l2_norm"), norms, [1e-12, 1e-5], double);
    let own = format!("{key}/grasp/own_per_layer_gHW_f64");
    if case.values.pointer(&format!("/{own}")).is_some() {
        // Terms of either sign, some next to 0: of the sum of magnitudes.
        let terms: Vec<f64> = found
            .curvature
            .as_ref()
            .unwrap()
            .iter()
            .map(|c| -c)
            .collect();
        assert_parts(case, &own, &terms, [1e-9, 1e-2], Double(false));
        let expected = case.numbers(&own);
        let total: f64 = expected.iter().map(|v| v.abs()).sum();
        for (found, expected) in terms.iter().zip(expected) {
            let limit = total * if double.0 { 1e-10 } else { 1e-2 };
            Bound::Absolute(limit).assert(*found, expected, 1.0, &own);
        }
    }
}

/// Each layer within a share of its snip.
pub(crate) fn assert_plain(case: &Case, key: &str, found: &Findings, double: Double) {
    let layers = &found.gradients.as_ref().unwrap().layers;
    let [plain, snip] =
        ["plain", "snip"].map(|p| case.numbers(&format!("{key}/{p}/per_layer_f64")));
    for (i, layer) in layers.iter().enumerate() {
        let bound = Bound::OfSnip(if double.0 { 1e-12 } else { 1e-6 });
        let what = format!("{key} plain of layer {i}");
        bound.assert(layer.dot, plain[i], snip[i], &what);
    }
}

fn kernel(case: &Case, key: &str, found: &Findings, double: Double) {
    let kernel = found.tangent_kernel.as_ref().unwrap();
    let values = nbz_proxy::algebra::eigenvalues(&kernel.gram, kernel.images).unwrap();
    let expected = case.numbers(&format!("{key}/ntk/eigenvalues_f64"));
    let bound = Bound::Relative(if double.0 { 1e-9 } else { 1e-2 });
    for (found, expected) in values.into_iter().zip(expected) {
        bound.assert(found, expected, 1.0, "an eigenvalue of ntk");
    }
}

fn newer(case: &Case, found: &Findings, double: Double) {
    let features = found.features.as_ref().unwrap();
    let gains: Vec<f64> = features.gains.iter().map(|g| g.unwrap()).collect();
    let path = "newer/az_train/smax_in_draw_order";
    assert_parts(case, path, &gains, [1e-10, 1e-3], double);
    let delta = found.plain_distance.as_ref().unwrap().absolute.ln();
    let bound = Bound::Absolute(if double.0 { 1e-9 } else { 2e-5 });
    bound.assert(delta, case.number("newer/zen/ln_delta"), 1.0, "ln Delta");
    signs(case, found, double);
}

/// Sign counts by layer; those with gradients that are zero in exact arithmetic have arbitrary signs in
/// the reference and are left out.
fn signs(case: &Case, found: &Findings, double: Double) {
    let values = |path: &str| {
        case.values
            .pointer(path)
            .unwrap()
            .as_object()
            .unwrap()
            .clone()
    };
    let (expected, ambiguous) = (
        values("/newer/gradsign/per_layer"),
        values("/newer/gradsign/ambiguous_in"),
    );
    let counts = &found.sign_counts.as_ref().unwrap().layers;
    let mut off = 0.0;
    for (layer, &count) in case.network.weighted().zip(counts) {
        let name = &case.network.layer(layer).name;
        if ambiguous.contains_key(name) {
            continue;
        }
        let expected = expected[name].as_f64().unwrap();
        let limit = if double.0 { 4.0 } else { 3e-4 * expected + 8.0 };
        Bound::Absolute(limit).assert(count, expected, 1.0, &format!("gradsign {name}"));
        off += (count - expected).abs();
    }
    assert!(
        !double.0 || off <= 4.0,
        "gradsign: {off} counts in all layers"
    );
}
