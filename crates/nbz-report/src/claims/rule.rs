//! The rule of a verdict: which numbers, interval and all, make a test hold.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::row::Estimate;

/// What can be said of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// The whole interval agrees with it.
    #[serde(rename = "holds")]
    Holds,
    /// The whole interval contradicts it.
    #[serde(rename = "does not hold")]
    DoesNotHold,
    /// The interval lies on both sides, or there is no number.
    #[serde(rename = "cannot be told")]
    CannotBeTold,
}

impl Verdict {
    /// Of two tests of one claim: one that does not hold decides, both must hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::DoesNotHold, _) | (_, Self::DoesNotHold) => Self::DoesNotHold,
            (Self::Holds, Self::Holds) => Self::Holds,
            _ => Self::CannotBeTold,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does not hold",
            Self::CannotBeTold => "cannot be told",
        })
    }
}

/// Where the interval must lie; a number without one is its own.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", try_from = "Written")]
pub enum Rule {
    /// Below `holds`; it does not hold above `fails`.
    Below {
        /// The upper end must be smaller.
        holds: f64,
        /// The lower end must not be larger.
        fails: f64,
    },
    /// Above `holds`; it does not hold below `fails`.
    Above {
        /// The lower end must be larger.
        holds: f64,
        /// The upper end must not be smaller.
        fails: f64,
    },
    /// Inside plus and minus so much; it does not hold outside.
    Within(f64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    below: Option<f64>,
    above: Option<f64>,
    within: Option<f64>,
    fails: Option<f64>,
}

impl TryFrom<Written> for Rule {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let fails = written.fails;
        match (written.below, written.above, written.within) {
            (Some(holds), None, None) => Ok(Self::Below {
                holds,
                fails: fails.unwrap_or(holds),
            }),
            (None, Some(holds), None) => Ok(Self::Above {
                holds,
                fails: fails.unwrap_or(holds),
            }),
            (None, None, Some(distance)) if fails.is_none() => Ok(Self::Within(distance)),
            _ => Err("a rule is one of `below`, `above` (with or without `fails`) and `within`"),
        }
    }
}

impl Rule {
    /// What the rule says of a number.
    pub fn verdict(self, number: Estimate) -> Verdict {
        let Some(value) = number.value.filter(|value| !value.is_nan()) else {
            return Verdict::CannotBeTold;
        };
        let (low, high) = (number.low.unwrap_or(value), number.high.unwrap_or(value));
        let (holds, fails) = match self {
            Self::Below { holds, fails } => (high < holds, low > fails),
            Self::Above { holds, fails } => (low > holds, high < fails),
            Self::Within(d) => (-d < low && high < d, high < -d || low > d),
        };
        match (holds, fails) {
            (true, _) => Verdict::Holds,
            (_, true) => Verdict::DoesNotHold,
            _ => Verdict::CannotBeTold,
        }
    }

    /// What the rule says of a number that the true one may exceed: one below every number asked for shows nothing.
    pub fn verdict_at_least(self, number: Estimate) -> Verdict {
        self.verdict(Estimate {
            high: Some(f64::INFINITY),
            ..number
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below { holds, fails } if holds < fails => {
                write!(f, "below {holds}, not above {fails}")
            }
            Self::Above { holds, fails } if holds > fails => {
                write!(f, "above {holds}, not below {fails}")
            }
            Self::Below { holds, .. } => write!(f, "below {holds}"),
            Self::Above { holds, .. } => write!(f, "above {holds}"),
            Self::Within(distance) => write!(f, "within ±{distance}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, Verdict};
    use crate::row::Estimate;

    #[test]
    fn an_interval_on_both_sides_tells_nothing() {
        let rule = Rule::Below {
            holds: 0.0,
            fails: 0.0,
        };
        let verdict = |low: f64, high: f64| {
            rule.verdict(Estimate {
                value: Some(f64::midpoint(low, high)),
                low: Some(low),
                high: Some(high),
            })
        };
        assert_eq!(verdict(-2.0, -1.0), Verdict::Holds);
        assert_eq!(verdict(1.0, 2.0), Verdict::DoesNotHold);
        assert_eq!(verdict(-1.0, 2.0), Verdict::CannotBeTold);
        assert_eq!(verdict(-1.0, 0.0), Verdict::CannotBeTold);
        let undefined = Estimate::exact(None);
        assert_eq!(rule.verdict(undefined), Verdict::CannotBeTold);
        assert_eq!(
            Rule::Within(1.0).verdict(Estimate::exact(Some(-3.0))),
            Verdict::DoesNotHold
        );
    }

    #[test]
    fn a_lower_bound_shows_that_a_number_is_exceeded_and_not_that_it_is_not() {
        let rule = Rule::Above {
            holds: 1.0,
            fails: 1.0,
        };
        let least = |value: f64| rule.verdict_at_least(Estimate::exact(Some(value)));
        assert_eq!(least(2.0), Verdict::Holds);
        assert_eq!(least(0.5), Verdict::CannotBeTold);
        let undefined = Estimate::exact(None);
        assert_eq!(rule.verdict_at_least(undefined), Verdict::CannotBeTold);
    }
}
