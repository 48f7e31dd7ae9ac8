//! fisher: the empirical Fisher information of channels.
//!
//! `a` is the output of a convolution or linear layer, its bias included, before batch norm; `d` the
//! gradient there, which carries the `1 / N` of the mean loss. The reference spreads a channel's value
//! over the weight's shape, so each layer counts `fan_in` times; `fisher_nofan` leaves that out.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "fisher",
    title: "Squared activation times gradient, weighted by fan-in",
    formula: "sum_l fan_in_l sum_c 0.5 mean_n (sum_hw a d)^2",
    paper: "Turner et al., BlockSwap, ICLR 2020; as a proxy: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/fisher.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "shared with grad_norm",
    failures: "scales with 1 / N^2, N the batch: compare equal batches only",
};

const NO_FAN: Contract = Contract {
    name: "fisher_nofan",
    title: "Squared activation times gradient",
    formula: "sum_l sum_c 0.5 mean_n (sum_hw a d)^2",
    paper: "Turner et al., BlockSwap, ICLR 2020",
    reference: "the formula of the paper, at the outputs of convolutions",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "shared with grad_norm",
    failures: "scales with 1 / N^2, N the batch: compare equal batches only",
};

/// `fisher`: every layer counts `fan_in` times, as in the published code.
#[derive(Debug, Clone, Copy)]
pub struct Fisher;

impl Proxy for Fisher {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Fisher]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = found(findings.fisher.as_ref());
        Score::of(layers.iter().map(|l| l.channels * l.fan_in as f64).sum())
    }
}

/// `fisher_nofan`: every channel counts once, as in the papers.
#[derive(Debug, Clone, Copy)]
pub struct FisherNoFan;

impl Proxy for FisherNoFan {
    fn contract(&self) -> &'static Contract {
        &NO_FAN
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Fisher]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = found(findings.fisher.as_ref());
        Score::of(layers.iter().map(|l| l.channels).sum())
    }
}
