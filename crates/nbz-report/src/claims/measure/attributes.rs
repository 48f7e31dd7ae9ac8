//! Which attributes of its networks a pool's scores and accuracy depend on.

use nbz_factors::{DRAWS, Design, FactorError, Importance, Importances, Kind, Scale};
use nbz_space::Arch;
use nbz_study::{Interval, Recipe};
use serde::Deserialize;

use super::{estimate, unknown};
use crate::claims::evidence::Evidence;
use crate::claims::scores::Scores;
use crate::error::Result;
use crate::factors::ACCURACY;
use crate::row::Estimate;

/// Gain of one kind of attribute in some stages, less that of another: the least over some targets.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attributes {
    /// The targets: `accuracy`, scores by the paper's names, or `proxies` for all of them.
    of: Vec<String>,
    /// Those of them that are left out.
    #[serde(default)]
    except: Vec<String>,
    /// The kind whose gain counts.
    more: Kind,
    /// The first and the last stage in which it does.
    #[serde(default = "every_stage")]
    stages: [usize; 2],
    /// The kind whose gain is taken off, in whatever stage.
    less: Option<Kind>,
}

fn every_stage() -> [usize; 2] {
    [1, usize::MAX]
}

impl Attributes {
    pub(super) fn in_pool(&self, pool: &Evidence) -> Result<(Estimate, String)> {
        let design = pool.archs.as_deref().map(design_of).transpose()?.flatten();
        let accuracy = (ACCURACY, pool.pool.accuracy());
        let proxies = pool.proxies.iter().map(|(n, v)| (n.as_str(), v.as_slice()));
        let known = std::iter::once(accuracy).chain(proxies);
        let known = known.map(|(name, values)| (name, pool.column(name), values));
        self.least(design.as_ref(), known, pool.comparison.recipe)
    }

    /// None where the accuracy is asked for.
    pub(super) fn of_scores(
        &self,
        scores: &Scores,
        recipe: Recipe,
    ) -> Result<Option<(Estimate, String)>> {
        if self.asks_for(ACCURACY) {
            return Ok(None);
        }
        let known = scores.proxies();
        let known = known.map(|(name, column, values)| (name, column.to_owned(), values));
        self.least(Some(scores.design()), known, recipe).map(Some)
    }

    fn asks_for(&self, name: &str) -> bool {
        let is_named = |asked: &String| asked == name || (asked == "proxies" && name != ACCURACY);
        self.of.iter().any(is_named) && !self.except.iter().any(|other| other == name)
    }

    /// The least over those that are asked for among what is known: the claims' name, the table's and the values.
    fn least<'a>(
        &self,
        design: Option<&Design>,
        known: impl Iterator<Item = (&'a str, String, &'a [f64])>,
        recipe: Recipe,
    ) -> Result<(Estimate, String)> {
        let targets: Vec<_> = known.filter(|(name, ..)| self.asks_for(name)).collect();
        if targets.is_empty() {
            return Ok(unknown(self.lacking()));
        }
        let Some(design) = design.filter(|design| has_widths_and_depths(design)) else {
            return Ok(unknown(
                "the stages of the networks do not differ in width and depth".to_owned(),
            ));
        };
        let recipe = Recipe {
            draws: recipe.draws.clamp(2, DRAWS),
            ..recipe
        };
        let mut least: Option<(Interval, String)> = None;
        for (_, column, values) in targets {
            let found = match Importances::of(design, &column, values, Scale::Ranks, recipe) {
                Ok(found) => found,
                Err(error @ (FactorError::TooFew { .. } | FactorError::Constant { .. })) => {
                    return Ok(unknown(error.to_string()));
                }
                Err(error) => return Err(error.into()),
            };
            let Some(gain) = found.gain_of(|factor| self.weight(factor)) else {
                return Ok(unknown(format!("no spread of {column}")));
            };
            if least
                .as_ref()
                .is_none_or(|(known, _)| gain.estimate < known.estimate)
            {
                let explained = found.explained.estimate;
                least = Some((
                    gain,
                    format!("{column}, of which trees explain {explained:.2}"),
                ));
            }
        }
        Ok(least.map_or_else(
            || unknown("nothing to predict".to_owned()),
            |(gain, detail)| (estimate(gain), detail),
        ))
    }

    /// What a pool has not that has none of the targets.
    fn lacking(&self) -> String {
        let but = match self.except.as_slice() {
            [] => String::new(),
            names => format!(" other than {}", names.join(", ")),
        };
        format!("the pool has no {}{but}", self.of.join(", "))
    }

    fn weight(&self, factor: &Importance) -> f64 {
        let [first, last] = self.stages;
        // Of merged factors the first name counts: a width out, not the next stage's width in.
        let stage = factor.places.first().copied().unwrap_or_default();
        if factor.kind == self.more && (first..=last).contains(&stage) {
            1.0
        } else if Some(factor.kind) == self.less {
            -1.0
        } else {
            0.0
        }
    }
}

/// The attributes of networks; None of networks without.
fn design_of(archs: &[Arch]) -> Result<Option<Design>> {
    match Design::of(archs) {
        Ok(design) => Ok(Some(design)),
        Err(
            FactorError::UnknownSpace { .. }
            | FactorError::SeveralSpaces { .. }
            | FactorError::NoFactors
            | FactorError::NoNetworks,
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether the stages of the networks differ in both.
fn has_widths_and_depths(design: &Design) -> bool {
    let has = |kind| design.factors().iter().any(|factor| factor.kind == kind);
    has(Kind::Width) && has(Kind::Depth)
}
