//! Images and labels, checked where they enter.

use nbz_space::network::{Network, Shape};

use crate::error::EngineError;

/// Images in the order `[N, C, H, W]`; at least one, all finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Images {
    count: usize,
    shape: Shape,
    values: Vec<f64>,
}

impl Images {
    /// Takes images of one shape.
    pub fn new(shape: Shape, values: Vec<f64>) -> Result<Self, EngineError> {
        if values.is_empty() || shape.is_empty() {
            return Err(EngineError::EmptyBatch);
        }
        let count = values.len() / shape.len();
        let dims = vec![count, shape.channels, shape.height, shape.width];
        if count * shape.len() != values.len() {
            return Err(EngineError::ValueCount {
                name: "images".into(),
                shape: dims,
                values: values.len(),
            });
        }
        if let Some(position) = values.iter().position(|v| !v.is_finite()) {
            return Err(EngineError::NotFinite {
                name: "images".into(),
                shape: dims,
                position,
                value: values[position],
            });
        }
        Ok(Self {
            count,
            shape,
            values,
        })
    }

    /// As [`Images::new`] from single precision.
    pub fn from_f32(shape: Shape, values: &[f32]) -> Result<Self, EngineError> {
        Self::new(shape, values.iter().map(|&v| f64::from(v)).collect())
    }

    /// One image of ones: what synflow looks at.
    pub fn ones(shape: Shape) -> Self {
        Self {
            count: 1,
            shape,
            values: vec![1.0; shape.len()],
        }
    }

    /// Number of images.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Shape of one image.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The values in the order `[N, C, H, W]`.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    pub(crate) fn check(&self, network: &Network) -> Result<(), EngineError> {
        let expected = network.input_shape();
        if self.shape == expected {
            return Ok(());
        }
        Err(EngineError::ImageShape {
            expected,
            found: self.shape,
        })
    }
}

/// The classes of a batch of images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    classes: usize,
    values: Vec<u32>,
}

impl Labels {
    /// Takes labels below `classes`.
    pub fn new(classes: usize, values: Vec<u32>) -> Result<Self, EngineError> {
        if values.is_empty() {
            return Err(EngineError::EmptyBatch);
        }
        if let Some(image) = values.iter().position(|&l| l as usize >= classes) {
            return Err(EngineError::LabelRange {
                label: values[image],
                image,
                classes,
            });
        }
        Ok(Self { classes, values })
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The labels in the order of the images.
    pub fn values(&self) -> &[u32] {
        &self.values
    }
}

/// A distribution over the classes for each image: what label smoothing and mixup make of labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Targets {
    classes: usize,
    values: Vec<f64>,
}

impl Targets {
    /// Takes rows of `classes` numbers, none negative, each row summing to 1 (to 1e-6, for numbers that
    /// were rounded to single precision).
    ///
    /// ```
    /// use nbz_engine::Targets;
    /// assert!(Targets::new(2, vec![0.95, 0.05, 0.5, 0.5]).is_ok());
    /// assert!(Targets::new(2, vec![0.95, 0.1]).is_err());
    /// assert!(Targets::new(2, vec![1.5, -0.5]).is_err());
    /// assert!(Targets::new(2, vec![]).is_err());
    /// ```
    pub fn new(classes: usize, values: Vec<f64>) -> Result<Self, EngineError> {
        if values.is_empty() || classes == 0 {
            return Err(EngineError::EmptyBatch);
        }
        if !values.len().is_multiple_of(classes) {
            return Err(EngineError::ValueCount {
                name: "targets".into(),
                shape: vec![values.len() / classes, classes],
                values: values.len(),
            });
        }
        for (image, row) in values.chunks(classes).enumerate() {
            let sum: f64 = row.iter().sum();
            // Written so that NaN is refused.
            let good = (sum - 1.0).abs() <= 1e-6 && row.iter().all(|&t| t >= 0.0);
            if !good {
                return Err(EngineError::NoDistribution { image, sum });
            }
        }
        Ok(Self { classes, values })
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Images.
    pub fn count(&self) -> usize {
        self.values.len() / self.classes
    }

    /// The numbers, `[N, classes]`.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

impl From<&Labels> for Targets {
    /// All of the weight on the label.
    fn from(labels: &Labels) -> Self {
        let mut values = vec![0.0; labels.classes * labels.values.len()];
        for (row, &label) in values.chunks_mut(labels.classes).zip(&labels.values) {
            row[label as usize] = 1.0;
        }
        Self {
            classes: labels.classes,
            values,
        }
    }
}
