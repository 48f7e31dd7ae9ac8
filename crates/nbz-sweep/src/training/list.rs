//! Many networks trained side by side, one a thread, into a folder of training folders and a table.
//!
//! `OUTPUT/trainings/NETWORK.SEED/` is one training ([`super::folder`]): it is known by what is trained and not by where
//! that stands in the list, so that a list may grow and change its order, and what is trained stays of use. All else on
//! which a training depends is one for a list, and compared with the stamp of whatever is found: a folder is of one recipe
//! and one set of images. A start takes up whatever is not done of its share of the list. Where all of the list is done, whoever finds it so writes `OUTPUT/table.parquet`, a row
//! a network, `OUTPUT/curves.parquet` and, outside the promise of equal bytes, `OUTPUT/machines.parquet`. Shards
//! may therefore share a folder, or have their folders copied together.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nbz_engine::Cpu;
use nbz_engine::cpu::Path as Kernels;
use nbz_space::Task;
use nbz_table::sha256_hex;
use nbz_train::{Material, Recipe, Training};

use super::folder::{Folder, Left, Report, Schedule};
use super::table;
use crate::error::Result;
use crate::networks::Networks;
use crate::room::{self, Room};
use crate::shard::Shard;

/// Networks, images, a recipe and seeds.
#[derive(Debug)]
pub struct List<'a> {
    /// The networks.
    pub networks: &'a Networks,
    /// The images.
    pub material: &'a Material,
    /// The recipe.
    pub recipe: &'a Recipe,
    /// The seeds with which every network is trained.
    pub seeds: &'a [u64],
}

/// How a list runs; nothing of it enters an outcome.
#[derive(Debug)]
pub struct ListOptions<'o> {
    /// Networks trained side by side.
    pub threads: usize,
    /// Which share of the list, by place: all seeds of a network are in one share.
    pub shard: Shard,
    /// Time between checkpoints of a training.
    pub every: Duration,
    /// Told to stop, every training keeps a checkpoint and ends.
    pub stop: &'o AtomicBool,
}

/// How a start left a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListLeft {
    /// All of the list is done and stands in this table.
    Whole(PathBuf),
    /// The share is done, so many trainings of other shares are not.
    Share {
        /// Trainings of other shares that are not done.
        missing: usize,
    },
    /// It was told to stop; the same call goes on.
    ToBeContinued,
}

/// A training of a list that is done, by this start or by an earlier one.
#[derive(Debug, Clone, Copy)]
pub struct Told<'t> {
    /// The network.
    pub arch: &'t str,
    /// The seed.
    pub seed: u64,
    /// The step, from 0, at which the loss was not finite.
    pub diverged: Option<u64>,
    /// Trainings of the share that are done.
    pub done: usize,
    /// All trainings of the share.
    pub all: usize,
}

/// The longest name of a network that a folder takes: whole paths have their limits too.
const LONGEST: usize = 100;

/// One training of a list.
pub(crate) type Unit = (usize, u64);

