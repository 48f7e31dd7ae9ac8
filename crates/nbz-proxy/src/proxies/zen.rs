//! zen: how strongly a random network reacts to its input.
//!
//! Noise `x` and moved noise `x + 0.01 e` go through the network up to the map before pooling; `Delta`
//! is the distance of the two maps. Batch norm divides the variances out, so their logarithms are added
//! back. The published code reads `running_var` after exactly two updates from 1 with momentum 0.1,
//! `rv = 0.81 + 0.09 v1 + 0.10 v2` with unbiased variances: every batch norm gets about `ln sqrt 0.19`
//! less than in the paper's formula, which `zen_paper` has. `zen` removes residual additions and their
//! shortcuts, as the search of the published code does; `zen_residual` keeps them.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Distances, Findings, Need, NormVariances, found};
use crate::proxy::Proxy;
use crate::score::{Reason, Score};

const CONTRACT: Contract = Contract {
    name: "zen",
    title: "Sensitivity of the features, residuals removed",
    formula: "ln mean_n ||f(x) - f(x + 0.01 e)||_1 + sum over batch norms of ln sqrt(mean_c rv_c)",
    paper: "Lin et al., Zen-NAS: A Zero-Shot NAS for High-Performance Deep Image Recognition, ICCV 2021",
    reference: "idstcv/ZenNAS @ d1d617e0, ZeroShotProxy/compute_zen_score.py",
    direction: Direction::Larger,
    input: Input::Noise,
    init: Init::Normal,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "2 F",
    failures: "minus infinity if the features do not react; each batch norm counts about 0.8 less than in the formula of the paper",
};

const RESIDUAL: Contract = Contract {
    name: "zen_residual",
    title: "Sensitivity of the features, residuals kept",
    formula: "as zen, with residual additions",
    paper: "Lin et al., Zen-NAS: A Zero-Shot NAS for High-Performance Deep Image Recognition, ICCV 2021",
    reference: "automl/NASLib @ 8c45f19d, measures/zen.py",
    direction: Direction::Larger,
    input: Input::Noise,
    init: Init::Normal,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "2 F",
    failures: "as zen",
};

const PAPER: Contract = Contract {
    name: "zen_paper",
    title: "Sensitivity of the features as the paper writes it",
    formula: "ln mean_n ||f(x) - f(x + 0.01 e)||_2 + sum over batch norms of ln sqrt(mean_c v_c)",
    paper: "Lin et al., Zen-NAS: A Zero-Shot NAS for High-Performance Deep Image Recognition, ICCV 2021",
    reference: "the formula of the paper; no code",
    direction: Direction::Larger,
    input: Input::Noise,
    init: Init::Normal,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "shared with zen",
    failures: "as zen",
};

/// `zen`: the published code.
#[derive(Debug, Clone, Copy)]
pub struct Zen;

impl Proxy for Zen {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::PlainDistance]
    }

    fn score(&self, findings: &Findings) -> Score {
        published(found(findings.plain_distance.as_ref()))
    }
}

/// `zen_residual`: the same with residual additions.
#[derive(Debug, Clone, Copy)]
pub struct ZenResidual;

impl Proxy for ZenResidual {
    fn contract(&self) -> &'static Contract {
        &RESIDUAL
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::ResidualDistance]
    }

    fn score(&self, findings: &Findings) -> Score {
        published(found(findings.residual_distance.as_ref()))
    }
}

/// `zen_paper`: the Euclidean norm and the batch's own variance.
#[derive(Debug, Clone, Copy)]
pub struct ZenPaper;

impl Proxy for ZenPaper {
    fn contract(&self) -> &'static Contract {
        &PAPER
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::PlainDistance]
    }

    fn score(&self, findings: &Findings) -> Score {
        let distances = found(findings.plain_distance.as_ref());
        let own = |norm: &NormVariances| mean(norm.first.iter().copied());
        sensitivity(distances.euclidean, distances.norms.iter().map(own))
    }
}

fn published(distances: &Distances) -> Score {
    let running = |norm: &NormVariances| {
        let unbiased = norm.count / (norm.count - 1.0);
        let pairs = norm.first.iter().zip(&norm.second);
        mean(pairs.map(|(v1, v2)| 0.81 + unbiased * (0.09 * v1 + 0.10 * v2)))
    };
    sensitivity(distances.absolute, distances.norms.iter().map(running))
}

/// `ln distance + sum ln sqrt variance`.
fn sensitivity(distance: f64, variances: impl Iterator<Item = f64>) -> Score {
    if distance == 0.0 {
        return Score::because(f64::NEG_INFINITY, Reason::ConstantFeatures);
    }
    Score::of(distance.ln() + variances.map(|v| 0.5 * v.ln()).sum::<f64>())
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
