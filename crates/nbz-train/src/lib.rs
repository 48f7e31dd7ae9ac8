//! Trains networks by a recipe, correct to the letter.
//!
//! A [`Recipe`] is data: every number on which a training depends but the seed, the network and the
//! images. A [`Learner`] is a network on a device with its velocities, and does one step at a time.
//!
//! A [`Training`] is a learner with images, a schedule and a seed: its outcome is a function of its [`Stamp`],
//! whatever the threads and however often it was stopped and taken up from its checkpoint.
//!
//! The crate knows images as [`nbz_data`] gives them and networks as [`nbz_engine`] runs them; it knows no
//! tables, prints nothing, and hands checkpoints out as bytes.
//!
//! Slow today, and not hidden: a batch goes to the device through double precision on the host, and biases and
//! batch norms are moved on the host. Both are below a hundredth of a step of the networks of the paper.

mod average;
mod checkpoint;
mod curve;
mod error;
mod evaluate;
mod learner;
mod loader;
mod material;
mod recipe;
mod schedule;
mod stamp;
mod targets;
mod training;

pub use curve::Epoch;
pub use error::{Result, TrainError};
pub use evaluate::{Accuracy, evaluate};
pub use learner::{Learner, Step};
pub use loader::Loader;
pub use material::Material;
pub use recipe::{Init, Recipe};
pub use schedule::Schedule;
pub use stamp::Stamp;
pub use targets::{Mixture, smooth};
pub use training::{Control, Ended, Every, Outcome, Progress, Training};
