//! The processes that live and their folders, for whoever ends this program from outside.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
struct Living {
    /// Set once, by [`end_all`]: nothing is started any more.
    ended: bool,
    processes: BTreeSet<u32>,
    folders: BTreeSet<PathBuf>,
}

static LIVING: Mutex<Living> = Mutex::new(Living {
    ended: false,
    processes: BTreeSet::new(),
    folders: BTreeSet::new(),
});

fn living() -> MutexGuard<'static, Living> {
    LIVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills every program of every sweep and removes their folders, for a handler of Ctrl-C.
///
/// From then on no program is started, and no score is kept that a killed one did not give.
pub fn end_all() {
    let mut living = living();
    living.ended = true;
    for &process in &living.processes {
        kill_group(process);
    }
    for folder in &living.folders {
        // What cannot be removed lies in the system's temporary folder: nothing reads it.
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Whether [`end_all`] was called.
pub(super) fn ended() -> bool {
    living().ended
}

/// Starts a process in a group of its own; `None` once everything has ended.
pub(super) fn spawn(command: &mut Command) -> io::Result<Option<Child>> {
    let mut living = living();
    if living.ended {
        return Ok(None);
    }
    // A terminal's Ctrl-C then reaches this program alone, which ends the others.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let child = command.spawn()?;
    living.processes.insert(child.id());
    Ok(Some(child))
}

/// The status of a process if it has ended by itself; it is then no longer among the living.
pub(super) fn reap(child: &mut Child) -> Option<ExitStatus> {
    let mut living = living();
    let status = child.try_wait().ok().flatten()?;
    living.processes.remove(&child.id());
    Some(status)
}

/// Kills a process with all that it started.
pub(super) fn kill(child: &mut Child) {
    let mut living = living();
    // A process that was reaped is nobody's: its number may be another's by now.
    if living.processes.remove(&child.id()) {
        kill_group(child.id());
        // Already dead is as good.
        let _ = child.kill();
        let _ = child.wait();
    }
}

#[cfg(unix)]
fn kill_group(process: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        // It fails only where nothing of the group is left.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Elsewhere a process sees the end of its input.
#[cfg(not(unix))]
fn kill_group(_: u32) {}

/// A temporary folder that goes with this program however it ends, short of a kill.
#[derive(Debug)]
pub(super) struct Folder(tempfile::TempDir);

impl Folder {
    pub(super) fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("nbzero-").tempdir()?;
        living().folders.insert(folder.path().to_owned());
        Ok(Self(folder))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        living().folders.remove(self.0.path());
    }
}
