//! Ranks, correlations, budgets and mBR on plain slices.
//!
//! A [`Pool`] is the networks of one table: accuracies, and [`Axis`] after axis of budgets. A score is a
//! slice with one value a network; [`Pool::measures`] gives its [`Measures`],
//! [`Pool::compare`] those of several with intervals and paired differences. The crate knows no files, no
//! benchmark and no proxy.
//!
//! Larger is better throughout; [`Reading`] turns scores of which smaller is better. Equal scores stand in
//! row order, NaN ranks last, infinities rank as they should. *Missing* values never come in here:
//! [`CommonRows`] takes their rows out of the pool first.

#![expect(
    clippy::cast_possible_wrap,
    reason = "a pool holds fewer than 2^32 networks, so counts and pairs fit in an i64"
)]

mod budget;
mod column;
mod comparison;
mod constrained;
mod direction;
mod error;
mod half_sample;
mod hybrid;
mod interval;
mod jackknife;
mod kendall;
mod levels;
mod measures;
mod neighbours;
mod noise;
mod order;
mod pearson;
mod pool;
mod prediction;
mod random_choice;
mod rank_set;
mod similarity;
mod spearman;
mod spread;
mod subsets;
mod top;
mod undefined;

pub use budget::{Axis, Bound, Budget, Cost, PAPER_BUDGETS};
pub use column::{Column, CommonRows};
pub use comparison::{ComparedScore, Comparison, Score};
pub use constrained::{AxisPicks, Constrained, MeanBestRank, Pick, TIE_TOLERANCE};
pub use direction::{Direction, Reading};
pub use error::StudyError;
pub use hybrid::{Hybrid, PairwiseVote, RankScope};
pub use interval::{Interval, Intervals, Recipe, Statistic};
pub use kendall::tau_b;
pub use measures::Measures;
pub use noise::{NoiseBound, another_training};
pub use order::{ordinal_ranks, predicted_order};
pub use pearson::pearson;
pub use pool::Pool;
pub use random_choice::{RandomAxis, RandomChoice};
pub use similarity::{Merge, OVERLAP_SHARE, Similarity};
pub use spearman::spearman;
pub use spread::Spread;
pub use subsets::{
    MOST_PROXIES, SplitTest, SplitTests, Subset, SubsetPick, SubsetResult, SubsetSearch, Transfer,
};
pub use top::{BEST_SHARES, BestRank, PRECISION_SHARES, Precision};
pub use undefined::Undefined;
