//! Bins of equal cost.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Deals things of known cost into `bins` of nearly equal sums and gives each thing's bin: the costliest first,
/// always into the bin that has least (Graham 1969, longest processing time first). No bin has more than 4/3 of what
/// the best deal would give the fullest; with many things a bin, far less. Of equals the first comes first.
///
/// ```
/// let bins = nbz_sweep::cluster::balance(&[7, 1, 5, 4, 3], 2);
/// assert_eq!(bins, [0, 1, 1, 1, 0]);
/// ```
pub fn balance(costs: &[u64], bins: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..costs.len()).collect();
    order.sort_by_key(|&at| Reverse(costs[at]));
    let mut loads: BinaryHeap<Reverse<(u64, usize)>> = (0..bins.min(costs.len()).max(1))
        .map(|bin| Reverse((0, bin)))
        .collect();
    let mut bin_of = vec![0; costs.len()];
    for at in order {
        let Some(mut least) = loads.peek_mut() else {
            break;
        };
        let Reverse((load, bin)) = &mut *least;
        *load = load.saturating_add(costs[at]);
        bin_of[at] = *bin;
    }
    bin_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Oracle: Graham's bound; no deal's fullest bin has less than the mean, nor less than the costliest thing.
        #[test]
        fn every_thing_is_in_one_bin_and_no_bin_is_too_full(
            costs in prop::collection::vec(0_u64..1_000, 0..200),
            bins in 1_usize..20,
        ) {
            let bin_of = balance(&costs, bins);
            prop_assert_eq!(bin_of.len(), costs.len());
            let mut loads = vec![0_u64; bins];
            for (&cost, &bin) in costs.iter().zip(&bin_of) {
                loads[bin] += cost;
            }
            let mean = costs.iter().sum::<u64>() as f64 / bins as f64;
            let costliest = costs.iter().copied().max().unwrap_or(0) as f64;
            let fullest = loads.iter().copied().max().unwrap_or(0) as f64;
            // The thing that filled the bin came when it had at most the mean.
            prop_assert!(fullest <= mean + costliest);
            prop_assert_eq!(balance(&costs, bins), bin_of);
        }
    }
}
