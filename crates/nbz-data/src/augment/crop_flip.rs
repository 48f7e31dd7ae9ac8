//! Random crop and horizontal flip: the augmentation of CIFAR that nearly every published recipe begins with.
//!
//! The image is padded by [`PADDING`] pixels on every side, a window of its own size is cut out at a place
//! drawn evenly, and the window is mirrored with probability 1/2 (torchvision's `RandomCrop(32, padding=4)`
//! and `RandomHorizontalFlip()`).

use crate::Stream;

/// Pixels added on every side before the window is cut out.
pub const PADDING: usize = 4;

/// One draw: where the window lies and whether it is mirrored.
///
/// ```
/// use nbz_data::augment::CropFlip;
/// // One row of two pixels moved by one to the right: the left one comes from the padding.
/// let moved = CropFlip { top: 4, left: 3, flip: false };
/// assert_eq!(moved.apply(&[7, 8], [1, 2], &[0]), [0, 7]);
/// assert_eq!(CropFlip { flip: true, ..moved }.apply(&[7, 8], [1, 2], &[0]), [7, 0]);
/// assert_eq!(CropFlip::NONE.apply(&[7, 8], [1, 2], &[0]), [7, 8]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CropFlip {
    /// Rows of the padded image above the window, 0 to `2 * PADDING`.
    pub top: usize,
    /// Columns of the padded image left of the window, 0 to `2 * PADDING`.
    pub left: usize,
    /// Whether the window is mirrored.
    pub flip: bool,
}

impl CropFlip {
    /// The draw that leaves every image as it is.
    pub const NONE: Self = Self {
        top: PADDING,
        left: PADDING,
        flip: false,
    };

    /// The draw of an image: the stream (`seed`, `{purpose}.crop_flip.{number}`) gives top, left and flip.
    ///
    /// It depends on nothing else, so neither on the batch that the image is in nor on who drew before.
    pub fn draw(seed: u64, purpose: &str, number: usize) -> Self {
        let mut stream = Stream::new(seed, &format!("{purpose}.crop_flip.{number}"));
        let places = 2 * PADDING as u64 + 1;
        Self {
            top: stream.below(places) as usize,
            left: stream.below(places) as usize,
            flip: stream.below(2) == 1,
        }
    }

    /// Cuts the window out of an image `[C, height, width]`; `fill` is the padding of each channel, 0 for
    /// raw bytes.
    ///
    /// # Panics
    /// If the image is not of `fill.len()` channels of that size.
    pub fn apply<T: Copy>(self, image: &[T], [height, width]: [usize; 2], fill: &[T]) -> Vec<T> {
        assert_eq!(image.len(), fill.len() * height * width, "pixels");
        let source = |window: usize, start: usize, side: usize| {
            (window + start)
                .checked_sub(PADDING)
                .filter(|&at| at < side)
        };
        let mut out = Vec::with_capacity(image.len());
        for (plane, &fill) in image.chunks_exact(height * width).zip(fill) {
            for y in 0..height {
                let row = source(y, self.top, height).map(|y| &plane[y * width..][..width]);
                out.extend((0..width).map(|x| {
                    let x = if self.flip { width - 1 - x } else { x };
                    let column = source(x, self.left, width);
                    row.zip(column).map_or(fill, |(row, x)| row[x])
                }));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_pixel_is_the_padded_image_s(
            top in 0_usize..=8, left in 0_usize..=8, flip: bool, height in 1_usize..12, width in 1_usize..12,
        ) {
            // Oracle: the definition, with a padded image written out.
            let image: Vec<usize> = (1..=2 * height * width).collect();
            let wide = width + 2 * PADDING;
            let mut padded = vec![0; 2 * (height + 2 * PADDING) * wide];
            for (at, &value) in image.iter().enumerate() {
                let (c, y, x) = (at / (height * width), at / width % height, at % width);
                padded[(c * (height + 2 * PADDING) + y + PADDING) * wide + x + PADDING] = value;
            }
            let mut expected = Vec::new();
            for c in 0..2 {
                for y in 0..height {
                    let start = (c * (height + 2 * PADDING) + y + top) * wide + left;
                    let mut row = padded[start..][..width].to_vec();
                    if flip { row.reverse(); }
                    expected.extend(row);
                }
            }
            let draw = CropFlip { top, left, flip };
            prop_assert_eq!(draw.apply(&image, [height, width], &[0, 0]), expected);
        }
    }

    #[test]
    fn draws_are_even_and_named_by_seed_purpose_and_number() {
        // Oracle: 9,000 draws over 9 places and 2 mirrors, each within 5 deviations (149 and 237).
        let mut tops = [0; 9];
        let mut lefts = [0; 9];
        let mut flips = 0;
        for number in 0..9000 {
            let draw = CropFlip::draw(3, "batch", number);
            tops[draw.top] += 1;
            lefts[draw.left] += 1;
            flips += i32::from(draw.flip);
        }
        for count in tops.into_iter().chain(lefts) {
            assert!((count - 1000_i32).abs() < 149, "{count}");
        }
        assert!((flips - 4500).abs() < 237, "{flips}");
        let some = |seed, purpose| -> Vec<_> {
            (0..20).map(|n| CropFlip::draw(seed, purpose, n)).collect()
        };
        assert_eq!(some(3, "batch"), some(3, "batch"));
        assert_ne!(some(3, "batch"), some(4, "batch"));
        assert_ne!(some(3, "batch"), some(3, "batch.2"));
    }
}
