//! Seconds by pass. Times never enter a result.

use std::time::Instant;

use super::Pass;

/// Collects how long each pass took, in the order in which they ran.
#[derive(Debug, Default)]
pub(crate) struct Clock(Vec<(Pass, f64)>);

impl Clock {
    /// Runs `work` and adds its time to the pass.
    pub(crate) fn time<T>(&mut self, pass: Pass, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let seconds = start.elapsed().as_secs_f64();
        match self.0.iter_mut().find(|(p, _)| *p == pass) {
            Some((_, sum)) => *sum += seconds,
            None => self.0.push((pass, seconds)),
        }
        result
    }

    /// One entry a pass.
    pub(crate) fn into_seconds(self) -> Vec<(Pass, f64)> {
        self.0
    }
}
