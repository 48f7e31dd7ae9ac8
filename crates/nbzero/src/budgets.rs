//! The budgets under which mBR and the accuracy found are measured, as people type them.
//!
//! Without a word they are the paper's: five even ones of each cost. `--budgets` asks for another number,
//! `--limits macs=50M,100M` and `--limits macs=10M..50M` for one's own, `--joint macs,params` for even ones
//! that bound several costs at once. An axis asked for is the one that a page shows.

use std::str::FromStr;

use nbz_report::{AxisRequest, with_even_axes};
use nbz_study::{AxisPicks, PAPER_BUDGETS};
use nbz_table::{Quantity, Role, Unit};

use crate::failure::CommandError;
use crate::source::Source;

/// What was typed.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Budgets")]
pub(crate) struct BudgetArgs {
    /// Even budgets of each cost, between its smallest and its largest value
    #[arg(
        long = "budgets",
        value_name = "COUNT",
        value_parser = count,
        default_value_t = PAPER_BUDGETS
    )]
    pub(crate) count: usize,
    /// Budgets of a cost in place of even ones, such as macs=50M,100M or macs=10M..50M,50M..100M; may be
    /// repeated for other costs
    #[arg(long, value_name = "COST=LIMIT,...")]
    limits: Vec<CostLimits>,
    /// Even budgets that bound several costs at once, such as macs,params; may be repeated
    #[arg(long, value_name = "COST,COST")]
    joint: Vec<JointCosts>,
}

/// `COST=LIMIT,...`.
#[derive(Debug, Clone)]
struct CostLimits {
    cost: String,
    budgets: Vec<LimitText>,
}

/// `LIMIT`, `LOW..HIGH`, `LOW..` or `..HIGH`.
#[derive(Debug, Clone)]
struct LimitText {
    text: String,
    low: Option<Quantity>,
    high: Option<Quantity>,
}

/// `COST,COST`.
#[derive(Debug, Clone)]
struct JointCosts(Vec<String>);

impl BudgetArgs {
    /// The axes asked for, each limit in the unit of its column.
    pub(crate) fn on_table(&self, source: &Source) -> anyhow::Result<Vec<AxisRequest>> {
        let cost = |name: &str| {
            let info = source.column(name)?;
            if info.role == Role::Cost {
                return Ok((info.base_name().to_owned(), info.unit));
            }
            Err(anyhow::Error::new(CommandError::Usage {
                problem: format!("`{name}` of the budgets is no cost"),
                hint: format!("`nbzero tables {}` lists the costs", source.table.name()),
            }))
        };
        self.requests(cost)
    }

    /// The axes on columns without a unit: those asked for, and even budgets of each of `costs`.
    pub(crate) fn on_columns(&self, costs: &[String]) -> anyhow::Result<Vec<AxisRequest>> {
        let asked = self.requests(|name| Ok((name.to_owned(), Unit::Count)))?;
        Ok(with_even_axes(&asked, costs.iter().cloned(), self.count))
    }

    fn requests(
        &self,
        cost: impl Fn(&str) -> anyhow::Result<(String, Unit)>,
    ) -> anyhow::Result<Vec<AxisRequest>> {
        let mut requests = Vec::new();
        for limits in &self.limits {
            let (cost, unit) = cost(&limits.cost)?;
            let end = |end: &Option<Quantity>| end.as_ref().map(|q| q.in_unit(unit)).transpose();
            let ranges = limits
                .budgets
                .iter()
                .map(|b| Ok((end(&b.low)?, end(&b.high)?)));
            let ranges = ranges.collect::<nbz_table::Result<_>>()?;
            requests.push(AxisRequest::Given { cost, ranges });
        }
        for JointCosts(names) in &self.joint {
            let costs = names.iter().map(|name| Ok(cost(name)?.0));
            requests.push(AxisRequest::Even {
                costs: costs.collect::<anyhow::Result<_>>()?,
                count: self.count,
            });
        }
        Ok(requests)
    }

    /// What stands above each budget of the axis that a page shows: the limits as typed, or shares of the range.
    pub(crate) fn headings(&self, shown: &AxisPicks) -> Vec<String> {
        if let Some(limits) = self.limits.first() {
            return limits.budgets.iter().map(|b| b.text.clone()).collect();
        }
        let count = shown.picks.len();
        (1..=count)
            .map(|i| format!("{} %", 100 * i / count))
            .collect()
    }

    /// In words, the budgets of the axis that a page shows.
    pub(crate) fn words(&self, shown: &AxisPicks) -> String {
        let kind = if self.limits.is_empty() {
            "even"
        } else {
            "given"
        };
        format!("{} {kind} budgets of {}", shown.picks.len(), shown.name)
    }
}

impl FromStr for CostLimits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (cost, limits) = text
            .split_once('=')
            .ok_or("budgets are COST=LIMIT,..., such as macs=50M,100M or macs=10M..50M")?;
        Ok(Self {
            cost: cost.trim().to_owned(),
            budgets: limits
                .split(',')
                .map(str::parse)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl FromStr for LimitText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let end = |end: &str| match end.trim() {
            "" => Ok(None),
            number => number
                .parse()
                .map(Some)
                .map_err(|e: nbz_table::Error| e.to_string()),
        };
        let (low, high) = match text.split_once("..") {
            Some((low, high)) => (end(low)?, end(high)?),
            None => (None, end(text)?),
        };
        if low.is_none() && high.is_none() {
            return Err("a budget is a limit such as 50M or a range such as 10M..50M".to_owned());
        }
        Ok(Self {
            text: text.to_owned(),
            low,
            high,
        })
    }
}

impl FromStr for JointCosts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let costs: Vec<String> = text.split(',').map(|cost| cost.trim().to_owned()).collect();
        let repeated = costs
            .iter()
            .enumerate()
            .any(|(at, cost)| costs[..at].contains(cost));
        if costs.len() < 2 || repeated || costs.contains(&String::new()) {
            return Err("name two costs or more, each once, such as macs,params".to_owned());
        }
        Ok(Self(costs))
    }
}

/// A number of budgets as typed; more than one a hundredth of the range says nothing new.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=100) => Ok(count),
        _ => Err("a number of budgets is 1 to 100".to_owned()),
    }
}
