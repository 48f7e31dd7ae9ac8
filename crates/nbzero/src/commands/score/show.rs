//! Scores on a terminal and as JSON.

use std::collections::BTreeMap;

use nbz_sweep::journal::Record;
use nbz_sweep::{Finished, Recipe, Sweep};
use serde::Serialize;

use crate::grid::{Align, Grid};
use crate::number::{Real, short};

#[derive(Serialize)]
pub(super) struct Document<'a> {
    recipe: &'a Recipe,
    networks: Vec<Network<'a>>,
}

#[derive(Serialize)]
struct Network<'a> {
    arch: &'a str,
    scores: BTreeMap<&'a str, Option<Real>>,
    deviations: BTreeMap<&'a str, Option<Real>>,
    reasons: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
pub(super) struct FinishedDocument<'a> {
    recipe: &'a Recipe,
    written: String,
    networks: usize,
    scored: usize,
}

pub(super) fn document<'a>(sweep: &'a Sweep, records: &'a [Record]) -> Document<'a> {
    let named = |bits: &[Option<u64>]| -> BTreeMap<&'a str, Option<Real>> {
        let names = sweep.recipe().names();
        let values = bits.iter().map(|b| b.map(|b| Real(f64::from_bits(b))));
        names.zip(values).collect()
    };
    let network = |record: &'a Record| Network {
        arch: &sweep.names()[record.place],
        scores: named(&record.scores),
        deviations: named(&record.deviations),
        reasons: record
            .reasons
            .iter()
            .map(|(proxy, why)| (proxy.as_str(), why.as_str()))
            .collect(),
    };
    Document {
        recipe: sweep.recipe(),
        networks: records.iter().map(network).collect(),
    }
}

pub(super) fn finished<'a>(sweep: &'a Sweep, finished: &Finished) -> FinishedDocument<'a> {
    FinishedDocument {
        recipe: sweep.recipe(),
        written: finished.output.display().to_string(),
        networks: finished.networks,
        scored: finished.scored,
    }
}

/// Why scores are no finite numbers, a line a proxy and reason, with the networks: `nbzero explain PROXY` tells more.
pub(super) fn reasons(sweep: &Sweep, records: &[Record]) -> Vec<String> {
    let mut found: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for record in records {
        for (proxy, why) in &record.reasons {
            let networks = found.entry((proxy, why)).or_default();
            networks.push(&sweep.names()[record.place]);
        }
    }
    let line = |((proxy, why), networks): ((&str, &str), Vec<&str>)| match networks.as_slice() {
        [one] => format!("{proxy}: {why} ({one})"),
        [first, rest @ ..] => format!("{proxy}: {why} ({first} and {} more)", rest.len()),
        [] => String::new(),
    };
    found.into_iter().map(line).collect()
}

/// A line a proxy and a column a network where there are few networks, otherwise a line a network.
pub(super) fn grid(sweep: &Sweep, records: &[Record]) -> Grid {
    let proxies: Vec<&str> = sweep.recipe().names().collect();
    let cell = |record: &Record, at: usize| match record.scores[at] {
        Some(bits) => short(f64::from_bits(bits)),
        None => "-".to_owned(),
    };
    if records.len() <= 3 {
        let mut headings = vec![("proxy".to_owned(), Align::Left)];
        let name = |r: &Record| (sweep.names()[r.place].clone(), Align::Right);
        headings.extend(records.iter().map(name));
        let mut grid = Grid::new(headings);
        for (at, &proxy) in proxies.iter().enumerate() {
            let mut row = vec![proxy.to_owned()];
            row.extend(records.iter().map(|r| cell(r, at)));
            grid.row(row);
        }
        return grid;
    }
    let mut headings = vec![("network".to_owned(), Align::Left)];
    headings.extend(proxies.iter().map(|&p| (p.to_owned(), Align::Right)));
    let mut grid = Grid::new(headings);
    for record in records {
        let mut row = vec![sweep.names()[record.place].clone()];
        row.extend((0..proxies.len()).map(|at| cell(record, at)));
        grid.row(row);
    }
    grid
}
