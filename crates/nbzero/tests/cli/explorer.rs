//! `explore` and `serve` from outside: the page's file, and what is refused with which code. What the page shows is tested in
//! a browser (crates/nbz-explore/page/browser), requests to the server in crates/nbz-explore/tests/serve.rs.

use std::fs;
use std::net::TcpListener;

use crate::run::{folder_with_inputs, run};

#[test]
fn explore_writes_the_same_page_each_time_and_nothing_else() {
    let folder = folder_with_inputs();
    let before = fs::read_dir(folder.path()).expect("a folder").count();
    let explore = |page: &str| {
        let ended = run(
            folder.path(),
            &["explore", "--table", "nas-bench-macro", "-o", page],
        );
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(
            ended.stderr.contains(&format!("wrote {page}")),
            "{}",
            ended.stderr
        );
        fs::read(folder.path().join(page)).expect("a page")
    };
    let page = explore("one.html");
    assert!(page.starts_with(b"<!DOCTYPE html>"));
    assert!(page == explore("two.html"));
    let after = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(after, before + 2);
}

#[test]
fn what_cannot_be_explored_is_refused_with_its_code() {
    let folder = folder_with_inputs();
    let page = "page.html";
    let cases: [(&[&str], i32, &str); 6] = [
        (&["--table", "nas-bench-102"], 4, "unknown table"),
        (&["--dataset", "mnist"], 4, "mnist"),
        (&["--scores", "absent.csv"], 5, "absent.csv"),
        (
            &["--scores", "no-arch.csv"],
            3,
            "no column names the architecture",
        ),
        (&["--smaller", "mine"], 2, "--scores"),
        (
            &[
                "--scores",
                "mine.csv",
                "--smaller",
                "yours",
                "--table",
                "nas-bench-macro",
            ],
            2,
            "none of the scores",
        ),
    ];
    for (arguments, code, words) in cases {
        let ended = run(
            folder.path(),
            &[&["explore", "-o", page], arguments].concat(),
        );
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains(words),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(!folder.path().join(page).exists());
    }
    let nowhere = run(
        folder.path(),
        &[
            "explore",
            "-t",
            "nas-bench-macro",
            "-o",
            "no/such/page.html",
        ],
    );
    assert_eq!(nowhere.code, Some(5), "{}", nowhere.stderr);
}

#[test]
fn serve_says_of_a_taken_port_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ended = run(folder.path(), &["serve", "--port", &port]);
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("--port"), "{}", ended.stderr);
    let wrong = run(folder.path(), &["serve", "--port", "70000"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
}
