//! What was given to engines, so that nothing is given twice.
//!
//! `submissions/0001.toml` is written before the engine hears of anything, and again with each name that it gives:
//! a submission that broke off in between is known as one.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nbz_table::atomic;
use serde::{Deserialize, Serialize};

use super::super::runs::{Runs, cannot_read};
use super::{Command, Engine, Job};
use crate::error::{Result, SweepError};

/// One submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// From 1.
    pub number: u32,
    /// The engine's name.
    pub engine: String,
    /// Workers asked for.
    pub shards: u32,
    /// The commands that were to be run.
    pub commands: Vec<String>,
    /// What was passed on to the engine as it was; it may name the cluster or namespace where the tasks are.
    #[serde(default)]
    pub extra: Vec<String>,
    /// The engine's names of what it took, one a command; fewer where it refused or the submission broke off.
    pub ids: Vec<String>,
    /// Whether it was cancelled, or its workers have ended.
    pub is_over: bool,
}

/// The submissions of a folder of runs, in order.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn submissions(runs: &Runs) -> Result<Vec<Submission>> {
    let folder = runs.root().join("submissions");
    let entries = std::fs::read_dir(&folder).map_err(|e| cannot_read(&folder, e))?;
    let mut all = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| cannot_read(&folder, e))?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            let text = std::fs::read_to_string(&path).map_err(|e| cannot_read(&path, e))?;
            let read = toml::from_str(&text);
            let read: Submission =
                read.map_err(|e| cannot_read(&path, io::Error::other(e.message().to_owned())))?;
            all.push(read);
        }
    }
    all.sort_by_key(|s| s.number);
    Ok(all)
}

/// Engines by name.
pub(super) type Engines<'e> = &'e dyn Fn(&str) -> Option<Box<dyn Engine>>;

/// Gives a job to an engine. Refuses while an earlier submission, to whichever of `engines`, is under way, unless `more`
/// workers are wanted.
///
/// # Errors
/// [`SweepError::Submitted`]; [`SweepError::Scheduler`] if the engine takes nothing. Of what it refuses after it has
/// taken something, the error is given beside the submission.
pub fn submit(
    runs: &Runs,
    engine: &dyn Engine,
    job: &Job,
    more: bool,
    engines: Engines<'_>,
) -> Result<(Submission, Option<SweepError>)> {
    let earlier = submissions(runs)?;
    if !more {
        under_way(runs, engines, &earlier)?;
    }
    let rendered = engine.render(job)?;
    let number = earlier.last().map_or(1, |last| last.number + 1);
    let path = |ending: &str| {
        let name = format!("{number:04}.{ending}");
        runs.root().join("submissions").join(name)
    };
    let file = rendered.file.as_ref().map(|(ending, _)| path(ending));
    let commands: Vec<Command> = rendered
        .commands
        .iter()
        .map(|c| filled(c, file.as_deref()))
        .collect();
    let mut submission = Submission {
        number,
        engine: engine.name().to_owned(),
        shards: job.shards,
        commands: commands.iter().map(|c| c.words.join(" ")).collect(),
        extra: job.extra.clone(),
        ids: Vec::new(),
        is_over: false,
    };
    let record = path("toml");
    // Of two at once only one makes the file.
    let text = submission.text()?;
    readable()
        .tempfile_in(runs.root().join("submissions"))
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.persist_noclobber(&record).map_err(|e| e.error)
        })
        .map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => SweepError::Submitted {
                number,
                engine: engine.name().to_owned(),
                states: "given by another command just now".to_owned(),
            },
            _ => SweepError::File {
                verb: "write",
                path: record.clone(),
                source,
            },
        })?;
    if let (Some((_, text)), Some(path)) = (&rendered.file, &file) {
        atomic::write_bytes(path, text.as_bytes())?;
    }
    let _at_work = engine.stays().then(|| AtWork::begin(&path("lock")));
    let mut refusal = None;
    for (at, command) in commands.into_iter().enumerate() {
        let (given, taken) = give(engine, command, &mut refusal);
        submission.commands[at] = given.words.join(" ");
        match taken {
            Ok(Some(id)) => submission.ids.push(id),
            Ok(None) => submission.is_over = true,
            Err(error) => {
                submission.is_over = submission.ids.is_empty();
                submission.write(&record)?;
                return if submission.ids.is_empty() {
                    Err(error)
                } else {
                    Ok((submission, Some(error)))
                };
            }
        }
        submission.write(&record)?;
        if refusal.is_some() {
            break;
        }
    }
    Ok((submission, refusal))
}

