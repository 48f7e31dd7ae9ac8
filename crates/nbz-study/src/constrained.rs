//! Search under budgets: what a score picks, how far from the best it is, and mBR.
//!
//! Under budget i a score picks the first feasible network in its predicted order; r_i is that
//! network's true rank among the N_i feasible ones (0-based, equal accuracies by smaller row).
//! `mbr` (key `mbr_feasible`) is the mean of r_i / N_i; `mbr_pool`, equation (1) of the paper read
//! literally, is the mean of r_i / n with n the whole pool. The paper's tables can only be the former.
//!
//! A score with few values leaves the pick to the row order. Therefore `mbr_ties` averages r / N over
//! *all* feasible networks that share the pick's score: the exact expectation if ties of the score
//! are broken at random. Ties of accuracy are still broken by smaller row, exactly as in r, so that
//! `mbr_ties` equals `mbr` wherever no feasible network shares the pick's score.
//!
//! Where all networks of a pool have one accuracy, r would be the row order and nothing else: every mean is NaN
//! then, and [`Pool::mbr_undefined`] says why. The picks and the accuracies found stay.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::budget::{Bound, Budget};
use crate::pool::{Pool, PoolAxis};
use crate::prediction::Prediction;
use crate::rank_set::RankSet;

/// `mbr` and `mbr_ties` further apart than this make a row depend on the order of its ties.
pub const TIE_TOLERANCE: f64 = 0.01;

/// mBR in its readings; smaller is better, 0 is the oracle's. NaN on a pool of one accuracy ([`Pool::mbr_undefined`]).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MeanBestRank {
    /// Mean of r / n, n the whole pool.
    pub mbr_pool: f64,
    /// Mean of r / N, N the feasible networks: the measure called mBR.
    #[serde(rename = "mbr_feasible")]
    pub mbr: f64,
    /// Mean of r / N with ties of the score averaged: what tables and claims use.
    pub mbr_ties: f64,
    /// Whether `mbr` and `mbr_ties` differ by more than [`TIE_TOLERANCE`].
    pub tie_sensitive: bool,
}

/// What one score finds under one budget.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// The budget.
    pub budget: Budget,
    /// Networks that meet it.
    pub feasible: usize,
    /// Row that the score picks.
    pub pick: usize,
    /// Accuracy of the pick.
    pub pick_acc: f64,
    /// Row of the most accurate feasible network.
    pub best: usize,
    /// Its accuracy: what the oracle finds.
    pub best_acc: f64,
    /// 0-based true rank of the pick among the feasible networks.
    pub r: usize,
    /// Feasible networks of strictly higher accuracy.
    pub better: usize,
    /// Feasible networks that share the pick's score, itself included.
    pub ties: usize,
    /// Mean of r over those.
    pub r_ties: f64,
    /// Mean accuracy over those.
    pub pick_acc_ties: f64,
    /// Mean accuracy of all feasible networks: what random choice finds, exactly.
    pub random_acc: f64,
}

/// One axis of budgets.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisPicks {
    /// The axis, as `macs`.
    pub name: String,
    /// One pick a budget.
    pub picks: Vec<Pick>,
    /// mBR over these budgets.
    pub mean: MeanBestRank,
}

/// Constrained search on every axis; serialises as a map from axis to columns, then `all`.
#[derive(Debug, Clone, PartialEq)]
pub struct Constrained {
    /// The axes in the pool's order.
    pub axes: Vec<AxisPicks>,
    /// Mean over the budgets of all axes.
    pub all: MeanBestRank,
}

impl Constrained {
    /// None on a pool without budgets.
    pub(crate) fn of(pool: &Pool, prediction: &Prediction) -> Option<Self> {
        let axes: Vec<AxisPicks> = pool
            .axes
            .iter()
            .map(|axis| {
                let picks = picks_on(pool, prediction, axis);
                AxisPicks::of(pool, axis.name.clone(), picks)
            })
            .collect();
        Self::over(pool, axes)
    }

    /// The means over the picks of a pool; None without an axis.
    pub(crate) fn over(pool: &Pool, axes: Vec<AxisPicks>) -> Option<Self> {
        let every: Vec<&Pick> = axes.iter().flat_map(|axis| &axis.picks).collect();
        let all = MeanBestRank::over(pool, &every);
        (!axes.is_empty()).then_some(Self { axes, all })
    }

    /// The axis of that name.
    pub fn axis(&self, name: &str) -> Option<&AxisPicks> {
        self.axes.iter().find(|axis| axis.name == name)
    }
}

impl AxisPicks {
    /// The picks on one axis of a pool.
    pub(crate) fn of(pool: &Pool, name: String, picks: Vec<Pick>) -> Self {
        Self {
            name,
            mean: MeanBestRank::over(pool, &picks.iter().collect::<Vec<_>>()),
            picks,
        }
    }
}

