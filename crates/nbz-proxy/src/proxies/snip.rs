//! snip: what the loss would feel if a weight were removed.
//!
//! The reference freezes the weights and differentiates by a mask of ones, which is `W dL/dW`.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "snip",
    title: "Absolute weight times gradient",
    formula: "sum_l sum |W_l dL/dW_l|",
    paper: "Lee, Ajanthan, Torr, SNIP, ICLR 2019; as a proxy: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/snip.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "shared with grad_norm",
    failures: "none known",
};

/// `snip`: absolute weight times gradient.
#[derive(Debug, Clone, Copy)]
pub struct Snip;

impl Proxy for Snip {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Gradients]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = &found(findings.gradients.as_ref()).layers;
        Score::of(layers.iter().map(|l| l.abs_dot).sum())
    }
}
