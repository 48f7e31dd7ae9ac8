//! zico: gradients that are large and agree between two batches.
//!
//! Over the two gradients of each weight, `m` is the mean of `|g|` and `s` the deviation of `g` (divided
//! by the count). Entries with `s = 0` are left out, and so are layers without any other entry.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::{Reason, Score};

const CONTRACT: Contract = Contract {
    name: "zico",
    title: "Size of gradients over their spread",
    formula: "sum_l ln sum (mean |g| / std g)",
    paper: "Li et al., ZiCo: Zero-shot NAS via Inverse Coefficient of Variation on Gradients, ICLR 2023",
    reference: "SLDGroup/ZiCo @ b0fec659, ZeroShotProxy/compute_zico.py",
    direction: Direction::Larger,
    input: Input::TwoBatches,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "3 F on top of grad_norm",
    failures: "heavy-tailed: entries whose two gradients almost agree decide",
};

/// `zico`: size of gradients over their spread.
#[derive(Debug, Clone, Copy)]
pub struct ZiCo;

impl Proxy for ZiCo {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Ratios]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = found(findings.ratios.as_ref());
        let mut terms = layers
            .iter()
            .filter(|&&r| r != 0.0)
            .map(|r| r.ln())
            .peekable();
        match terms.peek() {
            None => Score::undefined(Reason::NoTerm),
            Some(_) => Score::of(terms.sum()),
        }
    }
}
