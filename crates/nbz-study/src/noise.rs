//! What no predictor can pass, because a network trained again has another accuracy.
//!
//! With R trainings of every network and r the mean correlation of two of them, the mean of the R correlates with a
//! fresh mean of R by `rel = R r / (1 + (R - 1) r)` (Spearman 1910; Brown 1910), and with the expected accuracy,
//! which is the best that a predictor can know, by `sqrt(rel)` (Spearman 1904). For Pearson's correlation that
//! assumes errors that neither depend on the network's accuracy nor on each other; for Spearman's it is the same
//! formula on rank correlations, an approximation.
//!
//! For search there is no such formula. [`another_training`] says what one other training of every network finds as a
//! score, measured on the mean of the rest: a good predictor, though not the best, and it depends on luck in the
//! same way as any other.

use serde::Serialize;

use crate::budget::Axis;
use crate::error::{StudyError, check_finite, check_length};
use crate::pearson::pearson;
use crate::pool::Pool;
use crate::spearman::spearman;

/// The highest correlations that a perfect predictor can have with the mean of the runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NoiseBound {
    /// Trainings of every network.
    pub runs: usize,
    /// Of Pearson's correlation.
    pub lc: f64,
    /// Of Spearman's, approximately.
    pub sr: f64,
}

impl NoiseBound {
    /// The bounds from the accuracies of two trainings or more, one slice a training; None for fewer, or where the
    /// trainings do not correlate at all.
    ///
    /// ```
    /// use nbz_study::NoiseBound;
    ///
    /// let (one, other) = ([1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 4.0]);
    /// let bound = NoiseBound::of(&[&one, &other])?.unwrap();
    /// // r = 0.8: two runs have a reliability of 1.6 / 1.8.
    /// assert!((bound.lc - (1.6f64 / 1.8).sqrt()).abs() < 1e-12);
    /// assert_eq!(NoiseBound::of(&[&one])?, None); // one run says nothing of noise
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    ///
    /// # Errors
    /// Runs of different networks, or an accuracy that is not finite.
    pub fn of(runs: &[&[f64]]) -> Result<Option<Self>, StudyError> {
        check(runs)?;
        let count = runs.len();
        let bound = |correlation: fn(&[f64], &[f64]) -> Option<f64>| {
            let mut pairs = Vec::new();
            for (at, a) in runs.iter().enumerate() {
                for b in &runs[at + 1..] {
                    pairs.push(correlation(a, b)?);
                }
            }
            let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
            let reliability = count as f64 * mean / (1.0 + (count as f64 - 1.0) * mean);
            (mean > 0.0).then(|| reliability.sqrt())
        };
        Ok(bound(pearson).zip(bound(spearman)).map(|(lc, sr)| Self {
            runs: count,
            lc,
            sr,
        }))
    }
}

/// mBR by axis, ties averaged, of one training as the score of the mean of the others, averaged over the trainings;
/// None with fewer than two trainings or without an axis.
///
/// # Errors
/// Runs of different networks, an accuracy that is not finite, or an axis of other networks.
pub fn another_training(
    runs: &[&[f64]],
    axes: &[Axis],
) -> Result<Option<Vec<(String, f64)>>, StudyError> {
    check(runs)?;
    if runs.len() < 2 || axes.is_empty() {
        return Ok(None);
    }
    let mut totals: Vec<(String, f64)> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let others = runs.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<&[f64]> = others.map(|(_, run)| *run).collect();
        let mut pool = Pool::new(&means(&others))?;
        for axis in axes {
            pool = pool.with_axis(axis.clone())?;
        }
        let measures = pool.measures(run)?;
        for axis in measures.mbr.iter().flat_map(|mbr| &mbr.axes) {
            let share = axis.mean.mbr_ties / runs.len() as f64;
            match totals.iter_mut().find(|(name, _)| *name == axis.name) {
                Some((_, total)) => *total += share,
                None => totals.push((axis.name.clone(), share)),
            }
        }
    }
    Ok(Some(totals))
}

