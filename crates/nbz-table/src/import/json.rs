//! JSON as score files need it: object keys in order and unique, and Python's bare `NaN` and `Infinity`.
//!
//! `serde_json::Value` would keep the last of two equal keys in silence and refuse the bare words.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// An object's fields in the document's order.
pub(crate) type Object = Vec<(String, Node)>;

/// A JSON value; what score files have no use for is not kept.
#[derive(Debug, PartialEq)]
pub(crate) enum Node {
    Null,
    Number(f64),
    Object(Object),
    /// A string, a boolean or an array.
    Other,
}

impl Node {
    /// Parses a whole document.
    pub(crate) fn parse(bytes: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(&quote_bare_words(bytes))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(match text {
            "NaN" => Node::Number(f64::NAN),
            "Infinity" => Node::Number(f64::INFINITY),
            "-Infinity" => Node::Number(f64::NEG_INFINITY),
            _ => Node::Other,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        while items.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Node::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut fields = Object::new();
        let mut seen = HashSet::new();
        while let Some((key, value)) = map.next_entry::<String, Node>()? {
            if !seen.insert(key.clone()) {
                let key = super::excerpt(&key);
                return Err(A::Error::custom(format_args!("key `{key}` stands twice")));
            }
            fields.push((key, value));
        }
        Ok(Node::Object(fields))
    }
}

/// Puts quotes around `NaN`, `Infinity` and `-Infinity` outside strings.
fn quote_bare_words(bytes: &[u8]) -> Vec<u8> {
    const WORDS: [&[u8]; 3] = [b"NaN", b"-Infinity", b"Infinity"];
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let word = WORDS
            .into_iter()
            .find(|w| !in_string && rest.starts_with(w));
        let step = match (word, rest[0]) {
            (Some(word), _) => {
                out.push(b'"');
                out.extend_from_slice(word);
                out.push(b'"');
                at += word.len();
                continue;
            }
            (None, b'\\') if in_string => 2.min(rest.len()),
            (None, b'"') => {
                in_string = !in_string;
                1
            }
            (None, _) => 1,
        };
        out.extend_from_slice(&rest[..step]);
        at += step;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Node, quote_bare_words};

    #[test]
    fn bare_words_are_quoted_outside_strings_only() {
        let text = br#"{"NaN": NaN, "a\"Infinity": [-Infinity, Infinity]}"#;
        let quoted = br#"{"NaN": "NaN", "a\"Infinity": ["-Infinity", "Infinity"]}"#;
        assert_eq!(quote_bare_words(text), quoted);
    }

    #[test]
    fn a_key_that_stands_twice_is_an_error_with_its_line() {
        let error = Node::parse(b"{\"a\": 1,\n\"a\": 2}")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("key `a` stands twice at line 2"),
            "{error}"
        );
    }

    #[test]
    fn deep_nesting_is_an_error_not_an_overflow() {
        let deep = "{\"a\":".repeat(100_000);
        assert!(Node::parse(deep.as_bytes()).is_err());
    }
}
