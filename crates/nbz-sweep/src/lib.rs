//! Scores thousands of networks: what is scored, by which recipe, and how the work survives a kill.
//!
//! A [`Sweep`] is a list of networks, the images that all of them see, the proxies and a [`Recipe`] that
//! names everything on which a score depends; a [`Program`] is a proxy of the user's own. [`Sweep::run`] scores one network a thread and keeps each
//! result in a [`journal`]; killed at any moment and started again it goes on, and ends with the same
//! bytes. Results are one [`nbz_table`] file, in the order of the list; times and machines go to a second
//! file, outside that promise. A [`Shard`] is every n-th network of the list; [`merge`] puts shards
//! together to the bytes of one run. [`training`] does the same for trainings; [`cluster`] spreads either over many machines.

pub mod cluster;
mod error;
mod images;
pub mod journal;
mod merge;
mod networks;
mod output;
pub mod program;
mod recipe;
mod repeats;
mod room;
mod run;
mod settings;
mod shard;
mod sweep;
pub mod training;

pub use error::{Result, SweepError};
pub use images::Prepared;
pub use merge::merge;
pub use nbz_data::Data;
pub use networks::{Networks, PUBLIC_SPACES, definition, distinct_of, of_table};
pub use output::{Stamp, frame, stamp_of};
pub use program::{Program, Trouble};
pub use recipe::Recipe;
pub use room::Room;
pub use run::{Finished, Options, Progress, Worker};
pub use settings::Settings;
pub use shard::Shard;
pub use sweep::Sweep;
