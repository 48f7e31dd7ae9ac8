//! Many machines on one list: a plan, a folder of runs, workers that need nothing but these two.
//!
//! A [`Plan`] is a folder: `plan.toml` says what is to be done, `units.parquet` what with: one row a unit, a
//! network to be scored or a training of one seed. Same inputs, same bytes. Units are cut into **parts** of equal
//! predicted cost; what is claimed, written and lost is a part. A shard I/N is a share of the parts, dealt for
//! whatever N is asked for, so N may change between runs.
//!
//! A folder of [`Runs`] holds everything that is known of a run, and is all that `status`, `retry` and `collect`
//! read; no engine is asked anything:
//!
//! | file | what it is |
//! |---|---|
//! | `plan/` | a copy of the plan; work of another plan is refused |
//! | `parts/000017.part` | the outcomes of a part, written whole under another name and renamed: it stands there or it does not |
//! | `open/000017/WORKER.journal` | the outcomes so far of a worker; whoever takes the part up reads what others left |
//! | `claims/000017` | who works on the part, with a heartbeat |
//! | `trainings/` | checkpoints, weights and curves of trainings, as `train --list` writes them, called by place and seed |
//! | `logs/I-of-N.log.gz` | what the workers of a shard did, one file a shard |
//! | `submissions/` | what was given to which engine, by [`engine`] |
//!
//! **Claims are for speed, not for truth.** An outcome is a function of its unit, and a part appears by a rename:
//! two workers on one part waste time and write the same numbers. So a claim may be doubtful where network file
//! systems are. It is made by an exclusive create and counted up while its worker lives; it is taken over where the
//! same machine has let go of its lock, or where its count stood still for as long as a watcher's own clock, which
//! only runs forward, says is too long. No two machines' clocks are compared.
//!
//! Every line of journals and parts carries its check ([`crate::journal`]): what a kill, a full disk or a bad
//! sector left is found, not believed.

mod balance;
mod claim;
mod collect;
pub mod engine;
mod estimate;
mod log;
mod order;
mod outcome;
mod part;
mod plan;
mod retry;
mod rounds;
mod runs;
mod status;
mod task;
mod trainings;
mod units;
mod work;

pub use balance::balance;
pub use claim::Pace;
pub use collect::{Collected, collect};
pub use estimate::{Estimate, estimate};
pub use order::{Order, TrainingOrder};
pub use outcome::{Entry, Outcome};
pub use plan::Plan;
pub use retry::{Again, retry};
pub use runs::Runs;
pub use status::{Cause, Status, status};
pub use task::{Hand, Scoring, Task, TriedOut};
pub use trainings::Trainings;
pub use units::{Unit, Units};
pub use work::{Left, Options, Told, work};
