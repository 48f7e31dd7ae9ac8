//! ntk: the condition number of the neural tangent kernel.
//!
//! `G` holds for each image the gradient of the sum of its logits with respect to every convolution,
//! linear and batch norm *weight* (no biases); train-mode batch norm ties the images. The score is the
//! raw condition number of `G G^T`; smaller is meant to be better, and the paper's tables rank it raw.

use crate::algebra::eigenvalues;
use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::{Reason, Score};

const CONTRACT: Contract = Contract {
    name: "ntk",
    title: "Condition number of the tangent kernel",
    formula: "lambda_max / lambda_min of G G^T",
    paper: "Chen, Gong, Wang, Neural Architecture Search on ImageNet in Four GPU Hours, ICLR 2021",
    reference: "VITA-Group/TENAS @ 9df78ffd, lib/procedures/ntk.py",
    direction: Direction::Smaller,
    input: Input::FirstImages,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "16 images: 33 passes of 16, 528 F1",
    failures: "NaN if the smallest eigenvalue is 0 up to rounding",
};

/// `ntk`: condition number of the tangent kernel.
#[derive(Debug, Clone, Copy)]
pub struct Ntk;

impl Proxy for Ntk {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::TangentKernel]
    }

    fn score(&self, findings: &Findings) -> Score {
        let kernel = found(findings.tangent_kernel.as_ref());
        let Some(values) = eigenvalues(&kernel.gram, kernel.images) else {
            return Score::undefined(Reason::NotFinite);
        };
        let (least, most) = (values[0], values[kernel.images - 1]);
        if least <= kernel.images as f64 * f64::EPSILON * most {
            return Score::undefined(Reason::SingularGram);
        }
        Score::of(most / least)
    }
}
