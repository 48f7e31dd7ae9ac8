//! What a test of a claim measures, and on which pools.
//!
//! A measure of one pool gives one number a pool; a measure across data sets gives one a table, across
//! tables one in all. A pool that lacks a named score gives no number and says what it lacks.

mod across;
mod attributes;
mod moved;
mod one;
mod picked;

use nbz_study::{Interval, Recipe, Statistic, Subset};
use serde::Deserialize;

use crate::claims::resampled::{self, Choice};
use crate::claims::{On, evidence::Evidence, scores::Scores};
use crate::error::Result;
use crate::row::Estimate;

pub use attributes::Attributes;
use picked::Attribute;

use one::{contradicted, difference, follows, lack, lacking, maximum, subsets, value};

/// The number of a test; `claims.toml` says what each kind is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the head of claims.toml documents each kind and field"
)]
pub enum Measure {
    Difference {
        left: Vec<String>,
        right: Vec<String>,
        of: Of,
    },
    Value {
        names: Vec<String>,
        of: Of,
    },
    Contradicted {},
    Follows {},
    Maximum {
        column: String,
        over: String,
    },
    Grouping {
        groups: Vec<Vec<String>>,
    },
    Order {
        across: Across,
    },
    Places {
        across: Across,
        left: Vec<String>,
        right: Vec<String>,
    },
    Subsets {
        gain_over: GainOver,
    },
    Place {
        names: Vec<String>,
    },
    Moved {},
    Picked {
        by: String,
        attribute: Attribute,
    },
    Lift {
        by: String,
    },
    Attributes(Attributes),
}

/// Which pools are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Across {
    /// Those of one table.
    #[serde(rename = "data sets")]
    DataSets,
    /// The first of every table: of those trained in full, and of those trained shortly among themselves, since a
    /// difference between the two is no difference between spaces.
    #[serde(rename = "tables")]
    Tables,
}

/// What the best subset is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GainOver {
    /// The best single proxy.
    Single,
    /// All proxies together.
    All,
}

/// A statistic as the claims name it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Of(Statistic);

impl TryFrom<String> for Of {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        let statistic = match text.split(':').collect::<Vec<_>>().as_slice() {
            ["sr"] => Statistic::Sr,
            ["kd"] => Statistic::Kd,
            ["lc"] => Statistic::Lc,
            ["mbr", axis] => Statistic::MbrTies((*axis).to_owned()),
            ["found", axis, index] => Statistic::Found {
                axis: (*axis).to_owned(),
                index: index
                    .parse()
                    .map_err(|_| format!("`{text}` names no budget"))?,
            },
            _ => return Err(format!("`{text}` is not a statistic of a claim")),
        };
        Ok(Self(statistic))
    }
}

impl Of {
    fn smaller_is_better(&self) -> bool {
        matches!(self.0, Statistic::MbrTies(_))
    }
}

/// A number and what is known of it.
pub(super) struct Measured {
    /// Where it was measured.
    pub(super) pool: String,
    pub(super) number: Estimate,
    /// What it is of, or what is missing.
    pub(super) detail: String,
    /// Whether it is a lower bound: the pool is not all that it speaks for.
    pub(super) at_least: bool,
}

impl Measured {
    fn exactly(pool: String, (number, detail): (Estimate, String)) -> Self {
        Self {
            pool,
            number,
            detail,
            at_least: false,
        }
    }
}

fn unknown(why: String) -> (Estimate, String) {
    (Estimate::exact(None), why)
}

fn estimate(interval: Interval) -> Estimate {
    Estimate {
        value: Some(interval.estimate),
        low: Some(interval.low),
        high: Some(interval.high),
    }
}

impl Measure {
    /// The numbers on every pool of the kind.
    pub(super) fn on(&self, on: On, evidence: &[Evidence]) -> Result<Vec<Measured>> {
        let pools: Vec<&Evidence> = evidence.iter().filter(|pool| pool.is(on)).collect();
        if let Self::Order { across } | Self::Places { across, .. } = self {
            return Ok(across
                .groups(&pools)
                .into_iter()
                .map(|(name, pools)| Measured::exactly(name, self.over(&pools)))
                .collect());
        }
        if let Self::Moved {} = self {
            return moved::moved(&pools);
        }
        pools
            .into_iter()
            .map(|pool| {
                let of_pool = Measured::exactly(pool.pool_name(), self.in_one(pool, evidence)?);
                let at_least = match self {
                    Self::Maximum { column, .. } => pool.may_reach_more(column).is_some(),
                    _ => false,
                };
                Ok(Measured {
                    at_least,
                    ..of_pool
                })
            })
            .collect()
    }

