//! Copeland's vote of the subsets that are best by rank sum.

use nbz_report::Estimate;
use nbz_study::{Hybrid, SubsetResult};

use super::here::Found;
use super::members::{names, networks};
use super::resampled::Resampled;
use super::rows::{Row, Rows};
use crate::figure::Missing;
use crate::subject::Subject;

/// Subsets that are voted on: a vote costs n^2 comparisons.
const VOTED: usize = 20;

pub(super) fn list(
    subject: &Subject,
    axis: &str,
    columns: &[&[f64]],
    sums: &Found,
    rows: &mut Rows,
) -> Result<(), Missing> {
    let ranked = sums.search.ranked(sums.search.axis(axis));
    let best: Vec<&SubsetResult> = ranked.into_iter().take(VOTED).collect();
    let vote = |result: &&SubsetResult| {
        let members: Vec<&[f64]> = result.subset.members().map(|at| columns[at]).collect();
        Hybrid::Vote.combine(&members)
    };
    let votes = best.iter().map(vote).collect::<Result<Vec<_>, _>>()?;
    let resampled = Resampled::of(subject, &votes)?;
    for (at, result) in best.iter().enumerate() {
        rows.push(Row {
            hybrid: Hybrid::Vote,
            on: subject.name(),
            how: "best by rank sum".to_owned(),
            size: result.subset.len(),
            members: names(subject, result.subset),
            mbr: resampled.mbr(at, axis),
            optimism: Estimate::exact(None),
            networks: networks(subject, resampled.picks(at, axis).into_iter()),
        });
    }
    Ok(())
}
