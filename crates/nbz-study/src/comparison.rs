//! All scores of one table on one pool, with intervals and paired differences.

use rayon::prelude::*;
use serde::Serialize;

use crate::error::StudyError;
use crate::half_sample::{FeasibleLists, HalfSample, statistics};
use crate::interval::{FEWEST_NETWORKS, Interval, Intervals, Recipe, Statistic};
use crate::jackknife::{Jackknife, linear_jackknife, rank_jackknives};
use crate::measures::Measures;
use crate::pool::Pool;
use crate::prediction::Prediction;

/// A named score, one value a network of the pool; larger is better.
#[derive(Debug, Clone, Copy)]
pub struct Score<'a> {
    /// The row's name.
    pub name: &'a str,
    /// The scores; NaN is undefined and ranks last.
    pub values: &'a [f64],
}

impl<'a> Score<'a> {
    /// Names a column.
    pub fn new(name: &'a str, values: &'a [f64]) -> Self {
        Self { name, values }
    }
}

/// One row of a table.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedScore {
    /// The row's name.
    pub name: String,
    /// The measures on the whole pool.
    pub measures: Measures,
    /// Their 95 % intervals.
    pub intervals: Intervals,
    #[serde(skip)]
    resamples: Resamples,
}

/// What a paired difference needs of one row.
#[derive(Debug, Clone)]
struct Resamples {
    correlations: Vec<(Statistic, Option<Jackknife>)>,
    /// Per draw, the values of [`statistics`].
    draws: Vec<Vec<f64>>,
}

/// Several scores on one pool.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// How the half-samples were drawn.
    pub recipe: Recipe,
    rows: Vec<ComparedScore>,
}

impl Pool {
    /// Measures every score with intervals, in parallel on rayon's current thread pool.
    ///
    /// Half-samples are shared by all rows. Results have the same bits for any number of threads, and a
    /// row does not depend on which others were asked for.
    ///
    /// ```
    /// use nbz_study::{Pool, Recipe, Score, Statistic};
    ///
    /// let accuracy = [70.0, 73.0, 71.0, 74.0, 72.0, 75.0];
    /// let (good, bad) = ([1.0, 3.0, 2.0, 5.0, 4.0, 6.0], [6.0, 2.0, 5.0, 1.0, 4.0, 3.0]);
    /// let scores = [Score::new("good", &good), Score::new("bad", &bad)];
    /// let table = Pool::new(&accuracy)?.compare(&scores, Recipe { seed: 0, draws: 100 })?;
    /// let kd = table.row("good").unwrap().intervals.get(&Statistic::Kd).unwrap();
    /// assert!(kd.low <= kd.estimate && kd.estimate <= kd.high);
    /// assert!(table.difference("good", "bad").unwrap().get(&Statistic::Kd).unwrap().estimate > 0.0);
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    pub fn compare(&self, scores: &[Score<'_>], recipe: Recipe) -> Result<Comparison, StudyError> {
        for (index, score) in scores.iter().enumerate() {
            if scores[..index].iter().any(|other| other.name == score.name) {
                return Err(StudyError::ScoreName {
                    name: score.name.to_owned(),
                });
            }
        }
        let predictions: Vec<Prediction> = scores
            .iter()
            .map(|score| self.prediction(score.values))
            .collect::<Result<_, _>>()?;
        let mut draws = self.half_samples(&predictions, recipe);
        let rows = scores
            .par_iter()
            .zip(&predictions)
            .zip(&mut draws)
            .map(|((score, prediction), draws)| {
                let draws = std::mem::take(draws);
                ComparedScore::of(self, score.name, prediction, draws)
            })
            .collect();
        Ok(Comparison { recipe, rows })
    }

    /// Per score, per draw, the best-of measures; no draw where networks are too few for an interval.
    fn half_samples(&self, predictions: &[Prediction], recipe: Recipe) -> Vec<Vec<Vec<f64>>> {
        let accuracy: Vec<f64> = (0..self.len() as u32)
            .map(|rank| self.accuracy_at(rank))
            .collect();
        let lists: Vec<FeasibleLists<'_>> = predictions
            .par_iter()
            .map(|prediction| FeasibleLists::of(self, &accuracy, prediction))
            .collect();
        let draws = if self.len() < FEWEST_NETWORKS {
            0
        } else {
            recipe.draws
        };
        let by_draw: Vec<Vec<Vec<f64>>> = (0..draws)
            .into_par_iter()
            .map(|draw| {
                let half = HalfSample::draw(self, recipe, draw);
                lists.iter().map(|lists| half.evaluate(lists)).collect()
            })
            .collect();
        let mut by_score = vec![Vec::with_capacity(recipe.draws); predictions.len()];
        for draw in by_draw {
            for (values, all) in draw.into_iter().zip(&mut by_score) {
                all.push(values);
            }
        }
        by_score
    }
}

impl ComparedScore {
    fn of(pool: &Pool, name: &str, prediction: &Prediction, draws: Vec<Vec<f64>>) -> Self {
        let measures = Measures::of(pool, prediction);
        let (kd, sr) = rank_jackknives(pool, prediction, measures.kd, measures.sr);
        let lc_finite = linear_jackknife(pool, prediction);
        let lc = lc_finite.clone().filter(|_| measures.n_inf == 0);
        let correlations = vec![
            (Statistic::Lc, lc),
            (Statistic::LcFinite, lc_finite),
            (Statistic::Kd, kd),
            (Statistic::Sr, sr),
        ];
        let mut intervals = Intervals::default();
        for (statistic, jackknife) in &correlations {
            let interval = jackknife.as_ref().map(Jackknife::interval);
            intervals.push(statistic.clone(), interval);
        }
        for (index, (statistic, estimate)) in statistics(&measures).into_iter().enumerate() {
            let values = draws.iter().map(|draw| draw[index]);
            intervals.push(statistic, Interval::of_draws(estimate, values));
        }
        let resamples = Resamples {
            correlations,
            draws,
        };
        Self {
            name: name.to_owned(),
            measures,
            intervals,
            resamples,
        }
    }
}

impl Comparison {
    /// The rows, in the order of the scores.
    pub fn rows(&self) -> &[ComparedScore] {
        &self.rows
    }

    /// The row of that name.
    pub fn row(&self, name: &str) -> Option<&ComparedScore> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The paired difference `name - other` with its interval; None if either row is not there.
    ///
    /// Paired: both rows are measured on the same half-samples and without the same networks, so what
    /// moves both alike cancels.
    pub fn difference(&self, name: &str, other: &str) -> Option<Intervals> {
        let (a, b) = (self.row(name)?, self.row(other)?);
        let mut intervals = Intervals::default();
        let pairs = a
            .resamples
            .correlations
            .iter()
            .zip(&b.resamples.correlations);
        for ((statistic, a), (_, b)) in pairs {
            let interval = a.as_ref().zip(b.as_ref()).map(|(a, b)| a.difference(b));
            intervals.push(statistic.clone(), interval);
        }
        let estimates = statistics(&a.measures)
            .into_iter()
            .zip(statistics(&b.measures));
        for (index, ((statistic, at_a), (_, at_b))) in estimates.enumerate() {
            let draws = a.resamples.draws.iter().zip(&b.resamples.draws);
            let values = draws.map(|(a, b)| a[index] - b[index]);
            intervals.push(statistic, Interval::of_draws(at_a - at_b, values));
        }
        Some(intervals)
    }
}
