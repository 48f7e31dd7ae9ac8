//! Numbers of one pool.

use nbz_study::{Hybrid, Interval, Statistic, tau_b};

use super::{GainOver, Of, estimate, unknown};
use crate::claims::evidence::Evidence;
use crate::error::Result;
use crate::factors::ACCURACY;
use crate::row::Estimate;

/// Single scores that the pool has not.
pub(super) fn lacking(pool: &Evidence, names: &[String]) -> Vec<String> {
    let known = |name: &&String| pool.scores(std::slice::from_ref(name), &[]).is_empty();
    names.iter().filter(known).cloned().collect()
}

pub(super) fn lack(names: &[String]) -> (Estimate, String) {
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
        lacks if lacks.is_empty() => unknown(match pool.pool.mbr_undefined() {
            Some(why) => why.to_string(),
            None => "no such budget, or no interval".to_owned(),
        }),
        lacks => lack(&lacks),
    }
}

pub(super) fn difference(
    pool: &Evidence,
    left: &[String],
    right: &[String],
    of: &Of,
) -> (Estimate, String) {
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
        Some(difference) => (
            estimate(difference),
            format!("{} less {}", pool.column(a), pool.column(b)),
        ),
        None => unknown(format!(
            "no interval of {} less {}",
            pool.column(a),
            pool.column(b)
        )),
    }
}

pub(super) fn value(pool: &Evidence, names: &[String], of: &Of) -> (Estimate, String) {
    match best(pool, names, &[], of) {
        Some((name, interval)) => (estimate(interval), pool.column(name)),
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

pub(super) fn contradicted(pool: &Evidence) -> (Estimate, String) {
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
                let (high, low) = (pool.column(high), pool.column(low));
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
pub(super) fn follows(pool: &Evidence) -> (Estimate, String) {
    let rows: Vec<(f64, f64, f64)> = single(pool)
        .into_iter()
        .filter_map(|name| {
            let measures = &pool.comparison.row(name)?.measures;
            let axis = measures.mbr.as_ref()?.axis("macs")?;
            measures.mbr_undefined.is_none().then_some(())?;
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
    match Interval::of_jackknife(whole, &without) {
        Some(interval) => (estimate(interval), format!("over {} scores", rows.len())),
        None => unknown("no interval over the scores".to_owned()),
    }
}

/// The other table is taken for whole, as NAS-Bench-201 is.
pub(super) fn maximum(
    pool: &Evidence,
    column: &str,
    over: &str,
    all: &[Evidence],
) -> (Estimate, String) {
    let largest = |pool: &Evidence| {
        let cost = pool.costs.iter().find(|(name, _)| name == column);
        let values = match cost {
            Some((_, values)) => values,
            None if column == ACCURACY => pool.pool.accuracy(),
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
    let more = pool.may_reach_more(column);
    let why = more.map_or_else(String::new, |why| format!("; there may be larger: {why}"));
    (
        Estimate::exact(Some(here / there)),
        format!("{here} against {there}{why}"),
    )
}

pub(super) fn subsets(pool: &Evidence, gain_over: GainOver) -> Result<(Estimate, String)> {
    if pool.proxies.len() < 3 {
        let make = match pool.proxies.len() {
            1 => "1 proxy makes".to_owned(),
            many => format!("{many} proxies make"),
        };
        return Ok(unknown(format!("{make} no hybrid worth choosing")));
    }
    if let Some(why) = pool.pool.mbr_undefined() {
        return Ok(unknown(why.to_string()));
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
    let names: Vec<String> = favourite
        .members()
        .map(|at| pool.column(&pool.proxies[at].0))
        .collect();
    let often = format!(
        "most often {} ({:.0} % of splits)",
        names.join(", "),
        100.0 * share
    );
    Ok((estimate(gain), often))
}
