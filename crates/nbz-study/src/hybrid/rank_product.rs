//! Sums of logarithms of ranks, ordered by the exact product of the ranks.
//!
//! `sum ln(R / n)` rounds, and rounding splits ties such as the ranks {3, 5, 7} in another order, or 2 x 6
//! and 3 x 4. Products of ranks are integers, so they decide wherever two sums are closer than rounding.

use std::cmp::Ordering;

/// Sums of up to some dozens of logarithms of ranks are far more accurate than this.
pub(crate) const NEAR: f64 = 1e-9;

/// An exact product of integers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RankProduct {
    /// Base 2^32, least significant first, without leading zeros.
    digits: Vec<u32>,
}

impl RankProduct {
    pub(crate) fn of(factors: impl Iterator<Item = u32>) -> Self {
        let mut digits = vec![1];
        for factor in factors {
            let mut carry = 0;
            for digit in &mut digits {
                let product = u64::from(*digit) * u64::from(factor) + carry;
                *digit = product as u32;
                carry = product >> 32;
            }
            if carry > 0 {
                digits.push(carry as u32);
            }
        }
        Self { digits }
    }
}

impl Ord for RankProduct {
    fn cmp(&self, other: &Self) -> Ordering {
        let digits = |p: &Self| p.digits.clone().into_iter().rev();
        (self.digits.len().cmp(&other.digits.len())).then_with(|| digits(self).cmp(digits(other)))
    }
}

impl PartialOrd for RankProduct {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `sum over p of ln(R_p / n)` from doubled ranks: equal products give equal bits, and different products
/// stand in their order even where rounding would join or exchange them.
pub(crate) fn log_rank_sums(ranks: &[Vec<u32>], rows: usize) -> Vec<f64> {
    let whole = 2.0 * rows as f64;
    let mut sums: Vec<f64> = (0..rows)
        .map(|row| {
            let logs = ranks
                .iter()
                .map(|ranks| (f64::from(ranks[row]) / whole).ln());
            logs.sum()
        })
        .collect();
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]));
    let runs: Vec<&[usize]> = order
        .chunk_by(|&a, &b| sums[a] - sums[b] <= NEAR)
        .filter(|run| run.len() > 1)
        .collect();
    let mut settled = Vec::new();
    for run in runs {
        let mut exact: Vec<(RankProduct, usize)> = run
            .iter()
            .map(|&row| (RankProduct::of(ranks.iter().map(|r| r[row])), row))
            .collect();
        exact.sort_by(|a, b| b.0.cmp(&a.0));
        let mut value = sums[exact[0].1];
        for pair in 0..exact.len() {
            if pair > 0 && exact[pair].0 != exact[pair - 1].0 {
                value = sums[exact[pair].1].min(value.next_down());
            }
            settled.push((exact[pair].1, value));
        }
    }
    for (row, value) in settled {
        sums[row] = value;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::{RankProduct, log_rank_sums};

    #[test]
    fn products_beyond_64_bits_are_exact() {
        let product = |factors: &[u32]| RankProduct::of(factors.iter().copied());
        assert_eq!(product(&[6; 60]), product(&[4, 9].repeat(30)));
        assert!(product(&[31_250; 12]) > product(&[31_249; 12]));
        assert!(product(&[u32::MAX; 3]) < product(&[u32::MAX, u32::MAX, u32::MAX, 2]));
    }

    #[test]
    fn equal_products_of_different_ranks_are_one_score() {
        // Doubled ranks: 2 x 12 = 4 x 6 = 24 in rows 0, 2 and 3; row 1 has 3 x 10 = 30.
        let ranks = [vec![2, 3, 4, 6, 9, 10], vec![12, 10, 6, 4, 2, 3]];
        let sums = log_rank_sums(&ranks, 6);
        assert_eq!(
            [sums[2].to_bits(), sums[3].to_bits()],
            [sums[0].to_bits(); 2]
        );
        assert_eq!(sums[1].to_bits(), sums[5].to_bits());
        assert!(sums[1] > sums[0] && sums[0] > sums[4]);
    }
}
