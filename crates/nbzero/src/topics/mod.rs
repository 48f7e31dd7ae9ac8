//! What `nbzero explain` knows: one [`Topic`] a subject, in files by kind.

mod costs;
mod measures;
mod program;
mod proxies;
mod spaces;
mod study;
mod topic;

pub(crate) use proxies::contract;
pub(crate) use topic::{Topic, all, find, names, of_every_report};
