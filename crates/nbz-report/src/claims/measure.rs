//! What a test of a claim measures, and on which pools.
//!
//! A measure of one pool gives one number a pool; a measure across data sets gives one a table, across
//! tables one in all. A pool that lacks a named score gives no number and says what it lacks.

use nbz_study::{Hybrid, Interval, Statistic, spearman, tau_b};
use serde::Deserialize;

use crate::claims::{On, evidence::Evidence, resampled};
use crate::error::Result;
use crate::row::Estimate;

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
    Lift {
        by: String,
    },
}

/// Which pools are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Across {
    /// Those of one table.
    #[serde(rename = "data sets")]
    DataSets,
    /// The first of every table.
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

/// A pool's name, the number there, and what it is of or what is missing.
type Measured = (String, Estimate, String);

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
                .map(|(name, pools)| {
                    let (number, detail) = self.over(&pools);
                    (name, number, detail)
                })
                .collect());
        }
        pools
            .into_iter()
            .map(|pool| {
                let (number, detail) = self.in_one(pool, evidence)?;
                Ok((pool.pool_name(), number, detail))
            })
            .collect()
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
                let at = |name: &String| pool.proxies.iter().position(|(known, _)| known == name);
                let members: Vec<usize> = names.iter().filter_map(at).collect();
                let of = format!("of {} proxies", pool.proxies.len());
                (resampled::share_better(pool, &members, recipe)?, of)
            }
            Self::Lift { by } => {
                let cost = pool.costs.iter().any(|(name, _)| name == by);
                if pool.proxies.is_empty() || !cost {
                    return Ok(unknown("no proxies and cost to add".to_owned()));
                }
                let of = format!("proxies: {}", pool.proxies.len());
                (resampled::lift(pool, by, recipe)?, of)
            }
            Self::Order { .. } | Self::Places { .. } => self.over(&[pool]),
        })
    }

    fn over(&self, pools: &[&Evidence]) -> (Estimate, String) {
        match self {
            Self::Places { left, right, .. } => places(pools, left, right),
            _ => order(pools),
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
                vec![(
                    "all tables".to_owned(),
                    tables.iter().filter_map(first).collect(),
                )]
            }
        }
    }
}

/// Single scores that the pool has not.
fn lacking(pool: &Evidence, names: &[String]) -> Vec<String> {
    let known = |name: &&String| pool.scores(std::slice::from_ref(name), &[]).is_empty();
    names.iter().filter(known).cloned().collect()
}

fn lack(names: &[String]) -> (Estimate, String) {
    unknown(format!("the pool has no {}", names.join(", ")))
}

/// The best of some scores by a statistic.
fn best<'a>(
    pool: &'a Evidence,
    names: &[String],
    except: &[String],
    of: &Of,
) -> Option<(&'a str, Interval)> {
    let sign = if of.smaller_is_better() { 1.0 } else { -1.0 };
    let known = pool.scores(names, except).into_iter().filter_map(|name| {
        let row = pool.comparison.row(name)?;
        Some((name, row.intervals.get(&of.0)?))
    });
    known.min_by(|a, b| (sign * a.1.estimate).total_cmp(&(sign * b.1.estimate)))
}

/// Why there is no best of some scores.
fn none_of(pool: &Evidence, names: &[String]) -> (Estimate, String) {
    match lacking(pool, names) {
        lacks if lacks.is_empty() => unknown("no such budget, or no interval".to_owned()),
        lacks => lack(&lacks),
    }
}

fn difference(pool: &Evidence, left: &[String], right: &[String], of: &Of) -> (Estimate, String) {
    let lacks = lacking(pool, left);
    if left.iter().any(|name| lacks.contains(name)) {
        return lack(&lacks);
    }
    let Some((a, _)) = best(pool, left, &[], of) else {
        return none_of(pool, left);
    };
    let Some((b, _)) = best(pool, right, left, of) else {
        return match lacking(pool, right) {
            lacks if lacks.is_empty() => unknown("the pool has no other score".to_owned()),
            lacks => lack(&lacks),
        };
    };
    let difference = pool.comparison.difference(a, b).and_then(|d| d.get(&of.0));
    match difference {
        Some(difference) => (estimate(difference), format!("{a} less {b}")),
        None => unknown(format!("no interval of {a} less {b}")),
    }
}

fn value(pool: &Evidence, names: &[String], of: &Of) -> (Estimate, String) {
    match best(pool, names, &[], of) {
        Some((name, interval)) => (estimate(interval), name.to_owned()),
        None => none_of(pool, names),
    }
}

