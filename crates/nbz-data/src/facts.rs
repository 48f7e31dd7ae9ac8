//! What labelled images are, in numbers: counts by class, mean and deviation by channel.

use crate::Pictures;

/// Numbers of some images, exact: sums are of whole numbers, so their order does not matter.
///
/// ```
/// use nbz_data::{Facts, Pictures};
/// let scale = [[0.0; 3], [1.0; 3]];
/// // Two images of one pixel: red 0 and 255, green 255 twice, blue 51 twice.
/// let bytes = vec![0, 255, 51, 255, 255, 51];
/// let pictures = Pictures::new("two", [1, 1], 3, scale, vec![2, 0], bytes)?;
/// let facts = Facts::of(&pictures);
/// assert_eq!(facts.per_class, [1, 0, 1]);
/// assert_eq!((facts.mean, facts.deviation), ([0.5, 1.0, 0.2], [0.5, 0.0, 0.0]));
/// # Ok::<(), nbz_data::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Images of each class.
    pub per_class: Vec<usize>,
    /// Mean of the bytes over 255: red, green, blue.
    pub mean: [f64; 3],
    /// Their standard deviation, divided by the count.
    pub deviation: [f64; 3],
}

impl Facts {
    /// Counts.
    pub fn of(pictures: &Pictures) -> Self {
        let (size, classes) = (pictures.size(), pictures.classes());
        Self::of_bytes(size, classes, pictures.labels(), pictures.bytes())
    }

    /// The same of images `[N, 3, H, W]` that have no numbers yet.
    pub(crate) fn of_bytes(
        [height, width]: [usize; 2],
        classes: usize,
        labels: &[u32],
        bytes: &[u8],
    ) -> Self {
        let mut per_class = vec![0; classes];
        let plane = height * width;
        let (mut sums, mut squares) = ([0_u64; 3], [0_u64; 3]);
        for (&label, image) in labels.iter().zip(bytes.chunks_exact(3 * plane)) {
            per_class[label as usize] += 1;
            for (c, plane) in image.chunks_exact(plane).enumerate() {
                for &byte in plane {
                    let value = u64::from(byte);
                    sums[c] += value;
                    squares[c] += value * value;
                }
            }
        }
        let count = (labels.len() * plane) as u64;
        // n sum x^2 - (sum x)^2 in whole numbers: nothing cancels.
        let spread = |c: usize| {
            let (n, sum) = (u128::from(count), u128::from(sums[c]));
            (n * u128::from(squares[c]) - sum * sum) as f64
        };
        let deviation = |c: usize| spread(c).sqrt() / count as f64 / 255.0;
        Self {
            per_class,
            mean: sums.map(|sum| sum as f64 / count as f64 / 255.0),
            deviation: [0, 1, 2].map(deviation),
        }
    }
}
