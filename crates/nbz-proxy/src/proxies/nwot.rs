//! nwot: how differently the images switch the ReLUs.
//!
//! `K[i][j]` counts the ReLU signs that images `i` and `j` share, over every ReLU of the network.

use crate::algebra::ln_abs_determinant;
use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::{Reason, Score};

const CONTRACT: Contract = Contract {
    name: "nwot",
    title: "Log-determinant of the ReLU codes' kernel",
    formula: "ln |det K|",
    paper: "Mellor et al., Neural Architecture Search without Training, ICML 2021",
    reference: "BayesWatch/nas-without-training @ b3a82a66, score_networks.py; automl/NASLib @ 8c45f19d, measures/nwot.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "shared with grad_norm",
    failures: "minus infinity if two images have one code",
};

/// `nwot`: log-determinant of the relu codes' kernel.
#[derive(Debug, Clone, Copy)]
pub struct Nwot;

impl Proxy for Nwot {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Codes]
    }

    fn score(&self, findings: &Findings) -> Score {
        let agreement = found(findings.agreement.as_ref());
        match ln_abs_determinant(&agreement.counts, agreement.images) {
            f64::NEG_INFINITY => Score::because(f64::NEG_INFINITY, Reason::SingularKernel),
            value => Score::of(value),
        }
    }
}
