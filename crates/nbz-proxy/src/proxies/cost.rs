//! params, macs, depth: the costs as proxies, the baselines that every proxy has to beat.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need};
use crate::proxy::Proxy;
use crate::score::Score;

const PARAMS: Contract = Contract {
    name: "params",
    title: "Trainable numbers",
    formula: "weights, biases, batch norm scales and shifts",
    paper: "NAS-Bench-201 convention: Dong, Yang, ICLR 2020",
    reference: "computed from the layer graph",
    direction: Direction::Larger,
    input: Input::Nothing,
    init: Init::Any,
    batch_norm: BatchNormMode::Absent,
    precision: Precision::Integer,
    cost: "none",
    failures: "none known",
};

const MACS: Contract = Contract {
    name: "macs",
    title: "Multiply-accumulates of one image",
    formula: "convolutions and linear layers; no bias, batch norm, pooling or addition",
    paper: "NAS-Bench-201 convention: Dong, Yang, ICLR 2020",
    reference: "computed from the layer graph",
    direction: Direction::Larger,
    input: Input::Nothing,
    init: Init::Any,
    batch_norm: BatchNormMode::Absent,
    precision: Precision::Integer,
    cost: "none",
    failures: "none known",
};

const DEPTH: Contract = Contract {
    name: "depth",
    title: "Weighted layers on the longest path",
    formula: "convolutions and linear layers, shortcuts not counted",
    paper: "NAS-Bench-201 convention: Dong, Yang, ICLR 2020",
    reference: "computed from the layer graph",
    direction: Direction::Larger,
    input: Input::Nothing,
    init: Init::Any,
    batch_norm: BatchNormMode::Absent,
    precision: Precision::Integer,
    cost: "none",
    failures: "none known",
};

/// `params`.
#[derive(Debug, Clone, Copy)]
pub struct Params;

impl Proxy for Params {
    fn contract(&self) -> &'static Contract {
        &PARAMS
    }

    fn needs(&self) -> &'static [Need] {
        &[]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(findings.costs.params.get() as f64)
    }
}

/// `macs`.
#[derive(Debug, Clone, Copy)]
pub struct Macs;

impl Proxy for Macs {
    fn contract(&self) -> &'static Contract {
        &MACS
    }

    fn needs(&self) -> &'static [Need] {
        &[]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(findings.costs.macs.get() as f64)
    }
}

/// `depth`.
#[derive(Debug, Clone, Copy)]
pub struct Depth;

impl Proxy for Depth {
    fn contract(&self) -> &'static Contract {
        &DEPTH
    }

    fn needs(&self) -> &'static [Need] {
        &[]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(f64::from(findings.costs.depth.get()))
    }
}
