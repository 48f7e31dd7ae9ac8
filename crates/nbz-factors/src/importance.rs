//! How much a score depends on each factor, seen in two ways.
//!
//! Gain: trees are grown on all networks, and a factor's importance is its share of the loss that all splits took
//! away (XGBoost's `total_gain`, which adds up over columns, as the mean gain of a split does not). It says what the
//! trees used, noise included.
//!
//! Permutation (Breiman 2001): trees are grown on half of the networks; on the other half a factor's values are
//! shuffled among the networks, and its importance is how much of the variance of the target the trees explain less.
//! It says what predictions rest on, on networks that the trees have not seen.
//!
//! Targets are ranks by default: a search sees no more of a score, and the squares of scores that span decades are
//! those of a few networks.

use nbz_study::{Hybrid, Interval, Recipe};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::attribute::Kind;
use crate::error::{FactorError, Result};
use crate::factor::{Design, Factor};
use crate::spread::interval;
use crate::trees::{Matrix, Trees};

/// The fewest networks: fewer make halves in which most stages have been seen once.
pub const FEWEST_NETWORKS: usize = 20;
/// Halves by default; each costs a fit.
pub const DRAWS: usize = 10;
/// The first 24 bytes of every generator's key; the seed follows.
const STREAM_NAME: &[u8; 24] = b"nbz-factors permuted  v1";

/// What of a target the trees are to predict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Its rank as a share of the networks, ties averaged; NaN ranks last.
    #[default]
    Ranks,
    /// Its value; networks without a finite one are left out.
    Values,
}

/// What one factor is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The factor's names.
    pub names: Vec<String>,
    /// The same for small print.
    pub short: Vec<String>,
    /// What the first of them measures.
    pub kind: Kind,
    /// The stages or edges, one a name.
    pub places: Vec<usize>,
    /// Its share of all splits' total gain, 0 to 1.
    pub gain: Interval,
    /// Mean gain of a split, relative to that of all splits; None without a split.
    pub gain_per_split: Option<f64>,
    /// Splits in all trees.
    pub splits: usize,
    /// Share of the target's variance on held-out networks that is no longer explained once it is shuffled.
    pub permuted: Interval,
}

impl Importance {
    /// All names.
    pub fn name(&self) -> String {
        self.names.join(" = ")
    }
}

/// What the factors of some networks are worth to one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importances {
    /// The score, cost or accuracy.
    pub target: String,
    /// Networks with a value.
    pub networks: usize,
    /// What of it was predicted.
    pub scale: Scale,
    /// Share of the variance explained on networks that the trees have not seen.
    pub explained: Interval,
    /// One a factor, in the design's order.
    pub factors: Vec<Importance>,
    /// The factors' shares on every half.
    #[serde(skip)]
    halves: Vec<Vec<f64>>,
}

