//! A proxy of the user's own: any program that reads networks and answers with numbers.
//!
//! Every scoring thread keeps one process of each program. A request is one line of JSON on the process's
//! standard input, the answer one line on its standard output:
//!
//! ```text
//! {"id": 7, "arch": "nb201:212043", "seed": 0, "graph": {...}, "weights": "w.safetensors", "batch": "b.safetensors"}
//! {"id": 7, "score": 1.25}      or      {"id": 7, "error": "no convolution"}
//! ```
//!
//! `graph` is a [`Document`](nbz_space::network::document::Document); `weights` is the path of the network's
//! state dict, `batch` of `images` `[N, 3, H, W]` (F32, normalised) and `labels` `[N]` (I64). Both lie in a
//! temporary folder and are there until the answer. The process ends when its input does. What it writes
//! on standard error is shown as it is.
//!
//! A process that ends, or an answer that is none, costs at most the score of the network at hand: that
//! becomes NaN with a [`Trouble`]. The work itself ends only where the program cannot be started or ends
//! before it ever answered, since then it is no proxy.

mod desk;
mod living;
mod process;
mod protocol;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use nbz_proxy::contract::Direction;
use nbz_proxy::registry;
use nbz_table::sha256_hex;
use serde::{Deserialize, Serialize};

pub(crate) use desk::{Desk, Request};
pub use living::end_all;

use crate::error::{Result, SweepError};

/// How long an answer may take unless the user says otherwise.
pub const ANSWER_LIMIT: Duration = Duration::from_mins(5);

/// Why a program gave no finite number for a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// It answered with NaN or an infinity.
    NotFinite,
    /// It answered with an error.
    Error,
    /// It did not answer in time; the process was killed.
    TimedOut,
    /// A fresh process ended on this network, or closed its output.
    Died,
    /// The answer is no line of JSON with `id` and either `score` or `error`.
    Garbage,
    /// The answer is to another request.
    WrongId,
}

impl Trouble {
    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::Error => "program_error",
            Self::TimedOut => "timed_out",
            Self::Died => "died",
            Self::Garbage => "garbage",
            Self::WrongId => "wrong_id",
        }
    }
}

/// Whether a reason is that a program died, was silent, or answered an error or nonsense: another try may end otherwise.
pub(crate) fn is_trouble(reason: &str) -> bool {
    use Trouble::{Died, Error, Garbage, TimedOut, WrongId};
    let all = [Error, TimedOut, Died, Garbage, WrongId];
    all.iter().any(|trouble| trouble.name() == reason)
}

/// A program that scores networks, as it enters the recipe.
///
/// ```
/// use nbz_sweep::Program;
/// let program: Program = "mine=cmd:python my_proxy.py --depth 3".parse()?;
/// assert_eq!((program.name(), program.command()), ("mine", "python my_proxy.py --depth 3"));
/// assert_eq!("cmd:./bin/grad_spread".parse::<Program>()?.name(), "grad_spread");
/// assert!("python my_proxy.py".parse::<Program>().is_err());
/// # Ok::<(), nbz_sweep::SweepError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    name: String,
    command: String,
    /// SHA-256 over the words of the command that name files, and what those hold.
    files_digest: Option<String>,
    smaller_is_better: bool,
}

impl Program {
    /// The name of the column of scores.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The command line.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// Which scores are better: larger ones unless [`Program::smaller_is_better`] was said.
    pub const fn direction(&self) -> Direction {
        if self.smaller_is_better {
            Direction::Smaller
        } else {
            Direction::Larger
        }
    }

    /// The same program with smaller, or larger, scores better.
    #[must_use]
    pub fn smaller_is_better(self, smaller_is_better: bool) -> Self {
        Self {
            smaller_is_better,
            ..self
        }
    }

    /// The same program with the digest of its files as they are now, on this machine.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn here(&self) -> Result<Self> {
        let words = self.words();
        let files: Vec<&String> = words.iter().filter(|w| Path::new(w).is_file()).collect();
        Ok(Self {
            files_digest: digest(&files)?,
            ..self.clone()
        })
    }

    /// The program and its arguments.
    fn words(&self) -> Vec<String> {
        // Parsing has shown that the command splits.
        shlex::split(&self.command).unwrap_or_default()
    }
}

impl FromStr for Program {
    type Err = SweepError;