fn check(runs: &[&[f64]]) -> Result<(), StudyError> {
    let rows = runs.first().map_or(0, |run| run.len());
    for (index, run) in runs.iter().enumerate() {
        check_length(&format!("run {index}"), rows, run.len())?;
        check_finite(&format!("run {index}"), run)?;
    }
    Ok(())
}

/// The mean of the runs by row; at least one run.
fn means(runs: &[&[f64]]) -> Vec<f64> {
    let count = runs.len() as f64;
    let rows = runs.first().map_or(0, |run| run.len());
    (0..rows)
        .map(|row| runs.iter().map(|run| run[row]).sum::<f64>() / count)
        .collect()
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_core::{Rng, SeedableRng};

    use super::{NoiseBound, another_training, means};
    use crate::budget::{Axis, Cost};
    use crate::pearson::pearson;
    use crate::spearman::spearman;

    const NETWORKS: usize = 4000;

    /// A sum of twelve uniform numbers, nearly normal with variance 1.
    fn normal(random: &mut ChaCha8Rng) -> f64 {
        let uniform = |random: &mut ChaCha8Rng| f64::from(random.next_u32()) / f64::from(u32::MAX);
        (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
    }

    fn trained(noise: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mut random = ChaCha8Rng::from_seed([3; 32]);
        let truth: Vec<f64> = (0..NETWORKS).map(|_| normal(&mut random)).collect();
        let run = |random: &mut ChaCha8Rng| -> Vec<f64> {
            truth.iter().map(|t| t + noise * normal(random)).collect()
        };
        let runs = (0..3).map(|_| run(&mut random)).collect();
        (truth, runs)
    }

    /// Oracle: simulated networks whose expected accuracy is known. Tolerance 0.01: a correlation of 4,000 pairs has
    /// a standard error of (1 - r^2) / 63, below 0.008 here.
    #[test]
    fn the_bound_is_what_the_expected_accuracy_reaches() {
        for noise in [0.1, 0.5, 1.0] {
            let (truth, runs) = trained(noise);
            let runs: Vec<&[f64]> = runs.iter().map(Vec::as_slice).collect();
            let bound = NoiseBound::of(&runs).unwrap().unwrap();
            let mean = means(&runs);
            assert!(
                (bound.lc - pearson(&truth, &mean).unwrap()).abs() < 0.01,
                "{bound:?}"
            );
            assert!(
                (bound.sr - spearman(&truth, &mean).unwrap()).abs() < 0.01,
                "{bound:?}"
            );
        }
    }

    #[test]
    fn another_training_finds_less_the_noisier_it_is() {
        let costs: Vec<f64> = (0..NETWORKS).map(|row| (row % 97) as f64).collect();
        let axis = Axis::even(Cost::new("macs", &costs), 5).unwrap();
        let mbr = |noise: f64| {
            let (_, runs) = trained(noise);
            let runs: Vec<&[f64]> = runs.iter().map(Vec::as_slice).collect();
            another_training(&runs, std::slice::from_ref(&axis))
                .unwrap()
                .unwrap()[0]
                .1
        };
        assert!(
            mbr(0.0) < 1e-12,
            "trainings that agree find the best network"
        );
        assert!(mbr(0.5) < mbr(5.0), "{} {}", mbr(0.5), mbr(5.0));
        let run = [1.0, 2.0];
        assert!(another_training(&[&run], &[axis]).unwrap().is_none());
    }

    #[test]
    fn trainings_that_contradict_have_no_bound() {
        let (up, down) = ([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]);
        assert_eq!(NoiseBound::of(&[&up, &down]).unwrap(), None);
        assert!(NoiseBound::of(&[&up, &down[..2]]).is_err());
        assert!(NoiseBound::of(&[&up, &[f64::NAN; 3]]).is_err());
    }
}
