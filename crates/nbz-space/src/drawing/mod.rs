//! A picture of a network: length is depth, thickness is width, marks where the resolution halves.
//!
//! In the manner of the NAS-Bench-Zero paper's Fig. 8. Both forms are functions of the graph alone, so
//! they are the same bytes everywhere.

mod profile;
mod svg;
mod text;

pub use profile::{Drawing, Part, Segment};
