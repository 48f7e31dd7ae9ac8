//! Images of noise: standard normal pixels and uniform labels, for scoring without any data.

use crate::images::check_count;
use crate::{DataError, Images, Stream};

/// `count` images of standard normal numbers, rounded to `f32` in row-major order, from the stream
/// (`seed`, `purpose`); labels uniform over the classes from (`seed`, `purpose.labels`).
///
/// ```
/// use nbz_data::noise::images;
/// let batch = images(0, "batch", 2, 8, 10).unwrap();
/// assert_eq!(batch.shape(), [2, 3, 8, 8]);
/// assert_eq!(batch, images(0, "batch", 2, 8, 10).unwrap());
/// assert!(images(0, "batch", 0, 8, 10).is_err());
/// ```
///
/// # Errors
/// [`DataError::EmptyBatch`].
///
/// # Panics
/// If `classes` is 0.
pub fn images(
    seed: u64,
    purpose: &str,
    count: usize,
    resolution: usize,
    classes: usize,
) -> Result<Images, DataError> {
    check_count(count, usize::MAX)?;
    let shape = [count, 3, resolution, resolution];
    let mut pixels = Stream::new(seed, purpose);
    let mut labels = Stream::new(seed, &format!("{purpose}.labels"));
    Ok(Images::new(
        shape,
        (0..shape.iter().product())
            .map(|_| pixels.normal() as f32)
            .collect(),
        (0..count)
            .map(|_| labels.below(classes as u64) as u32)
            .collect(),
        classes,
    ))
}
