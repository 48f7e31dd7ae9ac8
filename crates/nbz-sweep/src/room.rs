//! How many networks fit into the memory side by side.
//!
//! Every network of the share is planned before the first is run, so that a limit which one of them cannot keep
//! is known at once, not after hours. Threads are cut to what fits: a thread's device keeps the memory of the
//! fullest network that it has seen, and up to a quarter more.

use std::num::NonZeroUsize;
use std::thread;

use nbz_engine::Cpu;
use nbz_engine::cpu::most_kept;
use nbz_engine::memory::Pass as EnginePass;
use nbz_engine::{MemoryPlan, Run};
use nbz_space::Network;
use nbz_train::Recipe;

use crate::error::{Result, SweepError};

/// What a share of a list needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Networks that may be worked on at a time.
    pub threads: usize,
    /// The network that needs most, and how many bytes; none where no network needs any.
    pub fullest: Option<(String, u64)>,
}

impl Room {
    /// Plans all networks and cuts `threads` to what stays within `limit` bytes. `bytes` plans the network at a
    /// place of the list on a batch of so many images; the list's own batch is `batch`.
    pub(crate) fn of(
        names: &[String],
        places: &[usize],
        batch: usize,
        (threads, limit): (usize, Option<u64>),
        bytes: &(dyn Fn(usize, usize) -> u64 + Sync),
    ) -> Result<Self> {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let chunk = places.len().div_ceil(cores).max(1);
        let fullest = thread::scope(|scope| {
            let most = |chunk: &[usize]| {
                let planned = chunk.iter().map(|&place| (bytes(place, batch), place));
                // Of several the first.
                planned.max_by_key(|&(bytes, place)| (bytes, std::cmp::Reverse(place)))
            };
            let parts: Vec<_> = places.chunks(chunk).collect();
            let handles: Vec<_> = parts
                .into_iter()
                .map(|part| scope.spawn(move || most(part)))
                .collect();
            let found = handles.into_iter().filter_map(|h| {
                h.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            found.max_by_key(|&(bytes, place)| (bytes, std::cmp::Reverse(place)))
        });
        let Some((needed, place)) = fullest.filter(|(bytes, _)| *bytes > 0) else {
            return Ok(Self {
                threads,
                fullest: None,
            });
        };
        let needed = most_kept(needed);
        let fullest = Some((names[place].clone(), needed));
        let Some(limit) = limit else {
            return Ok(Self { threads, fullest });
        };
        if needed > limit {
            let fits = |images: &usize| most_kept(bytes(place, *images)) <= limit;
            let halves = std::iter::successors(Some(batch / 2), |n| Some(n / 2));
            let fitting_batch = halves.take_while(|n| *n > 0).find(fits);
            let arch = names[place].clone();
            return Err(SweepError::Memory {
                arch,
                needed,
                limit,
                fitting_batch,
            });
        }
        let at_once = usize::try_from(limit / needed).unwrap_or(usize::MAX);
        Ok(Self {
            threads: threads.min(at_once),
            fullest,
        })
    }
}

/// Bytes of a training of a network: a step's backward pass, the sum of its pieces' gradients, and the velocity.
/// Images wait outside of the device and are not counted.
pub(crate) fn of_training(
    device: &Cpu<f32>,
    network: &Network,
    recipe: &Recipe,
    batch: usize,
) -> u64 {
    let images = (batch / recipe.pieces).max(1);
    let plan = MemoryPlan::new(
        device,
        network,
        &Run::default(),
        images,
        EnginePass::Backward,
    );
    plan.total()
        .saturating_add(plan.gradients.saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_cut_to_what_fits_and_too_small_a_limit_names_the_network_and_a_batch() {
        let names: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        // Bytes: 100 an image, twice that for the second network.
        let bytes = |place: usize, images: usize| 100 * images as u64 * (1 + u64::from(place == 1));
        let room = |limit| Room::of(&names, &[0, 1, 2], 8, (4, limit), &bytes);
        let needed = 2_000;
        assert_eq!(room(None).expect("no limit").threads, 4);
        let fits = room(Some(3 * needed + 5)).expect("three fit");
        assert_eq!(
            (fits.threads, fits.fullest),
            (3, Some(("b".to_owned(), needed)))
        );
        assert_eq!(room(Some(needed)).expect("one fits").threads, 1);
        let error = room(Some(needed - 1)).expect_err("none fits");
        assert!(
            matches!(&error, SweepError::Memory { arch, fitting_batch: Some(4), .. } if arch == "b"),
            "{error}"
        );
        let nothing =
            Room::of(&names, &[0, 1, 2], 8, (4, Some(0)), &|_, _| 0).expect("nothing needed");
        assert_eq!((nothing.threads, nothing.fullest), (4, None));
    }
}
