//! Budgets: limits on costs, and the axes along which a table asks for them.
//!
//! The paper's set is five even limits between the smallest and the largest cost of the pool,
//! `limit_i = min + i (max - min) / count` (section 4.1), the last being exactly the maximum. A user may
//! give any limits or ranges, or bound several costs at once. Costs are finite; a network without a
//! cost belongs outside the pool ([`crate::CommonRows`]).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{StudyError, check_finite, check_length};

/// How many even limits the paper sets between the smallest and the largest cost.
pub const PAPER_BUDGETS: usize = 5;

/// A named cost column, one value a network.
#[derive(Debug, Clone, Copy)]
pub struct Cost<'a> {
    /// What is bounded, as `macs`.
    pub name: &'a str,
    /// The cost of each network of the pool, in the unit of the column.
    pub values: &'a [f64],
}

impl<'a> Cost<'a> {
    /// Names a column.
    pub fn new(name: &'a str, values: &'a [f64]) -> Self {
        Self { name, values }
    }

    fn span(&self) -> (f64, f64) {
        let fold = |start, pick: fn(f64, f64) -> f64| self.values.iter().copied().fold(start, pick);
        (
            fold(f64::INFINITY, f64::min),
            fold(f64::NEG_INFINITY, f64::max),
        )
    }
}

/// One bounded cost of a budget; both ends are feasible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The cost that is bounded.
    pub cost: String,
    /// Smallest feasible cost, if bounded below.
    pub low: Option<f64>,
    /// Largest feasible cost, if bounded above.
    pub high: Option<f64>,
}

impl Bound {
    /// At most `high`.
    pub fn at_most(cost: impl Into<String>, high: f64) -> Self {
        Self {
            cost: cost.into(),
            low: None,
            high: Some(high),
        }
    }

    fn holds(&self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }

    fn check(&self, axis: &str) -> Result<(), StudyError> {
        let low = self.low.unwrap_or(f64::NEG_INFINITY);
        let high = self.high.unwrap_or(f64::INFINITY);
        if low <= high {
            return Ok(());
        }
        Err(StudyError::BadRange {
            axis: axis.to_owned(),
            low,
            high,
        })
    }
}

/// What a network must meet: every bound.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Budget {
    /// The bounds, all of which hold in a feasible network; none leaves every network feasible.
    pub bounds: Vec<Bound>,
}

impl Budget {
    /// The upper limit, where the budget is one and nothing else.
    pub fn upper_limit(&self) -> Option<f64> {
        match self.bounds.as_slice() {
            [
                Bound {
                    low: None, high, ..
                },
            ] => *high,
            _ => None,
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bounds.is_empty() {
            return f.write_str("none");
        }
        for (index, bound) in self.bounds.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            match (bound.low, bound.high) {
                (None, None) => write!(f, "any {}", bound.cost)?,
                (Some(low), None) => write!(f, "{} >= {low}", bound.cost)?,
                (None, Some(high)) => write!(f, "{} <= {high}", bound.cost)?,
                (Some(low), Some(high)) => write!(f, "{low} <= {} <= {high}", bound.cost)?,
            }
        }
        Ok(())
    }
}

/// A named list of budgets over which mBR is a mean, with the networks feasible under each.
#[derive(Debug, Clone)]
pub struct Axis {
    pub(crate) name: String,
    pub(crate) budgets: Vec<Budget>,
    /// Per budget, whether each row is feasible; at least one is.
    pub(crate) feasible: Vec<Vec<bool>>,
}

impl Axis {
    /// `count` even limits between the smallest and the largest cost: the paper's budgets.
    ///
    /// ```
    /// use nbz_study::{Axis, Cost};
    ///
    /// let macs = [10.0, 60.0, 35.0];
    /// let axis = Axis::even(Cost::new("macs", &macs), 5)?;
    /// let limits: Vec<_> = axis.budgets().iter().map(|b| b.upper_limit().unwrap()).collect();
    /// assert_eq!(limits, [20.0, 30.0, 40.0, 50.0, 60.0]);
    /// // A constant cost has one limit, five times.
    /// let flat = Axis::even(Cost::new("depth", &[7.0, 7.0]), 5)?;
    /// assert!(flat.budgets().iter().all(|budget| budget.upper_limit() == Some(7.0)));
    /// # Ok::<(), nbz_study::StudyError>(())
    /// ```
    pub fn even(cost: Cost<'_>, count: usize) -> Result<Self, StudyError> {
        Self::joint(cost.name, &[cost], count)
    }

