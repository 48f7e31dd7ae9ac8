//! logsynflow: synflow with the gradients' logarithm, so that no path dominates.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "logsynflow",
    title: "Synaptic flow with logarithmic gradients",
    formula: "sum_l sum |W_l ln(1 + dR/dW_l)|",
    paper: "Cavagnero et al., FreeREA, WACV 2023",
    reference: "NiccoloCavagnero/FreeREA @ 9c2a726c, metrics/synflow.py",
    direction: Direction::Larger,
    input: Input::Ones,
    init: Init::TorchAbsolute,
    batch_norm: BatchNormMode::Removed,
    precision: Precision::Double,
    cost: "3 F1, shared by synflow, ln_synflow, logsynflow",
    failures: "none known",
};

/// `logsynflow`: synaptic flow with logarithmic gradients.
#[derive(Debug, Clone, Copy)]
pub struct LogSynflow;

impl Proxy for LogSynflow {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Flow]
    }

    fn score(&self, findings: &Findings) -> Score {
        let flow = found(findings.flow.as_ref());
        Score::of(flow.log_products.iter().sum())
    }
}
