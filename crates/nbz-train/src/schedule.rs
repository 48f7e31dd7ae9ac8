//! The learning rate of every step: a linear rise, then half a cosine down to 0.
//!
//! With `W` steps of warm-up of `T`: `rate (t + 1) / W` for `t < W`, then
//! `rate / 2 (1 + cos(pi (t - W) / (T - W)))`, so that the first step behind the warm-up has the full rate
//! and the last one a little more than 0. The cosine is that of `libm`, the same on every machine.

use crate::recipe::Recipe;

/// The learning rates of one training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    rate: f64,
    warm_up: u64,
    steps: u64,
}

impl Schedule {
    /// Of a training of so many steps.
    ///
    /// ```
    /// use nbz_train::Schedule;
    /// let schedule = Schedule::new(0.1, 2, 6);
    /// let rates: Vec<f64> = (0..6).map(|t| schedule.rate(t)).collect();
    /// assert_eq!(rates[..3], [0.05, 0.1, 0.1]);
    /// assert!((rates[4] - 0.05).abs() < 1e-15); // half-way down
    /// ```
    pub const fn new(rate: f64, warm_up: u64, steps: u64) -> Self {
        Self {
            rate,
            warm_up,
            steps,
        }
    }

    /// Of a recipe with so many steps an epoch; a fraction of a step is none.
    pub fn of(recipe: &Recipe, steps_an_epoch: u64) -> Self {
        let warm_up = (recipe.warm_up * steps_an_epoch as f64) as u64;
        Self::new(
            recipe.rate,
            warm_up,
            u64::from(recipe.epochs) * steps_an_epoch,
        )
    }

    /// All steps.
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// The rate of step `t`, from 0; that of the last step for any step behind it.
    pub fn rate(&self, t: u64) -> f64 {
        let t = t.min(self.steps.saturating_sub(1));
        if t < self.warm_up {
            return self.rate * (t + 1) as f64 / self.warm_up as f64;
        }
        let share = (t - self.warm_up) as f64 / (self.steps - self.warm_up) as f64;
        self.rate * 0.5 * (1.0 + libm::cos(std::f64::consts::PI * share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rates_rise_then_fall_and_their_cosine_part_averages_to_half(warm_up in 0_u64..50, rest in 1_u64..500) {
            let schedule = Schedule::new(0.4, warm_up, warm_up + rest);
            let rates: Vec<f64> = (0..warm_up + rest).map(|t| schedule.rate(t)).collect();
            let (up, down) = rates.split_at(warm_up as usize);
            prop_assert!(up.windows(2).all(|w| w[0] < w[1]));
            prop_assert!(down.windows(2).all(|w| w[0] > w[1]));
            // Oracle: sum_{t<n} cos(pi t / n) = 1, so the mean is rate / 2 (1 + 1 / n); tolerance 1e-12.
            let mean = down.iter().sum::<f64>() / rest as f64;
            prop_assert!((mean - 0.2 * (1.0 + 1.0 / rest as f64)).abs() < 1e-12);
        }
    }
}
