//! Whether subsets of proxies that are best on tables of other spaces are good here.

use nbz_study::{Hybrid, Subset, SubsetResult};

use super::{Measured, unknown};
use crate::claims::evidence::Evidence;
use crate::claims::resampled::{Choice, share_better};
use crate::error::Result;
use crate::row::Estimate;

/// Fewest proxies in common: of fewer there is no subset of more than one and not all.
const FEWEST: usize = 3;

/// A number for the first pool of every table, over the tables of other spaces.
pub(super) fn moved(pools: &[&Evidence]) -> Result<Vec<Measured>> {
    let mut firsts: Vec<&Evidence> = Vec::new();
    for &pool in pools {
        if firsts.iter().all(|first| first.table() != pool.table()) {
            firsts.push(pool);
        }
    }
    let each = firsts.iter().map(|here| {
        // What is best after a short training need not be after a full one, in the same space either.
        let elsewhere = firsts
            .iter()
            .filter(|there| there.space != here.space && there.is_short == here.is_short);
        let elsewhere: Vec<&Evidence> = elsewhere.copied().collect();
        Ok(Measured::exactly(here.pool_name(), from(&elsewhere, here)?))
    });
    each.collect()
}

fn from(elsewhere: &[&Evidence], here: &Evidence) -> Result<(Estimate, String)> {
    let (mut choices, mut words) = (Vec::new(), Vec::new());
    for there in elsewhere {
        if let Some(choice) = best_on(there, here)? {
            let names = here.proxy_names();
            let members = choice.members.members().map(|at| there.column(names[at]));
            let members: Vec<String> = members.collect();
            words.push(format!("{} of {}", members.join(", "), there.pool_name()));
            choices.push(choice);
        }
    }
    if choices.is_empty() {
        return Ok(unknown(format!(
            "no other space that was trained alike has {FEWEST} of its proxies and an mBR"
        )));
    }
    let number = share_better(here, &choices, here.comparison.recipe)?;
    Ok((number, words.join("; ")))
}

/// The best subset there of the proxies that are here as well.
fn best_on(there: &Evidence, here: &Evidence) -> Result<Option<Choice>> {
    let names = here.proxy_names();
    let common: Vec<(usize, &[f64])> = names
        .iter()
        .enumerate()
        .filter_map(|(at, name)| Some((at, there.proxy(name)?)))
        .collect();
    if common.len() < FEWEST || there.pool.mbr_undefined().is_some() {
        return Ok(None);
    }
    let columns: Vec<&[f64]> = common.iter().map(|(_, values)| *values).collect();
    let search = there.pool.search_subsets(Hybrid::RankSum, &columns)?;
    let is_choice = |result: &&SubsetResult| (2..common.len()).contains(&result.subset.len());
    let ranked = search.ranked(search.axis("macs"));
    let best = ranked.into_iter().find(is_choice);
    Ok(best.map(|best| Choice {
        among: Subset::of(common.iter().map(|(at, _)| *at)),
        members: Subset::of(best.subset.members().map(|member| common[member].0)),
    }))
}