impl Importances {
    /// The importances of a design's factors to a target with one value a network; the recipe's draws are halves.
    ///
    /// # Errors
    /// Too few networks or draws, or a target that is the same for all of them.
    pub fn of(
        design: &Design,
        target: &str,
        values: &[f64],
        scale: Scale,
        recipe: Recipe,
    ) -> Result<Self> {
        let (rows, targets) = scaled(values, scale)?;
        if rows.len() < FEWEST_NETWORKS {
            return Err(FactorError::TooFew {
                networks: rows.len(),
                limit: FEWEST_NETWORKS,
            });
        }
        if recipe.draws < 2 {
            return Err(FactorError::TooFewDraws {
                draws: recipe.draws,
            });
        }
        if targets
            .windows(2)
            .all(|pair| pair[0].total_cmp(&pair[1]).is_eq())
        {
            return Err(FactorError::Constant {
                target: target.to_owned(),
            });
        }
        let fits = Fits {
            factors: design.factors(),
            rows: &rows,
            targets: &targets,
            seed: recipe.seed,
        };
        let whole = fits.whole()?;
        // Collected in the order of draws, whichever thread is first.
        let halves: Vec<Half> = (0..recipe.draws)
            .into_par_iter()
            .map(|draw| fits.half(recipe, draw))
            .collect::<Result<_>>()?;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let over = |of: &dyn Fn(&Half) -> f64| halves.iter().map(of).collect::<Vec<f64>>();
        let factors = design.factors().iter().enumerate().map(|(at, factor)| {
            let gain = interval(whole.shares[at], &over(&|half| half.shares[at]));
            let permuted = over(&|half| half.lost[at]);
            Importance {
                names: factor.names.clone(),
                short: factor.short.clone(),
                kind: factor.kind,
                places: factor.places.clone(),
                gain: Interval {
                    estimate: gain.estimate,
                    low: gain.low.max(0.0),
                    high: gain.high.min(1.0),
                },
                gain_per_split: whole.per_split(at),
                splits: whole.splits[at] as usize,
                permuted: interval(mean(&permuted), &permuted),
            }
        });
        let factors = factors.collect();
        let explained = over(&|half| half.explained);
        Ok(Self {
            target: target.to_owned(),
            networks: rows.len(),
            scale,
            explained: interval(mean(&explained), &explained),
            factors,
            halves: halves.into_iter().map(|half| half.shares).collect(),
        })
    }

    /// The shares of gain of several factors together, each times its weight; None of importances that were read from a
    /// file, where halves are not kept.
    pub fn gain_of(&self, weight: impl Fn(&Importance) -> f64) -> Option<Interval> {
        let weights: Vec<f64> = self.factors.iter().map(weight).collect();
        let sum = |shares: &[f64]| shares.iter().zip(&weights).map(|(s, w)| s * w).sum();
        let whole: Vec<f64> = self
            .factors
            .iter()
            .map(|factor| factor.gain.estimate)
            .collect();
        let halves: Vec<f64> = self.halves.iter().map(|half| sum(half)).collect();
        (halves.len() > 1).then(|| interval(sum(&whole), &halves))
    }
}

/// The networks with a value, and what the trees are to predict of them: mean 0, variance 1, so that no score is
/// too large for single precision.
fn scaled(values: &[f64], scale: Scale) -> Result<(Vec<usize>, Vec<f32>)> {
    let (rows, targets): (Vec<usize>, Vec<f64>) = match scale {
        Scale::Ranks => {
            let ranks = Hybrid::RankSum.combine(&[values])?;
            ranks.into_iter().enumerate().unzip()
        }
        Scale::Values => {
            let finite = values.iter().copied().enumerate();
            finite.filter(|(_, value)| value.is_finite()).unzip()
        }
    };
    // The largest first: squares of scores near 1e200 would overflow.
    let largest = targets.iter().fold(0.0, |most: f64, t| most.max(t.abs()));
    let small: Vec<f64> = targets
        .iter()
        .map(|t| t / largest.max(f64::MIN_POSITIVE))
        .collect();
    let n = small.len() as f64;
    let mean = small.iter().sum::<f64>() / n;
    let deviation = (small.iter().map(|t| (t - mean).powi(2)).sum::<f64>() / n).sqrt();
    let unit = if deviation > 0.0 { deviation } else { 1.0 };
    Ok((
        rows,
        small.iter().map(|t| ((t - mean) / unit) as f32).collect(),
    ))
}

/// Everything that fits of one target share.
struct Fits<'a> {
    factors: &'a [Factor],
    rows: &'a [usize],
    targets: &'a [f32],
    seed: u64,
}

/// Gains by factor.
struct Gains {
    shares: Vec<f64>,
    splits: Vec<f64>,
}

impl Gains {
    fn per_split(&self, at: usize) -> Option<f64> {
        let all: f64 = self.splits.iter().sum();
        (self.splits[at] > 0.0).then(|| self.shares[at] * all / self.splits[at])
    }
}

/// What one half taught and the other half showed.
struct Half {
    shares: Vec<f64>,
    explained: f64,
    lost: Vec<f64>,
}