/// Gives the engine a command, or the largest that it takes in its place; `refusal` is what it said of the first.
fn give(
    engine: &dyn Engine,
    mut command: Command,
    refusal: &mut Option<SweepError>,
) -> (Command, Result<Option<String>>) {
    loop {
        match engine.start(&command) {
            Err(error) => match engine.smaller(&command, &error) {
                Some(smaller) => {
                    refusal.get_or_insert(error);
                    command = smaller;
                }
                None => return (command, Err(error)),
            },
            taken => return (command, taken),
        }
    }
}

/// A file that is locked while a command stays: of a killed one it is not. Where files cannot be locked every such
/// submission is taken for dead, and a second one's workers share the parts with the first one's.
struct AtWork {
    path: PathBuf,
    _file: Option<File>,
}

impl AtWork {
    fn begin(path: &Path) -> Self {
        let locked = File::create(path).and_then(|file| file.lock().map(|()| file));
        Self {
            path: path.to_owned(),
            _file: locked.ok(),
        }
    }

    /// Whether somebody holds it.
    fn is_held(path: &Path) -> bool {
        File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Files that others may read as far as the user lets them: temporary ones are secret otherwise.
fn readable() -> tempfile::Builder<'static, 'static> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no modes"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

/// Ends the workers of all submissions to an engine; gives those that it ended.
///
/// # Errors
/// [`SweepError::Scheduler`].
pub fn cancel(runs: &Runs, engines: Engines<'_>) -> Result<Vec<Submission>> {
    let mut cancelled = Vec::new();
    for mut submission in submissions(runs)?.into_iter().filter(|s| !s.is_over) {
        let Some(engine) = engines(&submission.engine) else {
            continue;
        };
        let is_dead = submission.is_dead(runs, engine.as_ref());
        if submission.ids.is_empty() && !is_dead {
            return Err(SweepError::Nameless {
                number: submission.number,
                engine: submission.engine,
            });
        }
        if !is_dead {
            engine.cancel(&submission)?;
        }
        submission.is_over = true;
        let name = format!("{:04}.toml", submission.number);
        submission.write(&runs.root().join("submissions").join(name))?;
        cancelled.push(submission);
    }
    Ok(cancelled)
}

/// Refuses if an earlier submission has not ended.
fn under_way(runs: &Runs, engines: Engines<'_>, earlier: &[Submission]) -> Result<()> {
    for submission in earlier.iter().filter(|s| !s.is_over) {
        let refused = |states: String| SweepError::Submitted {
            number: submission.number,
            engine: submission.engine.clone(),
            states,
        };
        let Some(engine) = engines(&submission.engine) else {
            return Err(refused("this program knows no such engine".to_owned()));
        };
        if submission.is_dead(runs, engine.as_ref()) {
            continue;
        }
        if submission.ids.is_empty() {
            let how = if engine.stays() {
                "its workers are at work"
            } else {
                "it broke off before the engine answered"
            };
            return Err(refused(how.to_owned()));
        }
        let states: BTreeMap<String, usize> = engine.states(submission)?;
        if !states.is_empty() {
            let states: Vec<String> = states.iter().map(|(s, n)| format!("{n} {s}")).collect();
            return Err(refused(states.join(", ")));
        }
    }
    Ok(())
}

fn filled(command: &Command, file: Option<&Path>) -> Command {
    let path = file
        .map(PathBuf::from)
        .unwrap_or_default()
        .display()
        .to_string();
    let word = |word: &String| {
        if word == "{file}" {
            path.clone()
        } else {
            word.clone()
        }
    };
    Command {
        words: command.words.iter().map(word).collect(),
    }
}

impl Submission {
    /// Whether its command was to stay until its workers had ended, and is gone.
    fn is_dead(&self, runs: &Runs, engine: &dyn Engine) -> bool {
        let name = format!("{:04}.lock", self.number);
        engine.stays() && !AtWork::is_held(&runs.root().join("submissions").join(name))
    }

    /// Those of the words passed on that give a value to one of some options, `--name=value`, `--name value` or
    /// `-n value`, each as it stood.
    pub(super) fn options(&self, names: &[&str]) -> Vec<&str> {
        let mut words = self.extra.iter().map(String::as_str);
        let mut found = Vec::new();
        while let Some(word) = words.next() {
            let name = word.split_once('=').map_or(word, |(name, _)| name);
            if names.contains(&name) {
                found.push(word);
                if name == word {
                    found.extend(words.next());
                }
            }
        }
        found
    }

    fn text(&self) -> Result<String> {
        toml::to_string(self).map_err(|e| SweepError::PlanDamaged {
            reason: e.to_string(),
        })
    }

    fn write(&self, path: &Path) -> Result<()> {
        Ok(atomic::write_bytes(path, self.text()?.as_bytes())?)
    }
}