    /// `count` even limits on several costs at once: budget i bounds every cost by its own limit i.
    ///
    /// A network must meet all of them; where none does, that is an error.
    pub fn joint(name: &str, costs: &[Cost<'_>], count: usize) -> Result<Self, StudyError> {
        let limit = |cost: &Cost<'_>, step: usize| {
            let (low, high) = cost.span();
            let limit = if step == count {
                high // exactly, whatever the division would round to
            } else {
                low + step as f64 * (high - low) / count as f64
            };
            Bound::at_most(cost.name, limit)
        };
        for cost in costs {
            check_finite(cost.name, cost.values)?;
        }
        let budgets = (1..=count)
            .map(|step| Budget {
                bounds: costs.iter().map(|cost| limit(cost, step)).collect(),
            })
            .collect();
        Self::new(name, costs, budgets)
    }

    /// The given upper limits, in the given order.
    pub fn limits(cost: Cost<'_>, limits: &[f64]) -> Result<Self, StudyError> {
        let budgets = limits
            .iter()
            .map(|&limit| Budget {
                bounds: vec![Bound::at_most(cost.name, limit)],
            })
            .collect();
        Self::new(cost.name, &[cost], budgets)
    }

    /// The given ranges, both ends feasible.
    pub fn ranges(cost: Cost<'_>, ranges: &[(f64, f64)]) -> Result<Self, StudyError> {
        let budgets = ranges
            .iter()
            .map(|&(low, high)| Budget {
                bounds: vec![Bound {
                    cost: cost.name.into(),
                    low: Some(low),
                    high: Some(high),
                }],
            })
            .collect();
        Self::new(cost.name, &[cost], budgets)
    }

    /// Any budgets over any costs.
    ///
    /// Refuses budgets that no network meets: no search could answer them, and a mean over them would
    /// mean nothing.
    pub fn new(name: &str, costs: &[Cost<'_>], budgets: Vec<Budget>) -> Result<Self, StudyError> {
        let rows = costs.first().map_or(0, |cost| cost.values.len());
        for cost in costs {
            check_length(cost.name, rows, cost.values.len())?;
            check_finite(cost.name, cost.values)?;
        }
        if budgets.is_empty() {
            return Err(StudyError::NoBudget {
                axis: name.to_owned(),
            });
        }
        if rows == 0 {
            return Err(StudyError::EmptyPool);
        }
        let feasible = budgets
            .iter()
            .map(|budget| feasible_rows(name, costs, budget, rows))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            name: name.to_owned(),
            budgets,
            feasible,
        })
    }

    /// The name under which measures list the axis.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The budgets, in the given order.
    pub fn budgets(&self) -> &[Budget] {
        &self.budgets
    }
}

fn feasible_rows(
    axis: &str,
    costs: &[Cost<'_>],
    budget: &Budget,
    rows: usize,
) -> Result<Vec<bool>, StudyError> {
    let mut feasible = vec![true; rows];
    for bound in &budget.bounds {
        bound.check(axis)?;
        let cost = costs
            .iter()
            .find(|cost| cost.name == bound.cost)
            .ok_or_else(|| StudyError::UnknownCost {
                axis: axis.to_owned(),
                cost: bound.cost.clone(),
            })?;
        for (flag, &value) in feasible.iter_mut().zip(cost.values) {
            *flag &= bound.holds(value);
        }
    }
    if feasible.contains(&true) {
        return Ok(feasible);
    }
    let bounded = |cost: &&Cost<'_>| budget.bounds.iter().any(|bound| bound.cost == cost.name);
    let spans = costs
        .iter()
        .filter(bounded)
        .map(|cost| (cost.name.to_owned(), cost.span().0, cost.span().1))
        .collect();
    Err(StudyError::NothingFeasible {
        budget: budget.to_string(),
        spans,
    })
}
