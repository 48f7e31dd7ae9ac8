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
        let len = numbers(shape);
        if values.is_empty() || len == 0 {
            return Err(EngineError::EmptyBatch);
        }
        let count = values.len() / len;
        let dims = vec![count, shape.channels, shape.height, shape.width];
        if count * len != values.len() {
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
    ///
    /// # Errors
    /// [`EngineError::EmptyBatch`] of a shape without numbers.
    pub fn ones(shape: Shape) -> Result<Self, EngineError> {
        Self::new(shape, vec![1.0; numbers(shape)])
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

    /// Whether a network can read them, on a device whose numbers end at `largest`.
    pub(crate) fn check(&self, network: &Network, largest: f64) -> Result<(), EngineError> {
        let expected = network.input_shape();
        if self.shape != expected {
            return Err(EngineError::ImageShape {
                expected,
                found: self.shape,
            });
        }
        match self.values.iter().position(|v| v.abs() > largest) {
            None => Ok(()),
            Some(position) => Err(EngineError::TooLarge {
                name: "images".into(),
                position,
                value: self.values[position],
                largest,
            }),
        }
    }
}

/// Numbers of one image; `usize::MAX` where they are more than can be counted.
fn numbers(shape: Shape) -> usize {
    let sides = [shape.channels, shape.height, shape.width];
    if sides.contains(&0) {
        return 0;
    }
    sides.iter().fold(1, |n, &side| n.saturating_mul(side))
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

impl TryFrom<&Labels> for Targets {
    type Error = EngineError;

    /// All of the weight on the label.
    ///
    /// # Errors
    /// [`EngineError::NoMemory`] where a row for every label cannot be had.
    fn try_from(labels: &Labels) -> Result<Self, EngineError> {
        let (rows, classes) = (labels.values.len(), labels.classes);
        let refusal = || EngineError::NoMemory { rows, classes };
        let count = rows.checked_mul(classes).ok_or_else(refusal)?;
        let mut values = Vec::new();
        values.try_reserve_exact(count).map_err(|_| refusal())?;
        values.resize(count, 0.0);
        for (row, &label) in values.chunks_mut(classes).zip(&labels.values) {
            row[label as usize] = 1.0;
        }
        Ok(Self { classes, values })
    }
}
