//! Who works on a part.

use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Result, SweepError};

/// How often workers show that they live, and how long one may be silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two heartbeats.
    pub beat: Duration,
    /// After so long without one a worker is taken for dead.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            beat: Duration::from_secs(20),
            patience: Duration::from_mins(2),
        }
    }
}

/// A worker: a process on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Unlike any other.
    pub(super) name: String,
    pub(super) host: String,
    /// Tells machines of one name apart, and a machine from itself before it was started again.
    pub(super) boot: String,
}

impl Identity {
    /// This process.
    pub(super) fn here() -> Self {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let host = crate::training::host();
        // A name only has to be unlike others; nothing of it enters an outcome.
        let lot = RandomState::new().hash_one(std::process::id());
        let word: String = host
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        Self {
            name: format!("{word}-{}-{lot:016x}", std::process::id()),
            host,
            boot: boot.trim().to_owned(),
        }
    }
}

/// What a claim's file says; of constant length, so that a heartbeat is written over the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sign {
    pub(super) worker: Identity,
    /// Counts up; ten digits.
    beat: String,
}

impl Sign {
    fn text(worker: &Identity, beat: u64) -> Vec<u8> {
        let sign = Self {
            worker: worker.clone(),
            beat: format!("{beat:010}"),
        };
        let mut text = serde_json::to_vec(&sign).unwrap_or_default();
        text.push(b'\n');
        text
    }

    /// What stands in a claim's file; none if that is not there or not (yet) whole.
    pub(super) fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }
}

/// What became of an attempt to claim.
#[derive(Debug)]
pub(super) enum Tried {
    /// The part is claimed.
    Mine(Claim),
    /// Another has it; this is what its claim says, byte by byte.
    Theirs(Vec<u8>),
}

/// A claim that is held. Dropped, it is let go.
#[derive(Debug)]
pub(super) struct Claim {
    path: PathBuf,
    held: Arc<Held>,
    heart: Arc<Heart>,
}

#[derive(Debug)]
struct Held {
    file: Mutex<(File, u64)>,
    worker: Identity,
}

impl Claim {
    /// Claims a part, or says who has it. One whose worker died on this machine is taken over; so is one that still
    /// says exactly `dead`.
    pub(super) fn take(
        path: &Path,
        worker: &Identity,
        heart: &Arc<Heart>,
        dead: Option<&[u8]>,
    ) -> Result<Tried> {
        // A few turns: between two steps another may be quicker.
        for _ in 0..8 {
            match Self::create(path, worker, heart) {
                Ok(claim) => return Ok(Tried::Mine(claim)),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(fault("write", path, e)),
            }
            let says = match std::fs::read(path) {
                Ok(says) => says,
                // Let go just now.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                Err(e) => return Err(fault("read", path, e)),
            };
            let is_dead = dead == Some(&says[..]) || known_here(path, worker) == Known::Dead;
            if !is_dead {
                return Ok(Tried::Theirs(says));
            }
            move_away(path, worker, &says).map_err(|e| fault("write", path, e))?;
        }
        Ok(Tried::Theirs(Vec::new()))
    }

    fn create(path: &Path, worker: &Identity, heart: &Arc<Heart>) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        // Where a file system has no locks, heartbeats alone tell.
        let _ = file.try_lock();
        if let Err(e) = file.write_all(&Sign::text(worker, 0)) {
            let _ = std::fs::remove_file(path);
            return Err(e);
        }
        let held = Arc::new(Held {
            file: Mutex::new((file, 0)),
            worker: worker.clone(),
        });
        heart.lock().claims.push(Arc::clone(&held));
        Ok(Self {
            path: path.to_owned(),
            held,
            heart: Arc::clone(heart),
        })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut kept = self.heart.lock();
        kept.claims.retain(|held| !Arc::ptr_eq(held, &self.held));
        drop(kept);
        // Another may have taken it over from a worker that seemed dead.
        let is_mine = Sign::read(&self.path).is_some_and(|sign| sign.worker == self.held.worker);
        if is_mine {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// What this machine knows of a claim's worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It ran here, and the system has let go of its lock.
    Dead,
    /// It runs here: the system holds its lock.
    Alive,
    /// It is of another machine, or the file system has no locks.
    Nothing,
}

/// Asks this machine's system after a claim's worker.
pub(super) fn known_here(path: &Path, here: &Identity) -> Known {
    let is_here = |sign: &Sign| {
        !here.boot.is_empty()
            && (&sign.worker.host, &sign.worker.boot) == (&here.host, &here.boot)
            && sign.worker.name != here.name
    };
    if !Sign::read(path).as_ref().is_some_and(is_here) {
        return Known::Nothing;
    }
    let Ok(file) = OpenOptions::new().write(true).open(path) else {
        return Known::Nothing;
    };
    match file.try_lock() {
        Ok(()) => Known::Dead,
        Err(TryLockError::WouldBlock) => Known::Alive,
        Err(TryLockError::Error(_)) => Known::Nothing,
    }
}

/// Moves a dead claim away. If it was another's by then, that one gets it back.
fn move_away(path: &Path, worker: &Identity, says: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".dead.{}", worker.name));
    let aside = PathBuf::from(name);
    match std::fs::rename(path, &aside) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    }
    if std::fs::read(&aside).is_ok_and(|found| found != says) {
        // A link never replaces a file. If a third has claimed meanwhile, two work on one part and write the same.
        let _ = std::fs::hard_link(&aside, path);
    }
    match std::fs::remove_file(&aside) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn fault(verb: &'static str, path: &Path, source: io::Error) -> SweepError {
    SweepError::File {
        verb,
        path: path.to_owned(),
        source,
    }
}

/// Counts up all claims of this process while it lives.
#[derive(Debug, Default)]
pub(super) struct Heart {
    kept: Mutex<Kept>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct Kept {
    claims: Vec<Arc<Held>>,
    is_over: bool,
}

impl Heart {
    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Beats until the guard of [`Heart::ends_with_this`] goes.
    pub(super) fn run(&self, every: Duration) {
        let mut kept = self.lock();
        while !kept.is_over {
            let waited = self.ended.wait_timeout(kept, every);
            kept = waited.unwrap_or_else(PoisonError::into_inner).0;
            for held in &kept.claims {
                let mut file = held.file.lock().unwrap_or_else(PoisonError::into_inner);
                let (file, beat) = &mut *file;
                *beat += 1;
                // A heartbeat that cannot be written is one that others miss, nothing more.
                let _ = file
                    .seek(SeekFrom::Start(0))
                    .and_then(|_| file.write_all(&Sign::text(&held.worker, *beat)));
            }
        }
    }

    /// Ends [`Heart::run`] when it is dropped.
    pub(super) fn ends_with_this(&self) -> impl Drop + '_ {
        Ending(self)
    }
}

struct Ending<'h>(&'h Heart);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.ended.notify_all();
    }
}
