//! How many networks stay within the caps: an exact count where one pass is short, else an estimate.
//!
//! Up to [`EXACT_LIMIT`] strings, every network's closed-form costs are compared with the caps. Above,
//! 100,000 networks are drawn with repetition from a fixed stream, and the share within the caps is
//! given with Wilson's 95 % interval (Wilson, JASA 22, 1927).

use super::{Space, draw::Draw};

/// Strings up to which the capped size is counted exactly.
const EXACT_LIMIT: u64 = 100_000_000;
/// Networks drawn for an estimate.
const SAMPLE: u32 = 100_000;
/// The normal quantile of a two-sided 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// Two ends that hold the true number with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Lower end.
    pub low: u64,
    /// Upper end.
    pub high: u64,
}

/// The number of networks within the caps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CappedSize {
    /// Counted.
    Exact(u64),
    /// Estimated from a fixed sample.
    Estimate {
        /// The most likely number.
        size: u64,
        /// Its 95 % interval.
        interval: Interval,
    },
}

impl CappedSize {
    /// The number, or the best guess of it.
    pub const fn size(self) -> u64 {
        match self {
            Self::Exact(size) | Self::Estimate { size, .. } => size,
        }
    }
}

impl Space {
    /// The number of networks within the caps.
    pub fn capped_size(&self) -> CappedSize {
        if self.caps().is_none() {
            return CappedSize::Exact(self.size());
        }
        if self.size() <= EXACT_LIMIT {
            return CappedSize::Exact((0..self.forms.len()).map(|f| self.count_capped(f)).sum());
        }
        let mut draw = Draw::new(self, "capped size", 0);
        let within = (0..SAMPLE).filter(|_| self.admits(&draw.any())).count() as f64;
        let (n, size) = (f64::from(SAMPLE), self.size() as f64);
        let share = within / n;
        let centre = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let spread = share * (1.0 - share) / n + Z * Z / (4.0 * n * n);
        let half = Z * spread.sqrt() / (1.0 + Z * Z / n);
        CappedSize::Estimate {
            size: (share * size).round() as u64,
            interval: Interval {
                low: ((centre - half).max(0.0) * size).floor() as u64,
                high: ((centre + half).min(1.0) * size).ceil() as u64,
            },
        }
    }

    /// The networks of one form within the caps, one by one.
    pub(super) fn count_capped(&self, form: usize) -> u64 {
        let form = &self.forms[form];
        if self.caps().is_none() {
            return form.size();
        }
        (0..form.size())
            .filter(|&i| self.admits(&self.staged(form.nth(i))))
            .count() as u64
    }

    /// The number of stages and the capped size of each form; `None` above the limit of a count.
    pub fn capped_forms(&self) -> Option<Vec<(usize, u64)>> {
        (self.size() <= EXACT_LIMIT).then(|| {
            let count = |f: usize| (self.forms[f].stages(), self.count_capped(f));
            (0..self.forms.len()).map(count).collect()
        })
    }
}
