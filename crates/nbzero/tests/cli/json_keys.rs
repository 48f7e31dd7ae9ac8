//! docs/json.md names exactly the keys that the commands print.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::run::{folder_with_inputs, root, run, words};
use crate::train::write_images;

#[test]
fn the_page_on_json_names_every_key_and_no_other() {
    let page = std::fs::read_to_string(root().join("docs/json.md")).expect("the page");
    let folder = folder_with_inputs();
    let images = folder.path().join("cifar");
    std::fs::create_dir(&images).expect("a folder");
    write_images(&images);
    let networks = "nbmacro:00000000\nnbmacro:00000001\n";
    std::fs::write(folder.path().join("few.txt"), networks).expect("a list");
    let mut sections = 0;
    for section in page.split("\n## ").skip(1) {
        let (heading, body) = section.split_once('\n').expect("a section has a body");
        let command = heading.trim().trim_matches('`');
        let mut arguments = words(command);
        assert_eq!(arguments.remove(0), "nbzero", "{command}");
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let ended = run(folder.path(), &arguments);
        assert_eq!(ended.code, Some(0), "{command}: {}", ended.stderr);
        let document: Value = serde_json::from_str(&ended.stdout).expect("one JSON document");
        compare(command, &documented(body), &document);
        sections += 1;
    }
    assert!(sections > 10);
}

/// The paths in the first cells of the section's table.
fn documented(body: &str) -> BTreeSet<String> {
    let cells = body
        .lines()
        .filter_map(|l| l.strip_prefix("| `")?.split(" | ").next());
    cells
        .flat_map(|cell| cell.split('`').filter(|p| !p.is_empty() && *p != ", "))
        .map(|path| path.trim().to_owned())
        .collect()
}

fn compare(command: &str, documented: &BTreeSet<String>, document: &Value) {
    let mut printed = BTreeSet::new();
    paths(document, String::new(), documented, &mut printed);
    // Whatever lies behind `…` is told elsewhere; what may be absent or null prints no inner path.
    let missing: Vec<_> = printed.difference(documented).collect();
    assert!(
        missing.is_empty(),
        "{command} prints, the page does not name: {missing:?}"
    );
    let stale: Vec<_> = documented.difference(&printed).collect();
    assert!(
        stale.is_empty(),
        "the page names, {command} does not print: {stale:?}"
    );
}

/// Collects the paths of a document, written as the page writes them.
fn paths(value: &Value, at: String, documented: &BTreeSet<String>, out: &mut BTreeSet<String>) {
    let folded = format!("{at} …");
    if documented.contains(&folded) {
        out.insert(folded);
        return;
    }
    match value {
        Value::Object(map) => {
            let is_map = documented.iter().any(|d| d.starts_with(&format!("{at}.*")));
            for (key, inner) in map {
                let key = if is_map { "*" } else { key };
                let dot = if at.is_empty() { "" } else { "." };
                paths(inner, format!("{at}{dot}{key}"), documented, out);
            }
        }
        Value::Array(list) => {
            let at = format!("{at}[]");
            for inner in list {
                paths(inner, at.clone(), documented, out);
            }
        }
        _ => {
            out.insert(at);
        }
    }
}
