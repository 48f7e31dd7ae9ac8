//! What a score's picks are made of, beside the networks that it could have picked.

use std::cmp::Ordering;

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
    const fn name(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Depth => "depth",
            Self::Growth => "growth of depth",
        }
    }

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

/// The mean place of the picks under MACs budgets among the other feasible networks, from -0.5 (below all of them) to 0.5.
pub(super) fn picked(
    pool: &Evidence,
    by: &str,
    attribute: Attribute,
) -> Result<(Estimate, String)> {
    if pool.proxy(by).is_none() {
        return Ok(lack(&[by.to_owned()]));
    }
    let of = |arch: &Arch| match arch {
        Arch::Staged(staged) => Some(attribute.of(staged)),
        _ => None,
    };
    let archs = pool.archs.iter().flatten();
    let values: Vec<f64> = archs.filter_map(of).collect();
    if values.len() != pool.networks() {
        return Ok(unknown(
            "no networks of stages, each of a width and a depth".to_owned(),
        ));
    }
    if values
        .windows(2)
        .all(|pair| pair[0].total_cmp(&pair[1]).is_eq())
    {
        return Ok(unknown(format!(
            "all networks have one {}",
            attribute.name()
        )));
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
        let places = axis.picks.iter().filter_map(|pick| {
            let limit = pick.budget.upper_limit().unwrap_or(f64::INFINITY);
            let feasible: Vec<usize> = (0..macs.len()).filter(|&row| macs[row] <= limit).collect();
            let is_picked = |row: usize| {
                let (a, b) = (score[row], score[pick.pick]);
                // A zero has no sign here, and one NaN is as good as another.
                (a + 0.0).total_cmp(&(b + 0.0)).is_eq() || (a.is_nan() && b.is_nan())
            };
            let networks = feasible
                .iter()
                .map(|&row| (values[part.rows[row]], is_picked(row)));
            place(&networks.collect::<Vec<(f64, bool)>>())
        });
        let places: Vec<f64> = places.collect();
        Ok(places.iter().sum::<f64>() / places.len() as f64)
    })?;
    Ok((number, format!("picks of {}", pool.column(by))))
}

/// Where the picked ones of some networks stand among the others of them by a value: the mean over the picked of the share of
/// other networks below, equal ones half, less a half. None of one network.
fn place(networks: &[(f64, bool)]) -> Option<f64> {
    if networks.len() < 2 {
        return None;
    }
    let others = (networks.len() - 1) as f64;
    let picked = || networks.iter().filter(|(_, is_picked)| *is_picked);
    let place = |(value, _): &(f64, bool)| {
        let count = |order: Ordering| {
            let of_order = |(other, _): &&(f64, bool)| other.total_cmp(value) == order;
            networks.iter().filter(of_order).count()
        };
        let (below, equal) = (count(Ordering::Less), count(Ordering::Equal));
        (below as f64 + (equal as f64 - 1.0) / 2.0) / others - 0.5
    };
    Some(picked().map(place).sum::<f64>() / picked().count() as f64)
}

#[cfg(test)]
mod tests {
    use super::place;

    /// Oracle: by hand.
    #[test]
    fn a_pick_is_placed_among_the_others() {
        assert_eq!(place(&[(1.0, true)]), None);
        assert_eq!(place(&[(1.0, true), (2.0, false)]), Some(-0.5));
        assert_eq!(place(&[(1.0, false), (2.0, true)]), Some(0.5));
        assert_eq!(place(&[(1.0, false), (2.0, true), (3.0, false)]), Some(0.0));
        assert_eq!(
            place(&[(2.0, false), (2.0, true), (3.0, false)]),
            Some(-0.25)
        );
        // Two share the score: one above all, one below all.
        assert_eq!(place(&[(1.0, true), (2.0, false), (3.0, true)]), Some(0.0));
    }
}
