//! Where output goes and how it fails: pipes, full disks, interrupts, narrow terminals.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::run::{finish, nbzero, run};

#[test]
fn a_reader_that_closes_the_pipe_ends_the_program_quietly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut child = nbzero(folder.path())
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The script is longer than a pipe holds, so the program is still writing when this end closes.
    let mut first = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().expect("a pipe"));
    out.read_line(&mut first).expect("a line");
    drop(out);
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{:?}", output.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_standard_output_is_an_io_error() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let ended = finish(nbzero(folder.path()).arg("explain").stdout(full));
    assert_eq!(ended.code, Some(5));
    assert!(
        ended
            .stderr
            .starts_with("error: cannot write to standard output: ")
    );
    assert_eq!(ended.stderr.lines().count(), 1);
}

#[test]
fn words_are_coloured_only_where_asked_or_seen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plain = run(folder.path(), &["explain", "taub"]);
    assert!(!plain.stderr.contains('\u{1b}'));
    let forced = finish(
        nbzero(folder.path())
            .args(["explain", "taub"])
            .env("CLICOLOR_FORCE", "1"),
    );
    assert!(forced.stderr.contains('\u{1b}'));
    let refused = finish(
        nbzero(folder.path())
            .args(["explain", "taub"])
            .env("CLICOLOR_FORCE", "1")
            .env("NO_COLOR", "1"),
    );
    assert!(refused.stdout.is_empty());
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("taken"), "").expect("a file");
    let ended = run(folder.path(), &["man", "-o", "taken/pages"]);
    assert_eq!(ended.code, Some(5));
    assert!(
        ended.stderr.contains("cannot write `taken/pages`"),
        "{}",
        ended.stderr
    );
    assert!(ended.stdout.is_empty());
}
