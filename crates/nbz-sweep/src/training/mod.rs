//! Trainings: one network into a folder, with everything that is known of it, and lists of networks into a
//! folder of such folders and a table.
//!
//! What a training gives is a function of its [`nbz_train::Stamp`]; times and machines stand in files beside
//! it. A checkpoint stands in the folder while the training is under way.

mod curve;
mod folder;
mod images;
mod list;
mod table;

pub use curve::curve_frame;
pub use folder::{Folder, Left, Report, Schedule};
pub use images::{Found, material};
pub use list::{List, ListLeft, ListOptions};
