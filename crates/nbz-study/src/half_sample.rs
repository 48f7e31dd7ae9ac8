//! Best-of measures on random halves of the pool.
//!
//! A half-sample takes floor(n / 2) networks without replacement (at least one). Resampling with
//! replacement is wrong for a best-of measure: its copies of one network are ties that no real pool
//! has, and it keeps the best with probability 0.632 only. A half has the right scale: the variance of a
//! mean over half of a finite pool, (2/n - 1/n) s^2, is that of a mean over a fresh pool of n.
//!
//! Limits stay those of the whole pool. A budget without a sampled feasible network drops out of that
//! draw. Draw i is stream i of ChaCha8, the same for every score, so differences are paired.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::constrained::Constrained;
use crate::interval::{FEWEST_NETWORKS, Recipe, Statistic};
use crate::measures::Measures;
use crate::pool::Pool;
use crate::prediction::Prediction;
use crate::rank_set::RankSet;
use crate::top::{BEST_SHARES, PRECISION_SHARES, count_of};

/// The first 24 bytes of every generator's key; the seed follows.
const STREAM_NAME: &[u8; 24] = b"nbz-study half-sample v1";

/// One half of the pool, in terms of true ranks.
pub(crate) struct HalfSample {
    sampled: RankSet,
    /// The same, 0 or 1 a true rank: the innermost loop reads it, and a byte is fewer steps away than a bit.
    flags: Vec<u8>,
    members: Vec<u32>,
    /// Per axis and budget, the sampled feasible networks.
    feasible: Vec<Vec<RankSet>>,
}

impl HalfSample {
    /// Draw `draw` of the recipe.
    pub(crate) fn draw(pool: &Pool, recipe: Recipe, draw: usize) -> Self {
        let n = pool.len();
        let rows = choose(n, (n / 2).max(1), recipe.seed, draw as u64);
        let ranks = rows.into_iter().map(|row| pool.ranks[row as usize]);
        let sampled = RankSet::from_members(n, ranks);
        let part = |set: &RankSet| sampled.intersection(set);
        let feasible = pool
            .axes
            .iter()
            .map(|axis| axis.budgets.iter().map(|(_, set)| part(set)).collect())
            .collect();
        Self {
            members: sampled.iter().collect(),
            flags: (0..n as u32)
                .map(|rank| u8::from(sampled.contains(rank)))
                .collect(),
            sampled,
            feasible,
        }
    }

    /// Every best-of measure of one score, in the order of [`statistics`]; NaN where undefined.
    pub(crate) fn evaluate(&self, lists: &FeasibleLists<'_>) -> Vec<f64> {
        let mut values = Vec::new();
        let order = self.sampled_order(&lists.prediction.order);
        self.push_ends(&order, &mut values);
        let mut every = Means::default();
        for (budgets, sets) in lists.axes.iter().zip(&self.feasible) {
            let mut axis = Means::default();
            let mut found = Vec::with_capacity(budgets.len());
            for (list, set) in budgets.iter().zip(sets) {
                let pick = self.pick(lists.accuracy, list, set);
                found.push(pick.map_or(f64::NAN, |pick| pick.accuracy));
                axis.add(pick);
                every.add(pick);
            }
            values.extend([axis.mbr(), axis.mbr_ties()]);
            values.extend(found);
        }
        if !lists.axes.is_empty() {
            values.extend([every.mbr(), every.mbr_ties()]);
        }
        values
    }

    /// The sampled networks in predicted order.
    fn sampled_order(&self, order: &[u32]) -> Vec<u32> {
        // Written without a branch: whether a network is sampled is a coin toss.
        let mut sampled = vec![0; self.members.len() + 1];
        let mut next = 0;
        for &rank in order {
            sampled[next] = rank;
            next += usize::from(self.flags[rank as usize]);
        }
        sampled.truncate(self.members.len());
        sampled
    }

    fn push_ends(&self, order: &[u32], values: &mut Vec<f64>) {
        let n = order.len();
        let (mut best, mut worst, mut seen) = (None, None, 0);
        for share in BEST_SHARES {
            // The shares ascend: the networks of the last are among those of this one.
            let new = &order[seen..count_of(share, n)];
            seen += new.len();
            best = new.iter().copied().chain(best).min();
            worst = new.iter().copied().chain(worst).max();
            let rank_share = |rank: Option<u32>| {
                rank.map_or(f64::NAN, |rank| {
                    (1 + self.sampled.rank_of(rank)) as f64 / n as f64
                })
            };
            values.extend([rank_share(best), rank_share(worst)]);
        }
        for share in PRECISION_SHARES {
            let k = count_of(share, n);
            if k == 0 {
                values.extend([f64::NAN; 2]);
                continue;
            }
            let (last_top, first_bottom) = (self.members[k - 1], self.members[n - k]);
            let top = count(&order[..k], |rank| rank <= last_top);
            let bottom = count(&order[n - k..], |rank| rank >= first_bottom);
            values.extend([f64::from(top) / k as f64, f64::from(bottom) / k as f64]);
        }
    }

