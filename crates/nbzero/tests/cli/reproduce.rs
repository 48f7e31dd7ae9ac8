//! `reproduce` writes the same bytes on every run, refuses what it cannot do, and leaves no half file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::run::{finish, nbzero, run};

/// Every file of a report by its path inside the folder, without the cache.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder can be listed") {
            let path = entry.expect("an entry").path();
            let inside = path.strip_prefix(folder).expect("a path inside");
            let name = inside.to_str().expect("a plain name").to_owned();
            if path.is_dir() && name != ".cache" {
                open.push(path);
            } else if path.is_file() {
                found.insert(name, fs::read(&path).expect("a file can be read"));
            }
        }
    }
    found
}

#[test]
fn the_same_bytes_on_every_run_for_any_number_of_threads_with_and_without_the_cache() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut first = None;
    for (threads, out, more) in [
        (
            "1",
            "one",
            &["table1", "table2", "table3", "claims", "--no-cache"][..],
        ),
        ("3", "three", &["table1", "table2", "table3", "claims"]),
        ("2", "three", &["table1", "table2", "table3", "claims"]),
        ("7", "seven", &["table3", "claims", "table1", "table2"]),
    ] {
        let arguments = ["reproduce", "--draws", "30", "-o", out];
        let ended = finish(
            nbzero(folder.path())
                .env("RAYON_NUM_THREADS", threads)
                .args(arguments)
                .args(more),
        );
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let now = (ended.stdout, files(&folder.path().join(out)));
        assert!(now.1.len() > 30, "a report of {} files", now.1.len());
        assert!(
            first.get_or_insert_with(|| now.clone()) == &now,
            "{threads}"
        );
    }
    let claims = folder.path().join("one/claims.json");
    let claims: serde_json::Value =
        serde_json::from_slice(&fs::read(claims).expect("claims")).expect("JSON");
    let verdicts = &claims["findings"][13]["verdicts"];
    for space in ["r1", "r2", "mb"] {
        assert!(
            verdicts[format!("paper-lists of {space}")].is_string(),
            "{verdicts}"
        );
    }
    assert!(!folder.path().join("one/.cache").exists());
    assert!(folder.path().join("three/.cache").exists());
}

#[test]
fn without_a_name_the_tables_are_written_and_neither_figures_nor_claims() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ended = run(folder.path(), &["reproduce", "--draws", "0", "-o", "out"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let out = folder.path().join("out");
    for part in ["table1", "table2", "table3"] {
        assert!(out.join(part).is_dir(), "{part}");
    }
    assert!(!out.join("figures").exists() && !out.join("claims.md").exists());
}

#[test]
fn only_the_parts_asked_for_are_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = ["reproduce", "table2", "--draws", "0", "--no-cache"];
    assert_eq!(run(folder.path(), &arguments).code, Some(0));
    let names: Vec<String> = files(&folder.path().join("nbzero-report"))
        .into_keys()
        .collect();
    assert!(
        names
            .iter()
            .all(|n| n == "README.md" || n.starts_with("table2/") || n.starts_with("paper/"))
    );
    assert!(names.len() > 3);
}

/// NAS-Bench-Macro's own columns, which are no proxies; scores of our own are only put beside the table inside the program.
fn write_without_proxies(path: &Path) {
    fs::write(path, nbz_table::Embedded::NasBenchMacro.bytes()).expect("a file is written");
}

#[test]
fn figures_are_drawn_where_the_table_has_their_columns() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_without_proxies(&folder.path().join("plain.parquet"));
    let arguments = |out| {
        let start = ["reproduce", "fig9", "fig4", "--table", "plain.parquet"];
        [&start[..], &["--draws", "5", "-o", out]].concat()
    };
    let first = run(folder.path(), &arguments("one"));
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(
        first.stderr.contains("fig9 needs two proxies"),
        "{}",
        first.stderr
    );
    let drawn = files(&folder.path().join("one"));
    let stem = "figures/fig4_accuracy_under_macs__nas-bench-macro";
    let expected = [
        "README.md".to_owned(),
        format!("{stem}.csv"),
        format!("{stem}.png"),
        format!("{stem}.svg"),
    ];
    assert_eq!(drawn.keys().cloned().collect::<Vec<_>>(), expected);
    let readme = String::from_utf8_lossy(&drawn["README.md"]);
    assert!(readme.contains(&format!("({stem}.png)")), "{readme}");
    // The second run reads what the first kept, the third keeps nothing.
    assert_eq!(run(folder.path(), &arguments("one")).code, Some(0));
    assert!(files(&folder.path().join("one")) == drawn);
    let fresh = [arguments("two"), vec!["--no-cache"]].concat();
    assert_eq!(run(folder.path(), &fresh).code, Some(0));
    assert!(files(&folder.path().join("two")) == drawn);
}

