//! Committed files that a command writes are what the command writes now.

use std::fs;
use std::path::Path;

use crate::run::{Run, holds, root, words};

#[test]
fn completions_are_current() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (shell, file) in [
        ("bash", "nbzero.bash"),
        ("zsh", "_nbzero"),
        ("fish", "nbzero.fish"),
    ] {
        let Run { stdout, code, .. } = crate::run::run(folder.path(), &["completions", shell]);
        assert_eq!(code, Some(0));
        holds(&root().join("completions").join(file), &stdout);
    }
}

#[test]
fn manual_pages_are_current_and_none_is_left_over() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let written = crate::run::run(folder.path(), &["man", "-o", "pages"]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    let names = |path: &Path| -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path)
            .expect("a folder of pages")
            .map(|e| {
                e.expect("a page")
                    .file_name()
                    .into_string()
                    .expect("a plain name")
            })
            .collect();
        names.sort();
        names
    };
    let new = folder.path().join("pages");
    let committed = root().join("man");
    for name in names(&new) {
        let page = fs::read_to_string(new.join(&name)).expect("a page can be read");
        holds(&committed.join(&name), &page);
    }
    assert_eq!(names(&committed), names(&new));
}

/// A block begins `<!-- nbzero ... -->` and ends `<!-- end -->`; between them stands the command and
/// what it prints, fenced.
#[test]
fn tables_in_documents_are_what_their_command_prints() {
    let mut documents = vec![root().join("README.md")];
    let docs = fs::read_dir(root().join("docs")).expect("docs can be listed");
    documents.extend(docs.map(|e| e.expect("an entry").path()));
    documents.retain(|d| d.extension().is_some_and(|e| e == "md"));
    let mut blocks = 0;
    for document in documents {
        let text = fs::read_to_string(&document).expect("a document can be read");
        let mut new = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find("<!-- nbzero ") {
            let end_of_head = start + rest[start..].find("-->").expect("a marker ends") + 3;
            let command = rest[start + 5..end_of_head - 4].trim();
            let end = rest.find("<!-- end -->").expect("a block ends");
            new.push_str(&rest[..end_of_head]);
            new.push_str(&block(command));
            rest = &rest[end..];
            let behind = rest.find("-->").expect("the marker ends") + 3;
            new.push_str(&rest[..behind]);
            rest = &rest[behind..];
            blocks += 1;
        }
        new.push_str(rest);
        holds(&document, &new);
    }
    assert!(blocks > 0, "no document shows real output");
}

fn block(command: &str) -> String {
    let folder = crate::run::folder_with_inputs();
    let mut arguments = words(command);
    arguments.remove(0);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let Run {
        stdout,
        code,
        stderr,
    } = crate::run::run(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{command}: {stderr}");
    if stdout.starts_with('|') {
        return format!("\n\n{stdout}\n");
    }
    format!("\n\n```console\n$ {command}\n{stdout}```\n\n")
}
