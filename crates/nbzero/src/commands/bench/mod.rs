//! `nbzero bench`: what the engine reaches on this machine, layer by layer and for a whole network.

mod args;
mod document;
mod measure;
mod text;

pub(crate) use args::{Args, run};
