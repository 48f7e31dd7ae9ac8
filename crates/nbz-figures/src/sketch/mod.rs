//! What a network looks like: the graph of a cell where a space repeats one, else its blocks from input to pooling.

mod blocks;
mod cell;

pub(crate) use blocks::{Blocks, Scale};

use kuva::render::render::Scene;
use nbz_space::{Arch, Task};

/// A network as it is drawn.
#[derive(Debug, Clone)]
pub(crate) enum Sketch {
    /// The operations on the edges of its cell.
    Cell(nbz_space::public::Cell),
    /// Its convolutions, one after the other.
    Blocks(Blocks),
}

impl Sketch {
    /// Looks at an architecture as it is built for a task.
    pub(crate) fn of(arch: &Arch, task: Task) -> Self {
        match arch {
            Arch::NasBench201(cell) => Self::Cell(*cell),
            _ => Self::Blocks(Blocks::of(arch, task)),
        }
    }

    /// How it is read.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Cell(_) => cell::KEY,
            Self::Blocks(blocks) => blocks.key(),
        }
    }

    /// Draws it and answers with its height.
    pub(crate) fn draw(&self, scene: &mut Scene, top: f64, width: f64, scale: Scale) -> f64 {
        match self {
            Self::Cell(cell) => cell::draw(scene, *cell, top, width),
            Self::Blocks(blocks) => blocks.draw(scene, top, width, scale),
        }
    }
}