    /// What the score picks among the sampled feasible networks.
    fn pick(&self, accuracy: &[f64], list: &[(u32, u32)], set: &RankSet) -> Option<HalfPick> {
        let start = list
            .iter()
            .position(|&(rank, _)| self.sampled.contains(rank))?;
        let (pick, level) = list[start];
        let (mut ties, mut ranks, mut accuracies) = (0u32, 0usize, 0.0);
        for &(rank, _) in list[start..]
            .iter()
            .take_while(|&&(_, other)| other == level)
        {
            if self.sampled.contains(rank) {
                ties += 1;
                ranks += set.rank_of(rank);
                accuracies += accuracy[rank as usize];
            }
        }
        let feasible = set.len() as f64;
        Some(HalfPick {
            r: set.rank_of(pick) as f64 / feasible,
            r_ties: ranks as f64 / f64::from(ties) / feasible,
            accuracy: accuracies / f64::from(ties),
        })
    }
}

/// How many ranks are so, in the ranks' own width so that it compiles to vector code.
fn count(ranks: &[u32], is_so: impl Fn(u32) -> bool) -> u32 {
    ranks.iter().map(|&rank| u32::from(is_so(rank))).sum()
}

#[derive(Debug, Clone, Copy)]
struct HalfPick {
    r: f64,
    r_ties: f64,
    accuracy: f64,
}

#[derive(Debug, Default)]
struct Means {
    r: f64,
    r_ties: f64,
    budgets: u32,
}

impl Means {
    fn add(&mut self, pick: Option<HalfPick>) {
        if let Some(pick) = pick {
            self.r += pick.r;
            self.r_ties += pick.r_ties;
            self.budgets += 1;
        }
    }

    fn mbr(&self) -> f64 {
        self.r / f64::from(self.budgets)
    }

    fn mbr_ties(&self) -> f64 {
        self.r_ties / f64::from(self.budgets)
    }
}

/// The feasible networks of every budget in predicted order: made once a score, read in every draw.
pub(crate) struct FeasibleLists<'a> {
    prediction: &'a Prediction,
    accuracy: &'a [f64],
    /// Per axis and budget: true rank and score level.
    axes: Vec<Vec<Vec<(u32, u32)>>>,
}

impl<'a> FeasibleLists<'a> {
    /// `accuracy` is by true rank.
    pub(crate) fn of(pool: &Pool, accuracy: &'a [f64], prediction: &'a Prediction) -> Self {
        let list = |set: &RankSet| {
            let all = prediction
                .order
                .iter()
                .copied()
                .zip(prediction.levels.iter().copied());
            all.filter(|&(rank, _)| set.contains(rank)).collect()
        };
        let axes = pool
            .axes
            .iter()
            .map(|axis| axis.budgets.iter().map(|(_, set)| list(set)).collect())
            .collect();
        Self {
            prediction,
            accuracy,
            axes,
        }
    }
}

/// What [`HalfSample::evaluate`] lists, with the value on the whole pool; NaN, which has no interval, where
/// it is undefined or of too few feasible networks.
pub(crate) fn statistics(measures: &Measures) -> Vec<(Statistic, f64)> {
    let value = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let mut all = Vec::new();
    for best in &measures.br {
        all.push((Statistic::Br(best.share), value(best.br)));
        all.push((Statistic::Wr(best.share), value(best.wr)));
    }
    for precision in &measures.p {
        all.push((Statistic::PTop(precision.share), value(precision.top)));
        all.push((Statistic::PBottom(precision.share), value(precision.bottom)));
    }
    if let Some(Constrained { axes, all: mean }) = &measures.mbr {
        for axis in axes {
            all.push((Statistic::Mbr(axis.name.clone()), axis.mean.mbr));
            all.push((Statistic::MbrTies(axis.name.clone()), axis.mean.mbr_ties));
            for (index, pick) in axis.picks.iter().enumerate() {
                let found = Statistic::Found {
                    axis: axis.name.clone(),
                    index,
                };
                let enough = pick.feasible >= FEWEST_NETWORKS;
                all.push((found, if enough { pick.pick_acc_ties } else { f64::NAN }));
            }
        }
        all.push((Statistic::Mbr("all".into()), mean.mbr));
        all.push((Statistic::MbrTies("all".into()), mean.mbr_ties));
    }
    all
}

/// `count` of the rows `0..n`, each set equally likely: the start of a Fisher-Yates shuffle.
pub(crate) fn choose(n: usize, count: usize, seed: u64, stream: u64) -> Vec<u32> {
    let mut key = [0; 32];
    key[..24].copy_from_slice(STREAM_NAME);
    key[24..].copy_from_slice(&seed.to_le_bytes());
    let mut random = ChaCha8Rng::from_seed(key);
    random.set_stream(stream);
    let mut rows: Vec<u32> = (0..n as u32).collect();
    for place in 0..count {
        let other = place + below(&mut random, (n - place) as u32) as usize;
        rows.swap(place, other);
    }
    rows.truncate(count);
    rows
}

/// Uniform on `0..bound`, without bias (Lemire, ACM TOMACS 29, 2019).
fn below(random: &mut ChaCha8Rng, bound: u32) -> u32 {
    let rejected = bound.wrapping_neg() % bound;
    loop {
        let product = u64::from(random.next_u32()) * u64::from(bound);
        if product as u32 >= rejected {
            return (product >> 32) as u32;
        }
    }
}
