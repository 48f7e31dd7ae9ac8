//! Hands independent tasks to a device's threads.
//!
//! A task writes memory of its own and no task's work depends on which thread runs it, so results do
//! not depend on the number of threads. With one thread everything runs where it was called: whole
//! networks are then best run side by side.

use rayon::prelude::*;

use crate::error::EngineError;

/// The threads of one device.
#[derive(Debug)]
pub(crate) struct Threads {
    pool: Option<rayon::ThreadPool>,
    count: usize,
}

impl Threads {
    /// Threads for a device; one thread needs no pool.
    ///
    /// # Errors
    /// If the operating system refuses the threads.
    pub(crate) fn new(count: usize) -> Result<Self, EngineError> {
        let build = || {
            let builder = rayon::ThreadPoolBuilder::new().num_threads(count);
            builder.build().map_err(|error| EngineError::Threads {
                count,
                reason: error.to_string(),
            })
        };
        let pool = (count > 1).then(build).transpose()?;
        Ok(Self {
            pool,
            count: count.max(1),
        })
    }

    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Runs `work` on every task.
    pub(crate) fn run<T: Send>(&self, tasks: Vec<T>, work: impl Fn(T) + Sync) {
        match &self.pool {
            Some(pool) if tasks.len() > 1 => {
                pool.install(|| tasks.into_par_iter().with_max_len(1).for_each(&work));
            }
            _ => tasks.into_iter().for_each(work),
        }
    }
}
