//! Words for shells, and programs run to their end.

use std::process::{Command as Process, Stdio};

use super::Command;
use crate::error::{Result, SweepError};

/// A word as a shell reads it.
///
/// # Errors
/// [`SweepError::Setting`] for a word with a zero byte.
pub fn quoted(word: &str) -> Result<String> {
    let quoted = shlex::try_quote(word);
    quoted
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| SweepError::Setting {
            name: "a word of the command line",
            value: word.escape_debug().to_string(),
            expected: "free of zero bytes",
        })
}

/// Runs a program of an engine and gives what it prints.
pub(super) fn output(engine: &'static str, command: &Command) -> Result<String> {
    let trouble = |trouble: String, hint: &str| SweepError::Scheduler {
        engine,
        command: command.words.join(" "),
        trouble,
        hint: hint.to_owned(),
    };
    let Some((program, arguments)) = command.words.split_first() else {
        return Ok(String::new());
    };
    let spawned = Process::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let child = spawned.map_err(|source| {
        let hint = "is it installed on this machine, and on PATH?";
        trouble(format!("cannot be started: {source}"), hint)
    })?;
    let ended = child
        .wait_with_output()
        .map_err(|source| trouble(source.to_string(), "try it by hand"))?;
    if ended.status.success() {
        return Ok(String::from_utf8_lossy(&ended.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&ended.stderr);
    let words: Vec<&str> = words
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let said = if words.is_empty() {
        String::new()
    } else {
        format!(" and says: {}", words.join("; "))
    };
    let how = match ended.status.code() {
        Some(code) => format!("ends with {code}{said}"),
        None => format!("was killed{said}"),
    };
    let hint = match engine {
        "local" | "parallel" => {
            "these are the workers' words; what they have done stays: nbzero status"
        }
        _ => "these are the engine's own words; nothing more was submitted",
    };
    Err(trouble(how, hint))
}

/// A command of some words.
pub(super) fn command<'w>(words: impl IntoIterator<Item = &'w str>) -> Command {
    Command {
        words: words.into_iter().map(str::to_owned).collect(),
    }
}
