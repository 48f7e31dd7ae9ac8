//! Trains networks by a recipe, correct to the letter.
//!
//! A [`Recipe`] is data: every number on which a training depends but the seed, the network and the
//! images. A [`Learner`] is a network on a device with its velocities, and does one step at a time.
//!
//! The crate knows images as [`nbz_data`] gives them and networks as [`nbz_engine`] runs them; it knows no
//! tables and prints nothing.

mod error;
mod learner;
mod recipe;
mod schedule;
mod targets;

pub use error::{Result, TrainError};
pub use learner::{Learner, Step};
pub use recipe::Recipe;
pub use schedule::Schedule;
pub use targets::{Mixture, smooth};
