//! A map of the reference device: `[N, C, H, W]` in one vector.

use nbz_space::network::Shape;

/// A value of one layer for a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    images: usize,
    shape: Shape,
    values: Vec<f64>,
}

impl Map {
    pub(super) fn new(images: usize, shape: Shape, values: Vec<f64>) -> Self {
        assert_eq!(values.len(), images * shape.len(), "values of a map");
        Self {
            images,
            shape,
            values,
        }
    }

    pub(super) fn zeros(images: usize, shape: Shape) -> Self {
        Self::new(images, shape, vec![0.0; images * shape.len()])
    }

    pub(super) fn images(&self) -> usize {
        self.images
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(super) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// The pixels of one image and channel.
    pub(super) fn plane(&self, image: usize, channel: usize) -> &[f64] {
        let pixels = self.shape.pixels();
        &self.values[(image * self.shape.channels + channel) * pixels..][..pixels]
    }

    pub(super) fn update(&mut self, f: impl Fn(f64) -> f64) {
        for value in &mut self.values {
            *value = f(*value);
        }
    }

    pub(super) fn update_with(&mut self, other: &Map, f: impl Fn(f64, f64) -> f64) {
        self.assert_like(other);
        for (value, &other) in self.values.iter_mut().zip(&other.values) {
            *value = f(*value, other);
        }
    }

    pub(super) fn add(&mut self, other: &Map) {
        self.update_with(other, |a, b| a + b);
    }

    pub(super) fn assert_like(&self, other: &Map) {
        assert_eq!(
            (self.images, self.shape),
            (other.images, other.shape),
            "maps of one shape"
        );
    }
}
