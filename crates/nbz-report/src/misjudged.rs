//! Where a score errs: the choices in an architecture whose networks it ranks too high or too low.
//!
//! The error of a network is its rank by the score less its rank by accuracy, ranks from 1 (worst) to n, ties
//! averaged, as a share of n: above 0 the score rates it too high. Of each choice, such as an operation on an edge
//! or a stage's width, the mean over the networks that made it is shown, with the normal 95 % interval of that mean
//! over other networks that make it. Choices that go together share the blame: nothing here says which one is the
//! cause.

use std::collections::BTreeMap;

use nbz_space::Arch;
use nbz_study::{Hybrid, Pool};

use crate::choices::choices;
use crate::error::Result;
use crate::row::Estimate;
use crate::sheet::{Cell, Sheet};

/// Standard errors to either end of a 95 % interval.
const NORMAL_97_5: f64 = 1.959_963_984_540_054;

/// How a score judges the networks that made one choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Misjudged {
    /// Where the choice is made: `edge 0-1`, `stage 2 width`.
    pub place: String,
    /// What was chosen there.
    pub choice: String,
    /// Networks that chose it.
    pub networks: usize,
    /// Mean error in rank, a share of the pool; above 0 they are rated too high. No interval for one network.
    pub excess: Estimate,
}

/// The choices of some networks, in the order of their places; of a network of an unknown space nothing is known.
///
/// `score` and the pool's accuracies have a value a network of `archs`; larger is better.
///
/// # Errors
/// A score of another number of networks.
pub fn misjudged(archs: &[Option<Arch>], score: &[f64], pool: &Pool) -> Result<Vec<Misjudged>> {
    let ranks = |values: &[f64]| Hybrid::RankSum.combine(&[values]);
    let (by_score, by_accuracy) = (ranks(score)?, ranks(pool.accuracy())?);
    let n = pool.len() as f64;
    let mut errors: BTreeMap<(usize, String, usize), Vec<f64>> = BTreeMap::new();
    let mut words: BTreeMap<(usize, usize), String> = BTreeMap::new();
    for ((arch, score), accuracy) in archs.iter().zip(&by_score).zip(&by_accuracy) {
        for (at, choice) in arch.iter().flat_map(choices).enumerate() {
            words.insert((at, choice.order), choice.name);
            let error = (score - accuracy) / n;
            let key = (at, choice.place, choice.order);
            errors.entry(key).or_default().push(error);
        }
    }
    let made = errors
        .into_iter()
        .map(|((at, place, order), errors)| Misjudged {
            place,
            choice: words.get(&(at, order)).cloned().unwrap_or_default(),
            networks: errors.len(),
            excess: mean(&errors),
        });
    Ok(made.collect())
}

/// The mean of some errors with its interval.
fn mean(errors: &[f64]) -> Estimate {
    let n = errors.len() as f64;
    let mean = errors.iter().sum::<f64>() / n;
    if errors.len() < 2 {
        return Estimate::exact(Some(mean));
    }
    let variance = errors.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let width = NORMAL_97_5 * (variance / n).sqrt();
    Estimate {
        value: Some(mean),
        low: Some(mean - width),
        high: Some(mean + width),
    }
}

/// The choices as a table.
pub fn misjudged_sheet(name: &str, found: &[Misjudged]) -> Sheet {
    let row = |m: &Misjudged| {
        vec![
            Cell::text(&m.place),
            Cell::text(&m.choice),
            Cell::Count(m.networks),
            Cell::Estimate(m.excess, 3),
        ]
    };
    Sheet {
        title: format!("Where {name} errs"),
        header: ["place", "choice", "networks", "rated too high by"]
            .map(str::to_owned)
            .to_vec(),
        rows: found.iter().map(row).collect(),
        details: Vec::new(),
        notes: vec![
            "rated too high by: mean rank by the score less rank by accuracy, as a share of the networks; below 0 they \
             are rated too low"
                .to_owned(),
            "choices that go together share the blame: nothing here says which one is the cause".to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_that_loves_one_operation_rates_its_networks_too_high() {
        // Oracle: by hand. Ranks by score 1, 2, 3, 4, by accuracy 4, 3, 2, 1: errors -3, -1, 1, 3 of 4.
        let archs: Vec<Option<Arch>> = ["00000000", "10000000", "20000000", "20000001"]
            .iter()
            .map(|digits| format!("nbmacro:{digits}").parse().ok())
            .collect();
        let pool = Pool::new(&[94.0, 93.0, 92.0, 91.0]).expect("finite accuracies");
        let found = misjudged(&archs, &[0.1, 0.2, 0.3, 0.4], &pool).expect("four of each");
        let first: Vec<_> = found.iter().filter(|m| m.place == "layer 1").collect();
        assert_eq!(first.len(), 3);
        let values = first.iter().map(|m| (m.networks, m.excess.value));
        assert_eq!(
            values.collect::<Vec<_>>(),
            [(1, Some(-0.75)), (1, Some(-0.25)), (2, Some(0.5))]
        );
        assert_eq!(first[2].choice, "expansion 6, kernel 5");
        // Errors 0.25 and 0.75: standard error 0.25.
        let low = first[2].excess.low.expect("two networks");
        assert!((low - (0.5 - NORMAL_97_5 * 0.25)).abs() < 1e-12, "{low}");
        assert!(
            found
                .iter()
                .any(|m| m.place == "layer 8" && m.networks == 3)
        );
    }
}
