//! plain: gradient times weight, signed.
//!
//! Behind a convolution with train-mode batch norm the loss does not depend on the weight's scale, so
//! `sum W g = 0` there and only the classifier is left: noise at initialisation.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "plain",
    title: "Weight times gradient, with its sign",
    formula: "sum_l sum W_l dL/dW_l",
    paper: "Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/plain.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "shared with grad_norm",
    failures: "with train-mode batch norm only the classifier contributes, so seeds dominate it",
};

/// `plain`: weight times gradient, with its sign.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl Proxy for Plain {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Gradients]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = &found(findings.gradients.as_ref()).layers;
        Score::of(layers.iter().map(|l| l.dot).sum())
    }
}
