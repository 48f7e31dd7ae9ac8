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
pub use list::{List, ListLeft, ListOptions, Told};

pub(crate) use folder::host;
pub(crate) use list::folder_of;
pub(crate) use table::Tables;

use nbz_engine::Cpu;
use nbz_engine::cpu::Path as Kernels;
use nbz_space::Network;
use nbz_train::Recipe;

use crate::error::Result;
use crate::room::{self, Room};

/// The name of [`device`].
pub const DEVICE: &str = "cpu-winograd";

/// The device that trains: single precision, 3 x 3 convolutions by Winograd's form, for a training is no less
/// true for another rounding, and ResNets gain a third.
///
/// # Errors
/// If the operating system refuses the threads.
pub fn device(kernels: Kernels, threads: usize) -> Result<Cpu<f32>> {
    Ok(Cpu::new(kernels, threads)?.with_winograd())
}

/// Whether one network may be trained on a device within `limit` bytes.
///
/// # Errors
/// [`crate::SweepError::Memory`].
pub fn room(
    device: &Cpu<f32>,
    arch: &str,
    network: &Network,
    recipe: &Recipe,
    limit: Option<u64>,
) -> Result<Room> {
    let bytes = |_, images| room::of_training(device, network, recipe, images);
    Room::of(&[arch.to_owned()], &[0], recipe.batch, (1, limit), &bytes)
}
