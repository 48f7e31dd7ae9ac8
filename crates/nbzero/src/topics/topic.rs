//! One subject of `nbzero explain`, and the list of all.

use serde::Serialize;

use super::{costs, measures, program, proxies, spaces, study};
use crate::console::wrapped;

/// What can be said of one subject. Every field is text for people.
#[derive(Debug, Serialize)]
pub(crate) struct Topic {
    /// The name that is typed.
    #[serde(rename = "topic")]
    pub(crate) name: &'static str,
    /// Other names that people type.
    pub(crate) aliases: &'static [&'static str],
    /// One line.
    pub(crate) title: &'static str,
    /// The formula or the exact rule.
    pub(crate) formula: &'static str,
    /// The choices that the formula leaves open: ties, NaN, units, direction.
    pub(crate) convention: &'static str,
    /// Where the definition comes from.
    pub(crate) source: &'static str,
}

impl Topic {
    /// The subject as paragraphs of at most `width` characters.
    pub(crate) fn text(&self, width: Option<usize>) -> String {
        let mut out = format!("{}: {}\n", self.name, self.title);
        let parts = [
            ("Formula", self.formula),
            ("Convention", self.convention),
            ("Source", self.source),
        ];
        for (heading, body) in parts.into_iter().filter(|(_, body)| !body.is_empty()) {
            out.push('\n');
            out.push_str(heading);
            out.push('\n');
            for line in body.lines() {
                out.push_str(&wrapped(line, "  ", width));
            }
        }
        out
    }
}

/// All subjects, measures first, proxies last.
pub(crate) fn all() -> impl Iterator<Item = &'static Topic> {
    [
        measures::TOPICS,
        study::TOPICS,
        costs::TOPICS,
        spaces::TOPICS,
        program::TOPICS,
    ]
    .into_iter()
    .flatten()
    .chain(proxies::topics())
}

/// What every report rests on: measures, what is asked beside them, and costs.
pub(crate) fn of_every_report() -> impl Iterator<Item = &'static Topic> {
    measures::TOPICS
        .iter()
        .chain(study::TOPICS)
        .chain(costs::TOPICS)
}

/// Every name that is understood, aliases included.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    all().flat_map(|t| std::iter::once(t.name).chain(t.aliases.iter().copied()))
}

/// The subject of a name, in any case, with `_` and `-` alike; a column of NAS-Bench-Suite-Zero
/// (`nbsz_zen`) that has no subject of its own is its proxy.
pub(crate) fn find(name: &str) -> Option<&'static Topic> {
    let plain = |name: &str| name.to_lowercase().replace('_', "-");
    let name = plain(name);
    let called = |name: &str| all().find(|t| plain(t.name) == name || t.aliases.contains(&name));
    called(&name).or_else(|| called(name.strip_prefix("nbsz-")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_one_thing() {
        let mut seen: Vec<&str> = names().collect();
        seen.sort_unstable();
        assert!(seen.windows(2).all(|w| w[0] != w[1]), "{seen:?}");
    }

    #[test]
    fn lines_keep_to_the_width_and_lose_no_word() {
        for topic in all() {
            let text = topic.text(Some(40));
            let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(
                words(&text),
                words(&topic.text(Some(100))),
                "{}",
                topic.name
            );
            for line in text.lines().skip(1) {
                let one_word = line.split_whitespace().count() <= 1;
                assert!(one_word || line.chars().count() <= 40, "{line}");
            }
        }
    }
}
