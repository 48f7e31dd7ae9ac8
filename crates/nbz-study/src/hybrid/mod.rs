//! Hybrids: several proxies as one score.
//!
//! The paper votes (section 4.6) without saying how votes count; these are the readings in use. With
//! R_p(i) the ascending average-tie rank of network i by proxy p among n networks (n = best):
//!
//! | hybrid | score of network i | after |
//! |---|---|---|
//! | `ranksum` | mean over p of R_p(i) | Borda; TE-NAS |
//! | `logranksum` | sum over p of ln(R_p(i) / n) | AZ-NAS |
//! | `vote` | opponents beaten by more proxies than not, ties half | Copeland |
//! | `vote_absolute` | opponents beaten by more than half of all proxies, ties half | Copeland |
//!
//! NaN of a proxy rank last and tie with each other. zero-cost-nas' vote decides pairs and gives no score
//! to a network, so it stands apart: [`PairwiseVote`].

mod copeland;
mod pairwise;
mod rank_product;
mod ranks;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::constrained::{AxisPicks, Constrained, pick_under};
use crate::error::{StudyError, check_length};
use crate::pool::Pool;
use crate::prediction::Prediction;
use crate::rank_set::RankSet;

pub use pairwise::PairwiseVote;
pub(crate) use rank_product::{NEAR, RankProduct};
pub(crate) use ranks::doubled_ascending;

/// How several proxies make one score; larger is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hybrid {
    /// Mean rank.
    #[serde(rename = "ranksum")]
    RankSum,
    /// Sum of logarithms of ranks, which punishes one bad rank more; ordered by the exact product.
    #[serde(rename = "logranksum")]
    LogRankSum,
    /// Copeland's vote; proxies that see no difference abstain.
    Vote,
    /// Copeland's vote in which an abstention counts against.
    VoteAbsolute,
}

/// Among which networks ranks and opponents are counted, when a budget leaves only some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankScope {
    /// Once, among all networks of the pool: a network's score does not depend on the budget.
    #[default]
    Global,
    /// Anew among the feasible networks of each budget.
    Feasible,
}

impl Hybrid {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::RankSum,
        Self::LogRankSum,
        Self::Vote,
        Self::VoteAbsolute,
    ];

    /// The name under which tables list it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RankSum => "ranksum",
            Self::LogRankSum => "logranksum",
            Self::Vote => "vote",
            Self::VoteAbsolute => "vote_absolute",
        }
    }

    /// The combined score of every network. A vote takes O(n^2) time, the others O(n log n).
    ///
    /// ```
    /// use nbz_study::Hybrid;
    ///
    /// let (a, b) = ([1.0, 2.0, 3.0], [f64::NAN, 9.0, 9.0]);
    /// // Ranks 1, 2, 3 and 1, 2.5, 2.5.
    /// assert_eq!(Hybrid::RankSum.combine(&[&a, &b])?, [1.0, 2.25, 2.75]);
    /// // The last beats both, the middle one the first; `b` does not tell the last two apart.
    /// assert_eq!(Hybrid::Vote.combine(&[&a, &b])?, [0.0, 1.0, 2.0]);
    /// assert_eq!(Hybrid::VoteAbsolute.combine(&[&a, &b])?, [0.0, 1.5, 1.5]);
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    ///
    /// # Errors
    /// [`StudyError::NothingToCombine`] without a proxy, [`StudyError::Length`] for unequal columns.
    pub fn combine(self, proxies: &[&[f64]]) -> Result<Vec<f64>, StudyError> {
        let rows = proxies.first().ok_or(StudyError::NothingToCombine)?.len();
        for (index, proxy) in proxies.iter().enumerate() {
            check_length(&format!("proxy {index}"), rows, proxy.len())?;
        }
        let ranks: Vec<Vec<u32>> = proxies
            .iter()
            .map(|proxy| doubled_ascending(proxy))
            .collect();
        Ok(match self {
            Self::RankSum => rank_means(&ranks, rows),
            Self::LogRankSum => rank_product::log_rank_sums(&ranks, rows),
            Self::Vote => copeland::scores(&ranks, rows, copeland::Majority::OfPreferences),
            Self::VoteAbsolute => copeland::scores(&ranks, rows, copeland::Majority::OfProxies),
        })
    }
}

impl fmt::Display for Hybrid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Sums of integers below 2^53, so equal means are equal numbers.
fn rank_means(ranks: &[Vec<u32>], rows: usize) -> Vec<f64> {
    let divisor = 2.0 * ranks.len() as f64;
    (0..rows)
        .map(|row| ranks.iter().map(|ranks| f64::from(ranks[row])).sum::<f64>() / divisor)
        .collect()
}

impl Pool {
    /// What a hybrid finds under the pool's budgets; None on a pool without budgets.
    ///
    /// # Errors
    /// As [`Hybrid::combine`], and a proxy of another length than the pool.
    pub fn hybrid_search(
        &self,
        hybrid: Hybrid,
        proxies: &[&[f64]],
        scope: RankScope,
    ) -> Result<Option<Constrained>, StudyError> {
        for (index, proxy) in proxies.iter().enumerate() {
            check_length(&format!("proxy {index}"), self.len(), proxy.len())?;
        }
        if scope == RankScope::Global {
            let prediction = self.prediction(&hybrid.combine(proxies)?)?;
            return Ok(Constrained::of(self, &prediction));
        }
        let mut axes = Vec::with_capacity(self.axes.len());
        for axis in &self.axes {
            let mut picks = Vec::with_capacity(axis.budgets.len());
            for (budget, set) in &axis.budgets {
                let prediction = self.prediction_within(hybrid, proxies, set)?;
                picks.push(pick_under(self, &prediction, budget, set));
            }
            axes.push(AxisPicks::of(self, axis.name.clone(), picks));
        }
        Ok(Constrained::over(self, axes))
    }

    /// The order of the feasible networks by a hybrid that sees only them; the others stand last.
    fn prediction_within(
        &self,
        hybrid: Hybrid,
        proxies: &[&[f64]],
        set: &RankSet,
    ) -> Result<Prediction, StudyError> {
        let mut rows: Vec<usize> = set.iter().map(|rank| self.row_of(rank)).collect();
        rows.sort_unstable();
        let part: Vec<Vec<f64>> = proxies
            .iter()
            .map(|proxy| rows.iter().map(|&row| proxy[row]).collect())
            .collect();
        let part: Vec<&[f64]> = part.iter().map(Vec::as_slice).collect();
        let mut scores = vec![f64::NAN; self.len()];
        for (&row, score) in rows.iter().zip(hybrid.combine(&part)?) {
            scores[row] = score;
        }
        self.prediction(&scores)
    }
}
