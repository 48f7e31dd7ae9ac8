//! grad_norm_zennas: the gradient's norm as ZenNAS computes it, another quantity than grad_norm.
//!
//! The root of the sum of squares over all parameters, with standard normal weights, noise for images,
//! drawn labels and residual additions removed.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "grad_norm_zennas",
    title: "Norm of the whole gradient on noise",
    formula: "sqrt(sum over all parameters of (dL/dtheta)^2)",
    paper: "Lin et al., Zen-NAS, ICCV 2021 (as a baseline)",
    reference: "idstcv/ZenNAS @ d1d617e0, ZeroShotProxy/compute_gradnorm_score.py",
    direction: Direction::Larger,
    input: Input::Noise,
    init: Init::Normal,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "3 F",
    failures: "none known",
};

/// `grad_norm_zennas`: norm of the whole gradient on noise.
#[derive(Debug, Clone, Copy)]
pub struct GradNormZenNas;

impl Proxy for GradNormZenNas {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::NoiseGradient]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(found(findings.noise_gradient.as_ref()).sqrt())
    }
}
