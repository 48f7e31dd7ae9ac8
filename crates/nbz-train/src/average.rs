//! A moving average of the weights: what is validated, tested and kept in their place, if the recipe asks for it.
//!
//! Behind step `t`, from 1, every weight and running statistic is `a <- d_t a + (1 - d_t) w` with
//! `d_t = min(d, t / (t + 9))`: the first steps, far from anything, are forgotten sooner (TensorFlow's
//! `ExponentialMovingAverage` with `num_updates`, there `(1 + t) / (10 + t)` counted from 0). Computed in double
//! precision on the host.

use nbz_engine::{Tensor, Weights};

use crate::error::Result;

/// The average behind a step from that behind the step before, which is the first weights before any step.
pub(crate) fn averaged(before: &Weights, now: &Weights, decay: f64, step: u64) -> Result<Weights> {
    let decay = decay.min(step as f64 / (step + 9) as f64);
    let mut after = Weights::new();
    for (name, now) in now.iter() {
        let Some(before) = before.get(name) else {
            continue;
        };
        let (a, w) = (before.to_f64(), now.to_f64());
        let pairs = a.iter().zip(w.iter());
        let values: Vec<f64> = pairs.map(|(a, w)| w + decay * (a - w)).collect();
        after.insert(name, Tensor::new(name, now.dims().to_vec(), values)?);
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: the sum written out. Weights 0, then 10 after each step: `d_t` is 0.1, 2/11, 0.2; tolerance 1e-15.
    #[test]
    fn an_average_starts_where_the_weights_start_and_forgets_it() {
        let weights = |value: f64| {
            let mut weights = Weights::new();
            let tensor = Tensor::new("w", vec![1], vec![value]).expect("a tensor");
            weights.insert("w", tensor);
            weights
        };
        let mut average = weights(0.0);
        let mut left = 1.0;
        for (step, decay) in [(1, 0.1), (2, 2.0 / 11.0), (3, 0.2)] {
            average = averaged(&average, &weights(10.0), 0.2, step).expect("an average");
            left *= decay;
            let is = average.get("w").expect("w").to_f64()[0];
            assert!((is - 10.0 * (1.0 - left)).abs() < 1e-14, "{step}: {is}");
        }
    }
}