impl MeanBestRank {
    fn over(pool: &Pool, picks: &[&Pick]) -> Self {
        if pool.mbr_undefined().is_some() {
            return Self {
                mbr_pool: f64::NAN,
                mbr: f64::NAN,
                mbr_ties: f64::NAN,
                tie_sensitive: false,
            };
        }
        let n = pool.len();
        let mean = |term: &dyn Fn(&Pick) -> f64| {
            picks.iter().map(|pick| term(pick)).sum::<f64>() / picks.len() as f64
        };
        let mbr = mean(&|pick| pick.r as f64 / pick.feasible as f64);
        let mbr_ties = mean(&|pick| pick.r_ties / pick.feasible as f64);
        Self {
            mbr_pool: mean(&|pick| pick.r as f64 / n as f64),
            mbr,
            mbr_ties,
            tie_sensitive: (mbr - mbr_ties).abs() > TIE_TOLERANCE,
        }
    }
}

fn picks_on(pool: &Pool, prediction: &Prediction, axis: &PoolAxis) -> Vec<Pick> {
    axis.budgets
        .iter()
        .map(|(budget, set)| pick_under(pool, prediction, budget, set))
        .collect()
}

/// What a prediction picks in one feasible set.
pub(crate) fn pick_under(
    pool: &Pool,
    prediction: &Prediction,
    budget: &Budget,
    set: &RankSet,
) -> Pick {
    let position = prediction
        .order
        .iter()
        .position(|&rank| set.contains(rank))
        .expect("an axis refuses budgets that no network meets");
    let pick = prediction.order[position];
    let level = prediction.levels[position];
    let (mut ties, mut r_sum, mut acc_sum) = (0, 0, 0.0);
    let tied = prediction.levels[position..]
        .iter()
        .take_while(|&&other| other == level)
        .count();
    let candidates = &prediction.order[position..position + tied];
    for &rank in candidates.iter().filter(|&&rank| set.contains(rank)) {
        ties += 1;
        r_sum += set.rank_of(rank);
        acc_sum += pool.accuracy_at(rank);
    }
    let best = set
        .first()
        .expect("an axis refuses budgets that no network meets");
    let total: f64 = set.iter().map(|rank| pool.accuracy_at(rank)).sum();
    let pick_acc = pool.accuracy_at(pick);
    Pick {
        budget: budget.clone(),
        feasible: set.len(),
        pick: pool.row_of(pick),
        pick_acc,
        best: pool.row_of(best),
        best_acc: pool.accuracy_at(best),
        r: set.rank_of(pick),
        better: set.rank_of(pool.first_equal(pick)),
        ties,
        r_ties: r_sum as f64 / ties as f64,
        pick_acc_ties: if ties == 1 {
            pick_acc
        } else {
            acc_sum / ties as f64
        },
        random_acc: total / set.len() as f64,
    }
}

/// The budgets of an axis: plain numbers where each is one upper limit, bounds otherwise.
#[derive(Serialize)]
#[serde(untagged)]
enum Limits<'a> {
    Upper(Vec<f64>),
    Bounds(Vec<&'a [Bound]>),
}

impl Serialize for AxisPicks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let upper: Option<Vec<f64>> = self.picks.iter().map(|p| p.budget.upper_limit()).collect();
        let limits = upper.map_or_else(
            || {
                Limits::Bounds(
                    self.picks
                        .iter()
                        .map(|p| p.budget.bounds.as_slice())
                        .collect(),
                )
            },
            Limits::Upper,
        );
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("limits", &limits)?;
        column(&mut map, "feasible", &self.picks, |p| p.feasible)?;
        column(&mut map, "pick", &self.picks, |p| p.pick)?;
        column(&mut map, "pick_acc", &self.picks, |p| p.pick_acc)?;
        column(&mut map, "best", &self.picks, |p| p.best)?;
        column(&mut map, "best_acc", &self.picks, |p| p.best_acc)?;
        column(&mut map, "r", &self.picks, |p| p.r)?;
        column(&mut map, "better", &self.picks, |p| p.better)?;
        column(&mut map, "ties", &self.picks, |p| p.ties)?;
        column(&mut map, "r_ties", &self.picks, |p| p.r_ties)?;
        column(&mut map, "pick_acc_ties", &self.picks, |p| p.pick_acc_ties)?;
        column(&mut map, "random_acc", &self.picks, |p| p.random_acc)?;
        mean_entries(&mut map, &self.mean)?;
        map.end()
    }
}

fn column<M: SerializeMap, T: Serialize>(
    map: &mut M,
    key: &'static str,
    picks: &[Pick],
    value: fn(&Pick) -> T,
) -> Result<(), M::Error> {
    map.serialize_entry(key, &picks.iter().map(value).collect::<Vec<T>>())
}

fn mean_entries<M: SerializeMap>(map: &mut M, mean: &MeanBestRank) -> Result<(), M::Error> {
    map.serialize_entry("mbr_pool", &mean.mbr_pool)?;
    map.serialize_entry("mbr_feasible", &mean.mbr)?;
    map.serialize_entry("mbr_ties", &mean.mbr_ties)?;
    map.serialize_entry("tie_sensitive", &mean.tie_sensitive)
}

impl Serialize for Constrained {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.axes.len() + 1))?;
        for axis in &self.axes {
            map.serialize_entry(&axis.name, axis)?;
        }
        map.serialize_entry("all", &self.all)?;
        map.end()
    }
}