    /// The number of scores alone; None of a measure that needs accuracies or costs.
    pub(super) fn of_scores(&self, scores: &Scores, recipe: Recipe) -> Result<Option<Measured>> {
        let Self::Attributes(attributes) = self else {
            return Ok(None);
        };
        let found = attributes.of_scores(scores, recipe)?;
        Ok(found.map(|found| Measured::exactly(scores.name().to_owned(), found)))
    }

    fn in_one(&self, pool: &Evidence, all: &[Evidence]) -> Result<(Estimate, String)> {
        let recipe = pool.comparison.recipe;
        Ok(match self {
            Self::Difference { left, right, of } => difference(pool, left, right, of),
            Self::Value { names, of } => value(pool, names, of),
            Self::Contradicted {} => contradicted(pool),
            Self::Follows {} => follows(pool),
            Self::Maximum { column, over } => maximum(pool, column, over, all),
            Self::Grouping { groups } => match lacking(pool, &groups.concat()) {
                lacks if lacks.iter().any(|name| name != "ntk") => lack(&lacks),
                lacks => (
                    resampled::silhouette(pool, groups, recipe)?,
                    if lacks.is_empty() {
                        String::new()
                    } else {
                        "without ntk".to_owned()
                    },
                ),
            },
            Self::Subsets { gain_over } => subsets(pool, *gain_over)?,
            Self::Place { names } => {
                let lacks = lacking(pool, names);
                if !lacks.is_empty() {
                    return Ok(lack(&lacks));
                }
                let known = pool.proxy_names();
                let at = |name: &String| known.iter().position(|known| known == name);
                let choice = Choice {
                    among: Subset::of(0..known.len()),
                    members: Subset::of(names.iter().filter_map(at)),
                };
                let of = format!("of {} proxies", known.len());
                (resampled::share_better(pool, &[choice], recipe)?, of)
            }
            Self::Lift { by } => {
                let cost = pool.costs.iter().any(|(name, _)| name == by);
                if pool.proxies.is_empty() || !cost {
                    return Ok(unknown("no proxies and cost to add".to_owned()));
                }
                let of = format!("proxies: {}", pool.proxies.len());
                (resampled::lift(pool, by, recipe)?, of)
            }
            Self::Attributes(attributes) => attributes.in_pool(pool)?,
            Self::Picked { by, attribute } => picked::picked(pool, by, *attribute)?,
            Self::Order { .. } | Self::Places { .. } => self.over(&[pool]),
            Self::Moved {} => unknown("one space alone".to_owned()),
        })
    }

    fn over(&self, pools: &[&Evidence]) -> (Estimate, String) {
        match self {
            Self::Places { left, right, .. } => across::places(pools, left, right),
            _ => across::order(pools),
        }
    }
}

impl Across {
    /// The groups of pools that are compared, with the name under which the number is listed.
    fn groups<'a>(self, pools: &[&'a Evidence]) -> Vec<(String, Vec<&'a Evidence>)> {
        let mut tables: Vec<&str> = pools.iter().map(|pool| pool.table()).collect();
        tables.dedup();
        match self {
            Self::DataSets => tables
                .into_iter()
                .map(|table| {
                    let of_table = pools.iter().filter(|pool| pool.table() == table);
                    (format!("{table}, data sets"), of_table.copied().collect())
                })
                .collect(),
            Self::Tables => {
                let first =
                    |table: &&str| pools.iter().find(|pool| pool.table() == *table).copied();
                let firsts = tables.iter().filter_map(first);
                let (short, full): (Vec<&Evidence>, Vec<&Evidence>) =
                    firsts.partition(|pool| pool.is_short);
                let groups = [("all full trainings", full), ("all short trainings", short)];
                let named = groups.into_iter().filter(|(_, pools)| !pools.is_empty());
                named
                    .map(|(name, pools)| (name.to_owned(), pools))
                    .collect()
            }
        }
    }
}
