//! Images of noise: for scoring without any data standard normal pixels, for trials of a training's speed bytes;
//! labels are uniform over the classes, so there is nothing to learn.

use crate::data::Found;
use crate::images::check_count;
use crate::{DataError, Images, Pictures, Stream};

/// Training and test images of a training on noise: as many, as large and of as many classes as CIFAR-10's.
const COUNTS: [usize; 2] = [50_000, 10_000];
const SIDE: usize = 32;
const CLASSES: usize = 10;

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

/// Training and test images to try the speed of a training on: uniform bytes from the streams (seed 0,
/// `noise.training`) and (seed 0, `noise.test`), labels from (seed 0, `noise.training.labels`) and so on, normalised
/// by the mean and deviation of a uniform byte.
pub(crate) fn sets() -> Result<[Found; 2], DataError> {
    let deviation = (((256.0 * 256.0 - 1.0) / 12.0_f64).sqrt() / 255.0) as f32;
    let part = |purpose: &str, count: usize, remark| {
        let mut labels = Stream::new(0, &format!("{purpose}.labels"));
        let labels = (0..count).map(|_| labels.below(CLASSES as u64) as u32);
        let bytes = Stream::new(0, purpose).bytes(count * 3 * SIDE * SIDE);
        let scale = [[0.5; 3], [deviation; 3]];
        let size = [SIDE, SIDE];
        Ok::<_, DataError>(Found {
            pictures: Pictures::new("noise", size, CLASSES, scale, labels.collect(), bytes)?,
            files: Vec::new(),
            class_names: Vec::new(),
            remark,
        })
    };
    let remark =
        "images and labels are random, so there is nothing to learn: only speed can be tried";
    Ok([
        part("noise.training", COUNTS[0], Some(remark.to_owned()))?,
        part("noise.test", COUNTS[1], None)?,
    ])
}
