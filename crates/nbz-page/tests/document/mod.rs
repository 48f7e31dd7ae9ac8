//! A page as a browser would read it.

use html5ever::tendril::TendrilSink as _;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

pub(crate) struct Document {
    dom: RcDom,
}

impl Document {
    pub(crate) fn parse(html: &str) -> Self {
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts {
                exact_errors: true,
                ..TreeBuilderOpts::default()
            },
            ..ParseOpts::default()
        };
        Self {
            dom: parse_document(RcDom::default(), options).one(html),
        }
    }

    /// Where the page strays from the standard.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.dom
            .errors
            .borrow()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Element, attribute and value, in the page's order.
    pub(crate) fn attributes(&self) -> Vec<(String, String, String)> {
        let mut found = Vec::new();
        walk(&self.dom.document, &mut |node| {
            if let NodeData::Element { name, attrs, .. } = &node.data {
                for attribute in attrs.borrow().iter() {
                    let prefix = attribute
                        .name
                        .prefix
                        .as_ref()
                        .map_or_else(String::new, |p| format!("{p}:"));
                    let key = format!("{prefix}{}", attribute.name.local);
                    found.push((name.local.to_string(), key, attribute.value.to_string()));
                }
            }
        });
        found
    }

    /// The values of an attribute.
    pub(crate) fn values(&self, attribute: &str) -> Vec<String> {
        let all = self.attributes().into_iter();
        all.filter(|(_, name, _)| name == attribute)
            .map(|(_, _, value)| value)
            .collect()
    }

    /// How many elements there are of a name.
    pub(crate) fn count(&self, element: &str) -> usize {
        self.texts(element).len()
    }

    /// The text in each element of a name.
    pub(crate) fn texts(&self, element: &str) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.dom.document, &mut |node| {
            if matches!(&node.data, NodeData::Element { name, .. } if &*name.local == element) {
                found.push(text_of(node));
            }
        });
        found
    }

    /// All text of the body.
    pub(crate) fn text(&self) -> String {
        self.texts("body").concat()
    }
}

fn text_of(node: &Handle) -> String {
    let mut text = String::new();
    walk(node, &mut |node| {
        if let NodeData::Text { contents } = &node.data {
            text.push_str(&contents.borrow());
        }
    });
    text
}

fn walk(node: &Handle, see: &mut impl FnMut(&Handle)) {
    see(node);
    for child in node.children.borrow().iter() {
        walk(child, see);
    }
}
