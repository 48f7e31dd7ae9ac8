//! grad_norm: how strongly the loss pulls at the weights.
//!
//! `sum_l ||g_l||`, the plain sum of the layers' Euclidean norms: no squares, no root at the end.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "grad_norm",
    title: "Sum of the layers' gradient norms",
    formula: "sum_l ||dL/dW_l||",
    paper: "Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/grad_norm.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "3 F, shared by plain, snip, fisher, nasi",
    failures: "none known; ZenNAS publishes another quantity under this name (grad_norm_zennas)",
};

/// `grad_norm`: sum of the layers' gradient norms.
#[derive(Debug, Clone, Copy)]
pub struct GradNorm;

impl Proxy for GradNorm {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Gradients]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = &found(findings.gradients.as_ref()).layers;
        Score::of(layers.iter().map(|l| l.norm).sum())
    }
}
