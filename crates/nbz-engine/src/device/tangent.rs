//! Second order of a batch norm.
//!
//! With `P(u) = u - mean(u) - xhat mean(xhat u)` the norm's input gradient is `d = gamma r P(dz)`, and a
//! tangent `x'` of its input moves `xhat` by `xhat' = r P(x')` and `r` by `r' = -r^2 mean(xhat x')`.
//! Differentiating `d` along `x'` and `dz'`:
//!
//! `d' = gamma r [P(dz') - r mean(xhat x') P(dz) - xhat' mean(xhat dz) - xhat mean(xhat' dz)]`,
//!
//! and every mean follows from six sums and `sum dz * x'`:
//! `sum xhat' dz = r (sum x' dz - Q1 S1/m - Q2 S2/m)` with `Q` the sums of `x'` and `S` those of `dz`.
//! With fixed statistics only `gamma r dz'` remains.

use super::{Device, Norm, NormSums};

/// What the derivative of a batch norm's input gradient is computed from.
#[derive(Debug)]
pub struct NormTangent<'a, D: Device + ?Sized> {
    /// The batch norm.
    pub norm: &'a Norm<D::Vector>,
    /// Its input.
    pub input: &'a D::Map,
    /// Tangent of the input.
    pub input_tangent: &'a D::Map,
    /// [`Device::norm_sums`] of the input's tangent.
    pub input_tangent_sums: &'a NormSums<D::Vector>,
    /// Gradient at the output.
    pub dz: &'a D::Map,
    /// [`Device::norm_sums`] of `dz`.
    pub dz_sums: &'a NormSums<D::Vector>,
    /// Tangent of `dz`.
    pub dz_tangent: &'a D::Map,
    /// [`Device::norm_sums`] of the tangent of `dz`.
    pub dz_tangent_sums: &'a NormSums<D::Vector>,
}
