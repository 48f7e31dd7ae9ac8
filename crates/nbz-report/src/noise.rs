//! The noise bound in words, wherever accuracies or correlations are named.

use nbz_study::NoiseBound;

/// What a perfect predictor of the accuracies of `networks` networks could reach.
pub(crate) fn words(bound: &NoiseBound, networks: usize) -> String {
    let of = if bound.networks == networks {
        "every network".to_owned()
    } else {
        format!("{} of the networks", bound.networks)
    };
    format!(
        "noise bound, what a perfect predictor could reach: SR {:.3}, LC {:.3}, from {} trainings of {of}",
        bound.sr, bound.lc, bound.runs
    )
}