#[test]
fn a_list_of_the_parts_writes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let listed = run(folder.path(), &["reproduce", "--list"]);
    assert_eq!(listed.code, Some(0));
    for part in ["table1", "claims", "fig4", "fig10"] {
        let line = |l: &&str| l.split_whitespace().next() == Some(part);
        assert_eq!(listed.stdout.lines().filter(line).count(), 1, "{part}");
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_cache_that_was_damaged_is_computed_anew() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = ["reproduce", "table3", "--draws", "5", "-o", "out"];
    assert_eq!(run(folder.path(), &arguments).code, Some(0));
    let out = folder.path().join("out");
    let whole = files(&out);
    for entry in fs::read_dir(out.join(".cache")).expect("the cache") {
        fs::write(entry.expect("an entry").path(), b"{\"key\": ").expect("a file");
    }
    assert_eq!(run(folder.path(), &arguments).code, Some(0));
    assert!(files(&out) == whole);
}

#[test]
fn refusals_name_the_thing_and_write_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("taken"), "").expect("a file");
    fs::write(folder.path().join("empty.parquet"), "").expect("a file");
    for (arguments, code, words) in [
        (&["reproduce", "tabel1"][..], 2, "`tabel1`"),
        (&["reproduce", "fig4", "fig11"], 2, "`fig11`"),
        (
            &["reproduce", "--table", "nas-bench-102"],
            4,
            "nas-bench-201",
        ),
        (
            &["reproduce", "--table", "empty.parquet"],
            3,
            "empty.parquet",
        ),
        (
            &["reproduce", "all", "--charts", "nas-bench-201 cifar99"],
            4,
            "nas-bench-201 cifar100",
        ),
        (
            &["reproduce", "--with", "nas-bench-macro"],
            2,
            "`nas-bench-macro`",
        ),
        (
            &["reproduce", "table1", "-o", "taken/report", "--draws", "0"],
            5,
            "taken/report",
        ),
    ] {
        let ended = run(folder.path(), arguments);
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{arguments:?}");
        assert!(!folder.path().join("nbzero-report").exists());
    }
}

#[test]
fn a_readme_that_no_report_wrote_stays_and_one_that_a_report_wrote_is_renewed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let readme = folder.path().join("out/README.md");
    let arguments = [
        "reproduce",
        "table3",
        "--draws",
        "0",
        "--no-cache",
        "-o",
        "out",
    ];
    let first = run(folder.path(), &arguments);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert_eq!(run(folder.path(), &arguments).code, Some(0));
    fs::write(&readme, "# my project\n").expect("a file is written");
    let refused = run(folder.path(), &arguments);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(refused.stderr.contains("is not a report's"));
    let kept = fs::read_to_string(&readme).expect("the file stands");
    assert_eq!(kept, "# my project\n");
}

#[test]
fn everything_is_also_one_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Figures that need proxies are missing, and the page says so.
    write_without_proxies(&folder.path().join("plain.parquet"));
    let arguments = |out| {
        let start = ["reproduce", "all", "--table", "plain.parquet"];
        [&start[..], &["--draws", "5", "-o", out]].concat()
    };
    for out in ["one", "two"] {
        let ended = run(folder.path(), &arguments(out));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("index.html first"),
            "{}",
            ended.stderr
        );
    }
    let written = files(&folder.path().join("one"));
    let page = &written["index.html"];
    assert!(page == &files(&folder.path().join("two"))["index.html"]);
    assert!(page.len() < 12_000_000, "{} bytes", page.len());
    let page = String::from_utf8_lossy(page);
    assert!(page.contains("fig9 needs two proxies"));
    let stems = |start: &'static str, end: &'static str| {
        let inside = written
            .keys()
            .filter_map(move |name| name.strip_prefix(start));
        inside.filter_map(move |name| name.strip_suffix(end))
    };
    assert!(stems("figures/", ".svg").count() > 4);
    for stem in stems("figures/", ".svg") {
        assert!(page.contains(&format!("<figure id=\"{stem}\">")), "{stem}");
        let beside = format!("<a href=\"figures/{stem}.csv\">");
        assert!(page.contains(&beside), "{stem}");
    }
    for stem in stems("table1/", ".md") {
        assert!(page.contains(&format!("id=\"table1-{stem}\"")), "{stem}");
    }
    for method in ["mbr", "spearman", "macs"] {
        assert!(
            page.contains(&format!("id=\"method-{method}\"")),
            "{method}"
        );
    }
    // A page that no report wrote stays.
    let foreign = folder.path().join("site");
    fs::create_dir(&foreign).expect("a folder");
    fs::write(foreign.join("index.html"), "<p>mine").expect("a file");
    let refused = run(folder.path(), &arguments("site"));
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert_eq!(files(&foreign).len(), 1);
}
