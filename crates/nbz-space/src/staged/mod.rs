//! Networks of stages: the family to which r1, r2, mb and every user's space belong.

mod cost;
mod grammar;
mod lower;
mod skeleton;

pub use grammar::{MAX_STAGES, Stage, StagedArch, Stages};
pub use skeleton::{Block, Skeleton, StemWidth};

pub(crate) use lower::Inverted;
