//! What a score's picks are made of, beside the networks that it could have picked.

use nbz_space::Arch;
use nbz_space::staged::StagedArch;
use nbz_study::{Hybrid, RankScope};
use serde::Deserialize;

use super::one::lack;
use super::unknown;
use crate::claims::evidence::{Evidence, pool_of};
use crate::claims::resampled::with_halves;
use crate::error::Result;
use crate::row::Estimate;

/// What is looked at of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// Mean over its stages of the logarithm of the channels out.
    Width,
    /// Blocks of all stages.
    Depth,
    /// Slope of the stages' depths over their places, by least squares.
    Growth,
}

impl Attribute {
    fn of(self, arch: &StagedArch) -> f64 {
        let stages = arch.stages();
        let count = stages.len() as f64;
        let depths = stages.iter().map(|stage| stage.depth() as f64);
        match self {
            Self::Width => {
                let widths = stages.iter().map(|stage| (stage.width() as f64).ln());
                widths.sum::<f64>() / count
            }
            Self::Depth => depths.sum(),
            Self::Growth => {
                let middle = (count - 1.0) / 2.0;
                let places = || (0..stages.len()).map(|place| place as f64 - middle);
                let sum: f64 = places()
                    .zip(depths)
                    .map(|(place, depth)| place * depth)
                    .sum();
                sum / places().map(|place| place * place).sum::<f64>()
            }
        }
    }
}

/// The mean place of the picks under MACs budgets among the feasible networks, from -0.5 (below all others) to 0.5.
pub(super) fn picked(
    pool: &Evidence,
    by: &str,
    attribute: Attribute,
) -> Result<(Estimate, String)> {
    if pool.proxy(by).is_none() {
        return Ok(lack(&[by.to_owned()]));
    }
    let staged = |arch: &Arch| match arch {
        Arch::Staged(staged) => Some(attribute.of(staged)),
        _ => None,
    };
    let archs = pool.archs.iter().flatten();
    let values: Vec<f64> = archs.filter_map(staged).collect();
    if values.len() != pool.networks() {
        return Ok(unknown(
            "the stages of the networks do not differ in width and depth".to_owned(),
        ));
    }
    let number = with_halves(pool, pool.comparison.recipe, |part| {
        let found = pool_of(&part.accuracy, &part.costs)?;
        let score = part.proxy(by).unwrap_or_default();
        let search = found.hybrid_search(Hybrid::RankSum, &[score], RankScope::Global)?;
        let axis = search.as_ref().and_then(|search| search.axis("macs"));
        let macs = part.costs.iter().find(|(name, _)| name == "macs");
        let (Some(axis), Some((_, macs))) = (axis, macs) else {
            return Ok(f64::NAN);
        };
        let value = |row: usize| values[part.rows[row]];
        let places = axis.picks.iter().map(|pick| {
            let limit = pick.budget.upper_limit().unwrap_or(f64::INFINITY);
            let feasible = (0..macs.len()).filter(|&row| macs[row] <= limit);
            let (mut below, mut equal, mut all) = (0.0, 0.0, 0.0);
            for row in feasible {
                all += 1.0;
                match value(row).total_cmp(&value(pick.pick)) {
                    std::cmp::Ordering::Less => below += 1.0,
                    std::cmp::Ordering::Equal => equal += 1.0,
                    std::cmp::Ordering::Greater => {}
                }
            }
            (below + equal / 2.0) / all - 0.5
        });
        Ok(places.sum::<f64>() / axis.picks.len() as f64)
    })?;
    Ok((number, format!("picks of {}", pool.column(by))))
}