/// Scores that are no hybrids.
fn single(pool: &Evidence) -> Vec<&str> {
    let names = pool
        .names()
        .filter(|name| pool.comparison.row(name).is_some());
    names.collect()
}

fn contradicted(pool: &Evidence) -> (Estimate, String) {
    let names = single(pool);
    let (mut against, mut all, mut example) = (0u32, 0u32, None);
    for (at, a) in names.iter().enumerate() {
        for b in &names[at + 1..] {
            let Some(difference) = pool.comparison.difference(a, b) else {
                continue;
            };
            let (sr, mbr) = (Statistic::Sr, Statistic::MbrTies("macs".to_owned()));
            let Some((sr, mbr)) = difference.get(&sr).zip(difference.get(&mbr)) else {
                continue;
            };
            all += 1;
            // A higher correlation and a larger, that is worse, mBR have one sign.
            if sr.excludes_zero() && mbr.excludes_zero() && sr.estimate * mbr.estimate > 0.0 {
                against += 1;
                let (high, low) = if sr.estimate > 0.0 { (a, b) } else { (b, a) };
                example.get_or_insert_with(|| format!("such as {high} over {low}"));
            }
        }
    }
    if all == 0 {
        return unknown("no two scores with MACs budgets".to_owned());
    }
    let share = f64::from(against) / f64::from(all);
    let example = example.map_or_else(String::new, |example| format!(", {example}"));
    (
        Estimate::exact(Some(share)),
        format!("{against} of {all} pairs{example}"),
    )
}

/// tau-b of -mBR with the accuracy found, less that of Spearman, and its jackknife interval over scores.
fn follows(pool: &Evidence) -> (Estimate, String) {
    let rows: Vec<(f64, f64, f64)> = single(pool)
        .into_iter()
        .filter_map(|name| {
            let measures = &pool.comparison.row(name)?.measures;
            let axis = measures.mbr.as_ref()?.axis("macs")?;
            let found = axis
                .picks
                .iter()
                .map(|pick| pick.pick_acc_ties)
                .sum::<f64>();
            Some((-axis.mean.mbr_ties, measures.sr?, found))
        })
        .collect();
    if rows.len() < 5 {
        return unknown(format!("{} scores are too few to correlate", rows.len()));
    }
    let difference = |rows: &[(f64, f64, f64)]| {
        let column = |of: fn(&(f64, f64, f64)) -> f64| rows.iter().map(of).collect::<Vec<_>>();
        let found = column(|r| r.2);
        Some(tau_b(&column(|r| r.0), &found)? - tau_b(&column(|r| r.1), &found)?)
    };
    let without = (0..rows.len()).map(|at| {
        let mut rest = rows.clone();
        rest.remove(at);
        difference(&rest)
    });
    let (Some(whole), Some(without)) = (difference(&rows), without.collect::<Option<Vec<f64>>>())
    else {
        return unknown("a correlation over the scores is undefined".to_owned());
    };
    let n = without.len() as f64;
    let mean = without.iter().sum::<f64>() / n;
    let squares = without
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>();
    let width = 1.96 * ((n - 1.0) / n * squares).sqrt();
    let number = Estimate {
        value: Some(whole),
        low: Some(whole - width),
        high: Some(whole + width),
    };
    (number, format!("over {} scores", rows.len()))
}

fn maximum(pool: &Evidence, column: &str, over: &str, all: &[Evidence]) -> (Estimate, String) {
    let largest = |pool: &Evidence| {
        let cost = pool.costs.iter().find(|(name, _)| name == column);
        let values = match cost {
            Some((_, values)) => values,
            None if column == "accuracy" => pool.pool.accuracy(),
            None => return None,
        };
        values.iter().copied().reduce(f64::max)
    };
    let same = |other: &&Evidence| other.table() == over && other.dataset() == pool.dataset();
    let (Some(here), Some(there)) = (largest(pool), all.iter().find(same).and_then(largest)) else {
        return unknown(format!(
            "no {column} here and in {over} on the same data set"
        ));
    };
    (
        Estimate::exact(Some(here / there)),
        format!("{here} against {there}"),
    )
}

