//! What no predictor can pass, because a network trained again has another accuracy.
//!
//! With R trainings of every network and r the mean correlation of two of them, the mean of the R correlates with a
//! fresh mean of R by `rel = R r / (1 + (R - 1) r)` (Spearman 1910; Brown 1910), and with the expected accuracy,
//! which is the best that a predictor can know, by `sqrt(rel)` (Spearman 1904). For Pearson's correlation that
//! assumes errors that neither depend on the network's accuracy nor on each other; for Spearman's it is the same
//! formula on rank correlations, an approximation.
//!
//! Where only some networks were trained again, r is theirs, and R is the harmonic mean of all networks' numbers of
//! trainings: the mean of R trainings then has the error's mean variance. Those that were trained again are taken for a
//! fair draw.
//!
//! For search there is no such formula. [`another_training`] says what one other training of every network finds as a
//! score, measured on the mean of the rest: a good predictor, though not the best, and it depends on luck in the
//! same way as any other.

use serde::Serialize;

use crate::budget::Axis;
use crate::error::{StudyError, check_finite};
use crate::pearson::pearson;
use crate::pool::Pool;
use crate::spearman::spearman;

/// The highest correlations that a perfect predictor can have with the mean of the trainings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NoiseBound {
    /// Most trainings of a network.
    pub runs: usize,
    /// Networks that were trained so often.
    pub networks: usize,
    /// Of Pearson's correlation.
    pub lc: f64,
    /// Of Spearman's, approximately.
    pub sr: f64,
}

impl NoiseBound {
    /// The bounds from the accuracies of each network's trainings, one slice a network; None where no two networks were
    /// trained twice, or where the trainings do not correlate at all.
    ///
    /// ```
    /// use nbz_study::NoiseBound;
    ///
    /// let twice: [&[f64]; 4] = [&[1.0, 1.0], &[2.0, 3.0], &[3.0, 2.0], &[4.0, 4.0]];
    /// let bound = NoiseBound::of(&twice)?.unwrap();
    /// // r = 0.8: the mean of two trainings has a reliability of 1.6 / 1.8.
    /// assert!((bound.lc - (1.6f64 / 1.8).sqrt()).abs() < 1e-12);
    /// // As many others trained once: 1.33 trainings each, in harmonic mean.
    /// let some: Vec<&[f64]> = twice.into_iter().chain([&[5.0][..]; 4]).collect();
    /// let bound = NoiseBound::of(&some)?.unwrap();
    /// assert!((bound.lc - (4.0 / 3.0 * 0.8 / (1.0 + 0.8 / 3.0f64)).sqrt()).abs() < 1e-12);
    /// assert_eq!((bound.runs, bound.networks), (2, 4));
    /// assert_eq!(NoiseBound::of(&[&[1.0], &[2.0]])?, None); // one training says nothing of noise
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    ///
    /// # Errors
    /// An accuracy that is not finite.
    pub fn of(trainings: &[&[f64]]) -> Result<Option<Self>, StudyError> {
        for (index, network) in trainings.iter().enumerate() {
            check_finite(&format!("network {index}"), network)?;
        }
        let most = trainings.iter().map(|t| t.len()).max().unwrap_or(0);
        let repeated: Vec<&[f64]> = trainings
            .iter()
            .copied()
            .filter(|t| t.len() == most)
            .collect();
        if most < 2 || repeated.len() < 2 {
            return Ok(None);
        }
        let runs = runs_of(&repeated);
        let trained = trainings.iter().filter(|t| !t.is_empty());
        let inverse: f64 = trained.clone().map(|t| 1.0 / t.len() as f64).sum();
        let count = trained.count() as f64 / inverse;
        let bound = |correlation: fn(&[f64], &[f64]) -> Option<f64>| {
            let mut pairs = Vec::new();
            for (at, a) in runs.iter().enumerate() {
                for b in &runs[at + 1..] {
                    pairs.push(correlation(a, b)?);
                }
            }
            let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
            let reliability = count * mean / (1.0 + (count - 1.0) * mean);
            (mean > 0.0).then(|| reliability.sqrt())
        };
        Ok(bound(pearson).zip(bound(spearman)).map(|(lc, sr)| Self {
            runs: most,
            networks: repeated.len(),
            lc,
            sr,
        }))
    }
}

/// The trainings of networks that have equally many, one vector a training.
fn runs_of(trainings: &[&[f64]]) -> Vec<Vec<f64>> {
    let count = trainings.first().map_or(0, |t| t.len());
    (0..count)
        .map(|run| trainings.iter().map(|t| t[run]).collect())
        .collect()
}

