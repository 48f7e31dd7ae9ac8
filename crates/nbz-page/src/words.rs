//! Sentences of a report, which have a little Markdown in them, as HTML.

use minijinja::HtmlEscape;
use minijinja::value::Value;

/// Text with every character that means something in HTML escaped; between backticks is code.
///
/// A backtick without a partner stays one.
pub(crate) fn with_code(text: &str) -> Value {
    Value::from_safe_string(paired(&escaped(text), '`', "code"))
}

/// The paragraphs of a text of our own: as [`with_code`], and between asterisks is stressed.
pub(crate) fn paragraphs(text: &str) -> Value {
    let mut out = String::new();
    for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
        let paragraph = paired(&escaped(paragraph.trim()), '`', "code");
        out += &format!("<p>{}</p>\n", paired(&paragraph, '*', "em"));
    }
    Value::from_safe_string(out)
}

fn escaped(text: &str) -> String {
    HtmlEscape(text).to_string()
}

/// Puts what stands between two marks into an element.
fn paired(text: &str, mark: char, element: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark)
        && let Some((inside, behind)) = after.split_once(mark)
    {
        out += &format!("{before}<{element}>{inside}</{element}>");
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_everything_else_text() {
        let html = |value: Value| value.to_string();
        assert_eq!(
            html(with_code("by `a<b` & \"c\"")),
            "by <code>a&lt;b</code> &amp; &quot;c&quot;"
        );
        assert_eq!(html(with_code("one ` alone, 2 * 3")), "one ` alone, 2 * 3");
        assert_eq!(html(with_code("`<script>`")), "<code>&lt;script&gt;</code>");
        assert_eq!(
            html(paragraphs("it *holds*\nor not\n\n`x`\n")),
            "<p>it <em>holds</em>\nor not</p>\n<p><code>x</code></p>\n"
        );
    }
}
