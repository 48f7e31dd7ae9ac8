//! The lines: requests as JSON, answers as JSON or what Python calls so.

use nbz_space::network::document::Document;
use serde::Serialize;
use serde_json::Value;

use super::Trouble;

/// A request as it is written.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    pub(super) id: u64,
    pub(super) arch: &'a str,
    pub(super) seed: u64,
    pub(super) graph: &'a Document,
    pub(super) weights: &'a str,
    pub(super) batch: &'a str,
}

/// The score in an answer to request `id`, finite or not, or why it has none and the words for people.
pub(super) fn score(line: &[u8], id: u64) -> Result<f64, (Trouble, String)> {
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    let garbage = || (Trouble::Garbage, format!("answered {}", beginning(text)));
    let value: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&with_quoted_words(text)))
        .map_err(|_| garbage())?;
    match value.get("id") {
        Some(found) if found.as_u64() == Some(id) => {}
        Some(found) => {
            let words = format!("answered request {found} instead of {id}");
            return Err((Trouble::WrongId, words));
        }
        None => return Err(garbage()),
    }
    match (value.get("score"), value.get("error")) {
        (Some(score), None) => number(score).ok_or_else(garbage),
        (None, Some(error)) => {
            let words = error
                .as_str()
                .map_or_else(|| error.to_string(), str::to_owned);
            Err((Trouble::Error, words))
        }
        _ => Err(garbage()),
    }
}

/// A number, or the name of one that JSON cannot write.
fn number(value: &Value) -> Option<f64> {
    let named = |name: &str| name.parse::<f64>().ok().filter(|v| !v.is_finite());
    value.as_f64().or_else(|| named(value.as_str()?))
}

/// Python's `json` writes NaN, Infinity and -Infinity bare: the same text with them in quotes.
fn with_quoted_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let (mut inside, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = ["NaN", "Infinity", "-Infinity"];
        if !inside && let Some(word) = word.into_iter().find(|w| rest.starts_with(w)) {
            out += &format!("\"{word}\"");
            rest = &rest[word.len()..];
            continue;
        }
        inside ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The first characters, quoted.
fn beginning(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    let dots = if short.len() < text.len() { "..." } else { "" };
    format!("{short:?}{dots}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn random_bytes_are_no_score_and_never_panic(line in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(score(&line, 7).is_err());
        }

        /// Oracle: JSON's own writer, which escapes whatever stands in the string.
        #[test]
        fn an_error_is_told_as_it_was_written(words in "(NaN|Infinity|[\"\\\\,:{} a-z\u{e4}]){0,20}") {
            let python = format!("{{\"id\": 7, \"x\": NaN, \"error\": {}}}", Value::from(words.clone()));
            prop_assert_eq!(score(python.as_bytes(), 7), Err((Trouble::Error, words)));
        }
    }

    fn trouble(line: &str) -> (Trouble, String) {
        score(line.as_bytes(), 7).expect_err("no score")
    }

    #[test]
    fn a_score_has_every_bit_of_the_shortest_text_that_names_it() {
        // Oracle: the standard library's parser, which rounds exactly.
        for text in [
            "0.1",
            "1e-300",
            "-2.2250738585072014e-308",
            "123456789.123456789",
            "3",
        ] {
            let line = format!("{{\"id\": 7, \"score\": {text}}}\n");
            let expected = text.parse::<f64>().expect("a number");
            assert_eq!(
                score(line.as_bytes(), 7).expect("a score").to_bits(),
                expected.to_bits()
            );
        }
    }

    #[test]
    fn numbers_that_are_none_are_kept_apart_from_garbage() {
        for line in [
            r#"{"id": 7, "score": NaN}"#,
            r#"{"score": Infinity, "id": 7}"#,
            r#"{"id":7,"score":-Infinity,"note":"a \" NaN"}"#,
            r#"{"id": 7, "score": "nan"}"#,
            r#"{"id": 7, "score": "-inf"}"#,
        ] {
            let score = score(line.as_bytes(), 7).expect("a number");
            assert!(!score.is_finite(), "{line}");
        }
    }

    #[test]
    fn every_other_answer_has_its_trouble() {
        for (line, expected) in [
            ("loading the model", Trouble::Garbage),
            ("{\"id\": 7", Trouble::Garbage),
            ("[]", Trouble::Garbage),
            ("{\"score\": 1}", Trouble::Garbage),
            ("{\"id\": 7}", Trouble::Garbage),
            ("{\"id\": 7, \"score\": \"1\"}", Trouble::Garbage),
            ("{\"id\": 7, \"score\": null}", Trouble::Garbage),
            (
                "{\"id\": 7, \"score\": 1, \"error\": \"no\"}",
                Trouble::Garbage,
            ),
            ("{\"id\": 8, \"score\": 1}", Trouble::WrongId),
            ("{\"id\": \"7\", \"score\": 1}", Trouble::WrongId),
            ("{\"id\": 7, \"error\": \"no\"}", Trouble::Error),
        ] {
            assert_eq!(trouble(line).0, expected, "{line}");
        }
        assert_eq!(trouble("{\"id\": 7, \"error\": \"no\"}").1, "no");
        assert_eq!(
            score(&[b'"', 0xff, b'"'], 7).expect_err("no score").0,
            Trouble::Garbage
        );
    }
}