impl Fits<'_> {
    fn whole(&self) -> Result<Gains> {
        let all: Vec<usize> = (0..self.rows.len()).collect();
        Ok(self.gains(&self.grow(&all)?))
    }

    fn half(&self, recipe: Recipe, draw: usize) -> Result<Half> {
        let learned = recipe.half(self.rows.len(), draw);
        let mut held = Vec::with_capacity(self.rows.len() - learned.len());
        held.extend((0..self.rows.len()).filter(|row| learned.binary_search(row).is_err()));
        let trees = self.grow(&learned)?;
        let matrix = self.matrix(&held);
        let truth: Vec<f32> = held.iter().map(|&at| self.targets[at]).collect();
        let explained = explained(&truth, &trees.predict(&matrix)?);
        let mut lost = Vec::with_capacity(self.factors.len());
        let mut first = 0;
        for (at, factor) in self.factors.iter().enumerate() {
            let columns = first..first + factor.columns.len();
            first = columns.end;
            let stream = (draw * self.factors.len() + at) as u64;
            let order = shuffled(held.len(), self.seed, stream);
            let mut permuted = matrix.clone();
            for (row, &from) in order.iter().enumerate() {
                for column in columns.clone() {
                    permuted.values[row * matrix.columns + column] =
                        matrix.values[from * matrix.columns + column];
                }
            }
            lost.push(explained - self::explained(&truth, &trees.predict(&permuted)?));
        }
        Ok(Half {
            shares: self.gains(&trees).shares,
            explained,
            lost,
        })
    }

    fn matrix(&self, places: &[usize]) -> Matrix {
        let columns = self.factors.iter().flat_map(|factor| &factor.columns);
        let columns: Vec<&[f32]> = columns.map(Vec::as_slice).collect();
        let networks: Vec<usize> = places.iter().map(|&at| self.rows[at]).collect();
        Matrix::of(&columns, &networks)
    }

    fn grow(&self, places: &[usize]) -> Result<Trees> {
        let targets: Vec<f32> = places.iter().map(|&at| self.targets[at]).collect();
        Trees::grow(&self.matrix(places), &targets)
    }

    /// Sums over each factor's columns; without any gain, no share.
    fn gains(&self, trees: &Trees) -> Gains {
        let by_factor = |columns: Vec<f64>| {
            let mut columns = columns.into_iter();
            let mut next = |factor: &Factor| columns.by_ref().take(factor.columns.len()).sum();
            self.factors.iter().map(&mut next).collect::<Vec<f64>>()
        };
        let gains = by_factor(trees.total_gain());
        let all: f64 = gains.iter().sum();
        let all = if all > 0.0 { all } else { 1.0 };
        Gains {
            shares: gains.iter().map(|gain| gain / all).collect(),
            splits: by_factor(trees.splits()),
        }
    }
}

/// 1 less the squared error as a share of the variance.
fn explained(truth: &[f32], predicted: &[f32]) -> f64 {
    let n = truth.len() as f64;
    let mean = truth.iter().map(|&t| f64::from(t)).sum::<f64>() / n;
    let (mut error, mut variance) = (0.0, 0.0);
    for (&t, &p) in truth.iter().zip(predicted) {
        error += (f64::from(t) - f64::from(p)).powi(2);
        variance += (f64::from(t) - mean).powi(2);
    }
    1.0 - error / variance
}

/// 0 to n - 1 in a random order (Fisher and Yates).
fn shuffled(n: usize, seed: u64, stream: u64) -> Vec<usize> {
    let mut key = [0; 32];
    key[..24].copy_from_slice(STREAM_NAME);
    key[24..].copy_from_slice(&seed.to_le_bytes());
    let mut random = ChaCha8Rng::from_seed(key);
    random.set_stream(stream);
    let mut order: Vec<usize> = (0..n).collect();
    for last in (1..n).rev() {
        // Off from even by less than n / 2^64.
        let wide = u128::from(random.next_u64()) * (last as u128 + 1);
        order.swap(last, (wide >> 64) as usize);
    }
    order
}
