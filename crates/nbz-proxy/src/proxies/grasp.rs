//! grasp: how a step along the gradient would change the gradient's size.
//!
//! `-W^T H g`, `H` the Hessian with respect to the weights of convolutions and linear layers. `H` is
//! symmetric, so the total is `-sum_l <g_l, (H W)_l>`, one tangent along a direction that is known
//! before the pass. Only the total equals the reference: its layers are `-<W_l, (H g)_l>`.

use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::Score;

const CONTRACT: Contract = Contract {
    name: "grasp",
    title: "Weights times Hessian times gradient, negative",
    formula: "-sum_l <dL/dW_l, (H W)_l>, H the Hessian of L",
    paper: "Wang, Zhang, Grosse, Picking Winning Tickets by Preserving Gradient Flow, ICLR 2020; as a proxy: Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021",
    reference: "SamsungLabs/zero-cost-nas @ a43bfbc9, measures/grasp.py",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "6 F on the shared forward pass, the gradients of grad_norm among them",
    failures: "either sign occurs: the classifier cancels most of the other layers",
};

/// `grasp`: weights times hessian times gradient, negative.
#[derive(Debug, Clone, Copy)]
pub struct Grasp;

impl Proxy for Grasp {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Curvature]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = found(findings.curvature.as_ref());
        Score::of(-layers.iter().sum::<f64>())
    }
}
