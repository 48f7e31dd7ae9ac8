//! Spaces of staged networks.

mod builtin;
mod spelling;

pub use builtin::Space;
pub(crate) use spelling::nearest;
