//! az_expr, az_prog, az_train, az_comp: the four parts of AZ-NAS.
//!
//! Features are the stem's output (after its ReLU) and every block's; the head does not count.
//! Expressivity sums the entropies of the features' principal components, `-sum p ln(p + 1e-8)` with
//! `p = eigenvalue / trace`, negative eigenvalues taken as 0. Progressivity is the least step between
//! neighbouring entropies. Trainability looks at backward passes between neighbouring features from
//! random signs. Complexity is the number of multiply-accumulates.

use crate::algebra::eigenvalues;
use crate::contract::{BatchNormMode, Contract, Direction, Init, Input, Precision};
use crate::findings::{Features, Findings, Need, found};
use crate::proxy::Proxy;
use crate::score::{Reason, Score};

const EXPR: Contract = Contract {
    name: "az_expr",
    title: "Entropy of the features' principal components",
    formula: "sum_i H(eig(Sigma_i) / trace)",
    paper: "Lee, Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024",
    reference: "cvlab-yonsei/AZ-NAS @ 5e6683a2, ZeroShotProxy/compute_az_nas_score.py",
    direction: Direction::Larger,
    input: Input::Noise,
    init: Init::Kaiming,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "F, shared by az_expr and az_prog",
    failures: "minus infinity in the reference where f32 rounding makes an eigenvalue negative; here clamped",
};

const PROG: Contract = Contract {
    name: "az_prog",
    title: "Least growth of entropy from block to block",
    formula: "min_i (e_{i+1} - e_i)",
    paper: "Lee, Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024",
    reference: "cvlab-yonsei/AZ-NAS @ 5e6683a2, ZeroShotProxy/compute_az_nas_score.py",
    direction: Direction::Larger,
    input: Input::Noise,
    init: Init::Kaiming,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "shared with az_expr",
    failures: "NaN with a single feature",
};

const TRAIN: Contract = Contract {
    name: "az_train",
    title: "Gain of the backward pass between blocks",
    formula: "mean_i (2 - s_i - 1 / (s_i + 1e-6)), s_i = sigma_max(g_in^T g_out / (B H W))",
    paper: "Lee, Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024",
    reference: "cvlab-yonsei/AZ-NAS @ 5e6683a2, ZeroShotProxy/compute_az_nas_score.py",
    direction: Direction::Larger,
    input: Input::Noise,
    init: Init::Kaiming,
    batch_norm: BatchNormMode::Train,
    precision: Precision::DeviceThenDouble,
    cost: "F to 2 F on top of az_expr",
    failures: "minus infinity where a block passes the gradient on unchanged",
};

const COMP: Contract = Contract {
    name: "az_comp",
    title: "Multiply-accumulates",
    formula: "macs",
    paper: "Lee, Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024",
    reference: "as macs",
    direction: Direction::Larger,
    input: Input::Nothing,
    init: Init::Any,
    batch_norm: BatchNormMode::Absent,
    precision: Precision::Integer,
    cost: "none",
    failures: "none known",
};

/// `az_expr`.
#[derive(Debug, Clone, Copy)]
pub struct AzExpr;

impl Proxy for AzExpr {
    fn contract(&self) -> &'static Contract {
        &EXPR
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Features]
    }

    fn score(&self, findings: &Findings) -> Score {
        match entropies(found(findings.features.as_ref())) {
            Ok(e) => Score::of(e.iter().sum()),
            Err(reason) => Score::undefined(reason),
        }
    }
}

/// `az_prog`.
#[derive(Debug, Clone, Copy)]
pub struct AzProg;

impl Proxy for AzProg {
    fn contract(&self) -> &'static Contract {
        &PROG
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Features]
    }

    fn score(&self, findings: &Findings) -> Score {
        match entropies(found(findings.features.as_ref())) {
            Ok(e) if e.len() < 2 => Score::undefined(Reason::NoTerm),
            Ok(e) => Score::of(
                e.windows(2)
                    .map(|w| w[1] - w[0])
                    .fold(f64::INFINITY, f64::min),
            ),
            Err(reason) => Score::undefined(reason),
        }
    }
}

/// `az_train`.
#[derive(Debug, Clone, Copy)]
pub struct AzTrain;

impl Proxy for AzTrain {
    fn contract(&self) -> &'static Contract {
        &TRAIN
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Features]
    }

    fn score(&self, findings: &Findings) -> Score {
        let gains = &found(findings.features.as_ref()).gains;
        if gains.is_empty() {
            return Score::undefined(Reason::NoTerm);
        }
        let mut sum = 0.0;
        for gain in gains {
            match gain {
                Some(s) => sum += 2.0 - s - 1.0 / (s + 1e-6),
                None => return Score::because(f64::NEG_INFINITY, Reason::ConstantFeatures),
            }
        }
        Score::of(sum / gains.len() as f64)
    }
}

/// `az_comp`.
#[derive(Debug, Clone, Copy)]
pub struct AzComp;

impl Proxy for AzComp {
    fn contract(&self) -> &'static Contract {
        &COMP
    }

    fn needs(&self) -> &'static [Need] {
        &[]
    }

    fn score(&self, findings: &Findings) -> Score {
        Score::of(findings.costs.macs.get() as f64)
    }
}

/// The entropy of each feature, unless a covariance is not finite or 0.
fn entropies(features: &Features) -> Result<Vec<f64>, Reason> {
    features
        .covariances
        .iter()
        .map(|covariance| {
            let values = eigenvalues(covariance, covariance.len().isqrt());
            let values = values.ok_or(Reason::NotFinite)?;
            let clamped: Vec<f64> = values.into_iter().map(|v| v.max(0.0)).collect();
            let trace: f64 = clamped.iter().sum();
            let entropy = |p: f64| -p * (p + 1e-8).ln();
            if trace > 0.0 {
                Ok(clamped.iter().map(|v| entropy(v / trace)).sum())
            } else {
                Err(Reason::ConstantFeatures)
            }
        })
        .collect()
}
