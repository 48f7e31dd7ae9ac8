//! Hybrids measured on a subject with intervals over its networks.

use nbz_report::Estimate;
use nbz_study::{Comparison, Score, Statistic};

use super::rows::estimate;
use crate::figure::Missing;
use crate::subject::Subject;

/// What scores reach on a subject, in their order.
pub(super) struct Resampled {
    comparison: Comparison,
}

impl Resampled {
    pub(super) fn of(subject: &Subject, combined: &[Vec<f64>]) -> Result<Self, Missing> {
        let labels: Vec<String> = (0..combined.len()).map(|at| at.to_string()).collect();
        let scores: Vec<Score<'_>> = labels
            .iter()
            .zip(combined)
            .map(|(label, values)| Score::new(label, values))
            .collect();
        let comparison = subject.pool.compare(&scores, subject.recipe)?;
        Ok(Self { comparison })
    }

    /// mBR of the score at a place under budgets of an axis; without interval where none was asked for.
    pub(super) fn mbr(&self, at: usize, axis: &str) -> Estimate {
        let Some(row) = self.comparison.row(&at.to_string()) else {
            return Estimate::exact(None);
        };
        let found = row.intervals.get(&Statistic::MbrTies(axis.to_owned()));
        if let Some(interval) = found.filter(|interval| interval.low < interval.high) {
            return estimate(interval);
        }
        let mbr = row.measures.mbr.as_ref().and_then(|mbr| mbr.axis(axis));
        Estimate::exact(mbr.map(|mbr| mbr.mean.mbr_ties))
    }

    /// The rows of the networks that it puts first, the lowest budget first.
    pub(super) fn picks(&self, at: usize, axis: &str) -> Vec<usize> {
        let row = self.comparison.row(&at.to_string());
        let found = row.and_then(|row| row.measures.mbr.as_ref()?.axis(axis));
        found.map_or_else(Vec::new, |axis| {
            axis.picks.iter().map(|pick| pick.pick).collect()
        })
    }
}
