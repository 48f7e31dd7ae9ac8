//! What a plan will hold before it runs.

use nbz_engine::memory::Pass as EnginePass;
use nbz_engine::{Device, MemoryPlan, NormMode, Residuals, Run, Until};
use nbz_space::Network;

use super::{Devices, Pass, Plan};
use crate::findings::Need;

/// The fullest pass of a plan on one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fullest {
    /// The pass.
    pub pass: Pass,
    /// Bytes of maps, weights and working memory that it holds at its fullest moment.
    pub bytes: u64,
}

impl Plan<'_> {
    /// The pass that holds most, of a batch of `images` of which some proxies look at the first `few`; none if
    /// no pass runs.
    ///
    /// Passes are planned by the engine's [`MemoryPlan`]; where several gradients of all weights are held at
    /// once (zico's two batches) the second is added.
    ///
    /// ```
    /// use nbz_engine::cpu::Path;
    /// use nbz_proxy::{Devices, Pass, Plan, registry};
    /// use nbz_space::{Arch, Dataset};
    ///
    /// let network = "r1:16s1x1-32s2x1-64s2x1-128s2x1".parse::<Arch>()?.network(Dataset::Cifar10);
    /// let devices = Devices::cpu(Path::fastest(), 1)?;
    /// let fullest = |proxies| -> Result<_, nbz_proxy::ProxyError> {
    ///     let plan = Plan::new(&registry::select(proxies)?)?;
    ///     Ok(plan.fullest(&devices, &network, 64, 16))
    /// };
    /// let (snip, grasp) = (fullest("snip")?.unwrap(), fullest("snip,grasp")?.unwrap());
    /// assert_eq!((snip.pass, grasp.pass), (Pass::Backward, Pass::Tangent));
    /// assert!(snip.bytes < grasp.bytes);
    /// assert_eq!(fullest("params")?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fullest<D: Device, E: Device>(
        &self,
        devices: &Devices<D, E>,
        network: &Network,
        images: usize,
        few: usize,
    ) -> Option<Fullest> {
        let usual = Run::default();
        let plan = |run: Run, count, pass| {
            let of = |run| MemoryPlan::new(&devices.passes, network, run, count, pass);
            // The model holds the weights of layers too that a run leaves out.
            MemoryPlan {
                parameters: of(&usual).parameters,
                ..of(&run)
            }
        };
        let alone = Run {
            norm: NormMode::Image,
            ..usual
        };
        let bare = Run {
            residuals: Residuals::Removed,
            ..usual
        };
        // Whoever watches deltas keeps one that would have been forgotten.
        let maps = network
            .layers()
            .iter()
            .map(|l| devices.passes.map_bytes(images, l.shape));
        let watched = if self.needs.contains(&Need::Fisher) {
            maps.max().unwrap_or(0)
        } else {
            0
        };
        let bytes = |pass: Pass| -> u64 {
            match pass {
                // Drawn numbers, in double precision.
                Pass::Weights => 8 * network.costs().params.get(),
                Pass::Jacobian => plan(usual, images, EnginePass::BackwardToInput).total(),
                Pass::Forward | Pass::Backward | Pass::Features => {
                    let both = plan(usual, images, EnginePass::Backward).total();
                    both.saturating_add(watched)
                }
                Pass::Tangent => {
                    let both = plan(usual, images, EnginePass::Tangent).total();
                    both.saturating_add(watched)
                }
                Pass::SecondBatch => {
                    let both = plan(usual, images, EnginePass::Backward);
                    both.total().saturating_add(both.gradients)
                }
                Pass::TangentKernel => plan(usual, few, EnginePass::PerSample).total(),
                Pass::SignCounts => plan(alone, images, EnginePass::Backward).total(),
                Pass::NoiseGradient => plan(bare, images, EnginePass::Backward).total(),
                // The features of the first forward wait for those of the second.
                Pass::PlainDistance | Pass::ResidualDistance => {
                    let run = if pass == Pass::PlainDistance {
                        bare
                    } else {
                        usual
                    };
                    let features = network.layer(network.features()).shape;
                    let until = Until::Features;
                    plan(Run { until, ..run }, images, EnginePass::Infer)
                        .total()
                        .saturating_add(devices.passes.map_bytes(images, features))
                }
                Pass::ChannelCorrelation => plan(alone, 1, EnginePass::Infer).total(),
                Pass::Patterns => plan(usual, few, EnginePass::Infer).total(),
                Pass::Flow => {
                    let run = Run {
                        norm: NormMode::Removed,
                        ..usual
                    };
                    MemoryPlan::new(&devices.double, network, &run, 1, EnginePass::Tangent).total()
                }
            }
        };
        let planned = self.passes().into_iter().map(|pass| Fullest {
            pass,
            bytes: bytes(pass),
        });
        planned.max_by_key(|fullest| fullest.bytes)
    }
}
