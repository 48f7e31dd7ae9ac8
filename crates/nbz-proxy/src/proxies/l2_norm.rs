//! l2_norm: the size of the weights as drawn, without any data.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "l2_norm",
    title: "Sum of the layers' weight norms",
    formula: "sum_l ||W_l||",
    paper: "Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/l2_norm.py",
    direction: Direction::Larger,
    input: Input::Nothing,
    init: Init::Torch,
    batch_norm: BatchNormMode::Absent,
    precision: Precision::Double,
    cost: "none",
    failures: "measures size: at initialisation it follows the number of channels",
};

/// `l2_norm`: sum of the layers' weight norms.
#[derive(Debug, Clone, Copy)]
pub struct L2Norm;

impl Proxy for L2Norm {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::WeightNorms]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(found(findings.weight_norms.as_ref()).iter().sum())
    }
}
