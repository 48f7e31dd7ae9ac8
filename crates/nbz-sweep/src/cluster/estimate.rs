//! What a plan will take, from a few of its units done on this machine.

use std::time::{Duration, Instant};

use serde::Serialize;

use super::plan::Plan;
use super::task::Task;
use super::units::Unit;
use crate::error::Result;

/// What a plan will take on machines like this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Units of the plan.
    pub units: usize,
    /// Parts of the plan.
    pub parts: usize,
    /// Hours of one core for all of it.
    pub core_hours: f64,
    /// Seconds of the longest unit: no run can be shorter.
    pub longest_seconds: f64,
    /// Units that were done to know the rate; their outcomes are not kept.
    pub tried: usize,
    /// Seconds that this took.
    pub tried_seconds: f64,
    /// By how much the tried units' times lie beside their prediction: root mean square, as a share of the mean.
    pub error: f64,
    /// Bytes of the folder of runs at the end, without weights of trainings.
    pub disk_bytes: u64,
}

/// Does a few units, spread over the range of costs, until `time` is over, and carries their rate over to the rest.
///
/// # Errors
/// As the task.
pub fn estimate(plan: &Plan, task: &dyn Task, time: Duration) -> Result<Estimate> {
    let all = plan.units().all();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&u| all[u].cost);
    let clock = Instant::now();
    let mut hand = task.hand()?;
    let mut tried: Vec<(&Unit, f64)> = Vec::new();
    let mut bytes = 0;
    for at in spread(order.len()) {
        let unit = order[at];
        if tried.len() >= 3 && clock.elapsed() >= time {
            break;
        }
        if let Some(out) = hand.try_out(unit)? {
            bytes += out.bytes;
            tried.push((&all[unit], out.seconds));
        }
    }
    let cost: f64 = tried.iter().map(|(unit, _)| unit.cost as f64).sum();
    let seconds: f64 = tried.iter().map(|(_, s)| s).sum();
    let rate = seconds / cost.max(1.0);
    let mean = seconds / tried.len().max(1) as f64;
    let squares = tried
        .iter()
        .map(|(unit, s)| (s - rate * unit.cost as f64).powi(2));
    let error = (squares.sum::<f64>() / tried.len().max(1) as f64).sqrt() / mean.max(1e-12);
    let longest = order.last().map_or(0, |&u| all[u].cost);
    Ok(Estimate {
        units: all.len(),
        parts: plan.units().parts().len(),
        core_hours: rate * plan.units().cost() as f64 / 3600.0,
        longest_seconds: rate * longest as f64,
        tried: tried.len(),
        tried_seconds: clock.elapsed().as_secs_f64(),
        error,
        disk_bytes: (bytes / tried.len().max(1) * all.len()) as u64,
    })
}

/// Places that fill a range evenly from the first on: the middle, the quarters, the eighths.
fn spread(count: usize) -> impl Iterator<Item = usize> {
    let levels = 1..=16_u32;
    let mut seen = std::collections::HashSet::new();
    levels
        .flat_map(|level| {
            (1..1_usize << level)
                .step_by(2)
                .map(move |odd| (odd, level))
        })
        .map(move |(odd, level)| (odd * count) >> level)
        .filter(move |&at| at < count && seen.insert(at))
}
