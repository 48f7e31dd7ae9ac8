//! jacob_cov: how differently the logits react to different images.
//!
//! Row `i` is the gradient of the sum of *all* logits of the batch with respect to image `i`; with
//! train-mode batch norm it holds the effect on the other images too. `v` are the eigenvalues of the
//! rows' correlation matrix.

use crate::algebra::{correlation, eigenvalues};
use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::{Reason, Score};

const CONTRACT: Contract = Contract {
    name: "jacob_cov",
    title: "Correlation of the images' Jacobians",
    formula: "-sum_i [ln(v_i + 1e-5) + 1 / (v_i + 1e-5)]",
    paper: "Mellor et al., Neural Architecture Search without Training, arXiv 2006.04647v1; as a proxy: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/jacob_cov.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "1 F on the shared forward pass",
    failures: "NaN if an image has a constant Jacobian; needs two images",
};

/// `jacob_cov`: correlation of the images' jacobians.
#[derive(Debug, Clone, Copy)]
pub struct JacobCov;

impl Proxy for JacobCov {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Jacobian]
    }

    fn fewest_images(&self) -> usize {
        2
    }

    fn score(&self, findings: &Findings) -> Score {
        let jacobian = found(findings.jacobian.as_ref());
        let images = jacobian.labels.len();
        let Some(values) = eigenvalues(&correlation(&jacobian.rows, images), images) else {
            return Score::undefined(degenerate(&jacobian.rows));
        };
        if values[0] < -OFFSET {
            return Score::undefined(Reason::NegativeEigenvalue);
        }
        let term = |v: f64| (v + OFFSET).ln() + 1.0 / (v + OFFSET);
        Score::of(-values.into_iter().map(term).sum::<f64>())
    }
}

/// Added to every eigenvalue.
const OFFSET: f64 = 1e-5;

/// Why the rows have no correlation.
pub(super) fn degenerate(rows: &[f64]) -> Reason {
    if rows.iter().all(|v| v.is_finite()) {
        Reason::DegenerateCorrelation
    } else {
        Reason::NotFinite
    }
}
