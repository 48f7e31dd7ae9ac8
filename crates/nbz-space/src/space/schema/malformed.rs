//! What the TOML reader refuses, in the words of the schema: the key, what is there, what belongs there.

use super::{definition, line_of};
use crate::{
    error::{SpaceError, excerpt},
    space::nearest,
};

/// What the TOML reader says, with the known key that a misspelled one is nearest to.
pub(super) fn malformed(text: &str, e: &toml::de::Error) -> SpaceError {
    let start = e.span().map(|span| span.start);
    let line = start.map_or(0, |byte| line_of(text, byte));
    let place = start.map(|byte| Place::of(text, byte)).unwrap_or_default();
    let message = e.message().lines().next().unwrap_or("not TOML");
    let (problem, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let quoted = |start: &str| problem.strip_prefix(start)?.strip_suffix('`');
    // Serde quotes the unknown key and the known ones: "unknown field `a`, expected one of `b`, `c`".
    if let Some(key) = quoted("unknown field `") {
        let known = expected.split('`').skip(1).step_by(2);
        let expected = match nearest(key, known) {
            Some(known) => format!("`{known}`"),
            None => expected.to_owned(),
        };
        // A table that is not known stands in its own heading, where no key has been seen yet.
        let key = match place.key.as_str() {
            "" => excerpt(key),
            _ => place.inside(&excerpt(key)),
        };
        return definition(line, &key, "unknown key".to_owned(), &expected);
    }
    if let Some(key) = quoted("missing field `") {
        let expected = format!("a line `{key} = ...`, or a table of that name");
        return definition(line, &place.inside(key), "is missing".to_owned(), &expected);
    }
    let wrong_value = ["invalid type: ", "invalid value: "];
    match wrong_value
        .iter()
        .find_map(|start| problem.strip_prefix(start))
    {
        Some(found) => {
            let problem = format!("{} does not belong here", excerpt(found));
            definition(line, &place.key(), problem, in_words(expected))
        }
        None => definition(line, "description", excerpt(problem), expected),
    }
}

/// A type of the reader as people call it.
fn in_words(expected: &str) -> &str {
    match expected {
        "u64" | "u32" | "usize" | "i64" => "a whole number",
        "a string" => "a text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list in brackets",
        _ if expected.starts_with("struct ") || expected == "a map" => "a table of keys",
        other => other,
    }
}

/// Where a byte of a description stands: the table's heading above it, and the key of its line.
#[derive(Debug, Default)]
struct Place {
    table: String,
    key: String,
}

impl Place {
    fn of(text: &str, byte: usize) -> Self {
        let mut place = Self::default();
        let mut forms = 0;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if start > byte {
                break;
            }
            start += line.len();
            let line = line.trim();
            if let Some(name) = line.strip_prefix("[[").and_then(|l| l.split("]]").next()) {
                place.table = format!("{}[{forms}]", excerpt(name.trim()));
                place.key.clear();
                forms += 1;
            } else if let Some(name) = line.strip_prefix('[').and_then(|l| l.split(']').next())
                && is_key(name.trim())
            {
                name.trim().clone_into(&mut place.table);
                place.key.clear();
            } else if let Some((key, _)) = line.split_once('=')
                && is_key(key.trim())
            {
                key.trim().clone_into(&mut place.key);
            }
        }
        place
    }

    /// A key of the table.
    fn inside(&self, key: &str) -> String {
        match self.table.as_str() {
            "" => key.to_owned(),
            table => format!("{table}.{key}"),
        }
    }

    /// The key of the line, or the table whose heading it is.
    fn key(&self) -> String {
        match (self.table.as_str(), self.key.as_str()) {
            ("", "") => "description".to_owned(),
            (table, "") => table.to_owned(),
            (_, key) => self.inside(key),
        }
    }
}

/// Whether a word is a bare key; a row of an array looks like a heading, but holds blanks and commas.
fn is_key(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let number = word.parse::<f64>().is_ok();
    !word.is_empty() && word.len() <= 64 && word.chars().all(plain) && !number
}
