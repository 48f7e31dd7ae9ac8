//! Maps on the host: centred by channel, and with neighbours as channels.

use nbz_space::Shape;

/// Takes from every number of a map `[N, C, H, W]` the mean of its channel over images and pixels.
pub(crate) fn centred(values: &mut [f64], shape: Shape) {
    let pixels = shape.pixels();
    let samples = values.len() / shape.channels;
    let mut means = vec![0.0; shape.channels];
    for image in values.chunks(shape.len()) {
        for (mean, plane) in means.iter_mut().zip(image.chunks(pixels)) {
            *mean += plane.iter().sum::<f64>();
        }
    }
    for image in values.chunks_mut(shape.len()) {
        for (mean, plane) in means.iter().zip(image.chunks_mut(pixels)) {
            for v in plane {
                *v -= mean / samples as f64;
            }
        }
    }
}

/// A map `[N, C, H, W]` as `[N, C r r, H', W']` with `r` by `r` neighbours as channels of one pixel of a map
/// of height `H'` and width `W'`, and its shape; neighbours beyond the border are 0.
pub(crate) fn unshuffled(values: &[f64], shape: Shape, to: Shape) -> (Vec<f64>, Shape) {
    let r = shape.height.div_ceil(to.height);
    let mut out = Vec::with_capacity(values.len());
    for plane in values.chunks(shape.pixels()) {
        for (dy, dx) in (0..r * r).map(|i| (i / r, i % r)) {
            for y in (0..to.height).map(|y| y * r + dy) {
                for x in (0..to.width).map(|x| x * r + dx) {
                    let inside = y < shape.height && x < shape.width;
                    out.push(if inside {
                        plane[y * shape.width + x]
                    } else {
                        0.0
                    });
                }
            }
        }
    }
    let shape = Shape::new(shape.channels * r * r, to.height, to.width);
    (out, shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_channels() {
        // Two images of one channel and 2 x 4 pixels; by hand.
        let map: Vec<f64> = (0..16).map(f64::from).collect();
        let (found, shape) = unshuffled(&map, Shape::new(1, 2, 4), Shape::new(1, 1, 2));
        assert_eq!(shape, Shape::new(4, 1, 2));
        let first = [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0];
        assert_eq!(found[..8], first);
        assert_eq!(found[8..], first.map(|v| v + 8.0));
    }

    #[test]
    fn channels_are_centred_over_the_batch() {
        // Two images of two channels and one pixel; by hand.
        let mut map = [1.0, 10.0, 3.0, 30.0];
        centred(&mut map, Shape::new(2, 1, 1));
        assert_eq!(map.to_vec(), vec![-1.0, -10.0, 1.0, 10.0]);
    }
}
