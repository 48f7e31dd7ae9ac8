//! Budgets as they are asked for by name, before the costs are known.
//!
//! [`nbz_study::Axis`] is an axis on the numbers of a pool; here is what a person says of one: which costs,
//! and how many even budgets or which.

use nbz_study::{Axis, Bound, Budget, Cost, StudyError};

use crate::error::Result;

/// An axis of budgets, told by the names of its costs.
#[derive(Debug, Clone, PartialEq)]
pub enum AxisRequest {
    /// `count` even limits between the smallest and the largest value of each cost. Several costs are bounded
    /// at once: budget i by limit i of every one.
    Even {
        /// The costs, at least one.
        costs: Vec<String>,
        /// How many budgets.
        count: usize,
    },
    /// Limits and ranges of one cost, each a budget.
    Given {
        /// The cost.
        cost: String,
        /// Smallest and largest feasible cost of each budget, in the cost's own unit.
        ranges: Vec<(Option<f64>, Option<f64>)>,
    },
}

impl AxisRequest {
    /// The costs that the axis bounds.
    pub fn costs(&self) -> &[String] {
        match self {
            Self::Even { costs, .. } => costs,
            Self::Given { cost, .. } => std::slice::from_ref(cost),
        }
    }

    /// The axis on numbers: `values` gives those of a cost by name. Several costs join their names by `+`.
    ///
    /// # Errors
    /// A cost that `values` does not know or that is not finite, a range that runs backwards, or a budget that
    /// no network meets.
    pub fn on<'a>(&self, values: impl Fn(&str) -> Option<&'a [f64]>) -> Result<Axis> {
        let name = self.costs().join("+");
        let mut costs = Vec::new();
        for cost in self.costs() {
            let values = values(cost).ok_or_else(|| StudyError::UnknownCost {
                axis: name.clone(),
                cost: cost.clone(),
            })?;
            costs.push(Cost::new(cost, values));
        }
        Ok(match self {
            Self::Even { count, .. } => Axis::joint(&name, &costs, *count)?,
            Self::Given { cost, ranges } => {
                let budget = |&(low, high): &(Option<f64>, Option<f64>)| Budget {
                    bounds: vec![Bound {
                        cost: cost.clone(),
                        low,
                        high,
                    }],
                };
                Axis::new(&name, &costs, ranges.iter().map(budget).collect())?
            }
        })
    }
}

/// The axes asked for, then `count` even budgets of each other cost that the caller always bounds.
pub fn with_even_axes(
    asked: &[AxisRequest],
    costs: impl IntoIterator<Item = String>,
    count: usize,
) -> Vec<AxisRequest> {
    let mut axes = asked.to_vec();
    for cost in costs {
        if !axes.iter().any(|axis| axis.costs() == [cost.clone()]) {
            axes.push(AxisRequest::Even {
                costs: vec![cost],
                count,
            });
        }
    }
    axes
}
