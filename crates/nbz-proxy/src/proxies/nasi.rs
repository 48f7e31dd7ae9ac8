//! nasi: the trace norm of the neural tangent kernel, approximated by one gradient of the mean loss.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "nasi",
    title: "Squared norm of the whole gradient",
    formula: "sum over all parameters of (dL/dtheta)^2",
    paper: "Shu et al., NASI: Label- and Data-agnostic Neural Architecture Search at Initialization, ICLR 2022, equations 11 and 12",
    reference: "the formula of the paper, without the penalty above its threshold",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "shared with grad_norm",
    failures: "none known",
};

/// `nasi`: squared norm of the whole gradient.
#[derive(Debug, Clone, Copy)]
pub struct Nasi;

impl Proxy for Nasi {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Gradients]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(found(findings.gradients.as_ref()).all_squared)
    }
}