    /// `[NAME=]cmd:COMMAND`, the command split into words as a shell does, without running one.
    ///
    /// Without a name it is the stem of the first word behind the program that names a file, and of the
    /// program itself if there is none: `python my_proxy.py` is `my_proxy`.
    fn from_str(text: &str) -> Result<Self> {
        let fault = |reason| SweepError::Program {
            text: text.to_owned(),
            reason,
        };
        let (before, command) = text.split_once("cmd:").ok_or(fault("no `cmd:`"))?;
        let words = shlex::split(command).ok_or(fault("a quote is left open"))?;
        let Some(program) = words.first() else {
            return Err(fault("no command behind `cmd:`"));
        };
        let files: Vec<&String> = words.iter().filter(|w| Path::new(w).is_file()).collect();
        let name = match before {
            "" => {
                let behind = words[1..].iter().find(|w| Path::new(w).is_file());
                stem(behind.unwrap_or(program))
            }
            named => named
                .strip_suffix('=')
                .ok_or(fault("what stands before `cmd:` is no NAME="))?
                .to_owned(),
        };
        check_name(&name)?;
        Ok(Self {
            name,
            command: command.to_owned(),
            files_digest: digest(&files)?,
            smaller_is_better: false,
        })
    }
}

fn stem(word: &str) -> String {
    let stem = Path::new(word).file_stem();
    stem.map_or_else(String::new, |s| s.to_string_lossy().into_owned())
}

/// Names of columns that a file of scores has anyway.
const TAKEN: [&str; 3] = ["index", "arch", "reasons"];

fn check_name(name: &str) -> Result<()> {
    let fault = |reason| {
        Err(SweepError::ProgramName {
            name: name.to_owned(),
            reason,
        })
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        return fault("has other characters than letters, digits, `_`, `-` and `.`");
    }
    let known = |known: &str| known == name || name.strip_suffix("_sd") == Some(known);
    if TAKEN.contains(&name) || registry::all().any(|p| known(p.name())) {
        return fault("is the name of another column");
    }
    Ok(())
}

/// Whether all names differ, and none is another's deviation.
pub(crate) fn check_names(programs: &[Program]) -> Result<()> {
    for (at, program) in programs.iter().enumerate() {
        let name = program.name();
        let clash = |other: &Program| {
            other.name() == name || name.strip_suffix("_sd") == Some(other.name())
        };
        let others = programs.iter().enumerate().filter(|(i, _)| *i != at);
        if others.into_iter().any(|(_, other)| clash(other)) {
            return Err(SweepError::ProgramName {
                name: name.to_owned(),
                reason: "is the name of another column",
            });
        }
    }
    Ok(())
}

fn digest(files: &[&String]) -> Result<Option<String>> {
    if files.is_empty() {
        return Ok(None);
    }
    let mut lines = String::new();
    for file in files {
        let path = PathBuf::from(file);
        let bytes = std::fs::read(&path).map_err(|source| SweepError::File {
            verb: "read",
            path,
            source,
        })?;
        lines += &format!("{} {file}\n", sha256_hex(&bytes));
    }
    Ok(Some(sha256_hex(lines.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let error = text.parse::<Program>().expect_err("no program");
        error.to_string()
    }

    #[test]
    fn names_are_given_or_the_script_s() {
        let name = |text: &str| {
            text.parse::<Program>()
                .expect("a program")
                .name()
                .to_owned()
        };
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/src/program/mod.rs");
        assert_eq!(name(&format!("cmd:python '{here}' --size 3")), "mod");
        assert_eq!(name("cmd:/opt/tools/spread.sh 3"), "spread");
        assert_eq!(name("a-b.2=cmd:x"), "a-b.2");
    }

    #[test]
    fn what_is_no_program_says_why() {
        assert!(refused("python x.py").contains("no `cmd:`"));
        assert!(refused("cmd:").contains("no command"));
        assert!(refused("cmd:'x").contains("a quote is left open"));
        assert!(refused("name cmd:x").contains("no NAME="));
        assert!(refused("a b=cmd:x").contains("other characters"));
        for taken in ["snip", "arch", "snip_sd"] {
            assert!(refused(&format!("{taken}=cmd:x")).contains("another column"));
        }
        let twice: Vec<Program> = ["a=cmd:x", "b=cmd:x", "a_sd=cmd:x"]
            .map(|t| t.parse().expect("a program"))
            .to_vec();
        assert!(check_names(&twice[..2]).is_ok());
        assert!(check_names(&twice).is_err());
    }

    #[test]
    fn a_changed_script_is_another_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let script = folder.path().join("own.sh");
        let text = format!("cmd:sh '{}'", script.display());
        let with = |content: &str| {
            std::fs::write(&script, content).expect("a script");
            text.parse::<Program>().expect("a program")
        };
        assert_eq!(with("echo 1"), with("echo 1"));
        assert_ne!(with("echo 1"), with("echo 2"));
    }
}