fn subsets(pool: &Evidence, gain_over: GainOver) -> Result<(Estimate, String)> {
    if pool.proxies.len() < 3 {
        return Ok(unknown(format!(
            "{} proxies make no hybrid worth choosing",
            pool.proxies.len()
        )));
    }
    let recipe = pool.comparison.recipe;
    if recipe.draws == 0 {
        return Ok(unknown("no halves were asked for".to_owned()));
    }
    let columns: Vec<&[f64]> = pool
        .proxies
        .iter()
        .map(|(_, values)| values.as_slice())
        .collect();
    let axis = pool.pool.axis_names().position(|axis| axis == "macs");
    let tests = pool
        .pool
        .split_test_subsets(Hybrid::RankSum, &columns, axis, recipe.splits())?;
    let Some(any) = tests.tests.last() else {
        return Ok(unknown("no half has a feasible network".to_owned()));
    };
    let gain = match gain_over {
        GainOver::Single => any.gain_over_single,
        GainOver::All => any.gain_over_all,
    };
    let (favourite, share) = any.favourite;
    let names: Vec<&str> = favourite
        .members()
        .map(|at| pool.proxies[at].0.as_str())
        .collect();
    let often = format!(
        "most often {} ({:.0} % of splits)",
        names.join(", "),
        100.0 * share
    );
    Ok((estimate(gain), often))
}

/// The mBRs under MACs budgets of the scores that all pools have.
fn common_mbrs<'a>(pools: &[&'a Evidence]) -> (Vec<&'a str>, Vec<Vec<f64>>) {
    let Some(first) = pools.first() else {
        return (Vec::new(), Vec::new());
    };
    let mbr = |pool: &Evidence, name: &str| {
        let row = pool.comparison.row(name)?;
        Some(row.measures.mbr.as_ref()?.axis("macs")?.mean.mbr_ties)
    };
    let everywhere = |name: &&str| pools.iter().all(|pool| mbr(pool, name).is_some());
    let names: Vec<&str> = first.names().filter(everywhere).collect();
    let columns = pools
        .iter()
        .map(|pool| names.iter().filter_map(|name| mbr(pool, name)).collect())
        .collect();
    (names, columns)
}

/// Those pools that have proxies to put in an order.
fn with_proxies<'a>(pools: &[&'a Evidence]) -> Vec<&'a Evidence> {
    let enough = |pool: &&&Evidence| pool.proxies.len() >= 3;
    pools.iter().filter(enough).copied().collect()
}

fn order(pools: &[&Evidence]) -> (Estimate, String) {
    let pools = with_proxies(pools);
    let (names, mbrs) = common_mbrs(&pools);
    let costs = ["macs", "params", "depth"];
    let keep: Vec<usize> = (0..names.len())
        .filter(|&at| !costs.contains(&names[at]))
        .collect();
    if pools.len() < 2 || keep.len() < 5 {
        return unknown("not five of the proxies on two pools".to_owned());
    }
    let mbrs: Vec<Vec<f64>> = mbrs
        .iter()
        .map(|column| keep.iter().map(|&at| column[at]).collect())
        .collect();
    let mut correlations = Vec::new();
    for (at, a) in mbrs.iter().enumerate() {
        correlations.extend(mbrs[at + 1..].iter().filter_map(|b| spearman(a, b)));
    }
    if correlations.is_empty() {
        return unknown("every correlation is undefined".to_owned());
    }
    let mean = correlations.iter().sum::<f64>() / correlations.len() as f64;
    let detail = format!("{} proxies on {}", keep.len(), listed(&pools));
    (Estimate::exact(Some(mean)), detail)
}

fn places(pools: &[&Evidence], left: &[String], right: &[String]) -> (Estimate, String) {
    let pools = with_proxies(pools);
    let (names, mbrs) = common_mbrs(&pools);
    let missing = |name: &&String| !names.contains(&name.as_str());
    if pools.len() < 2 || left.iter().chain(right).any(|name| missing(&name)) {
        return unknown("the scores are not known on two pools".to_owned());
    }
    // The place is how many scores are better, and half of those that are as good.
    let place = |column: &[f64], at: usize| -> f64 {
        let score = |other: &f64| match other.total_cmp(&column[at]) {
            std::cmp::Ordering::Less => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Greater => 0.0,
        };
        column.iter().map(score).sum::<f64>() + 0.5
    };
    let spread = |of: &[String]| -> f64 {
        let each = of
            .iter()
            .filter_map(|name| names.iter().position(|known| known == name));
        let spreads: Vec<f64> = each
            .map(|at| {
                let places = || mbrs.iter().map(|column| place(column, at));
                places().fold(f64::MIN, f64::max) - places().fold(f64::MAX, f64::min)
            })
            .collect();
        spreads.iter().sum::<f64>() / spreads.len() as f64
    };
    let (a, b) = (spread(left), spread(right));
    let detail = format!("{a} places against {b}, on {}", listed(&pools));
    (Estimate::exact(Some(a - b)), detail)
}

fn listed(pools: &[&Evidence]) -> String {
    let names: Vec<String> = pools.iter().map(|pool| pool.pool_name()).collect();
    names.join(", ")
}
