//! Batch normalisation as the devices see it: `y = gamma xhat + beta`, `xhat = (x - mean) r`,
//! `r = 1 / sqrt(variance + eps)`, statistics of each channel.

/// Which numbers share a mean and a variance, and so are tied in the backward pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coupling {
    /// All images and pixels of a channel: train mode.
    Batch,
    /// The pixels of one image: train mode with every image a batch of its own. Statistics and sums
    /// hold one number an image and channel, `[N, C]`.
    Image,
    /// None, the statistics are constants: eval mode.
    Fixed,
}

/// Mean and biased variance of each channel.
#[derive(Debug, Clone)]
pub struct Moments<V> {
    /// The mean.
    pub mean: V,
    /// The variance, divided by the count (not by the count less one).
    pub variance: V,
}

/// One batch norm in one pass.
#[derive(Debug, Clone)]
pub struct Norm<V> {
    /// Scale of each channel.
    pub gamma: V,
    /// Shift of each channel.
    pub beta: V,
    /// The statistics in use.
    pub moments: Moments<V>,
    /// Added to the variance.
    pub eps: f64,
    /// How the statistics tie the numbers together.
    pub coupling: Coupling,
}

/// `sum dz` and `sum dz * xhat` of each channel: the gradients of shift and scale, and what the input
/// gradient subtracts.
#[derive(Debug, Clone)]
pub struct NormSums<V> {
    /// `sum dz`.
    pub dz: V,
    /// `sum dz * xhat`.
    pub dz_xhat: V,
}
