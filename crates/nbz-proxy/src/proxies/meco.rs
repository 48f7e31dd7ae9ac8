//! meco: the least eigenvalue of the channels' correlation, summed over maps.
//!
//! Maps are those that the reference's hooks see: every convolution, batch norm, ReLU and block, and
//! the modules that hold them, so that a map which ends a container counts again. An entry without
//! correlation is 0, on the diagonal too. A map with no more pixels than channels gives 0.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "meco",
    title: "Least eigenvalue of the channels' correlation",
    formula: "sum over maps of lambda_min(correlation of channels)",
    paper: "Jiang, Wang, Bie, MeCo: Zero-Shot NAS with One Data and Single Forward Pass via Minimum Eigenvalue of Correlation, NeurIPS 2023",
    reference: "HamsterMimi/MeCo @ 0d830dd2, measures/meco.py",
    direction: Direction::Larger,
    input: Input::OneNoiseImage,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "F1 and the eigenvalues",
    failures: "depends on how modules are nested; half of the maps or more give 0",
};

/// `meco`: least eigenvalue of the channels' correlation.
#[derive(Debug, Clone, Copy)]
pub struct MeCo;

impl Proxy for MeCo {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::ChannelCorrelation]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(found(findings.channel_correlation.as_ref()).iter().sum())
    }
}
