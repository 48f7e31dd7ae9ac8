//! zero-cost-nas' vote: how often the majority of proxies decides a pair as accuracy does.
//!
//! Over ordered pairs i, j of different accuracy, i is said better if at least half of the proxies have
//! x_i - x_j > 0, so that a zero difference counts against i and an even split for i (notebook
//! `nasbench201_correlations.ipynb` of SamsungLabs/zero-cost-nas). It orders pairs, not networks: what is
//! said of (i, j) and (j, i) may contradict, so there is no best network by it.

use std::cmp::Ordering;

use rayon::prelude::*;
use serde::Serialize;

use crate::error::{StudyError, check_finite, check_length};

/// Decided pairs, and those decided as accuracy decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PairwiseVote {
    /// Ordered pairs that agree with accuracy.
    pub right: u64,
    /// Ordered pairs of different accuracy.
    pub total: u64,
}

impl PairwiseVote {
    /// Votes on every ordered pair; O(n^2) time.
    ///
    /// ```
    /// use nbz_study::PairwiseVote;
    ///
    /// let vote = PairwiseVote::of(&[&[1.0, 2.0, 3.0]], &[70.0, 71.0, 71.0])?;
    /// assert_eq!((vote.right, vote.total), (4, 4)); // the last two have one accuracy
    /// assert_eq!(PairwiseVote::of(&[&[1.0]], &[70.0])?.accuracy(), None);
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    ///
    /// # Errors
    /// [`StudyError::NothingToCombine`], [`StudyError::Length`] or an accuracy that is not finite.
    pub fn of(proxies: &[&[f64]], accuracy: &[f64]) -> Result<Self, StudyError> {
        if proxies.is_empty() {
            return Err(StudyError::NothingToCombine);
        }
        for (index, proxy) in proxies.iter().enumerate() {
            check_length(&format!("proxy {index}"), accuracy.len(), proxy.len())?;
        }
        check_finite("accuracy", accuracy)?;
        let (right, total) = (0..accuracy.len())
            .into_par_iter()
            .map(|network| pairs_of(network, proxies, accuracy))
            .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        Ok(Self { right, total })
    }

    /// The share of pairs decided as accuracy decides; None where no pair has different accuracies.
    pub fn accuracy(self) -> Option<f64> {
        (self.total > 0).then(|| self.right as f64 / self.total as f64)
    }
}

fn pairs_of(network: usize, proxies: &[&[f64]], accuracy: &[f64]) -> (u64, u64) {
    let mut ahead = vec![0u16; accuracy.len()];
    for proxy in proxies {
        let own = proxy[network];
        for (ahead, &other) in ahead.iter_mut().zip(*proxy) {
            // Not `own > other`: of two equal infinities the difference is NaN, which is not positive either.
            *ahead += u16::from(own - other > 0.0);
        }
    }
    let (mut right, mut total) = (0, 0);
    for (&ahead, &other) in ahead.iter().zip(accuracy) {
        let better = match accuracy[network].partial_cmp(&other) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) | None => continue,
        };
        let said_better = 2 * usize::from(ahead) >= proxies.len();
        right += u64::from(said_better == better);
        total += 1;
    }
    (right, total)
}
