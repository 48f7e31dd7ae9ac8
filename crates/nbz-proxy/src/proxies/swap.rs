//! swap: how many different patterns the neurons show over a few images.
//!
//! Every ReLU output of every pixel and channel gives one bit an image; the score counts the distinct
//! patterns. With 16 images there are at most 65,536, which full-size networks come close to.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "swap",
    title: "Distinct activation patterns of neurons",
    formula: "number of distinct rows of the sign matrix [neurons, N]",
    paper: "Peng et al., SWAP-NAS: Sample-Wise Activation Patterns for Ultra-Fast NAS, ICLR 2024",
    reference: "pym1024/SWAP @ f6049f7c, src/metrics/swap.py",
    direction: Direction::Larger,
    input: Input::FirstImages,
    init: Init::Normal,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Integer,
    cost: "F / 4 a repeat",
    failures: "saturates at 2^N patterns",
};

/// `swap`: distinct activation patterns of neurons.
#[derive(Debug, Clone, Copy)]
pub struct Swap;

impl Proxy for Swap {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Patterns]
    }

    fn score(&self, findings: &Findings) -> Score {
        let repeats = found(findings.patterns.as_ref());
        Score::of(repeats.iter().sum::<f64>() / repeats.len() as f64)
    }
}
