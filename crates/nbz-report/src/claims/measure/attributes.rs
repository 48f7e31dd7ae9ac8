//! Which attributes of its networks a pool's scores and accuracy depend on.

use nbz_factors::{DRAWS, Design, FactorError, Importance, Importances, Kind, Scale};
use nbz_study::{Interval, Recipe};

use super::one::{lack, lacking};
use super::{estimate, unknown};
use crate::claims::evidence::Evidence;
use crate::error::Result;
use crate::factors::ACCURACY;
use crate::row::Estimate;

/// Gain of one kind of attribute in some stages, less that of another: the least over some targets.
pub(super) fn attributes(
    pool: &Evidence,
    of: &[String],
    except: &[String],
    more: (Kind, [usize; 2]),
    less: Option<Kind>,
) -> Result<(Estimate, String)> {
    let Some(design) = widths_and_depths(pool)? else {
        return Ok(unknown(
            "the stages of the networks do not differ in width and depth".to_owned(),
        ));
    };
    let targets = targets(pool, of, except);
    if targets.is_empty() {
        return Ok(lack(&lacking(pool, of)));
    }
    let recipe = Recipe {
        draws: pool.comparison.recipe.draws.clamp(2, DRAWS),
        ..pool.comparison.recipe
    };
    let (kind, [first, last]) = more;
    let weight = |factor: &Importance| {
        // Of merged factors the first name counts: a width out, not the next stage's width in.
        let stage = factor.places.first().copied().unwrap_or_default();
        if factor.kind == kind && (first..=last).contains(&stage) {
            1.0
        } else if Some(factor.kind) == less {
            -1.0
        } else {
            0.0
        }
    };
    let mut least: Option<(Interval, String)> = None;
    for (name, values) in targets {
        let found = match Importances::of(&design, name, values, Scale::Ranks, recipe) {
            Ok(found) => found,
            Err(error @ (FactorError::TooFew { .. } | FactorError::Constant { .. })) => {
                return Ok(unknown(error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        let Some(gain) = found.gain_of(weight) else {
            return Ok(unknown(format!("no spread of {name}")));
        };
        if least
            .as_ref()
            .is_none_or(|(known, _)| gain.estimate < known.estimate)
        {
            let explained = found.explained.estimate;
            least = Some((
                gain,
                format!(
                    "{}, of which trees explain {explained:.2}",
                    pool.column(name)
                ),
            ));
        }
    }
    Ok(least.map_or_else(
        || unknown("nothing to predict".to_owned()),
        |(gain, detail)| (estimate(gain), detail),
    ))
}

/// The factors of networks whose stages differ in both; None of others.
fn widths_and_depths(pool: &Evidence) -> Result<Option<Design>> {
    let Some(archs) = &pool.archs else {
        return Ok(None);
    };
    match Design::of(archs) {
        Ok(design) => {
            let has = |kind| design.factors().iter().any(|factor| factor.kind == kind);
            Ok((has(Kind::Width) && has(Kind::Depth)).then_some(design))
        }
        Err(
            FactorError::UnknownSpace { .. }
            | FactorError::SeveralSpaces { .. }
            | FactorError::NoFactors
            | FactorError::NoNetworks,
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn targets<'a>(pool: &'a Evidence, of: &[String], except: &[String]) -> Vec<(&'a str, &'a [f64])> {
    let accuracy = (ACCURACY, pool.pool.accuracy());
    let proxies = pool
        .proxies
        .iter()
        .map(|(n, values)| (n.as_str(), values.as_slice()));
    let asked = |name: &str| {
        of.iter()
            .any(|asked| asked == name || (asked == "proxies" && name != ACCURACY))
            && !except.iter().any(|other| other == name)
    };
    std::iter::once(accuracy)
        .chain(proxies)
        .filter(|(name, _)| asked(name))
        .collect()
}
