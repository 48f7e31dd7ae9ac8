//! Numbers across pools: of data sets, or of tables.

use nbz_study::spearman;

use super::unknown;
use crate::claims::evidence::Evidence;
use crate::row::Estimate;

/// The mBRs under MACs budgets of the scores that all pools have.
fn common_mbrs<'a>(pools: &[&'a Evidence]) -> (Vec<&'a str>, Vec<Vec<f64>>) {
    let Some(first) = pools.first() else {
        return (Vec::new(), Vec::new());
    };
    let mbr = |pool: &Evidence, name: &str| {
        let row = pool.comparison.row(name)?;
        let mbr = row.measures.mbr.as_ref()?.axis("macs")?.mean.mbr_ties;
        Some(mbr).filter(|mbr| !mbr.is_nan())
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

pub(super) fn order(pools: &[&Evidence]) -> (Estimate, String) {
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

pub(super) fn places(pools: &[&Evidence], left: &[String], right: &[String]) -> (Estimate, String) {
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