/// mBR by axis, ties averaged, of one training as the score of the mean of the others, averaged over the trainings; None
/// where networks were not all trained equally often and at least twice, or without an axis.
///
/// # Errors
/// An accuracy that is not finite, or an axis of other networks.
pub fn another_training(
    trainings: &[&[f64]],
    axes: &[Axis],
) -> Result<Option<Vec<(String, f64)>>, StudyError> {
    for (index, network) in trainings.iter().enumerate() {
        check_finite(&format!("network {index}"), network)?;
    }
    let count = trainings.first().map_or(0, |t| t.len());
    if count < 2 || axes.is_empty() || trainings.iter().any(|t| t.len() != count) {
        return Ok(None);
    }
    let runs = runs_of(trainings);
    let mut totals: Vec<(String, f64)> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let others = runs.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<&[f64]> = others.map(|(_, run)| run.as_slice()).collect();
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

    use super::{NoiseBound, another_training};
    use crate::budget::{Axis, Cost};
    use crate::pearson::pearson;
    use crate::spearman::spearman;

    const NETWORKS: usize = 4000;

    /// A sum of twelve uniform numbers, nearly normal with variance 1.
    fn normal(random: &mut ChaCha8Rng) -> f64 {
        let uniform = |random: &mut ChaCha8Rng| f64::from(random.next_u32()) / f64::from(u32::MAX);
        (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
    }

    /// What each network is worth, and the accuracies of as many trainings as `count` says by place.
    fn trained(noise: f64, count: impl Fn(usize) -> usize) -> (Vec<f64>, Vec<Vec<f64>>) {
        let mut random = ChaCha8Rng::from_seed([3; 32]);
        let truth: Vec<f64> = (0..NETWORKS).map(|_| normal(&mut random)).collect();
        let network = |(at, worth): (usize, &f64)| -> Vec<f64> {
            (0..count(at))
                .map(|_| worth + noise * normal(&mut random))
                .collect()
        };
        let trainings = truth.iter().enumerate().map(network).collect();
        (truth, trainings)
    }

    fn slices(trainings: &[Vec<f64>]) -> Vec<&[f64]> {
        trainings.iter().map(Vec::as_slice).collect()
    }

    /// Oracle: simulated networks whose expected accuracy is known. Tolerance 0.01: a correlation of 4,000 pairs has
    /// a standard error of (1 - r^2) / 63, below 0.008 here; where only every third network was trained again, the
    /// correlation of two trainings rests on a third of the pairs, so 0.02.
    #[test]
    fn the_bound_is_what_the_expected_accuracy_reaches() {
        let thrice: fn(usize) -> usize = |_| 3;
        let some: fn(usize) -> usize = |at| if at % 3 == 0 { 2 } else { 1 };
        for (count, tolerance) in [(thrice, 0.01), (some, 0.02)] {
            for noise in [0.1, 0.5, 1.0] {
                let (truth, trainings) = trained(noise, count);
                let bound = NoiseBound::of(&slices(&trainings)).unwrap().unwrap();
                let mean = |t: &Vec<f64>| t.iter().sum::<f64>() / t.len() as f64;
                let means: Vec<f64> = trainings.iter().map(mean).collect();
                let reached =
                    [pearson(&truth, &means), spearman(&truth, &means)].map(Option::unwrap);
                assert!(
                    (bound.lc - reached[0]).abs() < tolerance,
                    "{bound:?} {reached:?}"
                );
                assert!(
                    (bound.sr - reached[1]).abs() < tolerance,
                    "{bound:?} {reached:?}"
                );
            }
        }
    }

    #[test]
    fn another_training_finds_less_the_noisier_it_is() {
        let costs: Vec<f64> = (0..NETWORKS).map(|row| (row % 97) as f64).collect();
        let axis = Axis::even(Cost::new("macs", &costs), 5).unwrap();
        let mbr = |noise: f64| {
            let (_, trainings) = trained(noise, |_| 3);
            another_training(&slices(&trainings), std::slice::from_ref(&axis))
                .unwrap()
                .unwrap()[0]
                .1
        };
        assert!(
            mbr(0.0) < 1e-12,
            "trainings that agree find the best network"
        );
        assert!(mbr(0.5) < mbr(5.0), "{} {}", mbr(0.5), mbr(5.0));
        let once: [&[f64]; 2] = [&[1.0], &[2.0]];
        assert!(another_training(&once, &[axis]).unwrap().is_none());
    }

    #[test]
    fn trainings_that_contradict_have_no_bound() {
        let contradict: [&[f64]; 3] = [&[1.0, 3.0], &[2.0, 2.0], &[3.0, 1.0]];
        assert_eq!(NoiseBound::of(&contradict).unwrap(), None);
        assert_eq!(NoiseBound::of(&[&[1.0, 2.0], &[1.0]]).unwrap(), None);
        assert!(NoiseBound::of(&[&[f64::NAN; 2], &[1.0; 2]]).is_err());
    }
}
