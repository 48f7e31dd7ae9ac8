//! A hybrid in the other readings that are in use: its ranks taken anew under every budget, and zero-cost-nas' vote.
//!
//! Its row of a line-up ranks once, among all networks of the pool, so that a network's score does not depend on the
//! budget. Whoever ranks only what is feasible finds other networks; and a vote on pairs gives no network a score, so
//! it has no row at all.

use nbz_study::{Comparison, Constrained, Hybrid, PairwiseVote, RankScope};
use serde::Serialize;

use crate::error::Result;
use crate::lineup::Lineup;
use crate::sheet::{Cell, Sheet};

/// What a hybrid of some scores of a line-up finds, read otherwise than in its row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HybridReadings {
    /// How the scores are combined.
    pub hybrid: Hybrid,
    /// The scores.
    pub parts: Vec<String>,
    /// The search with ranks, or opponents, among the feasible networks of each budget; None without a budget.
    pub ranked_anew: Option<Constrained>,
    /// How often the majority of the scores decides a pair of networks as accuracy does.
    pub pairs: PairwiseVote,
    /// The share of pairs decided so; None where no two accuracies differ.
    pub pairs_right: Option<f64>,
}

impl Lineup {
    /// A hybrid's other readings.
    ///
    /// ```
    /// use nbz_report::Lineup;
    /// use nbz_study::Hybrid;
    /// use nbz_table::Table;
    ///
    /// let parts = ["grad_norm".to_owned(), "synflow".to_owned()];
    /// let table = Table::nas_bench_macro().with_own_scores()?;
    /// let lineup = Lineup::of(&table, Some("cifar10"), &[], Some(&parts))?;
    /// let found = lineup.read_otherwise(Hybrid::RankSum, &parts)?;
    /// assert_eq!(found.ranked_anew.expect("budgets").axes.len(), 3);
    /// assert!(found.pairs_right.is_some_and(|right| right > 0.5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`crate::ReportError::NotAScore`] for a part that is none of the scores.
    pub fn read_otherwise(&self, hybrid: Hybrid, parts: &[String]) -> Result<HybridReadings> {
        let scores = self.named(parts)?;
        let pairs = PairwiseVote::of(&scores, self.pool().accuracy())?;
        Ok(HybridReadings {
            hybrid,
            parts: parts.to_vec(),
            ranked_anew: self
                .pool()
                .hybrid_search(hybrid, &scores, RankScope::Feasible)?,
            pairs,
            pairs_right: pairs.accuracy(),
        })
    }
}

impl HybridReadings {
    /// mBR on an axis with ranks taken anew, ties averaged; None where it is undefined.
    pub fn mbr_anew(&self, axis: &str) -> Option<f64> {
        let mbr = self.ranked_anew.as_ref()?.axis(axis)?.mean.mbr_ties;
        Some(mbr).filter(|mbr| !mbr.is_nan())
    }
}

/// A row a hybrid: mBR on an axis as its row of the comparison has it and with ranks taken anew, and the pairs that the
/// vote decides rightly.
pub fn hybrids_sheet(
    comparison: &Comparison,
    found: &[(&str, HybridReadings)],
    axis: Option<&str>,
) -> Sheet {
    let row = |(name, readings): &(&str, HybridReadings)| {
        let once = comparison.row(name).and_then(|row| {
            let mbr = row.measures.mbr.as_ref()?.axis(axis?)?.mean.mbr_ties;
            Some(mbr).filter(|mbr| !mbr.is_nan())
        });
        let anew = axis.and_then(|axis| readings.mbr_anew(axis));
        vec![
            Cell::text(*name),
            Cell::text(format!(
                "{}: {}",
                readings.hybrid,
                readings.parts.join(", ")
            )),
            Cell::Number(once, 4),
            Cell::Number(anew, 4),
            Cell::Number(readings.pairs_right, 4),
        ]
    };
    Sheet {
        title: "Hybrids, re-ranked and by pairwise vote".to_owned(),
        header: [
            "hybrid",
            "of",
            &axis.map_or_else(|| "mBR".to_owned(), |axis| format!("mBR ({axis})")),
            "re-ranked",
            "pairs right",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: found.iter().map(row).collect(),
        details: Vec::new(),
        notes: NOTES.map(str::to_owned).to_vec(),
    }
}

/// What the columns mean.
const NOTES: [&str; 2] = [
    "re-ranked: mBR with ranks, or opponents, among the feasible networks of each budget in place of all networks",
    "pairs right: the share of ordered pairs of different accuracy that zero-cost-nas' pairwise vote decides as accuracy does: \
     a network is said to be better if at least half of the proxies say so, which two that disagree do both ways",
];
