//! What the program says, and where: data on standard output, words on standard error.
//!
//! Owns both streams, the width that tables may take and the colours. Colour appears only on a
//! terminal, never where `NO_COLOR` is set, and only repeats what the words say. A terminal's width
//! limits tables; an exported `COLUMNS` does so anywhere; a pipe has no width.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::grid::Grid;

/// The form in which a command prints its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Tables and sentences for people.
    Text,
    /// One JSON document.
    Json,
}

/// Which words go to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// What was read, which defaults were taken, what to know about the numbers.
    All,
    /// Errors only.
    Errors,
}

/// A failure to write standard output, told apart from every other I/O error.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to standard output: {0}")]
pub(crate) struct OutputError(#[from] pub(crate) io::Error);

/// The two streams of one run.
#[derive(Debug, Clone)]
pub(crate) struct Console {
    form: Form,
    words: Words,
}

impl Console {
    pub(crate) fn new(form: Form, words: Words) -> Self {
        Self { form, words }
    }

    /// The form that the data should take.
    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// Writes data as it is.
    #[expect(
        clippy::unused_self,
        reason = "who prints holds the console, so that nothing prints by the way"
    )]
    pub(crate) fn data(&self, text: impl Display) -> Result<(), OutputError> {
        let mut out = BufWriter::new(io::stdout().lock());
        write!(out, "{text}")?;
        out.flush()?;
        Ok(())
    }

    /// Writes data piece by piece, for output too long to hold.
    #[expect(clippy::unused_self, reason = "as data")]
    pub(crate) fn stream<E: From<OutputError>>(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out)?;
        out.flush().map_err(|e| OutputError(e).into())
    }

    /// Writes a table that fits the width.
    pub(crate) fn grid(&self, grid: &Grid) -> Result<(), OutputError> {
        self.data(grid.text(width()))
    }

    /// Writes one JSON document.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), OutputError> {
        let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
        self.data(format_args!("{text}\n"))
    }

    /// Says something worth knowing: what was read, which default was taken.
    pub(crate) fn note(&self, text: impl Display) {
        if self.words == Words::All {
            say(&format!("{text}"));
        }
    }

    /// Says something that may change how the data is understood.
    pub(crate) fn warn(&self, text: impl Display) {
        if self.words == Words::All {
            labelled("warning", AnsiColor::Yellow, text);
        }
    }

    /// Does long work under a sign of life, where somebody looks.
    pub(crate) fn while_waiting<T>(&self, what: &'static str, work: impl FnOnce() -> T) -> T {
        self.step_by_step(|tell| {
            tell(what.to_owned());
            work()
        })
    }

    /// A bar for work on many things; hidden where words are not wanted or nobody looks.
    pub(crate) fn bar(&self) -> Bar {
        let bar = if self.words == Words::All && io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
            let bar = ProgressBar::new(0);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        } else {
            ProgressBar::hidden()
        };
        Bar {
            bar,
            start: Instant::now(),
        }
    }

    /// Does long work that tells which step it is at, where somebody looks.
    pub(crate) fn step_by_step<T>(&self, work: impl FnOnce(&dyn Fn(String)) -> T) -> T {
        if self.words != Words::All || !io::stderr().is_terminal() {
            return work(&|_| ());
        }
        let spinner = ProgressBar::new_spinner();
        spinner.enable_steady_tick(Duration::from_millis(100));
        let result = work(&|step| spinner.set_message(step));
        spinner.finish_and_clear();
        result
    }
}

/// Progress of work on many things: a bar where somebody looks.
#[derive(Debug)]
pub(crate) struct Bar {
    bar: ProgressBar,
    start: Instant,
}

impl Bar {
    /// `done` of `all` are done, `before` of them by earlier starts.
    pub(crate) fn tell(&self, done: usize, before: usize, all: usize) {
        let now = done.saturating_sub(before).max(1) as f64;
        let speed = now / self.start.elapsed().as_secs_f64().max(1e-9);
        let left = all.saturating_sub(done) as f64 / speed;
        let left = Duration::from_secs(left as u64);
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(format!(
            "{speed:.2} networks/s, {} left",
            indicatif::HumanDuration(left)
        ));
    }

    /// `done` of `all` are done, in the words of whoever does them.
    pub(crate) fn show(&self, done: u64, all: u64, words: String) {
        self.bar.set_length(all);
        self.bar.set_position(done);
        self.bar.set_message(words);
    }

    /// Says a line above the bar, or nothing where nobody looks at it.
    pub(crate) fn above(&self, console: &Console, line: impl Display) {
        self.bar.suspend(|| console.note(line));
    }

    /// Warns above the bar.
    pub(crate) fn warn_above(&self, console: &Console, text: impl Display) {
        self.bar.suspend(|| console.warn(text));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Tells of a failure: the message, the place in the input if it is known, and a hint.
pub(crate) fn complain(message: impl Display, picture: Option<&str>, hint: Option<&str>) {
    labelled("error", AnsiColor::Red, message);
    for line in picture.into_iter().flat_map(str::lines) {
        say(&format!("  {line}"));
    }
    if let Some(hint) = hint {
        labelled("hint", AnsiColor::Cyan, hint);
    }
}

fn labelled(label: &str, color: AnsiColor, text: impl Display) {
    let style = Style::new().bold().fg_color(Some(color.into()));
    say(&format!("{style}{label}{style:#}: {text}"));
}

/// Nobody can be told that standard error is closed, so a failure to write it is let go.
fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Columns that a line of text may take; `None` where nothing limits it.
pub(crate) fn width() -> Option<usize> {
    let exported = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let terminal = || {
        let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
        Some(usize::from(width.0))
    };
    exported.or_else(terminal).filter(|&w| w > 0)
}

/// A line of prose broken at blanks behind an indentation; a page without a width has 80 columns, and none is read with
/// pleasure beyond 100.
pub(crate) fn wrapped(line: &str, indentation: &str, width: Option<usize>) -> String {
    let width = width.unwrap_or(80).clamp(20, 100);
    let mut out = String::new();
    let mut used = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if used > 0 && indentation.len() + used + 1 + length > width {
            out.push('\n');
            used = 0;
        }
        out.push_str(if used == 0 { indentation } else { " " });
        used += length + usize::from(used > 0);
        out.push_str(word);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
