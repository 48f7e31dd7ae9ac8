//! epe_nas: how alike the logits react to images of one class.
//!
//! For each class with images, `s_c` sums `ln(|C| + 1e-5)` over the correlation matrix of the class's
//! Jacobian rows. Up to 100 classes the score is `sum_c |s_c|`. Beyond, `s_c` is divided by the class's
//! number of rows, classes of one image are left out, and the score is the mean over the kept classes
//! of `sum_{c'} |s_c - s_c'|`, 0 where none is kept.

use super::jacob_cov::degenerate;
use crate::algebra::correlation;
use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Jacobian, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "epe_nas",
    title: "Correlation of Jacobians inside each class",
    formula: "sum_c |sum_ij ln(|C_c[i][j]| + 1e-5)|; beyond 100 classes mean_c sum_c' |s_c - s_c'|",
    paper: "Lopes, Alirezazadeh, Alexandre, EPE-NAS, ICANN 2021",
    reference: "automl/NASLib @ 8c45f19d, measures/epe_nas.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "shared with jacob_cov",
    failures: "beyond 100 classes it is 0 unless two classes have two images each",
};

/// `epe_nas`: correlation of jacobians inside each class.
#[derive(Debug, Clone, Copy)]
pub struct EpeNas;

impl Proxy for EpeNas {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Jacobian]
    }

    fn score(&self, findings: &Findings) -> Score {
        let jacobian = found(findings.jacobian.as_ref());
        let many = jacobian.classes > MANY_CLASSES;
        let mut sums = Vec::new();
        for class in 0..jacobian.classes as u32 {
            let (rows, count) = rows_of(jacobian, class);
            match count {
                0 => {}
                // The reference's corrcoef of one row is a number, which fails beyond 100 classes.
                1 if many => {}
                _ => {
                    let s: f64 = correlation(&rows, count)
                        .iter()
                        .map(|c| (c.abs() + OFFSET).ln())
                        .sum();
                    sums.push(if many { s / count as f64 } else { s });
                }
            }
        }
        let score: f64 = if many {
            let pairs = sums
                .iter()
                .flat_map(|a| sums.iter().map(move |b| (a - b).abs()));
            pairs.sum::<f64>() / sums.len().max(1) as f64
        } else {
            sums.iter().map(|s| s.abs()).sum()
        };
        if score.is_nan() {
            Score::undefined(degenerate(&jacobian.rows))
        } else {
            Score::of(score)
        }
    }
}

/// Number of classes beyond which the other form holds.
const MANY_CLASSES: usize = 100;

/// Added to every absolute correlation.
const OFFSET: f64 = 1e-5;

/// The Jacobian rows of a class, and their number.
fn rows_of(jacobian: &Jacobian, class: u32) -> (Vec<f64>, usize) {
    let width = jacobian.rows.len() / jacobian.labels.len();
    let mut rows = Vec::new();
    let mut count = 0;
    for (row, &label) in jacobian.rows.chunks(width).zip(&jacobian.labels) {
        if label == class {
            rows.extend_from_slice(row);
            count += 1;
        }
    }
    (rows, count)
}
