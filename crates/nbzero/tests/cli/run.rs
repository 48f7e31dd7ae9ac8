//! Runs the built program as a user would: in a folder of its own, with a plain environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What one run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// `None` if a signal ended the program.
    pub(crate) code: Option<i32>,
}

/// The program, ready to be given arguments: no colour, no inherited width.
pub(crate) fn nbzero(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nbzero"));
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_remove("COLUMNS")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("NO_COLOR");
    command
}

/// Runs the program to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Run {
    finish(nbzero(folder).args(arguments))
}

/// Runs a prepared command to its end.
pub(crate) fn finish(command: &mut Command) -> Run {
    let output = command.output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
    Run {
        stdout: text(output.stdout),
        stderr: text(output.stderr),
        code: output.status.code(),
    }
}

/// The rows of that name in the CSV files of a folder.
pub(crate) fn rows_of(name: &str, folder: &Path) -> Vec<String> {
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let text = std::fs::read_to_string(path).expect("a text file");
            let named = text.lines().filter(|l| l.starts_with(&format!("{name},")));
            rows.extend(named.map(str::to_owned));
        }
    }
    rows
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a command prints that has to succeed.
pub(crate) fn said(folder: &Path, arguments: &[&str]) -> String {
    let run = run(folder, arguments);
    assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
    run.stdout
}

/// A fresh folder with a copy of `tests/inputs`.
pub(crate) fn folder_with_inputs() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs");
    for entry in std::fs::read_dir(inputs).expect("tests/inputs can be listed") {
        let path = entry.expect("an entry of tests/inputs").path();
        let name = path.file_name().expect("a file has a name");
        std::fs::copy(&path, folder.path().join(name)).expect("the input can be copied");
    }
    folder
}

/// Whether generated and recorded files are to be rewritten instead of compared.
pub(crate) fn rewriting() -> bool {
    std::env::var_os("NBZERO_WRITE").is_some()
}

/// Compares a committed file with what it should hold, or rewrites it.
pub(crate) fn holds(path: &Path, wanted: &str) {
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == wanted {
        return;
    }
    if rewriting() {
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        std::fs::write(path, wanted).expect("the file can be written");
        return;
    }
    let line = found
        .lines()
        .zip(wanted.lines())
        .take_while(|(a, b)| a == b)
        .count();
    panic!(
        "{} is out of date from line {}; `./test --write` rewrites it\n- {}\n+ {}",
        path.display(),
        line + 1,
        found.lines().nth(line).unwrap_or("(the end)"),
        wanted.lines().nth(line).unwrap_or("(the end)"),
    );
}

/// Splits a command line at blanks; single quotes keep blanks and everything else as it is.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None::<String>;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
