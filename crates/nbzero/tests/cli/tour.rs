//! `tour` shows what its commands print when they are typed.

use crate::run::{run, words};

#[test]
fn every_stop_shows_what_its_command_prints_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tour = run(folder.path(), &["tour", "-o", "seen", "-q"]);
    assert_eq!(tour.code, Some(0), "{}", tour.stderr);
    assert_eq!(tour.stderr, "");
    let list = run(folder.path(), &["tour", "-o", "seen", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&list.stdout).expect("a document");
    let stops = list["stops"].as_array().expect("a list of stops");
    let mut rest = tour.stdout.as_str();
    for (at, stop) in stops.iter().enumerate() {
        let typed = |word: &serde_json::Value| word.as_str().expect("a word").to_owned();
        let command: Vec<String> = stop["command"]
            .as_array()
            .expect("words")
            .iter()
            .map(typed)
            .collect();
        let title = format!(
            "\n{} of {}: {}\n",
            at + 1,
            stops.len(),
            stop["title"].as_str().expect("a title")
        );
        rest = rest
            .strip_prefix(title.as_str())
            .unwrap_or_else(|| panic!("{title} is not next in {rest}"));
        let prompt = format!("\n$ nbzero {}\n", command.join(" "));
        let (said, behind) = rest
            .split_once(prompt.as_str())
            .expect("the command is shown");
        let plain = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(plain(said), plain(stop["words"].as_str().expect("words")));
        assert_eq!(
            words(&command.join(" ")),
            command,
            "it can be typed as it is shown"
        );
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        arguments.push("-q");
        let alone = run(folder.path(), &arguments);
        assert_eq!(alone.code, Some(0), "{prompt}{}", alone.stderr);
        rest = behind
            .strip_prefix(alone.stdout.as_str())
            .unwrap_or_else(|| panic!("{prompt}{}", alone.stdout));
    }
    assert!(rest.contains("That was all of it"), "{rest}");
    for file in ["scores.parquet", "report/README.md", "explorer.html"] {
        assert!(folder.path().join("seen").join(file).exists(), "{file}");
    }
}
