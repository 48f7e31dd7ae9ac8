//! What the workers of a shard did: lines for people, compressed, one file a shard.
//!
//! Every write adds one whole gzip member to the end of the file; `zcat` reads them as one text. Nothing is read
//! back by this program.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::runs::Runs;
use crate::shard::Shard;

/// Lines on their way into a log.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    who: String,
    lines: Mutex<String>,
}

impl Log {
    pub(super) fn new(runs: &Runs, shard: Shard) -> Self {
        let name = format!("{}-of-{}.log.gz", shard.index(), shard.of());
        Self {
            path: runs.root().join("logs").join(name),
            who: format!("{} {}", crate::training::host(), std::process::id()),
            lines: Mutex::new(String::new()),
        }
    }

    /// Adds a line, with the seconds since 1970, the machine and the process.
    pub(super) fn say(&self, words: &str) {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |t| t.as_secs());
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_str(&format!("{now} {} {words}\n", self.who));
    }

    /// Writes the lines so far. A log that cannot be written stops no work: nothing depends on it.
    pub(super) fn write(&self) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            return;
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        let member = packed
            .write_all(lines.as_bytes())
            .and_then(|()| packed.finish());
        lines.clear();
        let open = || {
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(&self.path)
        };
        // One call, so that members of two workers do not mix.
        let _ = member.and_then(|bytes| open()?.write_all(&bytes));
    }
}
