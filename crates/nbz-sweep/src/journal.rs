//! What is done so far, on the disk, so that a kill loses at most the networks being scored.
//!
//! One line a record: 16 hexadecimal digits of the SHA-256 of the rest, a blank, and JSON. The first line
//! is the [`Stamp`] of the sweep. A line is appended whole when a network is done; a kill can only cut the
//! last line off, and reading stops at the first line whose digits do not fit: what stands behind it is
//! cut away and scored anew. Numbers are kept as bits, so that NaN and infinities survive. The file is
//! locked while a process has it open.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use nbz_table::sha256_hex;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Result, SweepError};
use crate::output::Stamp;

/// Hexadecimal digits of a line's check.
const DIGITS: usize = 16;

/// One scored network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its place in the list.
    pub place: usize,
    /// Bits of each proxy's score, the mean over repeats; null where the proxy cannot look at this network.
    pub scores: Vec<Option<u64>>,
    /// Bits of the deviations over repeats; empty with one repeat.
    pub deviations: Vec<Option<u64>>,
    /// Proxy and reason for every score that is not finite.
    pub reasons: Vec<(String, String)>,
    /// Seconds by pass.
    pub seconds: Vec<(String, f64)>,
    /// Which start of the program scored it.
    pub run: usize,
    /// Program and words, of every one that has something to say of this network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<(String, String)>,
}

/// One start of the program.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Started {
    /// The machine's name.
    pub host: String,
    /// Networks scored side by side.
    pub threads: usize,
    /// The kernel path.
    pub kernels: String,
    /// Seconds since 1970.
    pub time: u64,
    /// The command line, if there was one.
    pub command: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Stamp(Box<Stamp>),
    Started(Started),
    Record(Record),
}

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    records: Vec<Record>,
    starts: Vec<Started>,
}

impl Journal {
    /// The journal of an output file: its name and `.journal`.
    pub fn path_of(output: &Path) -> PathBuf {
        let mut name = output.as_os_str().to_owned();
        name.push(".journal");
        PathBuf::from(name)
    }

    /// Opens or begins the journal of an output.
    ///
    /// # Errors
    /// [`SweepError::Busy`] if another process has it, [`SweepError::OtherRecipe`] if it was begun for
    /// another sweep, [`SweepError::File`].
    pub fn open(output: &Path, stamp: &Stamp, started: Started) -> Result<Self> {
        let path = Self::path_of(output);
        let fault = |verb| {
            let path = path.clone();
            move |source: io::Error| SweepError::File { verb, path, source }
        };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(fault("write"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(SweepError::Busy {
                    path: output.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(fault("lock")(source)),
        }
        let mut journal = Self {
            path: path.clone(),
            file,
            records: Vec::new(),
            starts: Vec::new(),
        };
        let begun = journal.read_back().map_err(fault("read"))?;
        match begun {
            None => journal.append(&Line::Stamp(Box::new(stamp.clone())))?,
            // What holds no score yet is of no recipe: an earlier start failed before its first network.
            Some(begun) if begun != *stamp && journal.records.is_empty() => {
                journal.clear().map_err(fault("write"))?;
                journal.append(&Line::Stamp(Box::new(stamp.clone())))?;
            }
            Some(begun) if begun != *stamp => {
                return Err(SweepError::OtherRecipe {
                    path,
                    differences: begun.differences(stamp),
                });
            }
            Some(_) => {}
        }
        journal.append(&Line::Started(started.clone()))?;
        journal.starts.push(started);
        Ok(journal)
    }

    /// Reads the whole lines, cuts the file behind them, and returns the stamp if there is one.
    fn read_back(&mut self) -> io::Result<Option<Stamp>> {
        let mut stamp = None;
        let mut whole = 0;
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            match parse(&line) {
                Some(Line::Stamp(read)) if whole == 0 => stamp = Some(*read),
                Some(Line::Started(started)) if whole > 0 => self.starts.push(started),
                Some(Line::Record(record)) if whole > 0 => self.records.push(record),
                _ => break,
            }
            whole += line.len() as u64;
            line.clear();
        }
        self.file.set_len(whole)?;
        self.file.seek(SeekFrom::Start(whole))?;
        Ok(stamp)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.starts.clear();
        self.file.set_len(0)?;
        self.file.rewind()
    }

    /// What stands in the journal.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Every start of the program, in order; records name theirs.
    pub fn starts(&self) -> &[Started] {
        &self.starts
    }

    /// The number of this start.
    pub fn this_run(&self) -> usize {
        self.starts.len() - 1
    }

    /// Adds a scored network.
    ///
    /// # Errors
    /// [`SweepError::File`].
    pub fn push(&mut self, record: Record) -> Result<()> {
        let line = Line::Record(record);
        self.append(&line)?;
        if let Line::Record(record) = line {
            self.records.push(record);
        }
        Ok(())
    }

    fn append(&mut self, line: &Line) -> Result<()> {
        self.file
            .write_all(&text(line))
            .map_err(|source| SweepError::File {
                verb: "write",
                path: self.path.clone(),
                source,
            })
    }

    /// Removes the file: its contents stand in the output now.
    ///
    /// # Errors
    /// [`SweepError::File`].
    pub fn remove(self) -> Result<()> {
        std::fs::remove_file(&self.path).map_err(|source| SweepError::File {
            verb: "remove",
            path: self.path.clone(),
            source,
        })
    }
}

/// A line with its check.
pub(crate) fn text(line: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_string(line).expect("plain data has a JSON form");
    format!("{} {json}\n", check(json.as_bytes())).into_bytes()
}

/// What a line says; none if it is not whole or its check does not fit.
pub(crate) fn parse<L: DeserializeOwned>(line: &[u8]) -> Option<L> {
    let line = line.strip_suffix(b"\n")?;
    let (digits, rest) = line.split_at_checked(DIGITS)?;
    let json = rest.strip_prefix(b" ")?;
    if digits != check(json).as_bytes() {
        return None;
    }
    serde_json::from_slice(json).ok()
}

fn check(json: &[u8]) -> String {
    let mut digits = sha256_hex(json);
    digits.truncate(DIGITS);
    digits
}
