//! What the program says, whole: every file of `tests/snapshots` is a list of commands with the output,
//! the words and the exit code that they give.
//!
//! A command is a line `$ [NAME=VALUE ...] nbzero ...`. Standard output follows as it is, then
//! `--- stderr` and the words, then `--- exit CODE`; what is empty or 0 is left out. The commands of a
//! file run in one folder, which starts as a copy of `tests/inputs`.

use std::fmt::Write;
use std::path::Path;

use crate::run::{Run, finish, folder_with_inputs, holds, nbzero, words};

fn record(line: &str, folder: &Path) -> String {
    let mut command = nbzero(folder);
    let mut rest = words(line).into_iter().peekable();
    while let Some((name, value)) = rest.peek().and_then(|w| w.split_once('=')) {
        command.env(name, value);
        rest.next();
    }
    assert_eq!(rest.next().as_deref(), Some("nbzero"), "{line}");
    let Run {
        stdout,
        stderr,
        code,
    } = finish(command.args(rest));
    let mut text = format!("$ {line}\n{stdout}");
    if !stderr.is_empty() {
        write!(text, "--- stderr\n{stderr}").expect("a string grows");
    }
    if code != Some(0) {
        writeln!(text, "--- exit {}", code.expect("an exit code")).expect("a string grows");
    }
    text
}

#[test]
fn every_recorded_command_still_says_the_same() {
    let snapshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let mut files: Vec<_> = std::fs::read_dir(snapshots)
        .expect("tests/snapshots can be listed")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let recorded = std::fs::read_to_string(&file).expect("a snapshot can be read");
        let folder = folder_with_inputs();
        let commands = recorded.lines().filter_map(|l| l.strip_prefix("$ "));
        let now: Vec<String> = commands.map(|c| record(c, folder.path())).collect();
        holds(&file, &now.join("\n"));
    }
}
