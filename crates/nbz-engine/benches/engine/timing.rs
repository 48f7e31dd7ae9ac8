//! Timings that survive a busy machine: the best of several, next to a peak measured in between.
//!
//! Work on one thread is timed by the processor time of that thread, which other programs do not
//! lengthen; work on several threads by the clock on the wall.

use std::time::{Duration, Instant};

use nbz_engine::cpu::{Path, measured_peak};
use rustix::time::{ClockId, clock_gettime};

/// Repeats until this much time has gone, but no fewer than [`FEWEST`] and no more than [`MOST`] times.
const BUDGET: Duration = Duration::from_millis(1200);
const FEWEST: usize = 4;
const MOST: usize = 60;

/// The best time of some work, and the arithmetic peak beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    /// Seconds.
    pub(crate) seconds: f64,
    /// Operations a second that one core could have done.
    peak: f64,
}

impl Timing {
    /// Of work that takes `operations`, on a number of threads.
    pub(crate) fn share_of_peak(self, operations: f64, threads: usize) -> f64 {
        operations / self.seconds / (self.peak * threads as f64)
    }
}

/// Times `work`, which uses a number of threads, after one round that is not counted.
pub(crate) fn best(path: Path, threads: usize, mut work: impl FnMut()) -> Timing {
    work();
    let start = Instant::now();
    let mut timing = Timing {
        seconds: f64::MAX,
        peak: 0.0,
    };
    for round in 0..MOST {
        if round >= FEWEST && start.elapsed() > BUDGET {
            break;
        }
        timing.peak = timing.peak.max(measured_peak::<f32>(path, 4));
        let begin = now(threads);
        work();
        timing.seconds = timing.seconds.min(now(threads) - begin);
    }
    timing
}

fn now(threads: usize) -> f64 {
    let clock = if threads == 1 {
        ClockId::ThreadCPUTime
    } else {
        ClockId::Monotonic
    };
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