impl List<'_> {
    /// Trains a share; `told` hears of every training that is done.
    ///
    /// # Errors
    /// Before anything is written as [`Material::check`], and if the folder has a result of another recipe or of other
    /// images for any network of the list; then as [`Folder::run`]: the first failure ends the work, what is done stays.
    pub fn run(
        &self,
        output: &Path,
        options: &ListOptions<'_>,
        told: &(dyn Fn(&Told<'_>) + Sync),
    ) -> Result<ListLeft> {
        self.material.check(self.recipe)?;
        // Of all shares: a folder of two recipes could never be collected.
        self.reports(output)?;
        let places = options.shard.places(self.networks.archs().len());
        let units: Vec<Unit> = places
            .flat_map(|place| self.seeds.iter().map(move |&seed| (place, seed)))
            .collect();
        let failed = Mutex::new(None);
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let halted = || options.stop.load(Ordering::Relaxed) || lock(&failed).is_some();
        let work = || -> Result<()> {
            let device = super::device(Kernels::from_environment()?, 1)?;
            while !halted() {
                let Some(&unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) else {
                    break;
                };
                let path = self.folder(output, unit);
                let left = self.train(&path, unit, &device, options.every, &halted)?;
                if let Some(report) = left {
                    told(&Told {
                        arch: &report.training.arch,
                        seed: report.training.seed,
                        diverged: report.diverged,
                        done: done.fetch_add(1, Ordering::Relaxed) + 1,
                        all: units.len(),
                    });
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            for _ in 0..options.threads.clamp(1, units.len().max(1)) {
                scope.spawn(|| {
                    if let Err(error) = work() {
                        lock(&failed).get_or_insert(error);
                    }
                });
            }
        });
        if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        if done.into_inner() < units.len() {
            return Ok(ListLeft::ToBeContinued);
        }
        self.collect(output)
    }

    /// How many networks of a share may be trained side by side within `limit` bytes, at most `threads`.
    ///
    /// # Errors
    /// [`crate::SweepError::Memory`] if one alone does not fit, and as [`Folder::run`].
    pub fn room(&self, shard: Shard, threads: usize, limit: Option<u64>) -> Result<Room> {
        let places: Vec<usize> = shard.places(self.networks.archs().len()).collect();
        self.room_of(&places, threads, limit)
    }

    /// The same for some places of the list.
    ///
    /// # Errors
    /// As [`List::room`].
    pub fn room_of(&self, places: &[usize], threads: usize, limit: Option<u64>) -> Result<Room> {
        let (device, task) = (
            super::device(Kernels::from_environment()?, 1)?,
            self.task()?,
        );
        let archs = self.networks.archs();
        let names: Vec<String> = archs.iter().map(ToString::to_string).collect();
        let bytes = |place: usize, images: usize| {
            room::of_training(&device, &archs[place].network(task), self.recipe, images)
        };
        Room::of(&names, places, self.recipe.batch, (threads, limit), &bytes)
    }

    /// Trains one network with one seed in a folder of its own; none if it was told to stop.
    pub(crate) fn train(
        &self,
        path: &Path,
        unit: Unit,
        device: &Cpu<f32>,
        every: Duration,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Box<Report>>> {
        let network = self.networks.archs()[unit.0].network(self.task()?);
        let training = self.training(unit, &network)?;
        if let Some(report) = Folder::report_in(path, training.stamp())? {
            Folder::tidy(path)?;
            return Ok(Some(Box::new(report)));
        }
        let mut schedule = Schedule {
            every,
            threads: 1,
            stop,
            watch: &mut |_| {},
        };
        Ok(
            match Folder::open(path)?.run(&training, device, &mut schedule)? {
                Left::Done(report) => Some(report),
                Left::ToBeContinued => None,
            },
        )
    }

    fn folder(&self, output: &Path, (place, seed): Unit) -> PathBuf {
        let arch = self.networks.archs()[place].to_string();
        output.join("trainings").join(name_of(&arch, seed))
    }

    pub(crate) fn task(&self) -> Result<Task> {
        let pictures = self.material.pictures();
        Task::new(pictures.size()[0], pictures.classes()).map_err(|_| crate::SweepError::Setting {
            name: "the height of the images",
            value: pictures.size()[0].to_string(),
            expected: "a multiple of 4 up to 512",
        })
    }

    pub(crate) fn training<'n>(
        &'n self,
        (place, seed): Unit,
        network: &'n nbz_space::Network,
    ) -> Result<Training<'n>> {
        let name = self.networks.archs()[place].to_string();
        Ok(Training::new(
            &name,
            network,
            self.material,
            self.recipe,
            seed,
            super::DEVICE,
        )?)
    }

    /// What every training of the list found, a seed after the other; none of those that are not done.
    fn reports(&self, output: &Path) -> Result<Vec<Option<Report>>> {
        let task = self.task()?;
        let mut reports = Vec::new();
        for (place, arch) in self.networks.archs().iter().enumerate() {
            let network = arch.network(task);
            for &seed in self.seeds {
                let path = self.folder(output, (place, seed));
                let training = self.training((place, seed), &network)?;
                reports.push(Folder::report_in(&path, training.stamp())?);
            }
        }
        Ok(reports)
    }

    /// Writes the tables if every training of the list is done.
    fn collect(&self, output: &Path) -> Result<ListLeft> {
        let task = self.task()?;
        let found = self.reports(output)?;
        let all = found.len();
        let reports: Vec<Report> = found.into_iter().flatten().collect();
        if reports.len() < all {
            return Ok(ListLeft::Share {
                missing: all - reports.len(),
            });
        }
        let whole = output.join("table.parquet");
        let tables = table::Tables {
            whole: &whole,
            curves: &output.join("curves.parquet"),
            machines: &output.join("machines.parquet"),
        };
        let folder = |unit| self.folder(output, unit);
        tables.write(self.networks, self.seeds, reports, task, &folder)?;
        Ok(ListLeft::Whole(whole))
    }
}

/// A folder's name: the network, its colon a `_`, and the seed; where a file system might not keep that apart or take it, 16
/// digits of its SHA-256, which hold no `_`.
fn name_of(arch: &str, seed: u64) -> String {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b":.-".contains(&b);
    if arch.contains(':') && arch.len() <= LONGEST && arch.bytes().all(is_plain) {
        return format!("{}.{seed}", arch.replace(':', "_"));
    }
    format!("{}.{seed}", &sha256_hex(arch.as_bytes())[..16])
}

/// The folder of a unit of a plan, whose list never changes.
pub(crate) fn folder_of(output: &Path, (place, seed): Unit) -> PathBuf {
    output.join("trainings").join(format!("{place:06}.{seed}"))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
