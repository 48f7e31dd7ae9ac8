//! The little linear algebra that proxies need, in f64: eigenvalues of symmetric matrices,
//! log-determinants, correlations, products. Square matrices are row-major slices of `n * n` numbers.

mod correlation;
mod determinant;
mod products;
mod symmetric;

pub use correlation::correlation;
pub use determinant::ln_abs_determinant;
pub use products::products;
pub use symmetric::eigenvalues;
