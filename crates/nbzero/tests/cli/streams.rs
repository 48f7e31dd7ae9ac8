//! Where output goes and how it fails: pipes, full disks, interrupts, narrow terminals.

#![expect(clippy::print_stderr, reason = "a test says why it is skipped")]

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

#[test]
fn a_long_list_into_a_closed_pipe_is_quiet_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for arguments in [
        &["space", "sample", "r1"][..],
        &["export", "nas-bench-macro"],
        &["query", "nas-bench-macro", "--all", "--json"],
    ] {
        let mut child = nbzero(folder.path())
            .args(arguments)
            .arg("--quiet")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(output.stderr.is_empty(), "{:?}", output.stderr);
    }
}

#[test]
fn narrow_terminals_get_narrow_tables() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for width in [40, 80] {
        for arguments in [
            &["tables"][..],
            &["best", "--table", "nas-bench-macro", "--max-macs", "60M"],
            &["space", "list"],
            &["show", "nbmacro:12021020"],
            &["explain"],
            &["bench", "--plan", "--threads", "1"],
        ] {
            let ended = finish(
                nbzero(folder.path())
                    .args(arguments)
                    .env("COLUMNS", width.to_string()),
            );
            assert_eq!(ended.code, Some(0), "{arguments:?}");
            // Sentences are left to the terminal; what stands in columns must not break.
            let rows = ended.stdout.lines().filter(|l| l.contains("  "));
            for row in rows {
                assert!(
                    row.chars().count() <= width,
                    "{arguments:?} at {width}: {row}"
                );
            }
        }
    }
}

/// Four thousand million images are 50 TB and more, which no machine that runs this has. An allocation that fails
/// would abort the program: code none.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_memory_above_what_the_machine_has_is_not_believed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let vast = [
        "bench",
        "--batch",
        "4294967295",
        "--max-memory",
        "99999999999G",
    ];
    let ended = run(folder.path(), &vast);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("the limit is"), "{}", ended.stderr);
    assert!(ended.stderr.contains("would fit"), "{}", ended.stderr);
    let planned = run(folder.path(), &[&vast[..], &["--plan"]].concat());
    assert_eq!(planned.code, Some(0), "{}", planned.stderr);
}

/// A name of a kernel path that is not UTF-8 is an unknown one.
#[cfg(target_os = "linux")]
#[test]
fn a_kernel_path_that_is_not_utf_8_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let name = std::ffi::OsStr::from_bytes(b"avx2\xff");
    let ended = finish(
        nbzero(folder.path())
            .args(["bench", "--plan"])
            .env("NBZERO_KERNELS", name),
    );
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("unknown kernel path"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_kernel_path_that_is_none_is_refused_by_scores_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = "score nbmacro:00000000 --batch 2 --ntk-batch 2 --proxies snip --json";
    let plain = || {
        let mut command = nbzero(folder.path());
        command.args(arguments.split(' '));
        command
    };
    let score = |path: &str| finish(plain().env("NBZERO_KERNELS", path));
    let refused = score("bogus");
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("unknown kernel path `bogus`"),
        "{}",
        refused.stderr
    );
    // Every path gives the same bits.
    let portable = score("portable");
    assert_eq!(portable.code, Some(0), "{}", portable.stderr);
    assert_eq!(portable.stdout, finish(&mut plain()).stdout);
}

/// A full disk under an output file. Needs a file system of its own, which only root may mount.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_an_output_file_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).expect("a mount point");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        eprintln!("skipped: no file system can be mounted here");
        return;
    }
    let ended = run(
        folder.path(),
        &["export", "nas-bench-201", "-o", "disk/table.csv"],
    );
    let left = fs::read_dir(&disk).map(Iterator::count);
    let unmounted = std::process::Command::new("umount").arg(&disk).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("the disk is full; nothing was left behind"),
        "{}",
        ended.stderr
    );
    assert_eq!(left.expect("the disk could be listed"), 0);
}

/// The program is stopped while it works; nothing may stand under the final name but a whole file.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_its_code_and_leaves_no_half_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let whole = run(
        folder.path(),
        &["export", "nas-bench-201", "-o", "whole.csv"],
    );
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
    let whole = fs::read(folder.path().join("whole.csv")).expect("a whole file");
    let mut interrupted = 0;
    for round in 0..8 {
        let mut child = nbzero(folder.path())
            .args(["export", "nas-bench-201", "-o", "table.csv"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // The first word tells that the handler stands; the rounds differ in how far the work has come.
        let mut words = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        words.read_line(&mut line).expect("the table was read");
        for i in 0..round * 40_000 {
            std::hint::black_box(i);
        }
        let sent = std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .stderr(Stdio::null())
            .status()
            .expect("kill runs");
        let code = child.wait().expect("the program ends").code();
        let table = folder.path().join("table.csv");
        match code {
            Some(130) => interrupted += usize::from(sent.success()),
            other => assert_eq!(other, Some(0)),
        }
        if table.exists() {
            assert!(fs::read(&table).expect("a file") == whole, "half a file");
            fs::remove_file(&table).expect("the file can go");
        }
    }
    eprintln!("interrupted {interrupted} of 8 runs");
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_written_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let full = run(folder.path(), &["show", "r1-000123", "--svg", "/dev/full"]);
    assert_eq!(full.code, Some(5), "{}", full.stderr);
    assert!(full.stderr.contains("/dev/full"));
    let null = run(folder.path(), &["show", "r1-000123", "--svg", "/dev/null"]);
    assert_eq!(null.code, Some(0), "{}", null.stderr);
    for device in ["/dev/full", "/dev/null"] {
        let kind = fs::metadata(device).expect("a device").file_type();
        assert!(kind.is_char_device(), "{device}");
    }
}
