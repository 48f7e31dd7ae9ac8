//! synflow: the flow of ones through absolute weights.
//!
//! Batch norm is the identity, weights and biases are absolute values, the input is one image of ones
//! and `R` the sum of the logits, all in f64: deep networks reach 10^60. `ln_synflow` is the form to
//! correlate with accuracies; ranks do not change. Without batch norm a ReLU6 would saturate; the spaces
//! use ReLU.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::{Reason, Score};

const CONTRACT: Contract = Contract {
    name: "synflow",
    title: "Synaptic flow",
    formula: "sum_l sum |W_l dR/dW_l|, R the sum of logits",
    paper: "Tanaka et al., Pruning neural networks without any data by iteratively conserving synaptic flow, NeurIPS 2020",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/synflow.py with bn=False",
    direction: Direction::Larger,
    input: Input::Ones,
    init: Init::TorchAbsolute,
    batch_norm: BatchNormMode::Removed,
    precision: Precision::Double,
    cost: "3 F1, shared by synflow, ln_synflow, logsynflow",
    failures: "spans tens of decades: use ln_synflow for linear correlation",
};

const LN: Contract = Contract {
    name: "ln_synflow",
    title: "Natural logarithm of synflow",
    formula: "ln synflow",
    paper: "Tanaka et al., Pruning neural networks without any data by iteratively conserving synaptic flow, NeurIPS 2020",
    reference: "as synflow",
    direction: Direction::Larger,
    input: Input::Ones,
    init: Init::TorchAbsolute,
    batch_norm: BatchNormMode::Removed,
    precision: Precision::Double,
    cost: "3 F1, shared by synflow, ln_synflow, logsynflow",
    failures: "minus infinity where no path leads from input to output",
};

/// `synflow`: raw.
#[derive(Debug, Clone, Copy)]
pub struct Synflow;

impl Proxy for Synflow {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Flow]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(total(findings))
    }
}

/// `ln_synflow`: its natural logarithm.
#[derive(Debug, Clone, Copy)]
pub struct LnSynflow;

impl Proxy for LnSynflow {
    fn contract(&self) -> &'static Contract {
        &LN
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Flow]
    }

    fn score(&self, findings: &Findings) -> Score {
        match total(findings) {
            0.0 => Score::because(f64::NEG_INFINITY, Reason::ConstantFeatures),
            flow => Score::of(flow.ln()),
        }
    }
}

fn total(findings: &Findings) -> f64 {
    found(findings.flow.as_ref()).products.iter().sum()
}
