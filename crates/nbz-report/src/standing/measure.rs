//! The numbers of a standing.

use nbz_study::{
    Axis, Comparison, Cost, Direction, Hybrid, Interval, PAPER_BUDGETS, Pool, Reading, Recipe,
    Score, Statistic,
};

use super::{Beside, LESS, MORE, Measured, Orders, Standing};
use crate::candidates::{Candidates, Scored};
use crate::claims::{Rule, Verdict};
use crate::error::Result;
use crate::row::Estimate;

/// The costs that proxies are set beside, and the one whose budgets bound the search.
const BESIDE: [&str; 2] = ["macs", "params"];
pub(super) const AXIS: &str = "macs";

/// A score with larger values the better.
struct Turned<'a> {
    scored: &'a Scored,
    values: Vec<f64>,
}

impl Standing {
    /// Measures a pool; `None` if it has no proxy, or neither MACs nor params.
    ///
    /// # Errors
    /// Accuracies or costs that are not finite.
    pub fn of(candidates: &Candidates, recipe: Recipe) -> Result<Option<Self>> {
        let Distinct {
            kept: scores,
            alike,
            ..
        } = Distinct::of(candidates)?;
        // Where MACs and params rank alike, as on NAS-Bench-201, they are one cost.
        let kept = |name: &&str| scores.iter().map(|s| s.scored).find(|s| s.name == **name);
        let beside: Vec<&Scored> = BESIDE.iter().filter_map(kept).collect();
        if candidates.proxies.is_empty() || beside.is_empty() {
            return Ok(None);
        }
        let mut pool = Pool::new(&candidates.accuracy)?;
        if let Some(macs) = candidates.cost(AXIS) {
            pool = pool.with_axis(Axis::even(Cost::new(AXIS, &macs.values), PAPER_BUDGETS)?)?;
        }
        let named = scores.iter().map(|s| Score::new(&s.scored.name, &s.values));
        let comparison = pool.compare(&named.collect::<Vec<_>>(), recipe)?;
        let random = pool.random_choice();
        let mbr_undefined = pool.mbr_undefined();
        let blind = random
            .axes
            .first()
            .map(|axis| axis.mbr)
            .filter(|mbr| !mbr.is_nan());
        let costs: Vec<&str> = beside.iter().map(|cost| cost.name.as_str()).collect();
        let row = |scored: &Scored| beside_costs(&comparison, scored, &costs, blind);
        let is_proxy = |s: &&Turned<'_>| candidates.cost(&s.scored.name).is_none();
        let mut proxies: Vec<Beside> = scores
            .iter()
            .filter(is_proxy)
            .map(|s| row(s.scored))
            .collect();
        proxies.sort_by(|a, b| badness(a).total_cmp(&badness(b)));
        let is_other = |s: &&Turned<'_>| !is_proxy(s) && !costs.contains(&&*s.scored.name);
        let other_costs = scores.iter().filter(is_other).map(|s| row(s.scored));
        let mut sources: Vec<String> = Vec::new();
        for proxy in &candidates.proxies {
            let info = &proxy.info;
            let source = format!(
                "{} ({} {})",
                info.provenance.as_str(),
                info.source,
                info.version
            );
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        Ok(Some(Self {
            id: candidates.selection.id.clone(),
            title: candidates.selection.title.clone(),
            networks: candidates.len(),
            distinct: candidates.distinct,
            accuracies: candidates.provenance(),
            scores: sources,
            recipe,
            costs: beside.iter().map(|cost| row(cost)).collect(),
            other_costs: other_costs.collect(),
            blind,
            mbr_undefined,
            proxies,
            alike,
            orders: Orders::of(&comparison),
        }))
    }
}

/// By what proxies are listed: mBR, else the correlation turned round.
fn badness(row: &Beside) -> f64 {
    let mbr = row.mbr.as_ref().and_then(|mbr| mbr.value.value);
    mbr.or(row.sr.value.value.map(|sr| -sr))
        .unwrap_or(f64::INFINITY)
}

/// Costs and proxies in the good direction, and those left out because they rank as an earlier one does.
#[derive(Default)]
struct Distinct<'a> {
    kept: Vec<Turned<'a>>,
    ranks: Vec<Vec<f64>>,
    alike: Vec<(String, String)>,
}

impl<'a> Distinct<'a> {
    fn of(candidates: &'a Candidates) -> Result<Self> {
        let mut all = Self::default();
        for scored in candidates.costs.iter().chain(&candidates.proxies) {
            all.add(scored)?;
        }
        Ok(all)
    }

    fn add(&mut self, scored: &'a Scored) -> Result<()> {
        let direction = if scored.smaller_is_better() {
            Direction::SmallerIsBetter
        } else {
            Direction::LargerIsBetter
        };
        let turned = Reading::Intended.orient(direction, &scored.values);
        let values = turned.into_owned();
        let ranks = Hybrid::RankSum.combine(&[&values])?; // of one score: its ranks
        if let Some(at) = self.ranks.iter().position(|known| *known == ranks) {
            let known = &self.kept[at].scored.name;
            self.alike.push((scored.name.clone(), known.clone()));
        } else {
            self.kept.push(Turned { scored, values });
            self.ranks.push(ranks);
        }
        Ok(())
    }
}

pub(super) fn estimate(interval: Interval) -> Estimate {
    Estimate {
        value: Some(interval.estimate),
        low: Some(interval.low),
        high: Some(interval.high),
    }
}

/// What search is judged by.
pub(super) fn mbr() -> Statistic {
    Statistic::MbrTies(AXIS.to_owned())
}

fn beside_costs(
    comparison: &Comparison,
    scored: &Scored,
    costs: &[&str],
    blind: Option<f64>,
) -> Beside {
    let row = comparison.row(&scored.name);
    let measured = |value: Option<f64>, statistic: &Statistic, rule: Rule| {
        let own = row.and_then(|row| row.intervals.get(statistic));
        let less = |cost: &&str| {
            let both = comparison.difference(&scored.name, cost);
            both.and_then(|both| both.get(statistic))
                .map_or(Estimate::exact(None), estimate)
        };
        let less: Vec<Estimate> = costs.iter().map(less).collect();
        let ahead = less.iter().map(|less| rule.verdict(*less));
        Measured {
            value: own.map_or(Estimate::exact(value), estimate),
            ahead: ahead.fold(Verdict::Holds, Verdict::and),
            less,
        }
    };
    let measures = row.map(|row| &row.measures);
    let found = measures.and_then(|m| Some(m.mbr.as_ref()?.axis(AXIS)?.mean.mbr_ties));
    let found = found.filter(|mbr| !mbr.is_nan());
    let by_search = found.map(|found| measured(Some(found), &mbr(), LESS));
    let beats_chance = by_search.as_ref().zip(blind).map(|(mbr, blind)| {
        let rule = Rule::Below {
            holds: blind,
            fails: blind,
        };
        rule.verdict(mbr.value)
    });
    Beside {
        name: scored.name.clone(),
        sr: measured(measures.and_then(|m| m.sr), &Statistic::Sr, MORE),
        mbr: by_search,
        beats_chance,
        undefined: measures.map_or(0, |m| m.n_nan),
    }
}
