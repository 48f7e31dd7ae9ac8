//! What `nbzero explain` knows: one [`Topic`] a subject, in files by kind.

mod costs;
mod measures;
mod program;
mod spaces;
mod topic;

pub(crate) use topic::{Topic, all, find, names};
