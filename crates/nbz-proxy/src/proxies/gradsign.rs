//! gradsign: how often single images pull a weight the same way.
//!
//! Each image is a batch of its own in train mode, so batch norm works on one image; `sign(0) = 0`.
//! Where a gradient is zero in exact arithmetic (batch norm behind a map on which its cotangent is
//! constant), rounding leaves an arbitrary sign; below 1e-11 of the largest gradient of that image and
//! layer it counts as 0.
//!
//! Known failure: that bound is one of f64. Scores are computed in f32, whose rounding lies far above it, so there such
//! gradients count with the signs of their rounding. They are where a channel of 2 x 2 pixels, or of few more, passes its
//! last addition and ReLU whole, behind a batch norm: the last stage of networks of 16 pixels. On a ResNet of such maps the
//! sum is 0.4 % off, and as much between two correct ways to sum (`tests/golden_scores/exact_zeros.rs`). The reference has
//! no bound and does the same in f32 and in f64, so a larger bound would come no nearer to it.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "gradsign",
    title: "Agreement of the images' gradient signs, summed",
    formula: "sum_l sum |sum_i sign g_i|",
    paper: "Zhang, Jia, GradSign: Model Performance Inference with Theoretical Insights, ICLR 2022",
    reference: "cmu-catalyst/GradSign @ 26412be8, foresight measure grad_conflict.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::TrainAlone,
    precision: Precision::Integer,
    cost: "3 F",
    failures: "grows with the number of weights; in f32, on last maps of 2 x 2 pixels, gradients of exactly 0 count with their \
               rounding's sign, as in the reference",
};

const MEAN: Contract = Contract {
    name: "gradsign_mean",
    title: "Agreement of the images' gradient signs, averaged",
    formula: "gradsign over the number of weights",
    paper: "Zhang, Jia, GradSign: Model Performance Inference with Theoretical Insights, ICLR 2022",
    reference: "cmu-catalyst/GradSign @ 26412be8, zero-cost-nas-code/gradsign.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::TrainAlone,
    precision: Precision::Device,
    cost: "shared with gradsign",
    failures: "ranks differently from gradsign; counts gradients of exactly 0 as gradsign does",
};

/// `gradsign`: the sum.
#[derive(Debug, Clone, Copy)]
pub struct GradSign;

impl Proxy for GradSign {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::SignCounts]
    }

    fn score(&self, findings: &Findings) -> Score {
        let counts = found(findings.sign_counts.as_ref());
        Score::of(counts.layers.iter().sum())
    }
}

/// `gradsign_mean`: the mean over weights.
#[derive(Debug, Clone, Copy)]
pub struct GradSignMean;

impl Proxy for GradSignMean {
    fn contract(&self) -> &'static Contract {
        &MEAN
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::SignCounts]
    }

    fn score(&self, findings: &Findings) -> Score {
        let counts = found(findings.sign_counts.as_ref());
        Score::of(counts.layers.iter().sum::<f64>() / counts.weights as f64)
    }
}
