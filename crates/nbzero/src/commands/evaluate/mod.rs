//! `nbzero evaluate`: how good a user's proxy is, beside a table's or on a file that stands alone.

mod alone;
mod args;
mod beside;
mod html;
mod page;

pub(crate) use args::{Args, run};
