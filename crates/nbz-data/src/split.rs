//! The paper's split: of the training images a share is held back for validation; test images stay apart.
//!
//! Images are numbered canonically, so any copy of a data set is split alike. The numbers held back are the
//! first `floor(share * count)` of the stream (seed 0, `validation`) over all numbers, in ascending order; the
//! others, in ascending order, are trained on. Neither the recipe's seed nor the network's enters.

use crate::Stream;

/// Numbers of training images: to train on, and held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// To train on.
    pub training: Vec<usize>,
    /// Held back for validation.
    pub validation: Vec<usize>,
}

impl Partition {
    /// Splits `count` training images.
    ///
    /// ```
    /// use nbz_data::split::Partition;
    /// let parts = Partition::of(50_000, 0.1);
    /// assert_eq!((parts.training.len(), parts.validation.len()), (45_000, 5_000));
    /// assert_eq!(parts.validation[..4], [14, 31, 36, 45]);
    /// assert!(Partition::of(3, 0.1).validation.is_empty());
    /// ```
    ///
    /// # Panics
    /// If the share is not between 0 and 1.
    pub fn of(count: usize, share: f64) -> Self {
        assert!((0.0..=1.0).contains(&share), "a share");
        let held = (share * count as f64) as usize;
        let mut is_held = vec![false; count];
        for number in Stream::new(0, "validation").distinct(held, count) {
            is_held[number] = true;
        }
        let (validation, training) = (0..count).partition(|&n| is_held[n]);
        Self {
            training,
            validation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_image_is_on_one_side(count in 0_usize..500, share in 0.0_f64..1.0) {
            let Partition { training, validation } = Partition::of(count, share);
            prop_assert_eq!(validation.len(), (share * count as f64) as usize);
            let mut all = [training, validation].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }
}
