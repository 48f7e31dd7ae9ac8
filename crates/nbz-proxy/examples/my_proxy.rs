//! A proxy of your own: its contract, what it needs, its formula. The plan does the rest.
//!
//! `grad_spread` asks whether all layers feel the loss alike: the entropy of the layers' shares in
//! grad_norm, over its maximum; 1 if all shares are equal. It reads findings that the plan makes anyway,
//! so beside `grad_norm` it costs nothing.
//!
//! ```text
//! cargo run --example my_proxy
//! ```

use nbz_engine::cpu::Path;
use nbz_engine::{Images, Labels};
use nbz_proxy::contract::{BatchNormMode, Direction, Init, Input, Precision};
use nbz_proxy::findings::found;
use nbz_proxy::{
    Batch, Contract, Devices, Findings, Inputs, Need, Plan, Proxy, Reason, Score, Seeded, registry,
};
use nbz_space::{Arch, Dataset};

const CONTRACT: Contract = Contract {
    name: "grad_spread",
    title: "Evenness of the layers' gradient norms",
    formula: "-sum_l p_l ln p_l / ln L, p_l = ||g_l|| / sum_k ||g_k||, L layers",
    paper: "this example",
    reference: "none",
    direction: Direction::Larger,
    input: Input::Batch,
    init: Init::Torch,
    batch_norm: BatchNormMode::Train,
    precision: Precision::Device,
    cost: "shared with grad_norm",
    failures: "NaN if every gradient is 0",
};

struct GradSpread;

impl Proxy for GradSpread {
    fn contract(&self) -> &'static Contract {
        &CONTRACT
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Gradients]
    }

    fn score(&self, findings: &Findings) -> Score {
        let layers = &found(findings.gradients.as_ref()).layers;
        let total: f64 = layers.iter().map(|l| l.norm).sum();
        if total == 0.0 {
            return Score::undefined(Reason::NoTerm);
        }
        let shares = layers.iter().map(|l| l.norm / total).filter(|&p| p > 0.0);
        let entropy: f64 = shares.map(|p| -p * p.ln()).sum();
        Score::of(entropy / (layers.len() as f64).ln())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let task = Dataset::Cifar10;
    // Any normalised images do; here a pattern, so that the example needs no data.
    let pixels = (0..16 * 3072).map(|i| f64::from(i % 1009 * (i % 1009) % 1009) / 504.0 - 1.0);
    let shape = nbz_space::Shape::new(3, 32, 32);
    let images = Images::new(shape, pixels.collect())?;
    let labels = Labels::new(task.classes(), (0..16).map(|i| i % 10).collect())?;
    let inputs = Inputs::new(Batch::new(images, labels)?);

    let plan = Plan::new(&[&GradSpread, registry::find("grad_norm")?])?;
    let devices = Devices::cpu(Path::fastest(), 1)?;
    for architecture in [
        "r1:16s1x1-32s2x1-64s2x1-128s2x1",
        "mb:16s1x1-24s2x2-48s2x2-96s2x1",
        "nb201:212043",
    ] {
        let network = architecture.parse::<Arch>()?.network(task);
        let draw = Seeded {
            seed: 0,
            architecture,
            given: None,
        };
        let scored = plan.score(&devices, &network, &inputs, &draw)?;
        let [(_, spread), (_, norm)] = scored.scores[..] else {
            unreachable!("one score a proxy")
        };
        report(architecture, spread.value(), norm.value());
        assert!((0.0..=1.0).contains(&spread.value()), "shares of a whole");
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the example shows its scores")]
fn report(architecture: &str, spread: f64, norm: f64) {
    println!("{architecture:<34} grad_spread {spread:.6}  grad_norm {norm:.4}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use nbz_proxy::findings::{Gradients, LayerGradient};

    #[test]
    fn the_program_runs() {
        main().unwrap();
    }

    #[test]
    fn equal_shares_are_even_and_no_gradient_has_no_share() {
        // Oracle: by hand; the entropy of two equal shares is ln 2, of shares 1 and 0 it is 0.
        let with_norms = |norms: [f64; 2]| {
            let network = "nb201:212043"
                .parse::<Arch>()
                .unwrap()
                .network(Dataset::Cifar10);
            let layer = |norm| LayerGradient {
                norm,
                dot: 0.0,
                abs_dot: 0.0,
            };
            let mut findings = Findings::of(network.costs());
            findings.gradients = Some(Gradients {
                layers: norms.map(layer).to_vec(),
                all_squared: 0.0,
            });
            GradSpread.score(&findings)
        };
        assert!((with_norms([3.0, 3.0]).value() - 1.0).abs() < 1e-15);
        assert!(with_norms([3.0, 0.0]).value().abs() < 1e-15);
        assert_eq!(with_norms([0.0, 0.0]).reason(), Some(Reason::NoTerm));
    }
}
