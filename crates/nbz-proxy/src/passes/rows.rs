//! Maps as matrices with one row a channel.

use nbz_space::Shape;

/// A map `[N, C, H, W]` as `[C, N H W]`.
pub(crate) fn by_channel(values: &[f64], shape: Shape) -> Vec<f64> {
    let pixels = shape.pixels();
    let mut rows = Vec::with_capacity(values.len());
    for channel in 0..shape.channels {
        for image in values.chunks(shape.len()) {
            rows.extend_from_slice(&image[channel * pixels..][..pixels]);
        }
    }
    rows
}

/// A map `[N, C, H, W]` as `[C r r, N H' W']` with `r` by `r` neighbours as channels of one pixel of a map
/// of height `H'` and width `W'`; neighbours beyond the border are 0.
pub(crate) fn unshuffled(values: &[f64], shape: Shape, to: Shape) -> Vec<f64> {
    let r = shape.height.div_ceil(to.height);
    let mut rows = Vec::with_capacity(values.len());
    for channel in 0..shape.channels {
        for (dy, dx) in (0..r * r).map(|i| (i / r, i % r)) {
            for image in values.chunks(shape.len()) {
                let plane = &image[channel * shape.pixels()..][..shape.pixels()];
                for y in (0..to.height).map(|y| y * r + dy) {
                    for x in (0..to.width).map(|x| x * r + dx) {
                        let inside = y < shape.height && x < shape.width;
                        rows.push(if inside {
                            plane[y * shape.width + x]
                        } else {
                            0.0
                        });
                    }
                }
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_channels() {
        // Two images of one channel and 2 x 2 pixels; by hand.
        let map = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
        let (from, to) = (Shape::new(1, 2, 2), Shape::new(1, 1, 1));
        let rows = unshuffled(&map, from, to);
        assert_eq!(rows, [0.0, 4.0, 1.0, 5.0, 2.0, 6.0, 3.0, 7.0]);
        let kept = by_channel(&map, Shape::new(2, 1, 2));
        assert_eq!(kept, [0.0, 1.0, 4.0, 5.0, 2.0, 3.0, 6.0, 7.0]);
    }
}
